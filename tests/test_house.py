"""The house: what keeps the code as the design has it."""

import ast
import json
import os
import re
import tomllib
from pathlib import Path

import grimp
import pytest
from babel.messages.pofile import read_po

from tests.support.catalogues import SOURCES, TRANSLATIONS, extract
from vipservice.config import Settings
from vipservice.rules.chats import BODY_LENGTH, FRAME_BYTES
from vipservice.services.shapes.chats import ChatShape
from vipservice.store.migrate import is_described, migrate
from vipservice.store.noticing import INNER
from vipservice.store.tables import Chat
from vipservice.store.work import Store

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "vipservice"
SEEN_BY_NAME = {"municipality_id", "requester_id", "topic_id", "assignee_id", "team_id"}
"""Columns of a chat that its summary shows the name of, or that move with one that it shows."""
MADE = {PACKAGE / "frontend/src/model" / name for name in ("api.ts", "limits.ts")}
"""Made from the document of the API."""
SOURCES_OF_OURS = [
    file
    for pattern in ("vipservice/**/*.py", "vipservice/frontend/src/**/*.ts*", "tests/**/*.py")
    for file in ROOT.glob(pattern)
    if "migrations" not in file.parts and file not in MADE
]


@pytest.mark.parametrize(("folder", "most"), [("vipservice", 300), ("tests", 400)])
def test_no_file_is_too_long(folder: str, most: int) -> None:
    ours = [file for file in SOURCES_OF_OURS if file.is_relative_to(ROOT / folder)]
    assert [file for file in ours if len(file.read_text().splitlines()) > most] == []


def test_no_import_cycle_at_any_depth() -> None:
    graph = grimp.build_graph("vipservice", exclude_type_checking_imports=True)
    modules = sorted(graph.modules)
    cycles = [
        (importer, imported)
        for importer in modules
        for imported in graph.find_modules_directly_imported_by(importer)
        if graph.chain_exists(importer=imported, imported=importer)
    ]
    assert cycles == []


@pytest.mark.parametrize(
    ("pattern", "allowed"),
    [
        (r"\.commit\(\)", {"store/work.py"}),
        (r"\.emit\(", {"live/broadcast.py"}),
        (r"\b(entry|row|one)\.data\b", set()),
        (r"datetime\.(now|utcnow)\(|date\.today\(", {"clock.py"}),
        (r"\bimport eventlet|from eventlet", {"server.py", "live/lines.py", "live/transport.py"}),
        (r"\brequest\.form\b", {"web/forms.py", "web/api/endpoint.py"}),
    ],
)
def test_one_place_for_each(pattern: str, allowed: set[str]) -> None:
    found = {
        str(file.relative_to(PACKAGE))
        for file in PACKAGE.glob("**/*.py")
        if re.search(pattern, file.read_text()) and "migrations" not in file.parts
    }
    assert found == allowed


