"""A real browser: Debian's Chromium, driven by Playwright."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import absent
from tests.support.server import Server
from vipservice.problems import SESSION_COOKIE
from vipservice.testing.world import signed_in

OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The first is the same engine without a window, for half the processor's time."""
Open = Callable[..., Page]
WAIT = 30_000
"""Milliseconds: as long as anything that must come is waited for, on however busy a machine."""
expect.set_options(timeout=WAIT)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, or a skip that says so."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        absent("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Open]:
    """A page of somebody signed in, in a browser context of their own; no script may fail in it.

    The session is made past the form, which has tests of its own.
    """
    mistakes: list[str] = []
    contexts = []

    def open_(server: Server, who: str, path: str = "/", **options: object) -> Page:
        context = chromium.new_context(locale="nl-NL", **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        token = signed_in(server.world.store, who)
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": server.url}])
        page.goto(server.url + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert mistakes == []


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    """Waits for what no element of a page shows."""
    for _ in range(300):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come")


def status_of(desk: Server, name: str) -> str:
    """The presence of a specialist, as the centre reads it."""
    loads = desk.http("annet").get(f"{desk.url}/api/v1/specialists", timeout=30).json()["items"]
    return next(str(one["status"]) for one in loads if one["name"] == name)
