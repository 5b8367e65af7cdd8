"""What a page loads: packed when it was built, kept for ever, and not much."""

import gzip
import re
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.client import Client
from tests.support.service import service_of
from vipservice.testing.ticketing import Recording
from vipservice.testing.world import World
from vipservice.web import create_web, texts
from vipservice.web.rendering import MANIFEST, _manifest

MOST = 60_000
"""Bytes of script that a page may load, packed."""
PAGES = [name for name in _manifest() if name.startswith("src/pages/")]


@pytest.fixture
def web(world: World) -> Flask:
    return create_web(service_of(world.store, Recording()))


@pytest.fixture
def client(web: Flask) -> FlaskClient:
    return web.test_client()


def scripts(page: str) -> set[str]:
    """Every script that a page loads before it works."""
    found: set[str] = set()
    todo = [page]
    while todo:
        chunk = _manifest()[todo.pop()]
        if chunk["file"] not in found:
            found.add(chunk["file"])
            todo += chunk.get("imports", [])
    return found


def built(name: str) -> Path:
    return MANIFEST.parents[1] / name


def some_script() -> str:
    return str(_manifest()["src/pages/workbench.tsx"]["file"])


@pytest.mark.parametrize("page", PAGES)
def test_a_page_loads_little_script(page: str) -> None:
    packed = [built(f"{name}.br").stat().st_size for name in scripts(page)]
    assert sum(packed) <= MOST


def test_everything_that_packs_well_is_packed() -> None:
    plain = [one for one in built("assets").iterdir() if one.suffix in (".js", ".css", ".svg")]
    assert plain
    for one in plain:
        assert gzip.decompress(Path(f"{one}.gz").read_bytes()) == one.read_bytes()
        assert Path(f"{one}.br").stat().st_size <= Path(f"{one}.gz").stat().st_size


@pytest.mark.parametrize(
    ("taken", "given"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("", None)],
)
def test_who_takes_it_packed_gets_it_packed(
    client: FlaskClient, taken: str, given: str | None
) -> None:
    address = f"/static/{some_script()}"
    with closing(client.get(address, headers={"Accept-Encoding": taken})) as answer:
        assert answer.status_code == 200
        assert answer.headers.get("Content-Encoding") == given
        assert answer.mimetype == "text/javascript"
        assert answer.vary.as_set() >= {"accept-encoding"}
        assert "immutable" in answer.headers["Cache-Control"]


def test_what_was_not_packed_goes_as_it_is(client: FlaskClient) -> None:
    font = next(one.name for one in built("assets").iterdir() if one.suffix == ".woff2")
    address = f"/static/assets/{font}"
    with closing(client.get(address, headers={"Accept-Encoding": "br"})) as answer:
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(
    "name",
    ["../rendering.py", "assets/none.js", "assets/%00.js", "..%2Fx", "a" * 300, "a/" * 3_000],
)
def test_nothing_else_is_given(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/static/{name}", headers={"Accept-Encoding": "br"})
    assert answer.status_code == 404


def test_a_page_asks_at_once_for_all_that_it_loads(web: Flask, world: World) -> None:
    page = Client(web, world.tokens["sanne"]).get("/workbench").text
    asked = re.findall(r'(?:module" src|modulepreload" href)="/static/([^"]+)"', page)
    assert set(asked) == scripts("src/pages/workbench.tsx") | scripts("src/pages/site.tsx")


def test_the_texts_go_packed_too(client: FlaskClient, web: Flask) -> None:
    with web.test_request_context():
        address = texts.address("nl")
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == client.get(address).data
    assert "accept-encoding" in packed.vary.as_set()
