"""Words that were said are corrected or withdrawn by who said them, or erased for good."""

from pydantic import Field
from sqlmodel import delete, select

from vipservice.rules.chats import EntryKind, Visibility
from vipservice.rules.entries import (
    Corrected,
    Erased,
    Message,
    Note,
    Withdrawn,
    without_words,
)
from vipservice.rules.people import Actor
from vipservice.rules.refusals import N_, NotAllowed, NotFound, Refusal
from vipservice.rules.words import Place, Words, place_of, said_now
from vipservice.services.chats.access import access_centre_chat, access_to_write
from vipservice.services.chats.additions import replace_words, tell_engineers
from vipservice.services.chats.appending import append
from vipservice.services.chats.locking import lock_chat
from vipservice.services.chats.messages import LARGEST_SEQ, Text
from vipservice.services.chats.timeline import amendments_of
from vipservice.services.inputs import Input
from vipservice.services.shapes.chats import EntryShape
from vipservice.store.tables import Attachment, Chat, Entry, RememberedAnswer
from vipservice.store.work import Store, Work

CORRECTION = N_("Correction of message %(number)d: %(words)s")
WITHDRAWAL = N_("Message %(number)d was withdrawn.")


class Target(Input):
    """Which words: by their public number, of a note by the centre's."""

    of: int = Field(ge=1, le=LARGEST_SEQ)
    note: bool = False

    @property
    def place(self) -> Place:
        """As the rules name it."""
        return self.note, self.of


class Correction(Target):
    """What the words are now."""

    body: Text


def correct(store: Store, actor: Actor, chat_id: str, data: Correction) -> EntryShape:
    """One's own words become others; the entry that says so.

    Raises NotFound for words that are not there, NotAllowed for somebody else's, and Refusal where
    there is nothing to correct: a file, or words that were withdrawn.
    """
    with store.work() as work:
        chat = _access(work, actor, chat_id, data)
        entry, before = _own_words(work, actor, chat, data.place)
        if isinstance(entry.payload, Message | Note) and entry.payload.file:
            raise Refusal(N_("A file can not be corrected. Withdraw it and send another one."))
        if before == data.body:
            raise Refusal(N_("These are the words that stand there already."))
        said = append(work, chat, actor, Corrected(of=data.of, note=data.note, body=data.body))
        _reach_outside(work, chat, said, data, before, data.body)
        return said.seen_from(actor.side)


def withdraw(store: Store, actor: Actor, chat_id: str, data: Target) -> EntryShape:
    """One's own words are not to be read any more; the entry that says so.

    Raises as ``correct`` does.
    """
    with store.work() as work:
        chat = _access(work, actor, chat_id, data)
        _, before = _own_words(work, actor, chat, data.place)
        said = append(work, chat, actor, Withdrawn(of=data.of, note=data.note))
        _reach_outside(work, chat, said, data, before, "")
        return said.seen_from(actor.side)


def erase(store: Store, chat_id: str, data: Target) -> None:
    """The words are not kept any more, nor what became of them: in the entry, in its file, in
    what waits to leave, in incidents, and in answers that are remembered.

    Number, kind, author and digest stay. Whoever holds drafts in memory must forget them. Raises
    NotFound for words that are not there.
    """
    with store.work() as work:
        chat = lock_chat(work, chat_id)
        if chat is None:
            raise NotFound
        entries = _entries_of(work, chat, data.place)
        if not entries:
            raise NotFound
        for entry in entries:
            replace_words(work, chat, entry.body, "")
            if chat.title.removesuffix("…") in " ".join(entry.body.split()):
                chat.title = chat.number
            _blank(work, entry)
        append(work, chat, None, Erased(of=data.of, note=data.note))
        mine = RememberedAnswer.chat_id == chat.id
        work.session.execute(delete(RememberedAnswer).where(mine))  # type: ignore[arg-type]


def _access(work: Work, actor: Actor, chat_id: str, data: Target) -> Chat:
    access = access_centre_chat if data.note else access_to_write
    return access(work, actor, chat_id)


def _own_words(work: Work, actor: Actor, chat: Chat, place: Place) -> tuple[Entry, str]:
    """The entry that somebody said in this place, and what it says now."""
    entries = _entries_of(work, chat, place)
    if not entries:
        raise NotFound
    if entries[0].author_id != actor.id:
        raise NotAllowed(N_("Only who said this can change it."))
    now = said_now(entries[0].payload, amendments_of(work, [chat]).get(chat.id, {}).get(place))
    if now.words in (Words.WITHDRAWN, Words.ERASED):
        raise Refusal(N_("These words are not there any more."))
    return entries[0], now.payload.body


def _entries_of(work: Work, chat: Chat, place: Place) -> list[Entry]:
    """The entry that has its words in this place, and those about it, in order."""
    spoken = (EntryKind.MESSAGE, EntryKind.NOTE, EntryKind.CORRECTED)
    query = select(Entry).where(Entry.chat_id == chat.id, Entry.kind.in_(spoken))  # type: ignore[attr-defined]
    rows = work.session.exec(query.order_by(Entry.seq)).all()  # type: ignore[arg-type]
    return [one for one in rows if place_of(one.payload, one.seq, one.public_seq) == place]


def _reach_outside(
    work: Work, chat: Chat, said: EntryShape, data: Target, before: str, now: str
) -> None:
    """What has not left yet leaves with the new words; who has the old ones is told."""
    replace_words(work, chat, before, now)
    if said.visibility is Visibility.EVERYONE:
        mark, told = f"{data.of}-{said.public_seq}", CORRECTION if now else WITHDRAWAL
        tell_engineers(work, chat, mark, told, {"number": data.of, "words": now})


def _blank(work: Work, entry: Entry) -> None:
    entry.say(without_words(entry.payload))
    files = Attachment.chat_id == entry.chat_id, Attachment.seq == entry.seq
    work.session.execute(delete(Attachment).where(*files))  # type: ignore[arg-type]
