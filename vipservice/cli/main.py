"""The command line: every command explains itself with --help.

Exit status 0 done, 1 a clear refusal on standard error, 2 wrong usage.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from vipservice.cli import database, explain, people, running, verifying
from vipservice.config import ConfigurationError
from vipservice.problems import problem
from vipservice.rules.refusals import Refusal


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; its exit status."""
    parser = argparse.ArgumentParser(prog="vipservice", description=__doc__)
    parser.add_argument("--config", type=Path, help="the configuration file (config.toml)")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for module in (running, database, people, explain, verifying):
        module.register(commands)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except ConfigurationError as error:
        return _refuse(str(error))
    except Refusal as refusal:
        body = problem(refusal, "en")
        details = [f"{error['field']}: {error['detail']}" for error in body.get("errors", [])]
        return _refuse("\n".join([str(body["detail"]), *details]))


def _refuse(text: str) -> int:
    print(text, file=sys.stderr)
    return 1
