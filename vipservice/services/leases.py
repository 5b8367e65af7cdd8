"""Leases: rows that say which process may do what, until when."""

from datetime import timedelta

from sqlmodel import select

from vipservice.store.tables import Lease
from vipservice.store.work import Store


def take(store: Store, name: str, holder: str, seconds: float) -> bool:
    """Takes or renews a lease; False while somebody else holds it."""
    with store.work() as work:
        row = work.session.exec(
            select(Lease).where(Lease.name == name).with_for_update()
        ).one_or_none()
        if row and row.holder != holder and row.expires_at > work.now:
            return False
        work.session.merge(
            Lease(name=name, holder=holder, expires_at=work.now + timedelta(seconds=seconds))
        )
        return True
