"""A ticketing system for a first look: prints each incident and keeps it in a folder."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from vipservice.adapters.base import Missing, Unavailable
from vipservice.adapters.ticketing.base import File, Record, Status, Ticket, status_of
from vipservice.rules.incidents.model import IncidentDraft, Progress

NEW = "ontvangen"
STATES = {
    NEW: Progress.RECEIVED,
    "in behandeling": Progress.IN_PROGRESS,
    "wacht op iets": Progress.ON_HOLD,
    "opgelost": Progress.SOLVED,
    "gesloten": Progress.CLOSED,
    "vervallen": Progress.CANCELLED,
}


class ConsoleTicketing:
    """One JSON file an incident, named after its reference; read them at ``page``.

    Its files lie in a folder of the same name. Who changes ``status`` in the JSON, to one of
    STATES, sees it in the chat.
    """

    name = "console"
    has_notes = has_internal_files = True

    def __init__(self, folder: Path, page: str, say: Callable[[str], None] = print) -> None:
        self.folder = folder
        self.page = page
        self.say = say

    def find(self, reference: str) -> Ticket | None:
        """The incident that was kept under this reference."""
        file = self._file(reference)
        document = _read(file) if file.exists() else None
        return self._ticket(document) if document else None

    def create(self, draft: IncidentDraft, files: Sequence[File] = ()) -> Ticket:
        """Keeps the incident whole: the file appears at once or not at all. No files."""
        kept = {"number": f"C{len(self.tickets()) + 1:05}", "status": NEW}
        document = asdict(draft) | kept | {"comments": []}
        self.say(f"[console] incident {document['number']}: {draft.title}")
        self._write(document)
        return self._ticket(document)

    def attach(self, ticket: Ticket, files: Sequence[File], *, internal: bool = False) -> None:
        """Keeps the files beside it."""
        folder = self.folder / ticket.id
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for file in files:
                (folder / file.name).write_bytes(file.content)
        except OSError as error:
            raise Unavailable(str(error)) from error

    def comment(self, ticket: Ticket, text: str, files: Sequence[File] = ()) -> None:
        """Adds the text to the incident."""
        self._add(ticket, "comments", text, files)

    def note(self, ticket: Ticket, text: str, files: Sequence[File] = ()) -> None:
        """Adds the text to its notes."""
        self._add(ticket, "notes", text, files)

    def read(self, ticket: Ticket) -> Record:
        """Everything that is kept."""
        document = self._get(ticket)
        return Record(
            title=document["title"],
            text=document["description"],
            reference=document["reference"],
            files={file.name: file.stat().st_size for file in self._files(ticket)},
            comments=[*document["comments"], *document["notes"]],
            status=self.status(ticket),
        )

    def status(self, ticket: Ticket) -> Status:
        """What the file says."""
        return status_of(self._get(ticket)["status"], STATES)

    def check(self) -> None:
        """Whether the folder can be written."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(str(error)) from error

    def tickets(self) -> list[dict[str, Any]]:
        """Every incident kept, the newest first."""
        files = self.folder.glob("vip-*.json")
        found = [ticket for file in files if (ticket := _read(file))]
        return sorted(found, key=lambda ticket: str(ticket["number"]), reverse=True)

    def _add(self, ticket: Ticket, where: str, text: str, files: Sequence[File]) -> None:
        document = self._get(ticket)
        self._write(document | {where: [*document[where], text]})
        self.attach(ticket, files)

    def _files(self, ticket: Ticket) -> list[Path]:
        folder = self.folder / ticket.id
        return sorted(folder.iterdir()) if folder.is_dir() else []

    def _get(self, ticket: Ticket) -> dict[str, Any]:
        document = _read(self._file(ticket.id)) if self._file(ticket.id).exists() else None
        if document is None:
            raise Missing(f"{self._file(ticket.id)} is gone or damaged")
        return {"status": NEW, "comments": [], "notes": []} | document

    def _write(self, document: dict[str, Any]) -> None:
        file = self._file(document["reference"])
        half = file.with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            half.write_text(json.dumps(document, ensure_ascii=False, indent=1))
            half.rename(file)
        except OSError as error:
            raise Unavailable(str(error)) from error

    def _file(self, reference: str) -> Path:
        return self.folder / f"{reference}.json"

    def _ticket(self, document: dict[str, Any]) -> Ticket:
        page = f"{self.page}#{document['number']}"
        return Ticket(document["reference"], document["number"], page)


def _read(file: Path) -> dict[str, Any] | None:
    """An incident, or None when the file is damaged."""
    try:
        document: dict[str, Any] = json.loads(file.read_text())
    except ValueError:
        return None
    return document
