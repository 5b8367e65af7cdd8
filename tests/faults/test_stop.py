"""SIGTERM ends the server, whatever it is doing at that moment."""

from pathlib import Path

from tests.support.server import running

TIMES = 10


def test_sigterm_ends_the_server_every_time(tmp_path: Path) -> None:
    """The jobs run most of the time: an interrupt that ended one of them would end nothing."""
    with running(tmp_path, f"sqlite:///{tmp_path}/v.db", "eventlet") as server:
        for _ in range(TIMES):
            server.stop()
            assert server.process
            assert server.process.returncode == 0, server.log()
            server.start()
