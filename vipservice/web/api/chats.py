"""Chats over HTTP."""

from collections.abc import Sequence
from io import BytesIO

from flask import Response, request, send_file
from pydantic import Field

from vipservice.rules.chats import State, Visibility
from vipservice.rules.people import Right
from vipservice.rules.refusals import N_, FieldError, Invalid
from vipservice.rules.shape import Count, Id, Items, Named
from vipservice.services import waits
from vipservice.services.chats import (
    access,
    attachments,
    clocks,
    messages,
    passing,
    references,
    saying,
    timeline,
)
from vipservice.services.chats.attachments import KeptFile
from vipservice.services.chats.messages import ClientId, NewChat, NewMessage
from vipservice.services.chats.passing import NewRequester
from vipservice.services.chats.references import CustomerReference
from vipservice.services.inputs import Input
from vipservice.services.shapes.chats import ChatShape, EntryShape, RequesterShape
from vipservice.services.shapes.clocks import ClockShape, ExpectedPickup
from vipservice.services.shares import Sort
from vipservice.web.access import actor, allow, service, take_share
from vipservice.web.api.endpoint import Api

ASK, ANSWER, CENTRE = Right.ASK, Right.ANSWER, Right.CENTRE
READERS = (ASK, CENTRE)
DOWNLOAD = "application/octet-stream"
MEGABYTE = 1 << 20


class ChatFilter(Input):
    """Which chats; ``after`` is the id of the last one of the page before."""

    state: State | None = None
    municipality_id: Id | None = None
    assignee_id: Id | None = None
    q: str = Field(default="", max_length=100)
    after: Id = ""
    limit: int = Field(default=50, ge=1, le=access.PAGE)


class ChatPage(Items[ChatShape]):
    """Chats; ``next`` is the ``after`` of the next page, None on the last."""

    next: Id | None


class EntryPage(Items[EntryShape]):
    """Entries of a timeline, and the last number there is on the side that reads."""

    last_seq: Count


class FileForm(Input):
    """The sender's own id of a file, and who may have it."""

    client_id: ClientId
    visibility: Visibility = Visibility.EVERYONE


class After(Input):
    """From which sequence number on, exclusive."""

    after: int = Field(default=0, ge=0, le=messages.LARGEST_SEQ)


def register(api: Api) -> None:
    """Declares the calls."""
    api.call("POST", "/chats", ChatShape, ASK, body=NewChat, share=Sort.QUESTIONS)(open_chat)
    api.call("GET", "/chats", ChatPage, *READERS, query=ChatFilter, paged=True)(list_chats)
    api.call("GET", "/chats/<chat_id>", ChatShape, *READERS)(get_chat)
    entries = "/chats/<chat_id>/entries"
    api.call("GET", entries, EntryPage, *READERS, query=After)(list_entries)
    api.call(
        "POST", "/chats/<chat_id>/messages", EntryShape, ASK, ANSWER, body=NewMessage,
        share=Sort.MESSAGES,
    )(send_message)  # fmt: skip
    api.call(
        "POST", "/chats/<chat_id>/notes", EntryShape, CENTRE, body=NewMessage, share=Sort.MESSAGES
    )(add_note)
    api.call("GET", "/chats/<chat_id>/requester", RequesterShape, CENTRE)(get_requester)
    api.call("GET", "/chats/<chat_id>/expected-pickup", ExpectedPickup, *READERS)(
        get_expected_pickup
    )
    api.call("GET", "/chats/<chat_id>/clocks", ClockShape, *READERS, many=True)(list_clocks)
    api.call("GET", "/chats/<chat_id>/colleagues", Named, CENTRE, many=True)(list_colleagues)
    api.call("PUT", "/chats/<chat_id>/requester", ChatShape, *READERS, body=NewRequester)(
        set_requester
    )
    reference = "/chats/<chat_id>/customer-reference"
    api.call("PUT", reference, ChatShape, ASK, ANSWER, body=CustomerReference)(set_reference)
    api.call(
        "POST", "/chats/<chat_id>/attachments", EntryShape, *READERS, form=FileForm,
        share=Sort.FILES,
    )(add_file)  # fmt: skip
    api.plain("GET", "/attachments/<attachment_id>", get_file, rights=READERS, formats=(DOWNLOAD,))


