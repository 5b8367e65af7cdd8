"""Mail: over SMTP, or into a folder where none is set."""

import smtplib
import socket
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol

from vipservice.adapters.base import Refused, Unavailable
from vipservice.adapters.calls import PATIENCE
from vipservice.adapters.watch import Watch, follow
from vipservice.clock import utc_now
from vipservice.config import MailSettings
from vipservice.rules.notices import Letter
from vipservice.rules.text import one_line

FOR_GOOD = 500
TLS_PORT = 465
"""TLS from the first byte (RFC 8314)."""


class Mail(Protocol):
    """A way to send mail. Raises Refused or Unavailable."""

    def send(self, letter: Letter, key: str) -> None:
        """Sends it. The same key is the same Message-ID, by which a mail server sees a double."""
        ...

    def check(self) -> None:
        """Reaches the server and signs in."""
        ...


class _Followed(smtplib.SMTP):
    """Is cut when the time of its letter is over."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        opened: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        follow(opened)
        return opened


class _FollowedTls(smtplib.SMTP_SSL):
    """The same behind TLS from its first byte: followed before its handshake."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        opened = socket.create_connection((host, port), timeout, self.source_address)
        follow(opened)
        return self.context.wrap_socket(opened, server_hostname=host)


class SmtpMail:
    """A mail server; with STARTTLS unless the settings say that it is on this machine.

    Its certificate is verified before anything is said, whichever way TLS begins.
    """

    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings

    def send(self, letter: Letter, key: str) -> None:
        """One connection a letter: there are few."""
        message = as_message(letter, key, self.settings.sender)
        try:
            with self._watch(), self._connection() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise _problem(min(codes), str(error)) from error
        except smtplib.SMTPResponseException as error:
            raise _problem(error.smtp_code, str(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(f"{type(error).__name__}: {error}") from error

    def check(self) -> None:
        """Greets the server."""
        try:
            with self._watch(), self._connection() as server:
                server.noop()
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(f"{type(error).__name__}: {error}") from error

    def _watch(self) -> Watch:
        return Watch(self.settings.timeout_seconds * PATIENCE)

    def _connection(self) -> smtplib.SMTP:
        settings = self.settings
        trusted = ssl.create_default_context(cafile=settings.ca_file or None)
        where = (settings.host, settings.port)
        server: smtplib.SMTP
        if settings.port == TLS_PORT:
            server = _FollowedTls(*where, timeout=settings.timeout_seconds, context=trusted)
        else:
            server = _Followed(*where, timeout=settings.timeout_seconds)
            if settings.starttls:
                server.starttls(context=trusted)
        if settings.user:
            server.login(settings.user, settings.password.get_secret_value())
        return server


class FolderMail:
    """Mail for a first look: one .eml file a letter, named after its key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, letter: Letter, key: str) -> None:
        """Writes it; the same key again is the same file."""
        message = as_message(letter, key, "vipservice@localhost")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / f"{_safe(key)}.eml").write_bytes(bytes(message))
        except OSError as error:
            raise Unavailable(str(error)) from error

    def check(self) -> None:
        """There is nothing that can be out of reach."""


def make_mail(settings: MailSettings) -> Mail:
    """The server that the settings name, else the folder."""
    return SmtpMail(settings) if settings.host else FolderMail(Path(settings.folder))


def as_message(letter: Letter, key: str, sender: str) -> EmailMessage:
    """The letter as RFC 5322 has it."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = ", ".join(letter.to)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(utc_now())
    message["Message-ID"] = f"<{_safe(key)}@vipservice>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office in return
    message.set_content(letter.body)
    return message


def _safe(key: str) -> str:
    return key.replace(":", ".").replace("/", ".")


def _problem(code: int, words: str) -> Refused | Unavailable:
    return Refused(words) if code >= FOR_GOOD else Unavailable(words)
