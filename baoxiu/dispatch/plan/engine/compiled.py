"""How functions of the search are compiled: once each, for the types they are annotated with.

Without signatures numba compiles a function anew for every constant it is called with, 220 times instead of 80.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba import boolean, float64, int64, types, uint64
from numpy.typing import NDArray

from baoxiu.dispatch.plan import engine

Ints = NDArray[np.int64]  # one-dimensional
Grid = NDArray[np.int64]  # two-dimensional
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Words = NDArray[np.uint64]
F = TypeVar("F", bound=Callable[..., object])

TYPES: dict[str, Any] = {
    "int": int64, "float": float64, "bool": boolean, "None": types.void, "Ints": int64[::1], "Grid": int64[:, ::1],
    "Floats": float64[::1], "Flags": boolean[::1], "Words": uint64[::1],
    "tuple[int, int]": types.UniTuple(int64, 2),  # type: ignore[no-untyped-call]
    "tuple[int, int, int]": types.UniTuple(int64, 3),  # type: ignore[no-untyped-call]
}  # fmt: skip
FOLDER = engine.folder()
vars(numba.config)["CACHE_DIR"] = str(FOLDER or "")
listener: Callable[[str], None] | None = None  # told the name of every function that is ready


def compiled(function: F) -> F:
    """The function as machine code. What it calls must stand above it."""
    *arguments, result = (TYPES[name] for name in function.__annotations__.values())
    ready = numba.njit(result(*arguments), cache=FOLDER is not None, error_model="numpy")(function)
    if listener:
        listener(function.__name__)
    return cast(F, ready)
