"""The rooms: who hears what."""

from vipservice.rules.people import CENTRE_ROLES, Actor, Role

CENTRE = "centre"
SPECIALISTS = "specialists"
MANAGERS = "managers"
REQUESTERS = "requesters"


def chat(chat_id: str) -> str:
    """Everybody who follows a chat."""
    return f"chat:{chat_id}"


def chat_centre(chat_id: str) -> str:
    """Those of them who may read internal notes."""
    return f"notes:{chat_id}"


def person(person_id: str) -> str:
    """Every connection of one specialist."""
    return f"person:{person_id}"


def municipality(municipality_id: str) -> str:
    """The administrators of one municipality."""
    return f"municipality:{municipality_id}"


def of(actor: Actor) -> list[str]:
    """The rooms that somebody is in from the start."""
    if actor.role is Role.REQUESTER:
        return [REQUESTERS, municipality(actor.municipality_id or "")]
    own = {Role.SPECIALIST: [SPECIALISTS, person(actor.id)], Role.MANAGER: [MANAGERS]}.get(
        actor.role, []
    )
    return own + ([CENTRE] if actor.role in CENTRE_ROLES else [])


def of_chat(actor: Actor, chat_id: str) -> list[str]:
    """The rooms of a chat that somebody may be in."""
    both = [chat(chat_id), chat_centre(chat_id)]
    return both if actor.role in CENTRE_ROLES else both[:1]
