"""Calls to the outside that do not reach into the network of the machine itself."""

import ipaddress
import socket
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError


class _Guarded(HTTPConnection):
    """Looks at the address that it really got: a name may lead elsewhere the next time."""

    def _new_conn(self) -> socket.socket:
        opened = super()._new_conn()
        address = opened.getpeername()[0]
        if not is_public(address):
            opened.close()
            raise NewConnectionError(
                self, f"{self.host} leads to the private address {address}; "
                "set allow_private = true when that is right"
            )  # fmt: skip
        return opened


class _GuardedHttps(_Guarded, HTTPSConnection):
    """The same behind TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Guarded


class _PoolHttps(HTTPSConnectionPool):
    ConnectionCls = _GuardedHttps


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _PoolHttps}


def guarded_session(*, allow_private: bool) -> requests.Session:
    """A session; it refuses private, loopback and link-local addresses unless they are allowed."""
    session = requests.Session()
    if not allow_private:
        for scheme in ("http://", "https://"):
            session.mount(scheme, _Adapter())
    return session


def is_public(address: str) -> bool:
    """Whether an address is of the internet (IANA special-purpose registries)."""
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global
