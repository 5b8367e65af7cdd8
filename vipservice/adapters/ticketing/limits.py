"""What each ticketing system can hold, and how it shows a text: one table for all of them."""

from dataclasses import dataclass

from vipservice.rules.wording import cut

MEGABYTE = 1024 * 1024
SHORTENED = "\n[…]"


@dataclass(frozen=True)
class Limits:
    """``title`` and ``text`` in characters, or bytes of UTF-8 for ``title`` if ``bytes`` is set.

    ``finds`` tells by what our reference is looked up, ``state`` how progress reaches us.
    """

    title: int
    text: int
    file: int
    finds: str
    state: str
    bytes: bool = False


LIMITS = {
    "topdesk": Limits(80, 30_000, 20 * MEGABYTE, "externalNumber", "polled"),
    "servicenow": Limits(160, 4_000, 20 * MEGABYTE, "correlation_id", "polled"),
    "jira": Limits(255, 32_767, 20 * MEGABYTE, "label, some seconds late", "polled, webhook"),
    "zammad": Limits(250, 500_000, 20 * MEGABYTE, "own attribute, some seconds late",
                     "polled, webhook"),
    "rt": Limits(200, 500_000, 20 * MEGABYTE, "custom field", "polled", bytes=True),
    "redmine": Limits(255, 65_000, 5 * MEGABYTE, "custom field", "polled"),
    "roundup": Limits(250, 500_000, 20 * MEGABYTE, "external_ref, its key", "polled"),
    "webhook": Limits(250, 500_000, 20 * MEGABYTE, "address + reference", "polled, webhook"),
    "console": Limits(250, 500_000, 20 * MEGABYTE, "file name", "polled"),
}  # fmt: skip


def fitting_title(system: str, title: str) -> str:
    """The title as one line that the system keeps whole."""
    limits, line = LIMITS[system], " ".join(title.split())
    if not limits.bytes:
        return cut(line, limits.title)
    while len(line.encode()) > limits.title:
        line = cut(line, len(line) - 1)
    return line


def fitting_text(system: str, text: str) -> str:
    """The text that the system keeps whole; cut at its end when it is too long."""
    most = LIMITS.get(system, LIMITS["console"]).text
    return text if len(text) <= most else text[: most - len(SHORTENED)] + SHORTENED
