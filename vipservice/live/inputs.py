"""What clients send over the live connection."""

from pydantic import Field

from vipservice.rules import routing
from vipservice.rules.shape import Id
from vipservice.services.chats.messages import LARGEST_SEQ, ClientId, Text
from vipservice.services.inputs import Input


class Unsubscribe(Input):
    """``{chatId}``"""

    chat_id: Id


class Subscribe(Unsubscribe):
    """``{chatId, after}``: entries after that number."""

    after: int = Field(default=0, ge=0, le=LARGEST_SEQ)


class Send(Unsubscribe):
    """``{chatId, clientId, body}``"""

    client_id: ClientId
    body: Text


class Typing(Unsubscribe):
    """``{chatId, typing}``"""

    typing: bool


class Read(Unsubscribe):
    """``{chatId, seq}``: read up to and including."""

    seq: int = Field(ge=0, le=LARGEST_SEQ)


class Presence(Input):
    """``{status, reason?}``"""

    status: routing.Presence
    reason: str = Field(default="", max_length=100)
