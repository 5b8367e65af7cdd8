"""Signing in and out. A session is a row; its key is the hash of the cookie's token."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlmodel import select

from vipservice.beside import Beside, at_once
from vipservice.rules.people import Actor
from vipservice.rules.refusals import N_, FieldError, Invalid, NotSignedIn
from vipservice.rules.text import one_line
from vipservice.services.people.guessing import Origin, counted, digest, give_back, reserve
from vipservice.services.people.passwords import is_right
from vipservice.services.people.rights import end_rights
from vipservice.store.saying import people_of, session_holders
from vipservice.store.tables import LoginSession, Person
from vipservice.store.work import Store, Work

Held = tuple[str, tuple[object, ...]]
"""A session, and the rights of its person."""
WRONG = N_("The e-mail address or the password is not right.")


def sign_in(
    store: Store, email: str, password: str, origin: Origin, hours: int, beside: Beside = at_once
) -> str:
    """A new session's token.

    Raises TooManyAttempts, or Invalid with the same words for a wrong password, an unknown
    account and a disabled one. The password is tried outside any transaction.
    """
    email = one_line(email).lower()
    keys = counted(email, origin)
    with store.work() as work:
        reserve(work, keys)
        known = _password_of(work, email)
    if not beside(is_right, known, password):
        raise Invalid([FieldError("password", WRONG)], WRONG)
    with store.work() as work:
        if _password_of(work, email) != known:
            raise Invalid([FieldError("password", WRONG)], WRONG)
        give_back(work, keys)
        person = work.session.exec(select(Person).where(Person.email == email)).one()
        return begin(work, person.id, origin, hours)


def _password_of(work: Work, email: str) -> str:
    """The hash of an account that may sign in; "" of one that may not, or is not there."""
    person = work.session.exec(select(Person).where(Person.email == email)).one_or_none()
    return person.password_hash if person and not person.disabled_at else ""


def begin(work: Work, person_id: str, origin: Origin, hours: int) -> str:
    """Starts a session of somebody whose log-in was checked; its token."""
    token = secrets.token_urlsafe(32)
    work.session.add(
        LoginSession(
            id=digest(token),
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
    return store.look_together(find_actors, digest(token))


def find_actors(work: Work, session_ids: Sequence[str]) -> list[Actor | None]:
    """For each of these sessions its person, if it still holds."""
    found = (Actor(*fields) for fields in people_of(work.session, session_ids))
    holding = {one.session_id: one for one in found if one.expires_at > work.now}
    return [holding.get(session_id) for session_id in session_ids]


def require_current(work: Work, actor: Actor) -> None:
    """Raises NotSignedIn when this actor's session or role ended since they were looked up."""
    (now,) = find_actors(work, [actor.session_id])
    if now is None or now.rights != actor.rights:
        raise NotSignedIn


def require_signed_in(store: Store, actor: Actor) -> None:
    """Raises NotSignedIn when this actor's session or role ended since they were looked up."""
    with store.read() as work:
        require_current(work, actor)


def still_current(work: Work, actors: Iterable[Actor]) -> set[Held]:
    """What holds now of the sessions of these actors: `held_by` says what they came with."""
    found = session_holders(work.session, {actor.session_id for actor in actors})
    return {(session_id, tuple(rights)) for session_id, until, *rights in found if until > work.now}


def held_by(actor: Actor) -> Held:
    """The session and the rights of who came."""
    return actor.session_id, actor.rights
