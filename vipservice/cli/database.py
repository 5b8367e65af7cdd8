"""migrate."""

import argparse
from typing import TYPE_CHECKING

from vipservice.cli.opening import Commands, command, settings_of
from vipservice.config import Settings

if TYPE_CHECKING:
    from vipservice.store.work import Store


def register(commands: Commands) -> None:
    """Adds the command."""
    parser = command(commands, "migrate", migrate, "bring the database to this version")
    parser.add_argument("--check", action="store_true", help="only look; exit 1 if it is behind")


def migrate(options: argparse.Namespace) -> int:
    """Migrates, and seeds opening hours and targets into a new database."""
    from vipservice.clock import utc_now
    from vipservice.store import migrate as migrations
    from vipservice.store.work import Store

    settings = settings_of(options)
    store = Store(settings.database.url, utc_now)
    current = migrations.is_current(store.engine)
    if options.check:
        print("at this version" if current else "behind: run `vipservice migrate`")
        return 0 if current else 1
    bring_up_to_date(store, settings)
    print("at this version")
    return 0


def bring_up_to_date(store: "Store", settings: Settings) -> None:
    """Migrates, seeds, and gives chats from before the ledger their place in it."""
    from vipservice.services.reports.folding import are_missing, rebuild, require_no_server
    from vipservice.services.setup import seed_versions
    from vipservice.services.sla.replay import is_behind, restore
    from vipservice.store.migrate import migrate

    migrate(store.engine)
    seed_versions(store, settings)
    if is_behind(store):
        require_no_server(store)
        restore(store)
    if are_missing(store):
        rebuild(store, per_specialist=settings.reports.per_specialist)
