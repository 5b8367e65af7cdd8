"""Mutation testing: the source is changed in one place at a time, and a test must notice.

``python -m tests.support.mutations [scope ...]`` copies the project, runs mutmut in the copy, and
prints the score of each scope with what survived. Exit 1 below its least score. The patterns that
find words in conversations are left out: the corpus measures those.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[2]
CHILDREN = 2
KILLED = {1, 3}
TIMED_OUT = {24, 36, 152, 255, -24, -14}
"""Exit codes of a test run that a mutant kept busy until it was ended: it was noticed."""
BUILT = ("vipservice/web/static", "vipservice/translations")
WORD_PATTERNS = (
    "gist.py", "wording.py", "incidents/literals.py", "incidents/weighing.py",
    "incidents/telling.py", "incidents/environment.py",
)  # fmt: skip
GATE = re.compile(r"^ *def _?(access|require)(_\w+)?\(", re.MULTILINE)
SLOW = "tests/rules/test_forecast.py::test_on_simulated_days_what_was_said_is_what_happened"


@dataclass(frozen=True)
class Scope:
    """What is mutated, by which names, which tests must notice, and how many of it in percent."""

    files: tuple[str, ...]
    names: tuple[str, ...]
    tests: tuple[str, ...]
    least: float
    but: tuple[str, ...] = ()


def gates() -> tuple[str, ...]:
    """The files in which somebody is let in or turned away."""
    sources = (ROOT / "vipservice").glob("**/*.py")
    found = (file for file in sources if GATE.search(file.read_text()))
    return tuple(
        str(file.relative_to(ROOT)) for file in sorted(found) if "adapters" not in file.parts
    )


SCOPES = {
    "rules": Scope(
        ("vipservice/rules/**",), (),
        ("tests/rules", f"--deselect={SLOW}", "--ignore=tests/rules/test_patterns.py"), 95,
        tuple(f"vipservice/rules/{name}" for name in WORD_PATTERNS),
    ),
    "access": Scope(
        gates(), ("*x_access*", "*x__access*", "*x_require*", "*x__require*", "*ǁrequire*"),
        ("tests/services", "tests/rules/test_people.py", "tests/web/test_access.py",
         "tests/web/test_reports.py", "-k", "not postgresql"), 100,
    ),
}  # fmt: skip


def copy_to(folder: Path, scope: Scope) -> None:
    """The project as it is, with what is built, and what mutmut needs to know."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, text=True,
        capture_output=True,
    )  # fmt: skip
    for name in listed.stdout.splitlines():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    for name in BUILT:
        shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
    settings = {
        "source_paths": ["vipservice"], "only_mutate": scope.files, "do_not_mutate": scope.but,
        "also_copy": [path.name for path in folder.iterdir() if path.name != "vipservice"],
        "pytest_add_cli_args_test_selection": scope.tests, "timeout_multiplier": 4.0,
    }  # fmt: skip
    with (folder / "pyproject.toml").open("a") as file:
        file.write("\n[tool.mutmut]\n")
        file.writelines(f"{name} = {json.dumps(value)}\n" for name, value in settings.items())


def outcomes(folder: Path) -> Iterator[tuple[str, int | None]]:
    """Each mutant that was tried, and what the tests answered; None when none reached it."""
    for file in sorted(folder.glob("mutants/**/*.meta")):
        yield from json.loads(file.read_text())["exit_code_by_key"].items()


def judge(name: str, scope: Scope) -> bool:
    """Runs one scope and prints what came of it; the copy stays where too little was noticed."""
    folder = Path(tempfile.mkdtemp(prefix=f"mutations-{name}-"))
    copy_to(folder, scope)
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(CHILDREN)]
    with (folder / "log").open("w") as log:
        ended = subprocess.run(
            [*command, *scope.names], cwd=folder, stdout=log, stderr=log, check=False,
            env=os.environ | {"BRIEF": "1"},
        )  # fmt: skip
    found = dict(outcomes(folder))
    names = scope.names or ("*",)
    tried = {key: code for key, code in found.items() if any(fnmatch(key, one) for one in names)}
    alive = [key for key, code in tried.items() if code not in KILLED | TIMED_OUT]
    score = 100 * (1 - len(alive) / len(tried)) if tried and ended.returncode == 0 else 0.0
    print(f"{name}: {len(tried)} mutants, {score:.1f} % noticed (at least {scope.least} %)")
    print(*(f"  not noticed: {key}" for key in alive), sep="\n")
    if score >= scope.least:
        shutil.rmtree(folder)
    else:
        print(f"  what each is: cd {folder} && mutmut show NAME; how it went: log")
    return score >= scope.least


if __name__ == "__main__":
    wanted = sys.argv[1:] or list(SCOPES)
    sys.exit(0 if all([judge(name, SCOPES[name]) for name in wanted]) else 1)
