"""sla verify and figures rebuild: the record held against the timelines."""

import argparse
import json
import sys
from dataclasses import asdict

from vipservice.cli.opening import Commands, command, open_store, settings_of


def register(commands: Commands) -> None:
    """Adds the commands."""
    sla = commands.add_parser("sla", help="the ledger of the promise").add_subparsers(
        required=True, metavar="ACTION"
    )
    parser = command(sla, "verify", verify, "replay every timeline and compare the stored ledger")
    parser.add_argument("chat", nargs="?", help="one chat's number, such as VIP-2026-000123")
    parser.add_argument("--json", action="store_true", help="for machines")
    figures = commands.add_parser("figures", help="the figures of the reports").add_subparsers(
        required=True, metavar="ACTION"
    )
    command(figures, "rebuild", rebuild, "count every figure anew from the timelines")


def verify(options: argparse.Namespace) -> int:
    """One line a difference; exit 1 if there is any."""
    from vipservice.services.sla.replay import verify as differences

    store = open_store(settings_of(options))
    found = list(differences(store, options.chat))
    if options.json:
        print(json.dumps([asdict(difference) for difference in found]))
        return 1 if found else 0
    for difference in found:
        print(f"{difference.number}  {difference.what}", file=sys.stderr)
    if not found:
        print("The stored ledger is what the timelines tell.")
    return 1 if found else 0


def rebuild(options: argparse.Namespace) -> None:
    """Stop the server first; refuses while one runs."""
    from vipservice.services.reports.folding import rebuild as count_anew

    settings = settings_of(options)
    chats = count_anew(open_store(settings), per_specialist=settings.reports.per_specialist)
    print(f"Counted {chats} chats.")