def open_chat(data: NewChat) -> ChatShape:
    """Opens a chat; the same clientId again gives the same chat."""
    return messages.open_chat(service().store, actor(), data)


def list_chats(wanted: ChatFilter) -> ChatPage:
    """The chats that the caller may see, the newest first."""
    if wanted.q:
        take_share(Sort.SEARCHES)
    items = access.list_chats(
        service().store,
        actor(),
        states=[wanted.state] if wanted.state else [],
        municipality_id=wanted.municipality_id,
        assignee_id=wanted.assignee_id,
        words=wanted.q,
        after=wanted.after,
        limit=wanted.limit,
    )
    return ChatPage(items=tuple(items), next=items[-1].id if len(items) == wanted.limit else None)


def get_chat(chat_id: str) -> ChatShape:
    """One chat's summary."""
    return access.get_chat(service().store, actor(), chat_id)


def list_entries(chat_id: str, wanted: After) -> EntryPage:
    """The timeline after a sequence number."""
    read = timeline.read_timeline(service().store, actor(), chat_id, wanted.after)
    return EntryPage(items=read.entries, last_seq=read.last_seq)


def send_message(chat_id: str, data: NewMessage) -> EntryShape:
    """Says something; the same clientId again gives the same entry."""
    return saying.send_message(service().store, actor(), chat_id, data, service().capacity)


def add_note(chat_id: str, data: NewMessage) -> EntryShape:
    """Adds an internal note."""
    return messages.add_note(service().store, actor(), chat_id, data)


def add_file(chat_id: str, fields: FileForm) -> EntryShape:
    """Sends a file, to everybody or as an internal note; the same clientId gives the same entry."""
    given = request.files.get("file")
    if given is None:
        raise Invalid([FieldError("file", N_("Choose a file."))])
    with given.stream as stream:
        content = stream.read()
    take_share(Sort.MEGABYTES, len(content) // MEGABYTE + 1)
    kept = KeptFile(given.filename or "", given.mimetype, content)
    return attachments.add_file(
        service().store, actor(), chat_id, kept, fields.client_id, service().capacity,
        fields.visibility,
    )  # fmt: skip


@allow(*READERS)
def get_file(attachment_id: str) -> Response:
    """A file as it was sent; a browser saves it and does not show it."""
    file = attachments.get_file(service().store, actor(), attachment_id)
    return send_file(
        BytesIO(file.content), mimetype=DOWNLOAD, as_attachment=True, download_name=file.name
    )


def set_reference(chat_id: str, data: CustomerReference) -> ChatShape:
    """Notes the municipality's own number for a chat."""
    return references.set_reference(service().store, actor(), chat_id, data)


def list_colleagues(chat_id: str) -> Sequence[Named]:
    """Who could go on with a chat, of the municipality that asks."""
    return passing.colleagues(service().store, actor(), chat_id)


def set_requester(chat_id: str, data: NewRequester) -> ChatShape:
    """An authorised colleague goes on with it."""
    return passing.set_requester(service().store, actor(), chat_id, data)


def get_requester(chat_id: str) -> RequesterShape:
    """Who asks, and what they are authorised for."""
    return access.get_requester(service().store, actor(), chat_id)


def get_expected_pickup(chat_id: str) -> ExpectedPickup:
    """When a waiting chat is likely to be picked up."""
    capacity, foretell = service().capacity, service().foresight.foretell
    return waits.expected_pickup(service().store, actor(), chat_id, capacity, foretell)


def list_clocks(chat_id: str) -> Sequence[ClockShape]:
    """Every clock of a chat, with the opening intervals that were counted."""
    return clocks.list_clocks(service().store, actor(), chat_id)
