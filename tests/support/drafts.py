"""A draft that asks much of a ticketing system."""

from dataclasses import replace
from typing import Any

from vipservice.adapters.ticketing import make_systems
from vipservice.adapters.ticketing.base import File, Ticketing
from vipservice.config import Settings
from vipservice.rules.incidents.model import FindingKind, Found, Impact, IncidentDraft, Urgency
from vipservice.store.types import new_id

HOSTILE = (
    "<script>alert(1)</script> & 'één' \"ü\" — 漢字 😀\n"
    "h1. kop *vet* @code@ [link](http://x) {noformat} ${title} %(x)s\n"
    "  ingesprongen\n\nna een lege regel; &lt;b&gt; &amp;"
)
FILES = [
    File("VIP-2026-000001-003-scherm.png", "image/png", bytes(range(256)) * 8),
    File("gesprek-VIP-2026-000001.txt", "text/plain", ("[2] één 😀 regel\n" * 4000).encode()),
]
"""The second one is about 100 KB."""


def make_draft(**changes: Any) -> IncidentDraft:
    """A draft with everything in it."""
    return replace(
        IncidentDraft(
            title="Sjabloon 'één' niet gevonden — 漢字 <b>",
            description=HOSTILE,
            category="BRP",
            impact=Impact.DEPARTMENT,
            urgency=Urgency.HIGH,
            because=("niemand",),
            requester="Jeroen de Boer",
            email="jeroen@test.example",
            phone="033 123 45 67",
            municipality="Amersfoort",
            reference=f"vip-{new_id()}",
            chat_url="https://chat.example/chats/VIP-2026-000001",
            transcript="[2] één",
            transcript_name="gesprek-VIP-2026-000001.txt",
            found=(Found(FindingKind.ERROR, "UIT-5031", 2),),
        ),
        **changes,
    )


def adapter(**settings: Any) -> Ticketing:
    """The adapter that these keys of [ticketing] ask for; it waits ten seconds for an answer."""
    made = make_systems(Settings(ticketing={"timeout_seconds": 10} | settings))
    return made.by_name[made.main]
