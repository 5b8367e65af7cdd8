"""The rooms: who hears what."""

from vipservice.rules.people import Actor, Right, Side

CENTRE = "centre"


def chat(chat_id: str, side: Side) -> str:
    """Everybody on one side who follows a chat."""
    return f"chat:{chat_id}:{side}"


def both(chat_id: str) -> list[str]:
    """The centre's room of a chat, and the requester's."""
    return [chat(chat_id, Side.CENTRE), chat(chat_id, Side.REQUESTER)]


def person(person_id: str) -> str:
    """Every connection of one specialist."""
    return f"person:{person_id}"


def watched(name: str, of: str = "") -> str:
    """Who has this list on screen, or these figures; ``of`` is whose list it is."""
    return f"watch:{name}:{of}"


def of(actor: Actor) -> list[str]:
    """The rooms that somebody is in from the start."""
    rooms = {Right.ANSWER: person(actor.id), Right.CENTRE: CENTRE}
    return [room for right, room in rooms.items() if actor.may(right)]
