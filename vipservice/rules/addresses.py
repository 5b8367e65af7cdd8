"""Internet addresses, as far as they tell one place from another."""

from ipaddress import IPv6Address, ip_address, ip_network

SUBSCRIBER = 64
"""Of an IPv6 address so many bits belong to the network; the rest one place picks (RFC 4291)."""


def network(address: str) -> str:
    """What stands for a place: an IPv4 address, or the /64 of an IPv6 one.

    >>> network("2001:db8:1:2:3:4:5:6")
    '2001:db8:1:2::/64'
    >>> network("::ffff:192.0.2.1")
    '192.0.2.1'
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:100]
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, SUBSCRIBER), strict=False))
