"""Whether a message costs the same late in a long chat: `make bench`.

Chats of ten and of ten thousand messages in turn, on each database; a ratio is to the short ones.
"""

from tests.benchmarks.contenders import Contender, on_postgres, on_sqlite, ours
from tests.benchmarks.message_path import rounds
from tests.benchmarks.processes import CLIENT, pin
from tests.support import postgres

CONVERSATIONS, LONG = 10, 10_000
GOAL = 1.3
PLACES = {"SQLite FULL": on_sqlite} | ({"PostgreSQL": on_postgres} if postgres.is_there() else {})


def main() -> None:
    """Prints a line for each database."""
    pin(CLIENT)
    for name, url in PLACES.items():
        on_postgresql = url is on_postgres
        short = Contender(name, ours(url), on_postgresql)
        long = Contender(name, ours(url, LONG), on_postgresql)
        found = rounds(long, CONVERSATIONS, beside=short)
        first, other = (row.in_turns / row.said * 1e3 for row in found)
        print(f"{name:14}{first:8.3f} ms a message, after {LONG:,} of them {other:.3f}: "
              f"{other / first:.2f} times (wanted at most {GOAL})")  # fmt: skip


if __name__ == "__main__":
    main()
