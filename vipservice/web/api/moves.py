"""The moves of the state machine over HTTP: one resource, a body for each move."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, RootModel

from vipservice.rules.chats import Move
from vipservice.rules.people import Right
from vipservice.services.chats import moves, timeline
from vipservice.services.chats.moves import Parking
from vipservice.services.inputs import Input
from vipservice.services.routing import serving
from vipservice.services.routing.serving import HandOver, TakeOver
from vipservice.services.shapes.chats import ChatShape, EntryShape
from vipservice.web.access import actor, service
from vipservice.web.api.chats import After
from vipservice.web.api.endpoint import Api

ASK, ANSWER, CENTRE = Right.ASK, Right.ANSWER, Right.CENTRE
READERS = (ASK, CENTRE)


class PickUp(Input):
    """A specialist takes a waiting chat."""

    move: Literal[Move.PICK_UP]


class Park(Parking):
    """Something is looked up, or the customer is away: the chat takes no slot."""

    move: Literal[Move.PARK]


class Resume(Input):
    """The specialist takes a parked or proposed chat back."""

    move: Literal[Move.RESUME]


class HandTo(HandOver):
    """To a team, back into the queue, or to one specialist."""

    move: Literal[Move.HAND_OVER]


class Take(TakeOver):
    """A specialist takes it from a colleague, with a reason."""

    move: Literal[Move.TAKE_OVER]


class GiveBack(Input):
    """A specialist undoes a pick-up of a minute ago."""

    move: Literal[Move.GIVE_BACK]


class Propose(Input):
    """The specialist thinks that it is answered."""

    move: Literal[Move.PROPOSE]


class Confirm(Input):
    """The requester says that it is answered."""

    move: Literal[Move.CONFIRM]


class Reject(Input):
    """The requester says that it is not solved yet."""

    move: Literal[Move.REJECT]


class Withdraw(Input):
    """The requester takes back a question that nobody has picked up."""

    move: Literal[Move.WITHDRAW]


class Reopen(Input):
    """The requester asks on in a closed chat."""

    move: Literal[Move.REOPEN]


CentreStep = PickUp | Park | Resume | HandTo | Take | GiveBack | Propose
RequesterStep = Confirm | Reject | Withdraw | Reopen
Step = CentreStep | RequesterStep


class NewMove(RootModel[Annotated[Step, Field(discriminator="move")]]):
    """One move of the state machine."""


RIGHTS: dict[type[Step], Right] = {
    PickUp: ANSWER, Park: CENTRE, Resume: ANSWER, HandTo: CENTRE, Take: ANSWER,
    GiveBack: ANSWER, Propose: ANSWER,
    Confirm: ASK, Reject: ASK, Withdraw: ASK, Reopen: ASK,
}  # fmt: skip
"""Which right each move asks for; whose chat it is, the use case looks at."""


def register(api: Api) -> None:
    """Declares the calls."""
    path = "/chats/<chat_id>/moves"
    api.call("POST", path, ChatShape, *READERS, body=NewMove)(make_move)
    api.call("GET", path, EntryShape, *READERS, many=True, query=After)(list_moves)


def make_move(chat_id: str, data: NewMove) -> ChatShape:
    """Moves a chat from one state to another; answers the chat."""
    step = data.root
    actor().require(RIGHTS[type(step)])
    if isinstance(step, RequesterStep):
        return _by_requester(chat_id, step)
    return _by_centre(chat_id, step)


def list_moves(chat_id: str, wanted: After) -> Sequence[EntryShape]:
    """The moves that a chat has made, as entries of its timeline."""
    return timeline.list_moves(service().store, actor(), chat_id, wanted.after)


def _by_centre(chat_id: str, step: CentreStep) -> ChatShape:
    store, who, most = service().store, actor(), service().capacity.max_chats
    match step:
        case PickUp():
            return serving.pick_up(store, who, chat_id, most)
        case Park():
            return moves.park(store, who, chat_id, step)
        case Resume():
            return moves.resume(store, who, chat_id, most)
        case HandTo():
            return serving.hand_over(store, who, chat_id, step, service().capacity)
        case Take():
            return serving.take_over(store, who, chat_id, step, most)
        case GiveBack():
            return serving.give_back(store, who, chat_id)
        case Propose():
            return moves.propose(store, who, chat_id)


def _by_requester(chat_id: str, step: RequesterStep) -> ChatShape:
    store, who, capacity = service().store, actor(), service().capacity
    match step:
        case Confirm():
            return moves.confirm(store, who, chat_id)
        case Reject():
            return moves.reject(store, who, chat_id, capacity)
        case Withdraw():
            return moves.withdraw(store, who, chat_id)
        case Reopen():
            days = service().settings.chats.reopen_days
            return moves.reopen(store, who, chat_id, capacity, days)
