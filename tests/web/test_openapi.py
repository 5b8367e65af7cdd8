"""The document of the API: complete, within the official rules, and what no linter sees."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.conftest import absent
from tests.support.client import Client
from tests.support.examples import make_examples
from tests.support.service import service_of
from vipservice.rules.chats import EntryKind
from vipservice.services.chats import access
from vipservice.testing.world import World
from vipservice.web import create_web
from vipservice.web.headers import API_VERSION

ROOT = Path(__file__).parents[2]
FRONT = ROOT / "vipservice" / "frontend"
RULES = {
    "adr": ROOT / "tests" / "data" / "adr" / "linter.yaml",
    "owasp": FRONT / ".spectral-owasp.yaml",
}


@pytest.fixture
def document(web: Flask) -> Any:
    return Client(web).get("/api/v1/openapi.json").json


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("rules", [*RULES])
def test_the_official_rules_find_nothing(document: Any, tmp_path: Path, rules: str) -> None:
    spectral = FRONT / "node_modules" / ".bin" / "spectral"
    if not spectral.exists():
        absent("spectral")
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(document))
    ran = subprocess.run(
        [spectral, "lint", "--fail-severity=hint", "-r", RULES[rules], file],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (ran.returncode, "No results" in ran.stdout) == (0, True), ran.stdout + ran.stderr


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_body_and_answer_has_an_example_that_was_made_by_calling(
    document: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "walk"
    folder.mkdir()
    told = {
        call["operationId"]: {
            part: one["example"]
            for part, given in (("body", call.get("requestBody")), ("answer", done(call)))
            for one in media(given)
        }
        for calls in document["paths"].values()
        for call in calls.values()
    }
    assert {name: parts for name, parts in told.items() if parts} == make_examples(folder)


def done(call: Any) -> Any:
    return next(answer for status, answer in call["responses"].items() if status < "3")


def media(given: Any) -> list[Any]:
    """Of a body or an answer that is JSON."""
    content = (given or {}).get("content", {})
    return [one for kind, one in content.items() if kind == "application/json"]


def camel(part: re.Match[str]) -> str:
    first, *rest = part[1].split("_")
    return "{" + first + "".join(one.capitalize() for one in rest) + "}"


def test_it_is_for_anybody_and_describes_every_call(web: Flask) -> None:
    answer = Client(web).get("/api/v1/openapi.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    described = {
        (method.upper(), path) for path, calls in answer.json["paths"].items() for method in calls
    }
    served = {
        (method, re.sub(r"<(\w+)>", camel, rule.rule).removeprefix("/api/v1"))
        for rule in web.url_map.iter_rules()
        if rule.rule.startswith("/api/v1") and "openapi" not in rule.rule
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == served


def parts(schema: Any) -> Iterator[Any]:
    """Every schema within a document."""
    if isinstance(schema, dict):
        yield schema
        for one in schema.values():
            yield from parts(one)
    elif isinstance(schema, list):
        for one in schema:
            yield from parts(one)


def test_no_name_is_ours_alone_and_every_reference_leads_somewhere(document: Any) -> None:
    known = document["components"]["schemas"]
    assert [name for name in known if not re.fullmatch(r"([A-Z][a-z]+)+", name)] == []
    assert [name for name in known if name.endswith("Shape")] == []
    prefix = "#/components/schemas/"
    told = {one["$ref"] for one in parts(document) if "$ref" in one}
    named = {ref.removeprefix(prefix) for ref in told if ref.startswith(prefix)}
    assert named == set(known)


def test_an_entry_is_one_of_its_kinds(document: Any) -> None:
    entry = document["components"]["schemas"]["Entry"]
    assert set(entry["discriminator"]["mapping"]) == {kind.value for kind in EntryKind}
    assert len(entry["oneOf"]) == len(EntryKind)


def test_every_answer_names_its_version(world: World) -> None:
    shares = {"requests": {"person": 0, "municipality": 0, "address": 3}}
    web = create_web(service_of(world.store, limits=shares | {"refusal_seconds": 0}))
    client = Client(web)
    answers = [client.get("/api/v1/nothing"), client.post("/api/v1/openapi.json")]
    answers += [client.get("/api/v1/me") for _ in range(4)]
    assert [one.status_code for one in answers] == [404, 405, 401, 401, 429, 429]
    assert {one.headers["API-Version"] for one in answers} == {API_VERSION}
    assert {one.content_type for one in answers} == {"application/problem+json"}


def test_a_mistake_of_ours_names_its_version(
    web: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "list_chats", None)
    answer = Client(web, world.tokens["sanne"]).get("/api/v1/chats")
    assert (answer.status_code, answer.headers["API-Version"]) == (500, API_VERSION)


def test_bad_parameters_are_told_all_at_once_and_never_as_422(web: Flask, world: World) -> None:
    sanne = Client(web, world.tokens["sanne"])
    answer = sanne.get("/api/v1/chats?limit=0&state=gone&colour=red&q=" + "x" * 101)
    assert answer.status_code == 400
    fields = {error["field"] for error in answer.json["errors"]}
    assert fields == {"limit", "state", "colour", "q"}


def test_pages_lead_to_one_another(web: Flask, world: World) -> None:
    chats = [world.ask() for _ in range(3)]
    sanne = Client(web, world.tokens["sanne"])
    path, found = "/api/v1/chats?limit=2&q=uittreksel", []
    while path:
        answer = sanne.get(path)
        found += [chat["id"] for chat in answer.json["items"]]
        link = answer.headers.get("Link", "")
        path = link.partition(">")[0].removeprefix("<")
    assert found == chats[::-1]
