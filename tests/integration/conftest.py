"""Real ticketing systems: Roundup from PyPI, Request Tracker 5 and Redmine 5 from Debian."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import absent
from tests.support import redmine, roundup, rt
from tests.support.drafts import adapter
from vipservice.adapters.ticketing.base import Ticketing


@dataclass
class Real:
    """A running system, how to sign in to it, and what its people call things.

    ``delete`` takes a ticket away as its people do, ``solved`` and ``reopened`` are statuses.
    """

    name: str
    running: Any
    settings: dict[str, Any]
    wrong: dict[str, str]
    without_rights: dict[str, str]
    solved: str
    reopened: str
    delete: Callable[[str], None]

    def system(self, **changes: Any) -> Ticketing:
        """An adapter that talks to it."""
        return adapter(**self.settings | changes)


@pytest.fixture(scope="session", params=["roundup", "rt", "redmine"])
def real(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Real]:
    """Each of them, empty."""
    make = {"roundup": _roundup, "rt": _rt, "redmine": _redmine}[request.param]
    yield from make(tmp_path_factory.mktemp(request.param))


def _roundup(folder: Path) -> Iterator[Real]:
    with roundup.running(folder) as found:
        keys = {
            "system": "roundup", "url": found.url, "user": roundup.USER,
            "password": roundup.PASSWORD, "allow_private": True,
        }  # fmt: skip
        yield Real(
            "roundup", found, keys, {"password": "wrong"}, {"user": roundup.OUTSIDER},
            "resolved", "chatting", found.retire,
        )  # fmt: skip


def _rt(folder: Path) -> Iterator[Real]:
    if not rt.is_there():
        absent("Request Tracker 5")
    with rt.running(folder) as found:
        keys = {
            "system": "rt", "url": found.url, "token": found.token, "project": "Support",
            "reference_field": "External Reference", "allow_private": True,
        }  # fmt: skip
        outsider = {"token": found.outsider_token}
        yield Real(
            "rt", found, keys, {"token": "1-14-wrong"}, outsider, "resolved", "open",
            lambda number: found.set_status(number, "deleted"),
        )  # fmt: skip


def _redmine(folder: Path) -> Iterator[Real]:
    if not redmine.is_there():
        absent("Redmine 5")
    with redmine.running(folder) as found:
        keys = {
            "system": "redmine", "url": found.url, "token": found.key, "project": "support",
            "kind": str(found.tracker), "reference_field": str(found.field),
            "allow_private": True,
        }  # fmt: skip
        outsider = {"token": found.outsider_key}
        yield Real(
            "redmine", found, keys, {"token": "wrong"}, outsider, "Resolved", "Feedback",
            found.delete,
        )  # fmt: skip
