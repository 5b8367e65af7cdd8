"""The rooms: who hears what."""

from vipservice.rules.people import Actor, Right, Side

CENTRE = "centre"
SPECIALISTS = "specialists"
MANAGERS = "managers"
REQUESTERS = "requesters"


def chat(chat_id: str, side: Side) -> str:
    """Everybody on one side who follows a chat."""
    return f"chat:{chat_id}:{side}"


def person(person_id: str) -> str:
    """Every connection of one specialist."""
    return f"person:{person_id}"


def municipality(municipality_id: str) -> str:
    """The administrators of one municipality."""
    return f"municipality:{municipality_id}"


def of(actor: Actor) -> list[str]:
    """The rooms that somebody is in from the start."""
    rooms = {
        Right.ASK: [REQUESTERS, municipality(actor.municipality_id or "")],
        Right.ANSWER: [SPECIALISTS, person(actor.id)],
        Right.WATCH: [MANAGERS],
        Right.CENTRE: [CENTRE],
    }
    return [room for right, names in rooms.items() if actor.may(right) for room in names]
