"""The official Socket.IO client holds a conversation, knowing the contract alone."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from tests.conftest import absent
from tests.support.server import Server
from vipservice.services.routing import serving

ROOT = Path(__file__).parents[2]
FRONT = ROOT / "vipservice" / "frontend"
SCRIPT = ROOT / "tests" / "support" / "conversation.mjs"
BESIDE = ROOT / ".venv" / "bin"


def test_a_conversation_with_a_note_on_both_sides(eventlet_server: Server) -> None:
    path = f"{BESIDE}:{os.environ['PATH']}"
    node = shutil.which("node", path=path)
    if node is None or not (FRONT / "node_modules" / "socket.io-client").exists():
        absent("Node with socket.io-client")
    assert node
    world = eventlet_server.world
    chat_id = world.ask("jeroen")
    serving.pick_up(world.store, world.sanne, chat_id, 10_000)
    given = {
        "requester": world.tokens["jeroen"], "specialist": world.tokens["sanne"], "chatId": chat_id,
    }  # fmt: skip
    ran = subprocess.run(
        [node, SCRIPT, eventlet_server.url, FRONT, json.dumps(given)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
