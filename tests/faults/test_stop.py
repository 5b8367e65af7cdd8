"""SIGTERM ends the server, whatever it is doing at that moment."""

from pathlib import Path

import pytest

from tests.support import sqlite
from tests.support.server import running
from tests.support.sizes import size

TIMES = size(10, 3)


@pytest.mark.prove
def test_sigterm_ends_the_server_every_time(tmp_path: Path) -> None:
    """The jobs run most of the time: an interrupt that ended one of them would end nothing."""
    with running(tmp_path, sqlite.database(tmp_path), "eventlet") as server:
        for _ in range(TIMES):
            server.stop()
            assert server.process
            assert server.process.returncode == 0, server.log()
            server.start()
