"""What clients send over the live connection."""

from enum import StrEnum

from pydantic import Field

from vipservice.rules.shape import Id
from vipservice.services.chats.messages import LARGEST_SEQ, NewMessage
from vipservice.services.inputs import Input
from vipservice.services.lists import ChatList


class Unsubscribe(Input):
    """Leaves a chat's room."""

    chat_id: Id


class Subscribe(Unsubscribe):
    """Joins a chat's room, and reads the entries after that number."""

    after: int = Field(default=0, ge=0, le=LARGEST_SEQ)


class Send(NewMessage):
    """Says something; the same ``clientId`` again gives the same entry."""

    chat_id: Id


class Typing(Unsubscribe):
    """Types, or stopped."""

    typing: bool


class Overview(StrEnum):
    """What is computed from many rows, and is told as a whole."""

    BOARD = "board"
    AVAILABILITY = "availability"
    FORECAST = "forecast"


class Watch(Input):
    """What is on screen, or no longer is."""

    lists: tuple[ChatList | Overview, ...] = Field(min_length=1, max_length=6)


class Read(Unsubscribe):
    """Has read up to and including ``seq``."""

    seq: int = Field(ge=0, le=LARGEST_SEQ)
