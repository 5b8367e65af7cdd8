"""What changed in chats, read once, as a fresh read would give it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vipservice.rules.entries import Amendment
from vipservice.rules.news import ChatNews, Read
from vipservice.rules.people import Side
from vipservice.rules.words import Place
from vipservice.services.chats.access import shape_chat
from vipservice.services.chats.timeline import NOTHING_AMENDED, amendments_of, shape_entry
from vipservice.services.shapes.chats import ChatShape, EntryShape
from vipservice.store.shown import entries_between, summaries_of
from vipservice.store.work import Store, Work


@dataclass(slots=True)
class Told:
    """A chat that changed, its new entries in order, and who read on.

    ``chat`` is None where its summary changed in nothing but what follows from its entries.
    """

    chat_id: str
    chat: ChatShape | None
    entries: tuple[EntryShape, ...]
    read: tuple[Read, ...] = ()
    public: bool = True

    def entries_for(self, side: Side) -> tuple[EntryShape, ...]:
        """Those that a side reads."""
        read = (one for one in self.entries if side is Side.CENTRE or one.public_seq)
        return tuple(one.seen_from(side) for one in read)


def read_news(store: Store, news: Mapping[str, ChatNews]) -> list[Told]:
    """What is to be told of these chats; what has to be read for it in a few statements for all."""
    unread = {chat_id: one for chat_id, one in news.items() if not one.is_told}
    told = _read(store, unread) if unread else {}
    return [told.get(chat_id) or _said(chat_id, one) for chat_id, one in news.items()]


def _said(chat_id: str, news: ChatNews) -> Told:
    """What whoever wrote and noted it told already."""
    entries = (one for one in news.said if isinstance(one, EntryShape))
    said = tuple(sorted(entries, key=lambda one: one.seq))
    return Told(chat_id, None, said, tuple(news.noted.values()))


def _read(store: Store, news: Mapping[str, ChatNews]) -> dict[str, Told]:
    with store.read() as work:
        rows = summaries_of(work.session, list(news))
        entries = _entries(work, news, amendments_of(work, [row.chat for row in rows]))
    return {
        chat.id: Told(
            chat.id,
            chat if news[chat.id].changed else None,
            tuple(entries[chat.id]),
            tuple(_reads(chat, news[chat.id])),
            news[chat.id].public,
        )
        for chat in map(shape_chat, rows)
    }


def _reads(chat: ChatShape, news: ChatNews) -> Iterator[Read]:
    """Who reads for each side that read on, and up to where."""
    if Side.REQUESTER in news.read:
        yield Read(Side.REQUESTER, chat.requester, chat.requester_read_seq)
    if Side.CENTRE in news.read and chat.assignee:
        yield Read(Side.CENTRE, chat.assignee, chat.centre_read_seq)


def _entries(
    work: Work, news: Mapping[str, ChatNews], amended: Mapping[str, Mapping[Place, Amendment]]
) -> dict[str, list[EntryShape]]:
    spans: Sequence[tuple[str, int, int]] = [
        (chat_id, one.first, one.last) for chat_id, one in news.items() if one.first
    ]
    found: dict[str, list[EntryShape]] = defaultdict(list)
    for entry, name, role in entries_between(work.session, spans):
        became = amended.get(entry.chat_id, NOTHING_AMENDED)
        found[entry.chat_id].append(shape_entry(entry, name, role, became))
    return found
