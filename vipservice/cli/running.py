"""init, serve, demo and check."""

import argparse
import os
import secrets
import sys
from pathlib import Path

from vipservice.cli.opening import Commands, command, open_store, read_password, settings_of
from vipservice.config import ConfigurationError, Settings, load


def register(commands: Commands) -> None:
    """Adds the commands."""
    parser = command(commands, "init", init, "write config.toml and create the database")
    parser.add_argument("--email", help="of the first operator; asked for when left out")
    parser.add_argument("--name", help="of the first operator; asked for when left out")
    parser = command(commands, "serve", serve, "run the server")
    parser.add_argument("--host")
    parser.add_argument("--port", type=int)
    parser = command(commands, "demo", demo, "run the server with demonstration data")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--data", type=Path, default=Path("data"), help="its folder")
    command(commands, "check", check, "say what is wrong with configuration and surroundings")


def init(options: argparse.Namespace) -> int:
    """Refuses to overwrite a configuration that is there."""
    from vipservice.cli.people import add_person
    from vipservice.clock import utc_now
    from vipservice.rules.people import Role
    from vipservice.services.setup import seed_versions
    from vipservice.store.migrate import migrate
    from vipservice.store.work import Store

    file = options.config or Path("config.toml")
    if file.exists():
        raise ConfigurationError(f"{file} exists already; nothing was changed.")
    write_config(file)
    settings = load(file)
    store = Store(settings.database.url, utc_now)
    migrate(store.engine)
    seed_versions(store, settings)
    email = options.email or input("E-mail address of the first operator: ")
    name = options.name or input("Name: ")
    add_person(store, email, name, Role.OPERATOR, read_password())
    print(f"Wrote {file} and created {settings.database.url}. Next: vipservice serve")
    return 0


def write_config(file: Path, extra: str = "") -> None:
    """A configuration with a fresh secret, for its owner alone."""
    file.touch(mode=0o600)
    file.write_text(f'[security]\nsecret_key = "{secrets.token_urlsafe(48)}"\n{extra}')


def serve(options: argparse.Namespace) -> int:
    """Refuses without a secret key, and with demonstration accounts unless told to."""
    from vipservice.services.setup import has_demonstration

    settings = settings_of(options)
    if not settings.security.secret_key.get_secret_value():
        raise ConfigurationError("security.secret_key is not set: run `vipservice init`.")
    store = open_store(settings)
    if has_demonstration(store) and not settings.server.demonstration:
        raise ConfigurationError(
            "The database has demonstration accounts, whose password everybody knows. "
            "Disable them, or set server.demonstration = true."
        )
    store.close()
    _become_server(settings, options.config, host=options.host, port=options.port)
    return 0


def demo(options: argparse.Namespace) -> int:
    """Embedded SQLite, demonstration data, and a log-in line a role."""
    from vipservice.cli.database import bring_up_to_date
    from vipservice.cli.demonstration.build import ACCOUNTS, build
    from vipservice.clock import utc_now
    from vipservice.store.work import Store

    file = options.data / "config.toml"
    url = f"http://localhost:{options.port}"
    if not file.exists():
        print(f"Making demonstration data in {options.data} …")
        options.data.mkdir(parents=True, exist_ok=True)
        write_config(file, _demo_config(options.data))
        build(load(file), url)
    settings = load(file)
    bring_up_to_date(Store(settings.database.url, utc_now), settings)
    print(f"Password of every account: demo. Click to sign in (server starts at {url}):")
    for role, email in ACCOUNTS:
        print(f"  {role:<27} {url}/login?email={email}")
    _become_server(settings, file, port=options.port, public_url=url)
    return 0


def check(options: argparse.Namespace) -> int:
    """One sentence for each thing that is wrong."""
    from vipservice.adapters.base import OutsideError, Refused
    from vipservice.adapters.mail import make_mail
    from vipservice.adapters.ticketing import make_systems

    settings, wrong = settings_of(options), []
    if not settings.security.secret_key.get_secret_value():
        wrong.append("security.secret_key is not set: run `vipservice init`.")
    try:
        open_store(settings).close()
    except ConfigurationError as error:
        wrong.append(str(error))
    for name, system in make_systems(settings).by_name.items():
        try:
            system.check()
        except Refused as error:
            wrong.append(f"The ticketing system {name} is not set up as it must be: {error}.")
        except OutsideError as error:
            wrong.append(f"The ticketing system {name} does not answer: {error}.")
    try:
        make_mail(settings.mail).check()
    except OutsideError as error:
        wrong.append(f"The mail server {settings.mail.host} does not answer: {error}.")
    wrong += _queue_problem(settings)
    print("\n".join(wrong) or "Configuration, database, queue, mail and ticketing: all fine.")
    return 1 if wrong else 0


def _queue_problem(settings: Settings) -> list[str]:
    if not settings.server.message_queue:
        return []
    from redis import Redis, RedisError

    try:
        Redis.from_url(settings.server.message_queue).ping()
    except RedisError as error:
        return [f"The message queue cannot be reached: {error}."]
    return []


def _become_server(settings: Settings, config: Path | None, **changes: object) -> None:
    """Replaces this process: the server patches before anything else is imported."""
    environment = dict(os.environ)
    if config:
        environment["VIPSERVICE_CONFIG"] = str(config)
    for key, value in changes.items():
        if value is not None:
            environment[f"VIPSERVICE_SERVER__{key.upper()}"] = str(value)
    mode = settings.server.async_mode
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", "vipservice.server", mode], environment)  # noqa: S606


def _demo_config(folder: Path) -> str:
    """Nobody is offline for a working day: whoever looks around finds the desk as it was made."""
    return (
        f'[server]\ndemonstration = true\n[database]\nurl = "sqlite:///{folder}/vipservice.db"\n'
        f'[ticketing]\nsystem = "console"\nfolder = "{folder}/incidents"\n'
        f'[mail]\nfolder = "{folder}/mail"\n[routing]\noffline_seconds = 28800\n'
    )