def test_only_access_functions_hand_out_chats() -> None:
    """A function of the services that returns a Chat is called access_* or is private."""
    loose = [
        f"{file.name}:{node.name}"
        for file in (PACKAGE / "services").glob("**/*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef)
        and isinstance(node.returns, ast.Name)
        and node.returns.id == "Chat"
        and not node.name.startswith(("access_", "_"))
    ]
    assert loose == []


def test_what_the_requesters_side_does_not_see_of_a_chat_is_listed() -> None:
    """A column that nobody listed would be told as if it were seen, or never be told."""
    assert set(Chat.model_fields) - INNER - SEEN_BY_NAME <= set(ChatShape.model_fields)
    assert set(ChatShape.model_fields) & INNER == {"last_seq"}  # of each side another one


def test_the_pages_have_no_limits_of_their_own() -> None:
    """They are made from the document of the API: ``model/limits.ts``."""
    pages = (PACKAGE / "frontend/src").glob("**/*.tsx")
    assert [page.name for page in pages if re.search(r"maxLength=\{\d", page.read_text())] == []
    limits = (PACKAGE / "frontend/src/model/limits.ts").read_text()
    assert f'"message": {BODY_LENGTH},' in limits


def test_the_longest_message_fits_in_a_frame_whatever_it_is_made_of() -> None:
    for letter in ("😀", "\x01", '"', "\n"):
        said = {"chatId": "x" * 36, "clientId": "x" * 64, "body": letter * BODY_LENGTH}
        for ascii_only in (True, False):
            packet = json.dumps(["send", said], ensure_ascii=ascii_only).encode()
            assert len(packet) < FRAME_BYTES


@pytest.mark.parametrize("domain", list(SOURCES))
def test_every_text_is_translated(domain: str, tmp_path: Path) -> None:
    with extract(domain, tmp_path).open("rb") as opened:
        wanted = read_po(opened)
    file = TRANSLATIONS / "nl" / "LC_MESSAGES" / f"{domain}.po"
    with file.open("rb") as opened:
        catalogue = read_po(opened, locale="nl")
    missing = []
    for message in wanted:
        found = catalogue.get(message.id) if message.id else None
        texts = found.string if found else ""
        if message.id and not all([texts] if isinstance(texts, str) else texts or [""]):
            missing.append(message.id)
    assert missing == []


def test_the_extractor_sees_every_text_of_the_pages(tmp_path: Path) -> None:
    """Babel reads TypeScript as JavaScript: nothing may slip through its fingers."""
    call = re.compile(r'\btn?\(\s*"((?:[^"\\]|\\.)+)"')
    written = {
        text
        for file in (PACKAGE / "frontend/src").glob("**/*.ts*")
        for text in call.findall(file.read_text())
    }
    with extract("frontend", tmp_path).open("rb") as opened:
        template = read_po(opened)
    known = {m.id if isinstance(m.id, str) else m.id[0] for m in template}
    assert written - known == set()


def test_the_example_shows_every_key_with_its_default() -> None:
    example = ROOT / "config.example.toml"
    shown = tomllib.loads(example.read_text())
    assert set(shown) == set(Settings.model_fields)
    for name, field in Settings.model_fields.items():
        section = field.annotation
        assert isinstance(section, type)
        assert set(shown[name]) == set(section.model_fields), name
        assert section(**shown[name]) == section(), name
    commented = re.findall(r"(?m)^#.*\n\w+ =", example.read_text())
    keys = sum(len(section) for section in shown.values())
    assert len(commented) == keys


def test_the_migrations_make_exactly_the_tables(database_url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlmodel import SQLModel

    from vipservice.testing.clock import ManualClock

    store = Store(database_url, ManualClock("2026-01-01T00:00+00:00"))
    migrate(store.engine)
    options = {"compare_type": False, "include_object": is_described}
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, SQLModel.metadata) == []
    store.close()


ROLE_READERS = {
    "services/idempotency.py": "an answer is remembered for the rights it was given under",
    "services/chats/messages.py": "on whose side an entry was written",
    "services/demonstration.py": "specialists are members of a team",
    "services/people/accounts.py": "a requester has a municipality and grants",
    "web/access.py": "whether a route is for them",
    "web/login.py": "whose home page it is",
    "web/rendering.py": "whose menu it is",
}
"""Who looks at a role: what it may is asked of a right (rules/people)."""


def test_only_rules_people_says_which_role_may_what() -> None:
    looks = re.compile(r"actor\.role\b|\brole (?:is|==|!=|in|not in)\b.*Role\.")
    readers = {
        str(file.relative_to(PACKAGE))
        for layer in ("services", "live", "web", "jobs")
        for file in (PACKAGE / layer).rglob("*.py")
        if looks.search(file.read_text())
    }
    assert readers == set(ROLE_READERS)


def test_few_signatures_say_any() -> None:
    """What libraries and other people's systems do not say is the exception."""
    functions = [
        node
        for file in PACKAGE.rglob("*.py")
        if "node_modules" not in file.parts
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef)
    ]
    vague = [one.name for one in functions if _says_any(one.args) or _says_any(one.returns)]
    assert len(vague) <= 0.08 * len(functions), len(vague) / len(functions)


def _says_any(part: ast.AST | None) -> bool:
    names = ast.walk(part) if part else ()
    return any(isinstance(name, ast.Name) and name.id == "Any" for name in names)


@pytest.fixture
def place() -> str:
    """By its name something that takes seconds to make, see conftest."""
    return "here"


@pytest.mark.usefixtures("place")
def test_tests_that_share_something_heavy_run_in_one_process(
    request: pytest.FixtureRequest,
) -> None:
    """pytest-xdist says so in the id; with pytest 9.2 it silently does not (its issue 1386)."""
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    assert alone or request.node.nodeid.endswith("@test_house-place-")
