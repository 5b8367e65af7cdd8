"""Which origins a live connection is accepted from."""

import pytest

from vipservice.app import allowed_origins
from vipservice.config import Settings


@pytest.mark.parametrize(
    ("public_url", "port", "origins"),
    [
        ("https://chat.example.nl/", 8000, ["https://chat.example.nl"]),
        (
            "http://localhost:8000",
            8123,
            ["http://localhost:8000", "http://localhost:8123", "http://127.0.0.1:8123"],
        ),
    ],
)
def test_the_public_address_and_on_this_machine_its_names(
    public_url: str, port: int, origins: list[str]
) -> None:
    settings = Settings.model_validate({"server": {"public_url": public_url, "port": port}})
    assert allowed_origins(settings) == origins
