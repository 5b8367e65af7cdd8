"""How soon a page is there on a slow line: `make bench`.

A cold browser at 1.6 Mbit/s with 150 ms there and back and a quarter of this processor, as
Lighthouse has it for a slow phone. Milliseconds until something is painted, and until the words of
the conversation are.
"""

import shutil
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import BROWSERS, OPTIONS
from tests.support import sqlite
from tests.support.counting import talk
from tests.support.recording import picked_up
from tests.support.server import Server, running
from vipservice.problems import SESSION_COOKIE
from vipservice.services.chats import access
from vipservice.testing.world import signed_in

TIMES, SETTLED = 5, 5_000.0
"""Cold openings, and milliseconds in which each is there and more."""
BYTES_A_SECOND = 1_600_000 / 8
SLOW = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": BYTES_A_SECOND,
    "uploadThroughput": BYTES_A_SECOND,
}
SLOWER = 4
"""Times, of the processor."""
WORDS = """(function look() {
  const said = document.querySelector("[role=log]")?.textContent.includes("En hoe dan?");
  if (said) setTimeout(() => { window.readable = performance.now(); });
  else requestAnimationFrame(look);
})()"""
"""The page itself says when, after the frame with the words: to be asked for it costs a slow
processor a fifth of a second."""
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
READABLE = "window.readable"


def slow_page(browser: Browser, server: Server, who: str) -> Page:
    """A page of somebody signed in, with nothing kept, on a slow line and processor."""
    context = browser.new_context(locale="nl-NL")
    token = signed_in(server.world.store, who)
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": server.url}])
    page = context.new_page()
    page.add_init_script(WORDS)
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def opened(browser: Browser, server: Server, who: str, path: str) -> tuple[float, float]:
    """Milliseconds until the first paint, and until there are words, of one cold opening."""
    page = slow_page(browser, server, who)
    page.goto(server.url + path, wait_until="commit")
    page.wait_for_timeout(SETTLED)
    painted, readable = (float(page.evaluate(one)) for one in (PAINTED, READABLE))
    page.context.close()
    return painted, readable


def _told(found: Sequence[float]) -> str:
    return f"{statistics.median(found):6.0f} ({min(found):.0f}-{max(found):.0f})"


def main() -> None:
    """Prints a line for each page."""
    shell = next(filter(None, map(shutil.which, BROWSERS)))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        place = Path(folder)
        with running(place, sqlite.database(place), "eventlet") as server:
            chat_id = picked_up(server.world, "Fout UIT-5031 bij afdrukken.")
            talk(server.world, chat_id, 100)
            number = access.get_chat(server.world.store, server.world.sanne, chat_id).number
            places = (("jeroen", f"/chats/{number}"), ("sanne", f"/workbench?chat={chat_id}"))
            browser = playwright.chromium.launch(executable_path=shell, args=OPTIONS)
            for who, path in places:
                found = [opened(browser, server, who, path) for _ in range(TIMES)]
                painted, readable = zip(*found, strict=True)
                print(
                    f"{who:8}{path[:12]:14} painted {_told(painted)} readable {_told(readable)} ms"
                )
            browser.close()


if __name__ == "__main__":
    main()
