"""The requester's pages: start, new question, conversation, official route."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from vipservice.rules.people import Right
from vipservice.rules.refusals import N_
from vipservice.rules.shape import Named
from vipservice.services.chats import access
from vipservice.services.conversations import open_conversation
from vipservice.services.incidents import drafting
from vipservice.services.people import accounts
from vipservice.services.people.rights import why_not_open
from vipservice.services.shapes.desk import DeskShape
from vipservice.services.shares import Sort
from vipservice.services.waits import DeskNow, availability_of, desk_now, outlook_of
from vipservice.web.access import actor, allow, service, take_share
from vipservice.web.rendering import render, render_island
from vipservice.web.state import me

pages = Blueprint("chats", __name__)


@pages.get("/chats")
@allow(Right.ASK)
def start() -> str:
    """Is somebody there, and all chats of the municipality."""
    store = service().store
    with store.moment():
        may_open = _refusal() is None
        chats, desk = access.list_chats(store, actor()), desk_now(store, service().capacity)
    state = {
        "me": me(),
        "mayOpen": may_open,
        "availability": _availability(desk),
        "chats": chats,
    }
    return render_island(N_("Your questions"), "chats", state)


@pages.get("/chats/new")
@allow(Right.ASK)
def new() -> str | tuple[str, int]:
    """The form for a new question, or why it is not for this person."""
    with service().store.moment():
        refusal = _refusal()
        grants = accounts.grants_of_person(service().store, actor().id) if refusal else ()
        desk = desk_now(service().store, service().capacity)
    if refusal:
        return render("denied.html", reason=refusal, grants=grants), 403
    state = {
        "me": me(),
        "topics": [Named(id=topic.id, name=topic.name) for topic in desk.topics],
        "availability": _availability(desk),
    }
    return render_island(N_("New question"), "new-chat", state)


@pages.get("/chats/<number>")
@allow(Right.ASK, Right.CENTRE)
def conversation(number: str) -> str | Response:
    """One chat. The centre reads it at the workbench."""
    store = service().store
    if actor().may(Right.ANSWER):
        chat_id = access.chat_by_number(store, actor(), number)
        return redirect(url_for("workbench.show", chat=chat_id))
    opened = open_conversation(
        store, actor(), number, service().capacity, service().foresight.foretell
    )
    days = service().settings.chats.reopen_days
    return render_island(number, "chat", {"me": me(), "reopenDays": days, **opened.public()})


@pages.get("/chats/<number>/incident")
@allow(Right.ASK)
def official_route(number: str) -> str:
    """The pre-filled incident of a technical problem."""
    take_share(Sort.DRAFTS)
    store = service().store
    chat_id = access.chat_by_number(store, actor(), number)
    state = {
        "me": me(),
        "chat": access.get_chat(store, actor(), chat_id),
        "draft": drafting.get_draft(store, actor(), chat_id, service().drafter),
    }
    return render_island(N_("Report a problem"), "problem", state)


def _availability(desk: DeskNow) -> DeskShape:
    return availability_of(desk, outlook_of(desk, service().foresight.foretell))


def _refusal() -> str | None:
    return why_not_open(service().store, actor())
