"""Full-text search over incidents: FTS5 on SQLite, tsvector on PostgreSQL."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

MOST_WORDS = 40
SHORTEST_WORD = 6
_WORD = re.compile(r"[^\W_][\w-]*[^\W_]")

_FIND = {
    "sqlite": "SELECT incident_id FROM incident_text WHERE incident_text MATCH :words"
    " ORDER BY bm25(incident_text), incident_id LIMIT :limit",
    "postgresql": "SELECT incident_id FROM incident_text, to_tsquery('dutch', :words) AS query"
    " WHERE to_tsvector('dutch', words) @@ query"
    " ORDER BY ts_rank(to_tsvector('dutch', words), query) DESC, incident_id LIMIT :limit",
}


def searchable(draft: Mapping[str, Any]) -> str:
    """What an incident is found by: its title, and what was found in the conversation."""
    return "\n".join([draft["title"], *(one["text"] for one in draft.get("found", ()))])


def index_incident(session: Session, incident_id: str, words: str) -> None:
    """Makes an incident findable by these words, in the place of earlier ones."""
    given = {"id": incident_id, "words": words}
    session.execute(text("DELETE FROM incident_text WHERE incident_id = :id"), given)
    session.execute(text("INSERT INTO incident_text VALUES (:id, :words)"), given)


def similar_incidents(session: Session, words: str, limit: int) -> Sequence[str]:
    """The ids of incidents that share words with these, the most alike first."""
    wanted = sorted(telling_words(words), key=len, reverse=True)[:MOST_WORDS]
    if not wanted:
        return []
    dialect = session.get_bind().dialect.name
    joined = " OR ".join(f'"{w}"' for w in wanted) if dialect == "sqlite" else _any(wanted)
    found = session.execute(text(_FIND[dialect]), {"words": joined, "limit": limit})
    return [row[0] for row in found]


def telling_words(words: str) -> set[str]:
    """Words of some length, and whatever has a digit in it: that may be a code."""
    return {
        word.lower()
        for word in _WORD.findall(words)
        if len(word) >= SHORTEST_WORD or any(letter.isdigit() for letter in word)
    }


def _any(wanted: Sequence[str]) -> str:
    return " | ".join("'" + word.replace("'", "''") + "'" for word in wanted)
