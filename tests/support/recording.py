"""Shortcuts for escalating and delivering, with answers as the API gives them."""

from typing import Any

from tests.support.shapes import plain
from vipservice import testing
from vipservice.adapters.ticketing import one_system
from vipservice.adapters.ticketing.base import Ticketing
from vipservice.services.chats import timeline
from vipservice.services.incidents import delivery, escalation, progress
from vipservice.services.routing import serving
from vipservice.services.shapes.incidents import IncidentShape
from vipservice.testing.queues import POLL_SECONDS
from vipservice.testing.ticketing import DRAFTER, URL, Recording
from vipservice.testing.world import World


class Killed(BaseException):
    """The process dies here."""


def escalate(
    world: World, who: str, chat_id: str, *, system: str = "recording", **changes: Any
) -> dict[str, Any]:
    """An incident of a chat, as drafted; the incident."""
    return plain(testing.escalate(world, who, chat_id, system, **changes))


def escalated(
    world: World, body: str = "Fout UIT-5031 bij afdrukken. Versie 8.4.2.", who: str = "jeroen"
) -> dict[str, Any]:
    """A question that was picked up and became an incident."""
    chat_id = world.ask(who, body)
    serving.pick_up(world.store, world.sanne, chat_id, 9)
    return escalate(world, "sanne", chat_id)


def deliver_next(world: World, system: Ticketing, holder: str = "test") -> bool:
    """One delivery to this system alone."""
    return delivery.deliver_next(world.store, one_system(system), holder)


def add_next(world: World, system: Ticketing) -> bool:
    """One addition to this system alone."""
    return delivery.add_next(world.store, one_system(system), "test", URL)


def poll_next(world: World, system: Ticketing) -> bool:
    """One question to this system alone."""
    return progress.poll_next(world.store, one_system(system), POLL_SECONDS)


def incident_of(world: World, incident: dict[str, Any], who: str = "jeroen") -> dict[str, Any]:
    """An incident as somebody sees it now."""
    actor = world.actors[who]
    found = escalation.list_incidents(world.store, actor, incident["chatId"])
    return next(plain(one) for one in found if one.id == incident["id"])


def picked_up(world: World, body: str, who: str = "jeroen") -> str:
    """A question that Sanne has; the chat's id."""
    chat_id = world.ask(who, body)
    serving.pick_up(world.store, world.sanne, chat_id, 99)
    return chat_id


def delivered(world: World, system: Recording, **kwargs: Any) -> dict[str, Any]:
    """An incident that arrived, if the system lets it."""
    incident = escalated(world, **kwargs)
    while deliver_next(world, system):
        pass
    return incident


def entries(world: World, incident: dict[str, Any], who: str = "jeroen") -> list[dict[str, Any]]:
    """A chat's timeline as somebody sees it."""
    read = timeline.read_timeline(world.store, world.actors[who], incident["chatId"])
    return [plain(entry) for entry in read.entries]


def add(
    world: World, chat_id: str, incident: dict[str, Any], text: str = "Ook hier."
) -> IncidentShape:
    """Adds a chat to an incident of another one."""
    return escalation.add_to_incident(
        world.store, world.sanne, incident["id"],
        escalation.ChatToAdd(chat_id=chat_id, text=text),
        drafter=DRAFTER,
    )  # fmt: skip


def steps(world: World, incident: dict[str, Any], who: str) -> list[str]:
    """What this person was told of an incident, step by step."""
    told = [entry["data"] for entry in entries(world, incident, who) if entry["kind"] == "incident"]
    return [str(data["step"]) for data in told]
