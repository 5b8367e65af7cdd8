"""Connections to the outside that do not reach into the network of the machine itself."""

import ipaddress
import socket
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError

from vipservice.adapters.watch import follow

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
"""Whoever gets these may be brought to the IPv4 address in their last 32 bits (RFC 6052, 8215)."""


class _Followed(HTTPConnection):
    """Is cut when the time of its call is over."""

    def _new_conn(self) -> socket.socket:
        opened = super()._new_conn()
        follow(opened)
        return opened


class _Guarded(_Followed):
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


class _FollowedHttps(_Followed, HTTPSConnection):
    """The same behind TLS."""


class _GuardedHttps(_Guarded, HTTPSConnection):
    """The same behind TLS."""


class _FollowedPool(HTTPConnectionPool):
    ConnectionCls = _Followed


class _FollowedPoolHttps(HTTPSConnectionPool):
    ConnectionCls = _FollowedHttps


class _GuardedPool(HTTPConnectionPool):
    ConnectionCls = _Guarded


class _GuardedPoolHttps(HTTPSConnectionPool):
    ConnectionCls = _GuardedHttps


class WatchedAdapter(HTTPAdapter):
    """Connections that are followed."""

    pools: dict[str, Any] = {"http": _FollowedPool, "https": _FollowedPoolHttps}

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Makes connections of our own kinds."""
        super().init_poolmanager(*args, **kwargs)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = self.pools

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """The same by way of a proxy, where one is allowed."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = self.pools
        return manager


class GuardedAdapter(WatchedAdapter):
    """The same; private, loopback and link-local addresses are refused."""

    pools: dict[str, Any] = {"http": _GuardedPool, "https": _GuardedPoolHttps}


def is_public(address: str) -> bool:
    """Whether an address is of the internet (IANA special-purpose registries).

    An IPv6 address that leads on to an IPv4 address is as public as that one; what is sent to
    many at once is not.
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    return all(one.is_global and not one.is_multicast for one in (found, *_behind(found)))


def _behind(address: Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses inside an address: mapped, 6to4 (RFC 3056), Teredo (RFC 4380), NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    teredo = address.teredo or ()
    nat64 = [ipaddress.IPv4Address(address.packed[-4:])] if any(address in n for n in NAT64) else []
    return [one for one in (address.ipv4_mapped, address.sixtofour, *teredo, *nat64) if one]
