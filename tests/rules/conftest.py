"""What the rules remember, forgotten where mutations are tried."""

import sys

import pytest

from tests.support.sizes import BRIEF


@pytest.fixture(autouse=True, scope="session")
def _nothing_is_remembered() -> None:
    """A mutation is tried in a fork of a process that ran these tests already."""
    if not BRIEF:
        return
    for name, module in list(sys.modules.items()):
        if name.startswith("vipservice.rules"):
            for thing in vars(module).values():
                getattr(thing, "cache_clear", lambda: None)()
