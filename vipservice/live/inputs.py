"""What clients send over the live connection."""

from pydantic import Field

from vipservice.rules.shape import Id
from vipservice.services.chats.messages import LARGEST_SEQ, ClientId, Text
from vipservice.services.inputs import Input


class Unsubscribe(Input):
    """Leaves a chat's room."""

    chat_id: Id


class Subscribe(Unsubscribe):
    """Joins a chat's room, and reads the entries after that number."""

    after: int = Field(default=0, ge=0, le=LARGEST_SEQ)


class Send(Unsubscribe):
    """Says something; the same ``clientId`` again gives the same entry."""

    client_id: ClientId
    body: Text


class Typing(Unsubscribe):
    """Types, or stopped."""

    typing: bool


class Read(Unsubscribe):
    """Has read up to and including ``seq``."""

    seq: int = Field(ge=0, le=LARGEST_SEQ)
