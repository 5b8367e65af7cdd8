"""Other servers that store and pass on a message, where they are installed: to measure beside.

They do less: no rights, no idempotency, no clocks, no counts. Node as its developer would write it
(`node/peer.mjs`), ejabberd with its archive in PostgreSQL, as Debian has it.
"""

import shutil
from collections.abc import Callable
from getpass import getuser
from glob import glob
from pathlib import Path

from sqlalchemy import text

from tests.benchmarks.contenders import Contender, Started, made_up, on_postgres
from tests.benchmarks.load import Seat
from tests.benchmarks.xmpp import DOMAIN, PASSWORD, Stanzas
from tests.support import postgres
from tests.support.server import free_port
from vipservice.store.connecting import connect

NODE = Path(__file__).with_name("node")
TABLES = Path("/usr/share/ejabberd/sql/pg.sql")
CODE = "/usr/lib/*/ejabberd-*/ebin/ejabberd.beam"
DRIVER = "/usr/lib/erlang/lib/p1_pgsql-*"
CONFIGURATION = """
hosts: [{domain}]
loglevel: warning
listen: [{{port: {port}, ip: 127.0.0.1, module: ejabberd_c2s, shaper: none, access: all}}]
auth_method: sql
auth_password_format: plain
disable_sasl_mechanisms: [digest-md5, scram-sha-1, scram-sha-256, scram-sha-512, x-oauth2]
sql_type: pgsql
sql_server: 127.0.0.1
sql_port: {database.port}
sql_database: {database.database}
sql_username: {user}
sql_pool_size: 10
modules:
  mod_stream_mgmt: {{}}
  mod_mam: {{default: always, assume_mam_usage: true, db_type: sql, compress_xml: false}}
"""


def node(address: Callable[[Path], str]) -> Callable[[Path, int], Started]:
    """Socket.IO on Node, with a database at this address."""

    def start(folder: Path, seats: int) -> Started:
        port = free_port()
        command = ["node", str(NODE / "peer.mjs"), str(port), address(folder)]
        return command, {"NODE_ENV": "production", "PGUSER": getuser()}, port, made_up(seats)

    return start


def on_sqlite(folder: Path) -> str:
    """A file of its own."""
    return str(folder / "peer.db")


def ejabberd(folder: Path, seats: int) -> Started:
    """With accounts and archive in PostgreSQL; two people in each conversation."""
    port, url = free_port(), postgres.durable_database()
    names = [(f"a{number}", f"b{number}") for number in range(seats)]
    engine = connect(url)
    with engine.begin() as connection:
        connection.connection.cursor().execute(TABLES.read_text())
        connection.execute(
            text("INSERT INTO users (username, password) VALUES (:name, :password)"),
            [{"name": name, "password": PASSWORD} for pair in names for name in pair],
        )
    (folder / "ejabberd.yml").write_text(
        CONFIGURATION.format(domain=DOMAIN, port=port, database=engine.url, user=getuser())
    )
    engine.dispose()
    code = Path(glob(CODE)[0]).parent
    command = [
        "erl", "-noinput", "-start_epmd", "false", "+S", "1:1", "+sbwt", "none", "+K", "true",
        "-pa", str(code), "-mnesia", "dir", f'"{folder}/mnesia"', "-s", "ejabberd",
    ]  # fmt: skip
    environment = {
        "EJABBERD_CONFIG_PATH": f"{folder}/ejabberd.yml",
        "EJABBERD_LOG_PATH": f"{folder}/ejabberd.log",
        "ERL_LIBS": str(code.parents[1]),
        "ERL_CRASH_DUMP": f"{folder}/crash",
        "HOME": str(folder),
    }
    return command, environment, port, [Seat(f"chat-{pair[0]}", pair) for pair in names]


def peers() -> list[Contender]:
    """Those that are installed here."""
    found = []
    if shutil.which("node") and (NODE / "node_modules/.installed").is_file():
        found.append(Contender("Node, SQLite FULL", node(on_sqlite)))
        if postgres.is_there():
            found.append(Contender("Node, PostgreSQL", node(on_postgres), on_postgres=True))
    if shutil.which("erl") and glob(CODE) and glob(DRIVER) and postgres.is_there():
        found.append(Contender("ejabberd, PostgreSQL", ejabberd, True, Stanzas))
    return found
