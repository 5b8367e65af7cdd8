"""migrate."""

import argparse
from typing import Any

from vipservice.cli.opening import command, settings_of


def register(commands: Any) -> None:
    """Adds the command."""
    parser = command(commands, "migrate", migrate, "bring the database to this version")
    parser.add_argument("--check", action="store_true", help="only look; exit 1 if it is behind")


def migrate(options: argparse.Namespace) -> int:
    """Migrates, and seeds opening hours and targets into a new database."""
    from vipservice.clock import utc_now
    from vipservice.services.setup import seed_versions
    from vipservice.store import migrate as migrations
    from vipservice.store.work import Store

    settings = settings_of(options)
    store = Store(settings.database.url, utc_now)
    current = migrations.is_current(store.engine)
    if options.check:
        print("at this version" if current else "behind: run `vipservice migrate`")
        return 0 if current else 1
    migrations.migrate(store.engine)
    seed_versions(store, settings)
    print("at this version")
    return 0
