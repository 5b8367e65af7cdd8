"""Opening the store that the configuration names."""

import argparse
import getpass
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from vipservice.config import ConfigurationError, Settings, load

if TYPE_CHECKING:
    from vipservice.store.work import Store

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Run = Callable[[argparse.Namespace], object]


def settings_of(options: argparse.Namespace) -> Settings:
    """The settings; --config may stand before or after the command."""
    return load(options.config)


def open_store(settings: Settings) -> "Store":
    """The store, when its database can be reached and is at this version.

    Raises ConfigurationError with a sentence when it is not.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from vipservice.clock import utc_now
    from vipservice.store.migrate import is_current
    from vipservice.store.work import Store

    store = Store(settings.database.url, utc_now)
    try:
        current = is_current(store.engine)
    except SQLAlchemyError as error:
        raise ConfigurationError(f"The database cannot be reached: {error}.") from None
    if not current:
        raise ConfigurationError("The database is not at this version: run `vipservice migrate`.")
    return store


def read_password() -> str:
    """Asked for without showing it; read from standard input when that is no terminal."""
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\n")


def add_config(parser: argparse.ArgumentParser) -> None:
    """--config after the command too."""
    from pathlib import Path

    parser.add_argument("--config", type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def command(commands: Commands, name: str, run: Run, help_: str) -> argparse.ArgumentParser:
    """A command of its own."""
    parser = commands.add_parser(name, help=help_, description=help_)
    parser.set_defaults(run=run)
    add_config(parser)
    return parser
