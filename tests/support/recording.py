"""A ticketing system in memory that can be told to fail, and shortcuts for escalating."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.support.shapes import plain
from tests.support.world import World
from vipservice.adapters.drafts import make_draft
from vipservice.adapters.ticketing import one_system
from vipservice.adapters.ticketing.base import File, Record, Status, Ticket, Ticketing
from vipservice.rules.incidents.model import IncidentDraft, Progress
from vipservice.services import routing
from vipservice.services.chats import timeline
from vipservice.services.incidents import delivery, drafting, escalation, progress
from vipservice.services.incidents.drafting import Drafter
from vipservice.services.incidents.escalation import EditedDraft
from vipservice.services.shapes.incidents import DraftShape, IncidentShape

URL = "http://chat"
DRAFTER = Drafter(make_draft, URL, "en")
POLL = 300


class Killed(BaseException):
    """The process dies here."""


@dataclass
class Recording:
    """``before`` and ``after`` hold what a create raises, before or after it stored.

    ``steps`` holds what the other calls raise, by their name, and ``gone`` what every call about
    a ticket raises, by its reference.
    """

    name: str = "recording"
    has_notes: bool = True
    has_internal_files: bool = True
    tickets: dict[str, IncidentDraft] = field(default_factory=dict)
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    comments: dict[str, list[str]] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    internal: dict[str, list[str]] = field(default_factory=dict)
    now: Status = Status(Progress.RECEIVED, "Nieuw")
    before: list[BaseException] = field(default_factory=list)
    after: list[BaseException] = field(default_factory=list)
    steps: dict[str, list[BaseException]] = field(default_factory=dict)
    gone: dict[str, BaseException] = field(default_factory=dict)

    def find(self, reference: str) -> Ticket | None:
        return self._ticket(reference) if reference in self.tickets else None

    def create(self, draft: IncidentDraft, files: Sequence[File] = ()) -> Ticket:
        if self.before:
            raise self.before.pop(0)
        assert draft.reference not in self.tickets, "a second ticket for one escalation"
        self.tickets[draft.reference] = draft
        for kept in (self.comments, self.notes, self.internal):
            kept[draft.reference] = []
        self.files[draft.reference] = {}
        if self.after:
            raise self.after.pop(0)
        return self._ticket(draft.reference)

    def attach(self, ticket: Ticket, files: Sequence[File], *, internal: bool = False) -> None:
        self._require_there(ticket)
        for file in files:
            assert file.name not in self.files[ticket.id], "a file came twice"
            self.files[ticket.id][file.name] = file.content
            self.internal[ticket.id] += [file.name] if internal else []
        self._step("attach")

    def comment(self, ticket: Ticket, text: str, files: Sequence[File] = ()) -> None:
        self._require_there(ticket)
        self.comments[ticket.id].append(text)
        self._step("comment")
        self.attach(ticket, files)

    def note(self, ticket: Ticket, text: str, files: Sequence[File] = ()) -> None:
        self._require_there(ticket)
        self.notes[ticket.id].append(text)
        self._step("note")
        self.attach(ticket, files, internal=True)

    def read(self, ticket: Ticket) -> Record:
        self._require_there(ticket)
        self._step("read")
        draft = self.tickets[ticket.id]
        sizes = {name: len(content) for name, content in self.files[ticket.id].items()}
        said = (*self.comments[ticket.id], *self.notes[ticket.id])
        return Record(draft.title, draft.description, draft.reference, sizes, said, self.now)

    def status(self, ticket: Ticket) -> Status:
        self._require_there(ticket)
        self._step("status")
        return self.now

    def check(self) -> None:
        self._step("check")

    def _require_there(self, ticket: Ticket) -> None:
        if ticket.id in self.gone:
            raise self.gone[ticket.id]

    def _step(self, name: str) -> None:
        if self.steps.get(name):
            raise self.steps[name].pop(0)

    def _ticket(self, reference: str) -> Ticket:
        number = str(list(self.tickets).index(reference) + 1)
        return Ticket(reference, number, f"http://t/{number}")


def edited(draft: DraftShape, **changes: Any) -> EditedDraft:
    """A draft as a specialist sends it back."""
    fields = draft.model_dump(include=set(EditedDraft.model_fields))
    return EditedDraft(**fields | changes)


def escalate(
    world: World, who: str, chat_id: str, *, system: str = "recording", **changes: Any
) -> dict[str, Any]:
    """An incident of a chat, as drafted; the incident."""
    actor = world.actors[who]
    draft = drafting.get_draft(world.store, actor, chat_id, DRAFTER)
    made = escalation.escalate(
        world.store, actor, chat_id, edited(draft, **changes),
        system=system, drafter=DRAFTER,
    )  # fmt: skip
    return plain(made)


def escalated(
    world: World, body: str = "Fout UIT-5031 bij afdrukken. Versie 8.4.2.", who: str = "jeroen"
) -> dict[str, Any]:
    """A question that was picked up and became an incident."""
    chat_id = world.ask(who, body)
    routing.pick_up(world.store, world.sanne, chat_id, 9)
    return escalate(world, "sanne", chat_id)


def deliver_next(world: World, system: Ticketing, holder: str = "test") -> bool:
    """One delivery to this system alone."""
    return delivery.deliver_next(world.store, one_system(system), holder)


def add_next(world: World, system: Ticketing) -> bool:
    """One addition to this system alone."""
    return delivery.add_next(world.store, one_system(system), "test", URL)


def poll_next(world: World, system: Ticketing) -> bool:
    """One question to this system alone."""
    return progress.poll_next(world.store, one_system(system), POLL)


def deliver_all(world: World, system: Recording, rounds: int = 30) -> None:
    """Delivers incidents and additions, with time between."""
    for _ in range(rounds):
        deliver_next(world, system)
        add_next(world, system)
        world.clock.forward(minutes=11)


def incident_of(world: World, incident: dict[str, Any], who: str = "jeroen") -> dict[str, Any]:
    """An incident as somebody sees it now."""
    actor = world.actors[who]
    found = escalation.list_incidents(world.store, actor, incident["chatId"])
    return next(plain(one) for one in found if one.id == incident["id"])


def picked_up(world: World, body: str, who: str = "jeroen") -> str:
    """A question that Sanne has; the chat's id."""
    chat_id = world.ask(who, body)
    routing.pick_up(world.store, world.sanne, chat_id, 99)
    return chat_id


def delivered(world: World, system: Recording, **kwargs: Any) -> dict[str, Any]:
    """An incident that arrived, if the system lets it."""
    incident = escalated(world, **kwargs)
    while deliver_next(world, system):
        pass
    return incident


def poll(world: World, system: Recording) -> None:
    """Asks after every incident, at the next time."""
    world.clock.forward(seconds=POLL + 1)
    while poll_next(world, system):
        pass


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
