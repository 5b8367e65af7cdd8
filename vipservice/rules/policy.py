"""Targets: how many opening minutes for what, in general and as agreed with somebody."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Promise(StrEnum):
    """What a clock measures."""

    PICKUP = "pickup"
    """Picked up by a specialist: the promise to the customer."""
    REPLY = "reply"
    """The next answer while a customer waits for one: internal."""
    CALLBACK = "callback"
    """Called back, as agreed with the customer."""

    @property
    def to_customer(self) -> bool:
        """Whether the customer was promised this."""
        return self is not Promise.REPLY


@dataclass(frozen=True)
class Target:
    """Opening minutes until it is too late, and until the warning before that."""

    minutes: int
    warn: int

    def __post_init__(self) -> None:
        """Raises ValueError when a warning would come after the fact."""
        if not 0 < self.warn < self.minutes:
            raise ValueError("the warning comes after the start and before the due time")


@dataclass(frozen=True)
class Agreement:
    """Another pick-up target for a municipality, a topic, or the two together."""

    target: Target
    municipality_id: str | None = None
    topic_id: str | None = None

    @property
    def precision(self) -> tuple[bool, bool]:
        """What was agreed with a municipality goes before what holds for a topic."""
        return self.municipality_id is not None, self.topic_id is not None

    def holds_for(self, municipality_id: str, topic_id: str) -> bool:
        """Whether it is about a chat of this municipality on this topic."""
        return self.municipality_id in (None, municipality_id) and self.topic_id in (None, topic_id)


@dataclass(frozen=True)
class Policy:
    """Every target. ``manager_minutes``: opening minutes after a breach the manager is told."""

    pickup: Target
    reply: Target
    callback: Target
    manager_minutes: int
    agreements: tuple[Agreement, ...] = ()

    @property
    def longest(self) -> int:
        """The most opening minutes that any clock has to look ahead."""
        agreed = (agreement.target.minutes for agreement in self.agreements)
        targets = (self.pickup.minutes, self.reply.minutes, self.callback.minutes, *agreed)
        return max(targets) + self.manager_minutes

    def target(self, promise: Promise, municipality_id: str, topic_id: str) -> Target:
        """The target of a clock: the most precise agreement, else the general one."""
        if promise is not Promise.PICKUP:
            return self.reply if promise is Promise.REPLY else self.callback
        found = [one for one in self.agreements if one.holds_for(municipality_id, topic_id)]
        return max(found, key=lambda one: one.precision).target if found else self.pickup


def to_document(policy: Policy) -> dict[str, Any]:
    """A policy as plain JSON, the form in which versions are stored."""
    return asdict(policy)


def from_document(document: Mapping[str, Any]) -> Policy:
    """The opposite of to_document."""
    return Policy(
        **{promise.value: Target(**document[promise]) for promise in Promise},
        manager_minutes=document["manager_minutes"],
        agreements=tuple(
            Agreement(**(one | {"target": Target(**one["target"])}))
            for one in document["agreements"]
        ),
    )
