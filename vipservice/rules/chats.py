"""The state machine of a chat: one enum, one table, one error."""

from enum import StrEnum

from vipservice.rules.refusals import N_, Refusal

TITLE_LENGTH = 120
BODY_LENGTH = 8_000
"""Characters of a message."""
FRAME_BYTES = 12 * BODY_LENGTH + 4_096
"""The largest frame of a live connection: a character is at most twelve bytes in JSON (an emoji
written as two escapes), and there is room for what goes along."""


class State(StrEnum):
    """Where a chat stands."""

    WAITING = "waiting"
    ACTIVE = "active"
    PARKED = "parked"
    PROPOSED = "proposed"
    CLOSED = "closed"


IN_HAND = (State.ACTIVE, State.PARKED, State.PROPOSED)
"""The states in which a specialist has a chat."""


class Outcome(StrEnum):
    """How a closed chat ended."""

    ANSWERED = "answered"
    ANSWERED_UNCONFIRMED = "answered_unconfirmed"
    INCIDENT = "incident"
    CALLBACK = "callback"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What takes a chat from one state to another."""

    PICK_UP = "pick_up"
    WITHDRAW = "withdraw"
    PARK = "park"
    RESUME = "resume"
    HAND_OVER = "hand_over"
    PROPOSE = "propose"
    CONFIRM = "confirm"
    REJECT = "reject"
    CLOSE_IDLE = "close_idle"
    ESCALATE = "escalate"
    CALL_BACK = "call_back"
    REOPEN = "reopen"
    TAKE_OVER = "take_over"
    GIVE_BACK = "give_back"


class ChatKind(StrEnum):
    """What sort of chat the requester opened."""

    QUESTION = "question"
    PROBLEM = "problem"


class EntryKind(StrEnum):
    """What an entry of the timeline records."""

    OPENED = "opened"
    MESSAGE = "message"
    NOTE = "note"
    MOVED = "moved"
    FLAG = "flag"
    INCIDENT = "incident"
    CALLBACK = "callback"
    RECALCULATED = "recalculated"
    CUSTOMER_REFERENCE = "customer_reference"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    REMINDED = "reminded"
    PASSED = "passed"


SAID = frozenset({EntryKind.MESSAGE, EntryKind.NOTE})
"""Entries with words of a person; the others tell what happened."""
AMENDMENTS = frozenset({EntryKind.CORRECTED, EntryKind.WITHDRAWN, EntryKind.ERASED})
"""Entries about words that were said before."""


class Visibility(StrEnum):
    """Who may read an entry: everyone in the chat, or the knowledge centre alone."""

    EVERYONE = "everyone"
    CENTRE = "centre"


TRANSITIONS: dict[tuple[State, Move], tuple[State, ...]] = {
    (State.WAITING, Move.PICK_UP): (State.ACTIVE,),
    (State.WAITING, Move.WITHDRAW): (State.CLOSED,),
    (State.WAITING, Move.ESCALATE): (State.CLOSED,),
    (State.WAITING, Move.CALL_BACK): (State.CLOSED,),
    (State.WAITING, Move.HAND_OVER): (State.WAITING,),
    (State.ACTIVE, Move.PARK): (State.PARKED,),
    (State.ACTIVE, Move.PROPOSE): (State.PROPOSED,),
    (State.ACTIVE, Move.HAND_OVER): (State.WAITING, State.ACTIVE),
    (State.ACTIVE, Move.TAKE_OVER): (State.ACTIVE,),
    (State.ACTIVE, Move.GIVE_BACK): (State.WAITING,),
    (State.ACTIVE, Move.ESCALATE): (State.CLOSED,),
    (State.ACTIVE, Move.CALL_BACK): (State.CLOSED,),
    (State.PARKED, Move.RESUME): (State.ACTIVE, State.WAITING),
    (State.PARKED, Move.PROPOSE): (State.PROPOSED,),
    (State.PARKED, Move.HAND_OVER): (State.WAITING, State.ACTIVE),
    (State.PARKED, Move.TAKE_OVER): (State.ACTIVE,),
    (State.PARKED, Move.CALL_BACK): (State.CLOSED,),
    (State.PARKED, Move.ESCALATE): (State.CLOSED,),
    (State.PARKED, Move.CLOSE_IDLE): (State.CLOSED,),
    (State.PROPOSED, Move.CONFIRM): (State.CLOSED,),
    (State.PROPOSED, Move.REJECT): (State.ACTIVE, State.WAITING),
    (State.PROPOSED, Move.RESUME): (State.ACTIVE,),
    (State.PROPOSED, Move.HAND_OVER): (State.WAITING, State.ACTIVE),
    (State.PROPOSED, Move.TAKE_OVER): (State.ACTIVE,),
    (State.PROPOSED, Move.CALL_BACK): (State.CLOSED,),
    (State.PROPOSED, Move.ESCALATE): (State.CLOSED,),
    (State.PROPOSED, Move.CLOSE_IDLE): (State.CLOSED,),
    (State.CLOSED, Move.REOPEN): (State.ACTIVE, State.WAITING),
}
"""Where each move may lead. Two destinations: to the specialist, else back into the queue."""

OUTCOMES: dict[Move, Outcome] = {
    Move.WITHDRAW: Outcome.WITHDRAWN,
    Move.CONFIRM: Outcome.ANSWERED,
    Move.CLOSE_IDLE: Outcome.ANSWERED_UNCONFIRMED,
    Move.ESCALATE: Outcome.INCIDENT,
    Move.CALL_BACK: Outcome.CALLBACK,
}

NO_LONGER = {
    State.WAITING: N_("This chat is in the queue. First somebody has to pick it up."),
    State.ACTIVE: N_("A specialist is working on this chat. This is not possible now."),
    State.PARKED: N_("This chat is parked. Resume it first."),
    State.PROPOSED: N_("The answer has been proposed. The requester confirms or rejects it first."),
    State.CLOSED: N_("This chat is closed."),
}


class IllegalMove(Refusal):
    """The chat's state does not allow this move."""

    title = N_("The chat has moved on")

    def __init__(self, state: State, move: Move) -> None:
        super().__init__(NO_LONGER[state])
        self.state = state
        self.move = move


def destination(state: State, move: Move, wanted: State | None = None) -> State:
    """The state that ``move`` leads to; ``wanted`` picks among several, else the first.

    Raises IllegalMove when the table does not hold it.
    """
    targets = TRANSITIONS.get((state, move))
    if not targets or (wanted is not None and wanted not in targets):
        raise IllegalMove(state, move)
    return wanted or targets[0]
