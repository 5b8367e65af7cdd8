"""Calls to the outside end in time, take no more than they can hold, and go where they may."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support import certificates
from tests.support.doubles.topdesk import Topdesk
from tests.support.drafts import adapter
from tests.support.server import listening, port_of
from vipservice.adapters.base import Unavailable
from vipservice.adapters.calls import LARGEST_ANSWER, PATIENCE, Line, call
from vipservice.adapters.mail import SmtpMail
from vipservice.adapters.ticketing.base import page_of
from vipservice.config import MailSettings
from vipservice.rules.notices import Letter

STEP = 0.3
Serve = Callable[[socket.socket], None]


@pytest.fixture
def serve() -> Iterator[Callable[[Serve], str]]:
    """Answers one connection in a way of its own; the address."""
    listeners = []

    def start(answer: Serve) -> str:
        listener = listening()
        listeners.append(listener)

        def run() -> None:
            opened, _ = listener.accept()
            with opened, suppress(OSError):
                opened.recv(65_536)
                answer(opened)

        threading.Thread(target=run, daemon=True).start()
        return f"http://127.0.0.1:{port_of(listener)}"

    yield start
    for listener in listeners:
        listener.close()


def drip(opened: socket.socket, text: bytes) -> None:
    """Never late by a time-out of the socket, and never done."""
    for at in range(len(text)):
        opened.sendall(text[at : at + 1])
        time.sleep(STEP / 3)  # this is what the other side does


def in_headers(opened: socket.socket) -> None:
    drip(opened, b"HTTP/1.1 200 OK\r\n" + b"X-Slow: yes\r\n" * 1000)


def in_body(opened: socket.socket) -> None:
    opened.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    drip(opened, b"x" * 100_000)


def without_length(opened: socket.socket) -> None:
    opened.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
    drip(opened, b"x" * 100_000)


def in_chunks(opened: socket.socket) -> None:
    opened.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    drip(opened, b"1\r\nx\r\n" * 10_000)


@pytest.mark.parametrize("answer", [in_headers, in_body, without_length, in_chunks])
def test_an_answer_that_drips_is_cut(serve: Callable[[Serve], str], answer: Serve) -> None:
    with pytest.raises(Unavailable, match="[Tt]ime-out"):
        call(Line(STEP, True), "GET", serve(answer))


def test_an_answer_without_end_is_not_kept(serve: Callable[[Serve], str]) -> None:
    sent = 0

    def pour(opened: socket.socket) -> None:
        nonlocal sent
        opened.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            sent += opened.send(b"x" * 65_536)

    with pytest.raises(Unavailable, match="larger than 16 MB"):
        call(Line(5, True), "GET", serve(pour))
    assert sent < 2 * LARGEST_ANSWER


def test_half_an_answer_is_no_answer(serve: Callable[[Serve], str]) -> None:
    def half(opened: socket.socket) -> None:
        opened.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}")

    with pytest.raises(Unavailable):
        call(Line(5, True), "GET", serve(half))


def test_a_nested_answer_is_an_answer_that_can_not_be_read(serve: Callable[[Serve], str]) -> None:
    def nested(opened: socket.socket) -> None:
        body = b"[" * 100_000
        opened.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    with pytest.raises(ValueError, match="nested|Expecting"):
        call(Line(5, True), "GET", serve(nested)).json()


def test_a_proxy_of_the_environment_does_not_go_round_the_guard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A proxy resolves the name itself: what it reaches is not looked at."""
    double = Topdesk()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, double.url)
    with pytest.raises(Unavailable):
        call(Line(STEP, False), "GET", "http://intern.example.invalid/")
    assert double.calls == []
    double.close()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://host.example/t/1", True), ("http://host.example/t/1", True),
        ("javascript:alert(1)//host.example", False), ("https://elsewhere.example/t/1", False),
        ("data:text/html,x", False), ("//host.example/t/1", False), ("", False),
    ],
)  # fmt: skip
def test_a_tickets_page_is_one_of_its_own_system(given: str, kept: bool) -> None:
    assert page_of(given, "https://host.example/api") == (given if kept else "")


def test_the_webhook_may_not_name_any_page() -> None:
    from tests.support.doubles.receiver import Receiver
    from tests.support.drafts import make_draft

    double = Receiver()
    double.page = "javascript:alert(1)"
    ticket = adapter(**double.settings).create(make_draft())
    assert ticket.url == ""
    double.close()


# Mail


class Box:
    """Keeps letters; asks for a log-in."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.passwords: list[bytes] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        self.letters.append(envelope.original_content or b"")
        return "250 kept"

    def authenticate(self, _s: object, _e: object, _n: object, _m: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.passwords.append(data.password)
        return AuthResult(success=True)


@pytest.fixture
def box(tmp_path: Path) -> Iterator[tuple[Box, MailSettings]]:
    """A mail server with STARTTLS and a certificate of its own authority."""
    paths = certificates.make(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(paths.certificate, paths.key)
    found = Box()
    controller = Controller(
        found, hostname="127.0.0.1", port=0, tls_context=context, require_starttls=True,
        authenticator=found.authenticate, auth_required=True,
    )  # fmt: skip
    with closing(listening()) as taken:
        controller.port = port_of(taken)
    controller.start()
    yield found, MailSettings(
        host="127.0.0.1", port=controller.port, user="vip", password="geheim",
        ca_file=str(paths.authority), timeout_seconds=5,
    )  # fmt: skip
    controller.stop()


LETTER = Letter(("team@test.example",), "Te laat:\nBcc: x@y.example", "Tekst\n")


def test_a_trusted_mail_server_gets_password_and_letter(box: tuple[Box, MailSettings]) -> None:
    found, settings = box
    SmtpMail(settings).send(LETTER, "key")
    assert found.passwords == [b"geheim"]
    assert b"Subject: Te laat: Bcc: x@y.example" in found.letters[0]


def test_a_certificate_that_nobody_vouches_for_gets_no_password(
    box: tuple[Box, MailSettings],
) -> None:
    found, settings = box
    mail = SmtpMail(settings.model_copy(update={"ca_file": ""}))
    for act in (mail.check, lambda: mail.send(LETTER, "key")):
        with pytest.raises(Unavailable, match="certificate"):
            act()
    assert found.passwords == found.letters == []


def test_port_465_is_tls_from_the_first_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vipservice.adapters import mail as module

    paths = certificates.make(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(paths.certificate, paths.key)
    found = Box()
    with closing(listening()) as taken:
        port = port_of(taken)
    controller = Controller(found, hostname="127.0.0.1", port=port, ssl_context=context)
    controller.start()
    monkeypatch.setattr(module, "TLS_PORT", port)
    settings = MailSettings(host="127.0.0.1", port=port, ca_file=str(paths.authority))
    SmtpMail(settings).send(LETTER, "key")
    with pytest.raises(Unavailable, match="certificate"):
        SmtpMail(settings.model_copy(update={"ca_file": ""})).check()
    controller.stop()
    assert len(found.letters) == 1


def test_a_mail_server_that_drips_is_cut() -> None:
    listener = listening()

    def run() -> None:
        opened, _ = listener.accept()
        with opened, suppress(OSError):
            drip(opened, b"220-welkom\r\n" * 10_000)

    threading.Thread(target=run, daemon=True).start()
    settings = MailSettings(host="127.0.0.1", port=port_of(listener), timeout_seconds=STEP)
    before = time.thread_time()
    with pytest.raises(Unavailable):
        SmtpMail(settings).send(LETTER, "key")
    assert time.thread_time() - before < STEP * PATIENCE
    listener.close()
