"""The state machine, whole."""

from itertools import product

import pytest

from vipservice.rules.chats import OUTCOMES, TRANSITIONS, IllegalMove, Move, State, destination


def moves_from(state: State) -> set[Move]:
    return {move for origin, move in TRANSITIONS if origin is state}


def test_every_state_can_be_left() -> None:
    assert all(moves_from(state) for state in State)


def test_every_state_can_be_reached_from_the_queue() -> None:
    reached, todo = {State.WAITING}, [State.WAITING]
    while todo:
        origin = todo.pop()
        for move in moves_from(origin):
            fresh = set(TRANSITIONS[origin, move]) - reached
            reached |= fresh
            todo += fresh
    assert reached == set(State)


def test_closing_moves_and_only_those_have_an_outcome() -> None:
    closing = {move for (_, move), targets in TRANSITIONS.items() if State.CLOSED in targets}
    assert closing == set(OUTCOMES)


@pytest.mark.parametrize(
    ("state", "move"), [pair for pair in product(State, Move) if pair not in TRANSITIONS]
)
def test_what_the_table_does_not_hold_is_refused(state: State, move: Move) -> None:
    with pytest.raises(IllegalMove) as refusal:
        destination(state, move)
    assert refusal.value.detail


def test_a_destination_outside_the_table_is_refused() -> None:
    assert destination(State.PARKED, Move.RESUME, State.WAITING) is State.WAITING
    with pytest.raises(IllegalMove):
        destination(State.WAITING, Move.PICK_UP, State.CLOSED)


def test_a_move_leads_to_the_first_of_its_destinations() -> None:
    assert all(
        destination(*pair, wanted) is (wanted or targets[0])
        for pair, targets in TRANSITIONS.items()
        for wanted in (None, *targets)
    )


def test_a_refusal_tells_which_move_in_which_state() -> None:
    with pytest.raises(IllegalMove) as refusal:
        destination(State.CLOSED, Move.PARK)
    found = refusal.value
    assert (found.state, found.move) == (State.CLOSED, Move.PARK)
    assert found.detail == "This chat is closed."
