"""What a transaction changed, as ids: who tells of it reads it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from vipservice.rules.people import Side
from vipservice.rules.shape import Named, Shape


@dataclass(frozen=True)
class RightsEnded:
    """Live connections must go: of one session, or all of a person's when it is None."""

    person_id: str
    session_id: str | None
    reason: str


@dataclass(frozen=True)
class AskedToCome:
    """Somebody asks a specialist to come online."""

    person_id: str
    by: str


@dataclass(frozen=True)
class TakenOver:
    """A colleague took a chat from a specialist."""

    person_id: str
    by: str
    number: str
    reason: str


Signal = RightsEnded | AskedToCome | TakenOver
"""What is told and not kept."""


@dataclass(frozen=True)
class Read:
    """Somebody reads for a side, up to a public number."""

    side: Side
    who: Named
    seq: int


@dataclass
class ChatNews:
    """A chat that changed: its new entries, from ``first`` to ``last`` (0: none).

    ``said``: those of them that whoever wrote them can tell as they are. ``changed``: its summary
    says more than follows from what was said and read. ``read``: the sides that read on; ``noted``:
    those of them of which whoever noted it can tell. ``public``: the requester's side sees a
    difference. ``incidents``: a list of incidents became another one. ``waited``: it left the
    queue. ``left``: the specialists whom it left; ``passed``: those who asked, and do no more.
    """

    first: int = 0
    last: int = 0
    said: list[Shape] = field(default_factory=list)
    changed: bool = False
    read: set[Side] = field(default_factory=set)
    noted: dict[Side, Read] = field(default_factory=dict)
    public: bool = False
    incidents: bool = False
    waited: bool = False
    left: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)

    @property
    def is_told(self) -> bool:
        """Whether nothing has to be read to tell of it: who wrote it said it all."""
        written = self.last - self.first + 1 if self.first else 0
        all_said = len(self.said) == written and self.read <= self.noted.keys()
        return all_said and not self.changed

    def written(self, seq: int) -> None:
        """An entry was added."""
        self.first, self.last = min(self.first or seq, seq), max(self.last, seq)

    def merge(self, other: "ChatNews") -> None:
        """Takes in what changed later."""
        for seq in (other.first, other.last):
            if seq:
                self.written(seq)
        self.said += other.said
        self.changed |= other.changed
        self.read |= other.read
        for side in other.read - other.noted.keys():
            self.noted.pop(side, None)
        self.noted |= other.noted
        self.public |= other.public
        self.incidents |= other.incidents
        self.waited |= other.waited
        self.left |= other.left
        self.passed |= other.passed


@dataclass
class News:
    """Everything that a transaction changed; ``queue``: who waits, or who serves.

    ``incidents``: those that changed, and whether the requester's side sees a difference.
    """

    chats: dict[str, ChatNews] = field(default_factory=dict)
    incidents: dict[str, bool] = field(default_factory=dict)
    specialists: set[str] = field(default_factory=set)
    queue: bool = False
    signals: list[Signal] = field(default_factory=list)

    def chat(self, chat_id: str) -> ChatNews:
        """What changed in a chat."""
        found = self.chats.get(chat_id)
        if found is None:
            found = self.chats[chat_id] = ChatNews()
        return found

    def incident(self, incident_id: str, *, public: bool) -> None:
        """An incident changed."""
        self.incidents[incident_id] = public or self.incidents.get(incident_id, False)

    def merge(self, other: "News") -> None:
        """Takes in what changed later."""
        for chat_id, news in other.chats.items():
            self.chat(chat_id).merge(news)
        for incident_id, public in other.incidents.items():
            self.incident(incident_id, public=public)
        self.specialists |= other.specialists
        self.queue |= other.queue
        self.signals += other.signals

    def __bool__(self) -> bool:
        return any((self.chats, self.incidents, self.specialists, self.queue, self.signals))


def merged(many: Iterable[News]) -> News:
    """Everything that several transactions changed, in their order."""
    whole = News()
    for one in many:
        whole.merge(one)
    return whole
