"""Leases: rows that say which process may do what, until when."""

from datetime import timedelta

from sqlmodel import select

from vipservice.store.claiming import add_if_new
from vipservice.store.tables import Lease
from vipservice.store.work import Store


def take(store: Store, name: str, holder: str, seconds: float) -> bool:
    """Takes or renews a lease; False while somebody else holds it.

    Nothing is written while there is nothing to change: it is asked for many times a second.
    """
    length = timedelta(seconds=seconds)
    with store.read() as work:
        row = work.session.get(Lease, name)
        if row and row.expires_at > work.now:
            if row.holder != holder:
                return False
            if row.expires_at - work.now > length / 2:
                return True
    with store.work() as work:
        fresh = Lease(name=name, holder=holder, expires_at=work.now + length)
        if add_if_new(work.session, fresh):
            return True
        row = work.session.exec(select(Lease).where(Lease.name == name).with_for_update()).one()
        if row.holder != holder and row.expires_at > work.now:
            return False
        row.holder, row.expires_at = holder, work.now + length
        return True
