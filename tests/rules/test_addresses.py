"""One place on the internet, whatever address it shows."""

import pytest

from vipservice.rules.addresses import network


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("2001:db8:1:2::%x", "2001:db8:1:2::/64"),
        ("192.0.2.7%a", "192.0.2.7"),
        ("no address", "no address"),
        ("x" * 150, "x" * 100),
        ("", ""),
    ],
)
def test_a_place(address: str, place: str) -> None:
    assert network(address) == place
