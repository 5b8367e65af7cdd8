"""A ticketing system for a first look: prints each incident and keeps it in a folder."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from vipservice.adapters.base import Unavailable
from vipservice.adapters.ticketing.base import Ticket
from vipservice.rules.incidents import IncidentDraft


class ConsoleTicketing:
    """One JSON file an incident, named after its reference; read them at ``page``."""

    name = "console"

    def __init__(self, folder: Path, page: str, say: Callable[[str], None] = print) -> None:
        self.folder = folder
        self.page = page
        self.say = say

    def find(self, reference: str) -> Ticket | None:
        """The incident that was kept under this reference."""
        file = self._file(reference)
        document = _read(file) if file.exists() else None
        return self._ticket(document) if document else None

    def create(self, draft: IncidentDraft) -> Ticket:
        """Keeps the incident whole: the file appears at once or not at all."""
        document = asdict(draft) | {"number": f"C{len(self.tickets()) + 1:05}"}
        self.say(f"[console] incident {document['number']}: {draft.title}")
        half = self._file(draft.reference).with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            half.write_text(json.dumps(document, ensure_ascii=False, indent=1))
            half.rename(self._file(draft.reference))
        except OSError as error:
            raise Unavailable(str(error)) from error
        return self._ticket(document)

    def check(self) -> None:
        """Whether the folder can be written."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(str(error)) from error

    def tickets(self) -> list[dict[str, str]]:
        """Every incident kept, the newest first."""
        files = self.folder.glob("vip-*.json")
        found = [ticket for file in files if (ticket := _read(file))]
        return sorted(found, key=lambda ticket: str(ticket["number"]), reverse=True)

    def _file(self, reference: str) -> Path:
        return self.folder / f"{reference}.json"

    def _ticket(self, document: dict[str, str]) -> Ticket:
        return Ticket(document["number"], f"{self.page}#{document['number']}")


def _read(file: Path) -> dict[str, str] | None:
    """An incident, or None when the file is damaged."""
    try:
        document: dict[str, str] = json.loads(file.read_text())
    except ValueError:
        return None
    return document
