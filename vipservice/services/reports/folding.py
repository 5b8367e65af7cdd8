"""Keeping the figures: facts folded in as they come, and everything anew from the timelines."""

from collections.abc import Iterator

from sqlalchemy import delete
from sqlmodel import col, select

from vipservice.rules.refusals import N_, Refusal
from vipservice.services.sla.facts import fact
from vipservice.services.sla.ledger import Ledger
from vipservice.services.sla.repeats import repeat_count
from vipservice.services.sla.replay import CHATS_AT_ONCE, replayed
from vipservice.store.counting import add_facts, forget_facts, waiting_facts
from vipservice.store.figures import figure, measure
from vipservice.store.tables import Chat, Contact, Fact, Lease
from vipservice.store.work import Store

FACTS_AT_ONCE = 5_000
FACTS_IN_MEMORY = 50_000
"""The more at once, the fewer times each cell is written."""
BUSY = N_(
    "A server is running on this database, or did some seconds ago. Stop it and try again: figures "
    "would be counted twice."
)


def fold(store: Store, *, per_specialist: bool) -> int:
    """Adds the facts that came in to the figures, and forgets them; how many it added."""
    with store.read() as look:
        if look.session.exec(select(Fact.number).limit(1)).first() is None:
            return 0
    with store.work(in_bulk=True) as work:
        facts = waiting_facts(work.session, FACTS_AT_ONCE)
        add_facts(work.session, facts, per_specialist=per_specialist)
        forget_facts(work.session, facts)
        return len(facts)


def fold_all(store: Store, *, per_specialist: bool) -> int:
    """Adds everything that came in; how many facts."""
    count = 0
    while found := fold(store, per_specialist=per_specialist):
        count += found
    return count


def require_no_server(store: Store) -> None:
    """Raises Refusal while a server holds a lease, or did some seconds ago."""
    with store.read() as work:
        if work.session.exec(select(Lease).where(Lease.expires_at > work.now)).first():
            raise Refusal(BUSY)


def are_missing(store: Store) -> bool:
    """Whether there are contacts and no figure of them."""
    with store.read() as work:
        contact = work.session.exec(select(Contact.chat_id).limit(1)).first()
        counted = work.session.execute(select(figure.c.kind).limit(1)).first()
        waiting = work.session.exec(select(Fact.number).limit(1)).first()
        return bool(contact) and not counted and waiting is None


def rebuild(store: Store, *, per_specialist: bool) -> int:
    """Counts everything anew from the timelines; how many chats.

    Raises Refusal while a server runs: it would add what is counted here already.
    """
    require_no_server(store)
    with store.work() as work:
        work.session.execute(delete(Fact))
        work.session.execute(delete(figure))
        work.session.execute(delete(measure))
    count, facts = 0, []
    for counted in _told(store):
        count += 1
        facts += counted
        if len(facts) >= FACTS_IN_MEMORY:
            _add(store, facts, per_specialist)
            facts = []
    _add(store, facts, per_specialist)
    return count


def _told(store: Store) -> Iterator[list[Fact]]:
    """The facts of each chat, from its timeline."""
    after = ""
    while True:
        with store.read() as work:
            chats = work.session.exec(
                select(Chat).where(Chat.id > after).order_by(col(Chat.id)).limit(CHATS_AT_ONCE)
            ).all()
            yield from [list(_facts(*told)) for told in replayed(work, chats)]
        if not chats:
            return
        after = chats[-1].id


def _add(store: Store, facts: list[Fact], per_specialist: bool) -> None:
    with store.work() as work:
        add_facts(work.session, facts, per_specialist=per_specialist)


def _facts(chat: Chat, ledger: Ledger) -> Iterator[Fact]:
    for counted in ledger.counts.items():
        yield fact(chat, *counted)
    for contact in ledger.made:
        if isinstance(contact, Contact) and contact.followed_at:
            yield fact(chat, *repeat_count(contact))
