"""Files over HTTP, signed hints of ticketing systems, and calls that stay outside."""

import hashlib
import hmac
import json
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from urllib3 import encode_multipart_formdata

from tests.support.client import Client
from tests.support.recording import deliver_next, escalated, poll_next
from tests.support.service import service_of
from vipservice.adapters.base import Unavailable
from vipservice.adapters.calls import Answer, retry_after
from vipservice.adapters.guard import is_public
from vipservice.store.types import new_id
from vipservice.testing.ticketing import Recording
from vipservice.testing.world import World
from vipservice.web.signatures import is_signed, ticket_numbers

SECRET = b"shared secret"


def signed(body: bytes, method: str = "sha256", secret: bytes = SECRET) -> str:
    return f"{method}={hmac.new(secret, body, getattr(hashlib, method)).hexdigest()}"


def upload(client: Client, chat_id: str, content: bytes, name: str) -> Any:
    """A file, in a body that is built beforehand: the test client would leave a file open."""
    body, kind = encode_multipart_formdata({"file": (name, content), "clientId": new_id()})
    headers = {"X-CSRF-Token": client.csrf}
    path = f"/api/v1/chats/{chat_id}/attachments"
    return client.http.post(path, data=body, content_type=kind, headers=headers)


def test_a_file_comes_back_as_it_was_and_is_never_shown(web: Flask, world: World) -> None:
    chat_id = world.ask()
    client = Client(web, world.tokens["jeroen"])
    page = b"<script>alert(1)</script>" * 100_000
    sent = upload(client, chat_id, page, "aanval.html")
    assert sent.status_code == 201
    path = f"/api/v1/attachments/{sent.json['data']['file']['id']}"
    answer = client.get(path)
    assert answer.data == page
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert Client(web, world.tokens["klarinda"]).get(path).status_code == 404


def test_a_file_that_is_too_large_or_absent_gets_a_sentence(web: Flask, world: World) -> None:
    chat_id = world.ask()
    path = f"/api/v1/chats/{chat_id}/attachments"
    client = Client(web, world.tokens["jeroen"])
    answer = upload(client, chat_id, b"x" * (10 * 1024 * 1024 + 1), "a.bin")
    assert answer.status_code == 409
    assert "groter dan 10 MB" in answer.json["detail"]
    assert client.post(path, form={"clientId": new_id()}).status_code == 400
    small = {"file": (BytesIO(b"x"), "a.bin"), "clientId": "!"}
    assert client.post(path, form=small).status_code == 400


@pytest.mark.parametrize(
    ("header", "method"),
    [
        ("X-Vipservice-Signature", "sha256"),
        ("X-Hub-Signature", "sha1"),
        ("X-Hub-Signature", "sha256"),
        ("X-Hub-Signature-256", "sha256"),
    ],
)
def test_a_signed_hint_names_its_ticket(header: str, method: str) -> None:
    from werkzeug.datastructures import Headers

    body = json.dumps({"ticket": {"id": 7, "number": "20007"}, "issue": {"key": "SUP-1"}}).encode()
    assert is_signed(Headers({header: signed(body, method)}), body, SECRET)
    assert ticket_numbers(body) == ["20007", "7", "SUP-1"]


@pytest.mark.parametrize("given", ["", "sha256=", "sha256=00", "md5=x", "é", "sha256=é"])
def test_an_unsigned_hint_is_refused(given: str) -> None:
    from werkzeug.datastructures import Headers

    assert not is_signed(Headers({"X-Hub-Signature": given}), b"{}", SECRET)
    without_secret = Headers({"X-Hub-Signature": signed(b"{}", secret=b"")})
    assert not is_signed(without_secret, b"{}", b"")


def test_a_hint_over_http_asks_at_once(world: World) -> None:
    from vipservice.web import create_web

    system = Recording()
    incident = escalated(world)
    deliver_next(world, system, "test")
    poll_next(world, system)
    own = {"name": "recording", "webhook_secret": SECRET.decode()}
    app = create_web(service_of(world.store, system, ticketing=own))
    body = json.dumps({"reference": incident["reference"]}).encode()
    headers = {"X-Vipservice-Signature": signed(body)}
    call = app.test_client().post("/api/v1/ticketing-events", data=body, headers=headers)
    assert call.status_code == 204
    assert poll_next(world, system)
    refused = app.test_client().post("/api/v1/ticketing-events", data=body)
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("127.0.0.1", False),
        ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("::1", False), ("fe80::1%eth0", False),
        ("fd00::1", False), ("::ffff:10.0.0.1", False), ("0.0.0.0", False),
        ("64:ff9b::a00:1", False), ("64:ff9b:1::a00:1", False), ("64:ff9b::5db8:d822", True),
        ("2002:a00:1::1", False), ("2001:0:a00:1::1", False), ("224.0.0.1", False),
        ("ff02::1", False), ("255.255.255.255", False),
    ],
)  # fmt: skip
def test_which_addresses_are_of_the_internet(address: str, public: bool) -> None:
    assert is_public(address) == public


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120), ("Fri, 24 Apr 2026 15:02:00 GMT", 120), ("Fri, 24 Apr 2026 14:00:00 GMT", 0),
        ("soon", None), ("", None), ("²", None), ("-1", None), ("999999", 999_999),
    ],
)  # fmt: skip
def test_how_long_to_wait_is_understood_either_way(said: str, seconds: float | None) -> None:
    headers = {"Retry-After": said, "Date": "Fri, 24 Apr 2026 15:00:00 GMT"}
    assert retry_after(Answer(429, "", headers, b"")) == seconds


def test_nobody_rests_longer_than_an_hour() -> None:
    assert Unavailable("busy", 999_999).retry_after == 3600
