"""A client that others can make: generated from the document, it walks the main job."""

import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from flask import Flask

from tests.support.client import Client
from vipservice.store.types import new_id
from vipservice.testing.world import PASSWORD, World, address

NAME = "made_client"
BESIDE = Path(sys.executable).parent
"""Where the generator finds what it formats with."""


@pytest.fixture
def made(web: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The package that the generator makes of the document."""
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(Client(web).get("/api/v1/openapi.json").json))
    ran = subprocess.run(
        [BESIDE / "openapi-python-client", "generate", "--path", file, "--meta", "none",
         "--output-path", tmp_path / NAME, "--fail-on-warning"],
        capture_output=True, text=True, timeout=120, check=False,
        env=os.environ | {"PATH": f"{BESIDE}:{os.environ['PATH']}"},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module(NAME)
    for name in [name for name in sys.modules if name.split(".")[0] == NAME]:
        del sys.modules[name]


class Program:
    """Somebody's program: signs in as a page does, then calls what was generated."""

    def __init__(self, made: ModuleType, web: Flask, who: str) -> None:
        over = httpx.WSGITransport(app=web)
        with httpx.Client(transport=over, base_url="http://localhost") as page:
            form = {"email": address(who), "password": PASSWORD, "csrf_token": _token(page)}
            assert page.post("/login", data=form).status_code == 302
            token = _token(page)
            self.client = made.Client(
                base_url="http://localhost/api/v1",
                cookies=dict(page.cookies),
                headers={"X-CSRF-Token": token},
                httpx_args={"transport": over},
                raise_on_unexpected_status=True,
            )

    def __call__(self, call: str, *path: str, **given: Any) -> Any:
        """``chats.open_chat``, with its parameters."""
        module = importlib.import_module(f"{NAME}.api.{call}")
        return module.sync(*path, client=self.client, **given)


def _token(page: httpx.Client) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', page.get("/account").text)
    shown = found or re.search(r'name="csrf-token" content="([^"]+)"', page.get("/login").text)
    assert shown
    return shown[1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_walks_the_main_job(made: ModuleType, web: Flask, world: World) -> None:
    models: Any = importlib.import_module(f"{NAME}.models")
    jeroen, sanne = Program(made, web, "jeroen"), Program(made, web, "sanne")

    def moved(who: Callable[..., Any], chat_id: str, model: str, move: str) -> Any:
        return who("chats.make_move", chat_id, body=getattr(models, model)(move=move))

    def asked(body: str) -> Any:
        question = models.NewChat(topic_id=world.topic_id, body=body, client_id=new_id())
        return jeroen("chats.open_chat", body=question)

    chat = asked("Hoe druk ik een uittreksel af?")
    waiting = sanne("chats.list_chats", state=models.State.WAITING).items
    assert [one.id for one in waiting] == [chat.id]
    assert moved(sanne, chat.id, "PickUp", "pick_up").state == "active"
    answer = models.NewMessage(body="Met de knop Afdrukken.", client_id=new_id())
    assert sanne("chats.send_message", chat.id, body=answer).body == answer.body
    moved(sanne, chat.id, "Propose", "propose")
    assert moved(jeroen, chat.id, "Confirm", "confirm").outcome == "answered"
    told = jeroen("chats.list_entries", chat.id).items
    assert [type(one).__name__ for one in told][:2] == ["OpenedEntry", "MessageEntry"]
    assert told[-1].data.move == "confirm"

    second = asked("Fout UIT-5031 bij afdrukken.")
    moved(sanne, second.id, "PickUp", "pick_up")
    draft = sanne("chats.get_draft", second.id)
    incident = sanne(
        "chats.escalate", second.id, body=models.EditedDraft.from_dict(draft.to_dict())
    )
    assert (incident.chat_id, incident.title) == (second.id, draft.title)
    refused = moved(jeroen, second.id, "PickUp", "pick_up")
    assert (refused.status, bool(refused.detail)) == (403, True)
