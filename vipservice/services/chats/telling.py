"""What changed in chats, read once, as a fresh read would give it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vipservice.rules.entries import Amendment
from vipservice.rules.news import ChatNews
from vipservice.rules.people import Side
from vipservice.rules.shape import Named
from vipservice.rules.words import Place
from vipservice.services.chats.access import shape_chat
from vipservice.services.chats.timeline import NOTHING_AMENDED, amendments_of, shape_entry
from vipservice.services.shapes.chats import ChatShape, EntryShape
from vipservice.store.queries import entries_between, summaries_of
from vipservice.store.work import Store, Work


@dataclass(frozen=True)
class Told:
    """A chat that changed, its new entries in order, and who read on."""

    chat: ChatShape
    entries: tuple[EntryShape, ...]
    read: tuple[Side, ...]
    public: bool

    def entries_for(self, side: Side) -> tuple[EntryShape, ...]:
        """Those that a side reads."""
        read = (one for one in self.entries if side is Side.CENTRE or one.public_seq)
        return tuple(one.seen_from(side) for one in read)

    def reader(self, side: Side) -> tuple[Named | None, int]:
        """Who reads for a side, and up to where."""
        if side is Side.REQUESTER:
            return self.chat.requester, self.chat.requester_read_seq
        return self.chat.assignee, self.chat.centre_read_seq


def read_news(store: Store, news: Mapping[str, ChatNews]) -> list[Told]:
    """What is to be told of these chats, in two statements for all of them."""
    if not news:
        return []
    with store.read() as work:
        rows = summaries_of(work.session, list(news))
        entries = _entries(work, news, amendments_of(work, [row.Chat for row in rows]))
    return [
        Told(shape_chat(row), tuple(entries[chat.id]), tuple(news[chat.id].read),
             news[chat.id].public)
        for row in rows
        for chat in [row.Chat]
    ]  # fmt: skip


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
