"""SQLite databases for tests: migrated once in each process that tests, and copied after that."""

import shutil
import tempfile
from atexit import register
from functools import cache
from pathlib import Path

from vipservice.store.connecting import connect
from vipservice.store.migrate import migrate


def database(folder: Path, name: str = "vipservice.db") -> str:
    """The address of an empty SQLite database in a folder, at this version."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_sqlite_template(), folder / name)
    return f"sqlite:///{folder / name}"


@cache
def _sqlite_template() -> Path:
    folder = tempfile.mkdtemp(prefix="vipservice-template-")
    register(shutil.rmtree, folder, ignore_errors=True)
    file = Path(folder) / "template.db"
    engine = connect(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()  # so that nothing is left in the write-ahead log
    return file
