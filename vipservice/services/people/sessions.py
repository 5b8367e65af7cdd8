"""Signing in and out. A session is a row; its key is the hash of the cookie's token."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from vipservice.rules.people import Actor
from vipservice.rules.refusals import N_, FieldError, Invalid, NotSignedIn, TooManyAttempts
from vipservice.rules.text import one_line
from vipservice.services.people.passwords import is_right
from vipservice.services.people.rights import end_rights
from vipservice.store.queries import session_holder
from vipservice.store.tables import LoginAttempts, LoginSession, Person
from vipservice.store.work import Store, Work

FREE_FAILURES = {"account": 5, "address": 20}
"""Failures before slowing down; a town hall shares one address, so it gets more."""
LONGEST_BLOCK = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Origin:
    """Where a log-in comes from."""

    address: str
    user_agent: str = ""


def sign_in(store: Store, email: str, password: str, origin: Origin, hours: int) -> str:
    """A new session's token.

    Raises TooManyAttempts, or Invalid with the same words for a wrong password, an unknown
    account and a disabled one.
    """
    email = one_line(email).lower()
    keys = (f"account:{_digest(email)}", f"address:{origin.address}")
    with store.read() as work:
        _refuse_if_blocked(work, keys)
        person = work.session.exec(select(Person).where(Person.email == email)).one_or_none()
    right = is_right(person.password_hash if person and not person.disabled_at else "", password)
    with store.work() as work:
        if right and person:
            _forget_failures(work, keys[0])
            return begin(work, person.id, origin, hours)
        _count_failure(work, keys)
    raise Invalid(
        [FieldError("password", N_("The e-mail address or the password is not right."))],
        N_("The e-mail address or the password is not right."),
    )


def begin(work: Work, person_id: str, origin: Origin, hours: int) -> str:
    """Starts a session of somebody whose log-in was checked; its token."""
    token = secrets.token_urlsafe(32)
    work.session.add(
        LoginSession(
            id=_digest(token),
            person_id=person_id,
            created_at=work.now,
            expires_at=work.now + timedelta(hours=hours),
            address=origin.address,
            user_agent=origin.user_agent[:200],
        )
    )
    return token


def sign_out(store: Store, actor: Actor) -> None:
    """Ends this session and its live connections."""
    with store.work() as work:
        end_rights(work, actor.id, N_("You have signed out."), session_id=actor.session_id)


def actor_of(store: Store, token: str) -> Actor | None:
    """Who holds this token now; None when the session is over or never was."""
    with store.read() as work:
        return find_actor(work, _digest(token))


def find_actor(work: Work, session_id: str) -> Actor | None:
    """The person of a session that still holds."""
    row = session_holder(work.session, session_id)
    if row is None or row[0].expires_at <= work.now or row[1].disabled_at:
        return None
    person: Person = row[1]
    return Actor(
        person.id, person.name, person.role, person.municipality_id, person.language, session_id,
        row[0].expires_at,
    )  # fmt: skip


def require_current(work: Work, actor: Actor) -> None:
    """Raises NotSignedIn when this actor's session or role ended since they were looked up."""
    now = find_actor(work, actor.session_id)
    if now is None or now.rights != actor.rights:
        raise NotSignedIn


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_if_blocked(work: Work, keys: tuple[str, ...]) -> None:
    rows = work.session.exec(select(LoginAttempts).where(col(LoginAttempts.key).in_(keys))).all()
    blocked = max((row.blocked_until for row in rows), default=work.now)
    if blocked > work.now:
        raise TooManyAttempts(int((blocked - work.now).total_seconds()) + 1)


def _count_failure(work: Work, keys: tuple[str, ...]) -> None:
    for key in keys:
        row = _attempts(work, key)
        row.failures = 1 if work.now - row.last_at > FORGOTTEN_AFTER else row.failures + 1
        row.last_at = work.now
        row.blocked_until = _blocked_until(
            work.now, row.failures - FREE_FAILURES[key.split(":")[0]]
        )


def _attempts(work: Work, key: str) -> LoginAttempts:
    """The row of this key under its lock; made when it is not there, by one of many at once."""
    fresh = LoginAttempts(key=key, last_at=work.now, blocked_until=work.now)
    try:
        with work.session.begin_nested():
            if work.session.get(LoginAttempts, key) is None:
                work.session.add(fresh)
    except IntegrityError:
        pass  # another was first
    return work.session.get_one(LoginAttempts, key, with_for_update=True, populate_existing=True)


def _blocked_until(now: datetime, beyond: int) -> datetime:
    """Doubles from one second: 1, 2, 4 … up to LONGEST_BLOCK."""
    if beyond < 0:
        return now
    return now + min(timedelta(seconds=2 ** min(beyond, 20)), LONGEST_BLOCK)


def _forget_failures(work: Work, key: str) -> None:
    work.session.execute(delete(LoginAttempts).where(col(LoginAttempts.key) == key))
