"""A ticketing system in memory that can be told to fail, and an incident for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from vipservice.adapters.drafts import make_draft
from vipservice.adapters.ticketing.base import File, Record, Status, Ticket
from vipservice.rules.incidents.model import IncidentDraft, Progress
from vipservice.services.incidents import drafting, escalation
from vipservice.services.incidents.drafting import Drafter
from vipservice.services.incidents.escalation import EditedDraft
from vipservice.services.shapes.incidents import DraftShape, IncidentShape
from vipservice.testing.world import World

URL = "http://chat"
DRAFTER = Drafter(make_draft, URL, "en")


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


def edited(draft: DraftShape, **changes: JsonValue) -> EditedDraft:
    """A draft as a specialist sends it back."""
    fields = draft.model_dump(include=set(EditedDraft.model_fields))
    return EditedDraft(**fields | changes)


def escalate(
    world: World, who: str, chat_id: str, system: str = "recording", **changes: JsonValue
) -> IncidentShape:
    """Makes an incident of a chat for the system of this name: its draft with these changes."""
    actor = world.actors[who]
    draft = drafting.get_draft(world.store, actor, chat_id, DRAFTER)
    return escalation.escalate(
        world.store, actor, chat_id, edited(draft, **changes), system=system, drafter=DRAFTER
    )
