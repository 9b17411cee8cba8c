"""The compiled search: ruin and recreate over routes, in numba. Imported by workers only; a page never needs it.

Compiled code is kept on disk under a name made from all sources here: numba itself looks at one file at a time and would
keep a caller compiled with yesterday's callee.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numba

COMPILED = ("layout", "route", "goods", "search", "anneal", "sync")


def _cache_folder() -> Path:
    here = Path(__file__).parent
    digest = hashlib.sha256(numba.__version__.encode())
    for name in COMPILED:
        digest.update((here / f"{name}.py").read_bytes())
    inside = here / "__pycache__"
    inside.mkdir(exist_ok=True) if os.access(here, os.W_OK) else None
    base = inside if os.access(inside, os.W_OK) else Path.home() / ".cache" / "baoxiu"
    return base / f"search-{digest.hexdigest()[:16]}"


numba.config.CACHE_DIR = str(_cache_folder())
