"""The compiled search: ruin and recreate over routes, in numba. Imported by workers only; a page never needs it.

Compiled code is kept on disk under a name made from all sources here: numba itself looks at one file at a time and would
keep a caller compiled with yesterday's callee. `python -m baoxiu.dispatch.plan.engine` compiles ahead of the first plan.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

SINGLE, LINKED = ("layout", "route", "goods", "search", "anneal"), ("sync",)
HERE = Path(__file__).parent


def _sources(*, linked: bool) -> list[bytes]:
    return [(HERE / f"{name}.py").read_bytes() for name in (*SINGLE, *(LINKED if linked else ()))]


def folder() -> Path | None:
    """Where compiled code is kept: beside the sources, else in the user's cache; None: neither can be written."""
    digest = hashlib.sha256(version("numba").encode())
    for source in (*_sources(linked=True), (HERE / "compiled.py").read_bytes()):
        digest.update(source)
    for base in (
        HERE / "__pycache__",
        Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "baoxiu",
    ):
        found = base / f"search-{digest.hexdigest()[:16]}"
        try:
            found.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(found, os.W_OK):
            return found
    return None


def to_compile(*, linked: bool) -> int:
    """How many functions `load` will compile because they are not on disk: all or about none. Loads nothing."""
    kept = folder()
    functions = sum(source.count(b"\n@compiled\n") for source in _sources(linked=linked))
    done = len({path.name.partition("-")[0] for path in kept.rglob("*.nbi")}) if kept else 0
    return max(0, functions - done)


def load(*, linked: bool = False, tell: Callable[[str], None] | None = None) -> ModuleType:
    """The search, for linked visits or for others: half a second, or a quarter of a minute the first time ever.

    `tell` hears the name of every function that is ready.
    """
    compiled = import_module(f"{__name__}.compiled")
    vars(compiled)["listener"] = tell
    search = import_module(f"{__name__}.{'linked' if linked else 'single'}")
    vars(compiled)["listener"] = None
    return search


def compile_ahead() -> None:
    """Begin to compile in a process of its own if that is still to be done; nobody waits for it."""
    if to_compile(linked=True):
        subprocess.Popen([sys.executable, "-m", __name__], stdin=subprocess.DEVNULL)
