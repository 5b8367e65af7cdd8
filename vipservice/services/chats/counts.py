"""The summary of a chat follows what is said in it: the last words, and what is unread."""

from collections.abc import Iterable, Sequence

from sqlmodel import SQLModel

from vipservice.rules.entries import Amendment, Message
from vipservice.rules.people import Side
from vipservice.rules.wording import cut
from vipservice.services.following import Addition, Follower, Written
from vipservice.store.tables import Chat
from vipservice.store.work import Work

LAST_WORDS = 140


def _read(_work: Work, _chats: Sequence[Chat], _added: Sequence[Addition]) -> None:
    """The summary itself is all that is needed."""


def _follow(_state: None, written: Sequence[Written]) -> Iterable[SQLModel]:
    for one in written:
        if isinstance(one.payload, Message):
            _said(one.chat, one, one.payload)
        elif isinstance(one.payload, Amendment):
            _amended(one.chat, one.payload)
    return ()


def _amended(chat: Chat, amendment: Amendment) -> None:
    chat.amended += 1
    if not amendment.note and amendment.of == chat.last_said_seq:
        chat.last_words = shortened(amendment.body)


def _said(chat: Chat, one: Written, message: Message) -> None:
    asked = one.entry.author_id == chat.requester_id
    chat.last_side = Side.REQUESTER if asked else Side.CENTRE
    chat.last_words, chat.last_said_seq = shortened(message.body), one.entry.public_seq or 0
    chat.last_said_at = one.entry.at
    if asked:
        chat.unread_centre += 1
    else:
        chat.unread_requester += 1


def shortened(body: str) -> str:
    """Words as a list shows them."""
    return cut(" ".join(body.split()), LAST_WORDS)


COUNTS = Follower(_read, _follow)
