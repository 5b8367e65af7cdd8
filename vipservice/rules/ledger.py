"""What an entry of the timeline does to the clocks of its chat.

The one table of these rules: the running service and the replay of a timeline both follow it.
"""

from dataclasses import dataclass

from vipservice.rules.chats import EntryKind, Move, State
from vipservice.rules.people import Side
from vipservice.rules.policy import Promise
from vipservice.rules.wording import is_only_thanks


@dataclass(frozen=True)
class Happened:
    """An entry, as far as clocks are concerned; ``waiting``: the chat was in the queue.

    ``addition``: it was said in a closed chat, for the engineers who have its incident.
    """

    kind: EntryKind
    side: Side | None = None
    body: str = ""
    move: Move | None = None
    to: State | None = None
    step: str = ""
    waiting: bool = False
    addition: bool = False


@dataclass(frozen=True)
class Effects:
    """Clocks that stop, with whether their promise was kept then, and clocks that start.

    ``new_cycle``: a contact cycle begins first. Starting a clock that runs changes nothing.
    """

    new_cycle: bool = False
    stops: tuple[tuple[Promise, bool], ...] = ()
    starts: tuple[Promise, ...] = ()


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
CLOSED = Effects(stops=((Promise.PICKUP, False), (Promise.REPLY, False)))
CALLS_BACK = Effects(stops=CLOSED.stops, starts=(Promise.CALLBACK,))
CALLED = Effects(stops=((Promise.CALLBACK, True),))


def effects(happened: Happened) -> Effects:
    """What an entry does to the clocks.

    The queue's clock is the pick-up; from then on every question that waits for an answer has
    a reply clock, which closing stops. Thanks ask for nothing and start none.
    """
    match happened.kind:
        case EntryKind.OPENED:
            return Effects(new_cycle=True, starts=(Promise.PICKUP,))
        case EntryKind.MESSAGE:
            return _said(happened)
        case EntryKind.MOVED:
            return _moved(happened)
        case EntryKind.CALLBACK if happened.step == "reached":
            return CALLED
    return NOTHING


def _said(happened: Happened) -> Effects:
    if happened.side is Side.CENTRE:
        return ANSWERED
    quiet = happened.waiting or happened.addition or is_only_thanks(happened.body)
    return NOTHING if quiet else ASKED


def _moved(happened: Happened) -> Effects:
    if happened.to is State.WAITING:
        return QUEUED
    if happened.to is State.CLOSED:
        return CALLS_BACK if happened.move is Move.CALL_BACK else CLOSED
    return {
        Move.PICK_UP: PICKED_UP,
        Move.PROPOSE: ANSWERED,
        Move.REJECT: ASKED,
        Move.REOPEN: REOPENED,
    }.get(happened.move or Move.PARK, NOTHING)
