"""The requester's pages: start, new question, conversation, official route."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from vipservice.rules.people import Right
from vipservice.rules.refusals import N_
from vipservice.services.chats import access, timeline
from vipservice.services.incidents import drafting, escalation
from vipservice.services.people import accounts, organisation
from vipservice.services.people.rights import why_not_open
from vipservice.services.shares import Sort
from vipservice.services.waits import availability, expected_pickup
from vipservice.store.tables import Topic
from vipservice.web.access import actor, allow, service, take_share
from vipservice.web.rendering import render, render_island
from vipservice.web.state import me

pages = Blueprint("chats", __name__)


@pages.get("/chats")
@allow(Right.ASK)
def start() -> str:
    """Is somebody there, and all chats of the municipality."""
    store = service().store
    state = {
        "me": me(),
        "mayOpen": _refusal() is None,
        "availability": availability(store, service().capacity, service().foresight.foretell),
        "chats": access.list_chats(store, actor()),
    }
    return render_island(N_("Your questions"), "chats", state)


@pages.get("/chats/new")
@allow(Right.ASK)
def new() -> str | tuple[str, int]:
    """The form for a new question, or why it is not for this person."""
    refusal = _refusal()
    if refusal:
        grants = accounts.grants_of_person(service().store, actor().id)
        return render("denied.html", reason=refusal, grants=grants), 403
    topics = organisation.list_parts(service().store, Topic, ended=False)
    state = {
        "me": me(),
        "topics": [{"id": topic.id, "name": topic.name} for topic in topics],
        "availability": availability(
            service().store, service().capacity, service().foresight.foretell
        ),
    }
    return render_island(N_("New question"), "new-chat", state)


@pages.get("/chats/<number>")
@allow(Right.ASK, Right.CENTRE)
def conversation(number: str) -> str | Response:
    """One chat. The centre reads it at the workbench."""
    store = service().store
    chat_id = access.chat_by_number(store, actor(), number)
    foretell = service().foresight.foretell
    if actor().may(Right.ANSWER):
        return redirect(url_for("workbench.show", chat=chat_id))
    state = {
        "me": me(),
        **timeline.read_timeline(store, actor(), chat_id).public(),
        "incidents": escalation.list_incidents(store, actor(), chat_id),
        "reopenDays": service().settings.chats.reopen_days,
        "availability": availability(store, service().capacity, foretell),
        **expected_pickup(store, actor(), chat_id, service().capacity, foretell).public(),
    }
    return render_island(number, "chat", state)


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


def _refusal() -> str | None:
    return why_not_open(service().store, actor())
