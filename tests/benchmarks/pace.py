"""Holds the pace of a message: `make pace`.

`python -m tests.benchmarks.pace record` writes down what it is held to.

The median of five short rounds, as a ratio to the echo of the same round. It fails on what is more
than 30 % worse than the record, or above 1.0, when a second look says so too. The record is a file
beside this one; only what is at its goal gets into it.
"""

import statistics
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.contenders import CONTENDERS, Contender
from tests.benchmarks.message_path import rounds
from tests.benchmarks.processes import CLIENT, machine, pin

CONVERSATIONS, ROUNDS, AGAIN = 50, 5, 15
"""Medians of five rounds are within 0.06 of one another on the same code: who is near the goal is
measured again, three times as long, so that chance does not decide."""
GOAL, WORSE = 1.0, 1.3
FILE = Path(__file__).with_name("record.toml")
HELD: Contender = next(one for one in CONTENDERS if "SQLite" in one.name)


def measure(times: int = ROUNDS) -> float:
    """The cost of a message on SQLite, as a ratio to the echo's; the median of some rounds."""
    row = rounds(HELD, CONVERSATIONS, times)[-1]
    told = " ".join(f"{ratio:.2f}" for ratio in row.ratios)
    print(f"{HELD.name}: {told}, median {statistics.median(row.ratios):.2f} of the echo")
    return statistics.median(row.ratios)


def hold() -> None:
    """Fails when the pace is lost."""
    most = min(GOAL, tomllib.loads(FILE.read_text())["ratio"] * WORSE)
    if measure() > most and measure(AGAIN) > most:
        sys.exit(f"A message costs more than {most:.2f} times the echo, twice: see {FILE.name}.")


def record() -> None:
    """Writes the record, where the goal is reached."""
    ratio = measure()
    if ratio > GOAL:
        sys.exit(f"{ratio:.2f} is above {GOAL}: that is no record.")
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()
    FILE.write_text(
        f'contender = "{HELD.name}, {CONVERSATIONS} conversations"\nratio = {ratio:.2f}\n'
        f'date = {datetime.now(UTC).date()}\ncommit = "{commit}"\nmachine = "{machine()}"\n'
    )


if __name__ == "__main__":
    pin(CLIENT)
    record() if sys.argv[1:] == ["record"] else hold()
