"""What each entry does to the clocks, in one table."""

from itertools import product

import pytest

from vipservice.rules.chats import ChatKind, Move, State
from vipservice.rules.entries import Called, CallStep, Message, Moved, Note, Opened, Payload
from vipservice.rules.ledger import ANSWERED, ASKED, NOTHING, Effects, effects
from vipservice.rules.people import Side
from vipservice.rules.policy import Promise

PICKUP, REPLY, CALLBACK = Promise.PICKUP, Promise.REPLY, Promise.CALLBACK
QUESTION, THANKS = Message(body="Hoe dan?"), Message(body="Dank u wel!")


def moved(move: Move, origin: State, to: State) -> Moved:
    return Moved(move=move, origin=origin, to=to)


QUEUED = Effects(
    new_cycle=True, stops=((PICKUP, False), (REPLY, False), (CALLBACK, False)), starts=(PICKUP,)
)
CLOSED = Effects(stops=((PICKUP, False), (REPLY, False)))
MOVES = [
    (moved(Move.PICK_UP, State.WAITING, State.ACTIVE),
     Effects(stops=((PICKUP, True),), starts=(REPLY,))),
    (moved(Move.PROPOSE, State.ACTIVE, State.PROPOSED), Effects(stops=((REPLY, True),))),
    (moved(Move.REJECT, State.PROPOSED, State.ACTIVE), Effects(starts=(REPLY,))),
    (moved(Move.REJECT, State.PROPOSED, State.WAITING), QUEUED),
    (moved(Move.REOPEN, State.CLOSED, State.ACTIVE),
     Effects(new_cycle=True, stops=((CALLBACK, False),), starts=(REPLY,))),
    (moved(Move.REOPEN, State.CLOSED, State.WAITING), QUEUED),
    (moved(Move.HAND_OVER, State.ACTIVE, State.WAITING), QUEUED),
    (moved(Move.HAND_OVER, State.ACTIVE, State.ACTIVE), NOTHING),
    (moved(Move.PARK, State.ACTIVE, State.PARKED), NOTHING),
    (moved(Move.RESUME, State.PARKED, State.ACTIVE), NOTHING),
    (moved(Move.CONFIRM, State.PROPOSED, State.CLOSED), CLOSED),
    (moved(Move.CLOSE_IDLE, State.PARKED, State.CLOSED), CLOSED),
    (moved(Move.ESCALATE, State.ACTIVE, State.CLOSED), CLOSED),
    (moved(Move.WITHDRAW, State.WAITING, State.CLOSED), CLOSED),
    (moved(Move.CALL_BACK, State.WAITING, State.CLOSED),
     Effects(stops=((PICKUP, False), (REPLY, False)), starts=(CALLBACK,))),
]  # fmt: skip


@pytest.mark.parametrize(("payload", "wanted"), MOVES, ids=lambda one: getattr(one, "move", None))
def test_what_a_move_does(payload: Moved, wanted: Effects) -> None:
    for side, waiting in product(Side, (True, False)):
        assert effects(payload, side, waiting=waiting) == wanted


@pytest.mark.parametrize(
    ("payload", "side", "waiting", "wanted"),
    [
        (QUESTION, Side.REQUESTER, False, ASKED),
        (QUESTION, Side.REQUESTER, True, NOTHING),
        (THANKS, Side.REQUESTER, False, NOTHING),
        (Message(body="Hoe dan?", addition=True), Side.REQUESTER, False, NOTHING),
        (QUESTION, Side.CENTRE, False, ANSWERED),
        (QUESTION, Side.CENTRE, True, ANSWERED),
        (THANKS, Side.CENTRE, False, ANSWERED),
        (Note(body="Hoe dan?"), Side.CENTRE, False, NOTHING),
    ],
)
def test_what_is_said_answers_or_asks(
    payload: Payload, side: Side, waiting: bool, wanted: Effects
) -> None:
    assert effects(payload, side, waiting=waiting) == wanted


def test_a_question_starts_a_cycle_with_its_pick_up() -> None:
    found = effects(Opened(chat_kind=ChatKind.QUESTION), Side.REQUESTER, waiting=False)
    assert found == Effects(new_cycle=True, starts=(PICKUP,))


@pytest.mark.parametrize("step", list(CallStep))
def test_only_who_was_reached_was_called_back(step: CallStep) -> None:
    wanted = Effects(stops=((CALLBACK, True),)) if step is CallStep.REACHED else NOTHING
    assert effects(Called(step=step), Side.CENTRE, waiting=False) == wanted
