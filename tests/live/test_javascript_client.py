"""The official Socket.IO JavaScript client, by the contract alone."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.live.test_events import handled_chat
from tests.support.server import Server

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "vipservice/frontend/node_modules/socket.io-client/build/esm-debug/index.js"


def test_it_holds_a_whole_conversation(server: Server) -> None:
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    node = shutil.which("node", path=beside)
    assert node, "make setup installs Node where it is missing"
    tokens = server.world.tokens
    arguments = [str(CLIENT), server.url, tokens["jeroen"], tokens["sanne"], handled_chat(server)]
    script = str(Path(__file__).parent / "conversation.mjs")
    done = subprocess.run([node, script, *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr + server.log()
    assert "conversation held" in done.stdout
