"""What an entry of the timeline does to the clocks of its chat.

The one table of these rules: the running service and the replay of a timeline both follow it.
"""

from dataclasses import dataclass

from vipservice.rules.chats import Move, State
from vipservice.rules.entries import Called, CallStep, Message, Moved, Opened, Payload
from vipservice.rules.people import Side
from vipservice.rules.policy import Promise
from vipservice.rules.wording import is_only_thanks


@dataclass(frozen=True)
class Effects:
    """Clocks that stop, with whether their promise was kept then, and clocks that start.

    Those that are resumed run on as if they had not stopped.
    ``new_cycle``: a contact cycle begins first. Starting a clock that runs changes nothing.
    """

    new_cycle: bool = False
    stops: tuple[tuple[Promise, bool], ...] = ()
    starts: tuple[Promise, ...] = ()
    resumes: tuple[Promise, ...] = ()


NOTHING = Effects()
PICKED_UP = Effects(stops=((Promise.PICKUP, True),), starts=(Promise.REPLY,))
ANSWERED = Effects(stops=((Promise.REPLY, True),))
ASKED = Effects(starts=(Promise.REPLY,))
QUEUED = Effects(
    new_cycle=True,
    stops=((Promise.PICKUP, False), (Promise.REPLY, False), (Promise.CALLBACK, False)),
    starts=(Promise.PICKUP,),
)
REOPENED = Effects(new_cycle=True, stops=((Promise.CALLBACK, False),), starts=(Promise.REPLY,))
GIVEN_BACK = Effects(stops=((Promise.REPLY, False),), resumes=(Promise.PICKUP,))
CLOSED = Effects(stops=((Promise.PICKUP, False), (Promise.REPLY, False)))
CALLS_BACK = Effects(stops=CLOSED.stops, starts=(Promise.CALLBACK,))
CALLED = Effects(stops=((Promise.CALLBACK, True),))


def effects(payload: Payload, side: Side, *, waiting: bool) -> Effects:
    """What an entry of that side does to the clocks; ``waiting``: the chat was in the queue.

    The queue's clock is the pick-up; from then on every question that waits for an answer has
    a reply clock, which closing stops. Thanks ask for nothing and start none.
    """
    match payload:
        case Opened():
            return Effects(new_cycle=True, starts=(Promise.PICKUP,))
        case Message():
            return _said(payload, side, waiting)
        case Moved():
            return _moved(payload)
        case Called(step=CallStep.REACHED):
            return CALLED
    return NOTHING


def _said(message: Message, side: Side, waiting: bool) -> Effects:
    if side is Side.CENTRE:
        return ANSWERED
    quiet = waiting or message.addition or is_only_thanks(message.body)
    return NOTHING if quiet else ASKED


def _moved(moved: Moved) -> Effects:
    if moved.move is Move.GIVE_BACK:
        return GIVEN_BACK
    if moved.to is State.WAITING:
        return NOTHING if moved.origin is State.WAITING else QUEUED
    if moved.to is State.CLOSED:
        return CALLS_BACK if moved.move is Move.CALL_BACK else CLOSED
    if moved.owed:
        return ASKED
    return {
        Move.PICK_UP: PICKED_UP,
        Move.PROPOSE: ANSWERED,
        Move.REJECT: ASKED,
        Move.REOPEN: REOPENED,
    }.get(moved.move, NOTHING)
