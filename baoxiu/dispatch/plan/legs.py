"""Travel worked out when it is asked for: a day that is looked at needs few of the legs a search needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baoxiu.dispatch.plan.travel import Points, Travel, matrix


class Legs:
    """Stands in for `Day.travel`, read with the same indices; the first `homes` places are homes (no parking there).

    The search wants arrays: `whole`, or `legs[np.ix_(places, places)]` of a piece.
    """

    def __init__(
        self,
        port: Travel,
        places: Points,
        homes: int = 0,
        entry_seconds: int = 0,
        areas: Sequence[int] = (),
        crossing: NDArray[np.int64] | None = None,
    ) -> None:
        """`areas`: the area of each place, -1 for none; `crossing[a, b]`: seconds more from area a to area b, its last
        row and column for places of none."""
        self.port, self.places, self.homes, self.entry = port, places, homes, entry_seconds
        self.areas = np.array(areas or [-1] * len(places), np.int64)
        self.crossing = np.zeros((1, 1), np.int64) if crossing is None else crossing
        self.shape = (len(places), len(places))
        self.known: dict[tuple[int, int], int] = {}

    def __getitem__(self, key: Any) -> Any:
        row, column = key if isinstance(key, tuple) else (key, slice(None))
        if isinstance(row, int) and isinstance(column, int):
            if (row, column) not in self.known:
                self.known[row, column] = int(self._between(row, column))
            return self.known[row, column]
        return self._between(row, column)

    def whole(self) -> NDArray[np.int32]:
        """All legs, as the solvers want them."""
        found = matrix(self.port, self.places, range(self.homes), self.entry)
        if self.crossing.any():
            found += self.crossing.astype(np.int32)[self.areas[:, None], self.areas]
        return found

    def visit(
        self, point: NDArray[np.float64], area: int = -1
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Seconds from every place to a point that is not among them, and from it to every place."""
        back = self.port.between(point[None], self.places)
        back[: self.homes] = np.maximum(back[: self.homes] - self.entry, 0)
        to = self.port.between(self.places, point[None])
        return to + self.crossing[self.areas, area], back + self.crossing[area, self.areas]

    def _between(self, row: Any, column: Any) -> Any:
        every = np.arange(len(self.places))
        i, j = np.broadcast_arrays(every[row], every[column])
        found = self.port.between(self.places[i], self.places[j])
        found = np.where(j < self.homes, np.maximum(found - self.entry, 0), found)
        found = found + self.crossing[self.areas[i], self.areas[j]]
        return np.where(i == j, 0, found).astype(np.int32)
