"""Breakers: a system that does not answer rests a while, so that it does not tie up the rest.

Each ticketing system has its own, under ``ticketing:NAME``; mail and webhook have one each.

After ``MOST_FAILURES`` in a row nothing is tried until ``rests_until``; then one attempt goes
first, and only when that one succeeds the others follow (M. Nygard, "Release It!", 5.2).
"""

import random
from datetime import timedelta

from vipservice.rules.notices import Channel
from vipservice.store.claiming import add_if_new
from vipservice.store.tables import Breaker
from vipservice.store.work import Work

MOST_FAILURES = 3
TICKETING = "ticketing:"
FIRST_REST, LONGEST_REST = 30.0, 300.0
"""Seconds."""
PROBE = timedelta(minutes=2)
"""How long the one attempt may take before another one is allowed."""


def name_of(channel: Channel, system: str) -> str:
    """The breaker of a channel; what goes to one ticketing system shares that one's."""
    return TICKETING + system if system else channel.value


def claim_try(work: Work, name: str) -> bool:
    """Whether the system behind a breaker may be called now; while it rests, it may not."""
    row = _locked(work, name)
    if row is None or row.rests_until is None:
        return True
    if row.rests_until > work.now:
        return False
    row.rests_until = work.now + PROBE
    return True


def rests(work: Work, name: str) -> bool:
    """Whether it may not be called now, without a look that locks."""
    row = work.session.get(Breaker, name)
    return bool(row and row.rests_until and row.rests_until > work.now)


def failed(work: Work, name: str, words: str, retry_after: float | None = None) -> None:
    """One more failure; a system that says how long to wait rests at once."""
    add_if_new(work.session, Breaker(name=name))
    row = work.session.get_one(Breaker, name, with_for_update=True, populate_existing=True)
    row.failures += 1
    row.failing_since, row.words = row.failing_since or work.now, words
    if retry_after is not None:
        row.rests_until = work.now + timedelta(seconds=retry_after)
    elif row.failures >= MOST_FAILURES:
        doubled = min(FIRST_REST * 2 ** min(row.failures - MOST_FAILURES, 10), LONGEST_REST)
        row.rests_until = work.now + timedelta(seconds=doubled * random.uniform(1, 1.5))


def try_now(work: Work, name: str) -> None:
    """Somebody wants it tried at once: the rest is over, and one attempt goes first."""
    row = _locked(work, name)
    if row and row.rests_until:
        row.rests_until = work.now


def answered(work: Work, name: str) -> None:
    """It works: whatever it answered."""
    row = _locked(work, name)
    if row and row.failures:
        row.failures, row.words = 0, ""
        row.failing_since = row.rests_until = None


def _locked(work: Work, name: str) -> Breaker | None:
    return work.session.get(Breaker, name, with_for_update=True, populate_existing=True)
