"""Slowing down who guesses passwords, without locking out who has one.

A guess counts before it is tried: of many at once no more are tried than of one after the other.
A stranger's guesses slow down the stranger: what is counted is an account from one address. Only
many addresses together slow down an account, and then not on a device that it was used on before
(OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). How much one address may try in
all is a share, see ``services/shares``.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import select

from vipservice.rules.addresses import network
from vipservice.rules.refusals import TooManyAttempts
from vipservice.store.claiming import add_if_new
from vipservice.store.tables import LoginAttempts
from vipservice.store.work import Work

FREE = {"address": 5, "account": 50, "device": 10}
"""Guesses before slowing down: of an account from one address, from everywhere, on its device."""
LONGEST_BLOCK = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Origin:
    """Where a log-in comes from; ``device`` is the mark of one that the account was used on."""

    address: str
    user_agent: str = ""
    device: str = ""


def counted(email: str, origin: Origin) -> tuple[str, ...]:
    """Under which keys a guess counts, in the order in which they are locked."""
    account = digest(email)
    if origin.device:
        return (f"device:{account}:{origin.device}",)
    return (f"account:{account}", f"address:{account}:{network(origin.address)}")


def reserve(work: Work, keys: tuple[str, ...]) -> None:
    """Counts a guess that will be tried now. Raises TooManyAttempts while one of them is blocked.

    A guess that is refused is not tried, and does not count.
    """
    rows = [_locked(work, key) for key in keys]
    blocked = max(row.blocked_until for row in rows)
    if blocked > work.now:
        raise TooManyAttempts(int((blocked - work.now).total_seconds()) + 1)
    for row in rows:
        row.failures = 1 if work.now - row.last_at > FORGOTTEN_AFTER else row.failures + 1
        row.last_at = work.now
        row.blocked_until = _blocked_until(work.now, row.failures - FREE[row.key.split(":")[0]])


def give_back(work: Work, keys: tuple[str, ...]) -> None:
    """It was no guess: the account is forgiven here, and elsewhere this one does not count."""
    for key in keys:
        row, everywhere = _locked(work, key), key.startswith("account:")
        row.failures = max(0, row.failures - 1) if everywhere else 0
        row.blocked_until = work.now


def digest(text: str) -> str:
    """What is kept of a secret or an address, to know it again."""
    return hashlib.sha256(text.encode()).hexdigest()


def _locked(work: Work, key: str) -> LoginAttempts:
    add_if_new(
        work.session, LoginAttempts(key=key, failures=0, last_at=work.now, blocked_until=work.now)
    )
    query = select(LoginAttempts).where(LoginAttempts.key == key).with_for_update()
    return work.session.exec(query.execution_options(populate_existing=True)).one()


def _blocked_until(now: datetime, beyond: int) -> datetime:
    """Doubles from one second: 1, 2, 4 … up to LONGEST_BLOCK."""
    if beyond < 0:
        return now
    return now + min(timedelta(seconds=2 ** min(beyond, 20)), LONGEST_BLOCK)
