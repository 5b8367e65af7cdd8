"""What TOPdesk keeps of an incident."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class Incident:
    id: str
    number: str
    fields: dict[str, Any]
    trail: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    files: list[tuple[dict[str, Any], bytes]] = field(default_factory=list)

    def actions(self, hidden: bool) -> tuple[str, ...]:
        acts = self.memos("action")
        return tuple(each["memoText"] for each in acts if each["invisibleForCaller"] is hidden)

    def memos(self, kind: str) -> list[dict[str, Any]]:
        return [memo for each, memo in self.trail if each == kind]
