"""The travel time port: seconds by road between places, from whatever the company has.

`GreatCircle` needs nothing; `Table` is an editable list over it; `MatrixFile` is a file somebody computed; `Osrm` asks
a server of the company's own and falls back when it does not answer in time. All take (lat, lon) in degrees and give
integer seconds, the time to park and get in included in every leg that moves.
"""

from __future__ import annotations

import csv
import json
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPException
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

EARTH_KM = 6371.0
A_DAY = 86_400  # seconds; a leg that takes longer is nonsense
MOST_BYTES = 4_000_000  # of an answer
BLOCK = 512  # origins asked for at a time
Points = NDArray[np.float64]  # n × 2: latitude, longitude
Seconds = NDArray[np.int64]
Point = tuple[float, float]


class Travel(Protocol):
    def seconds(self, origins: Points, targets: Points) -> Seconds:
        """origins × targets."""
        ...

    def between(self, origins: Points, targets: Points) -> Seconds:
        """Pair by pair: two arrays of one shape, (latitude, longitude) last."""
        ...


@dataclass(frozen=True)
class GreatCircle:
    """Straight line × road factor at a mean speed, plus the time to park and get in. Optimistic across rivers."""

    road_factor: float = 1.3
    kmh: float = 28.0
    entry_seconds: int = 240

    def seconds(self, origins: Points, targets: Points) -> Seconds:
        return self.between(origins[:, None], targets[None])

    def between(self, origins: Points, targets: Points) -> Seconds:
        km = kilometres(origins, targets)
        return np.rint(km * self.road_factor / self.kmh * 3600 + self.entry_seconds).astype(np.int64)


class Table:
    """Legs somebody knows better, looked up by rounded coordinates (about 100 m); the rest from `base`."""

    def __init__(self, base: Travel, legs: Mapping[tuple[Point, Point], int] | Seconds) -> None:
        """`legs`: by their ends, or as `coded` gives them."""
        rows = legs if isinstance(legs, np.ndarray) else coded(legs)
        self.base = base
        self.places, at = np.unique(rows[:, :2].reshape(-1), return_inverse=True)
        pairs = at.reshape(-1, 2) @ np.array([max(1, len(self.places)), 1])
        order = np.argsort(pairs)
        self.pairs, self.known = pairs[order], rows[order, 2]

    def seconds(self, origins: Points, targets: Points) -> Seconds:
        return self._corrected(self.base.seconds(origins, targets), origins[:, None], targets[None])

    def between(self, origins: Points, targets: Points) -> Seconds:
        return self._corrected(self.base.between(origins, targets), origins, targets)

    def _corrected(self, found: Seconds, origins: Points, targets: Points) -> Seconds:
        if not len(self.pairs):
            return found
        (a, has_a), (b, has_b) = (_found(self.places, places(p)) for p in (origins, targets))
        at, there = _found(self.pairs, a * len(self.places) + b)
        return np.where(has_a & has_b & there, self.known[at], found)


@dataclass(frozen=True)
class MatrixFile:
    """A CSV `from_lat,from_lon,to_lat,to_lon,seconds` with a header; pairs not in it from `base`."""

    path: Path
    base: Travel

    def seconds(self, origins: Points, targets: Points) -> Seconds:
        return self._table.seconds(origins, targets)

    def between(self, origins: Points, targets: Points) -> Seconds:
        return self._table.between(origins, targets)

    @cached_property
    def _table(self) -> Table:
        """Raises OSError and ValueError for a file that is not there or not sound."""
        with self.path.open(newline="", encoding="utf-8") as file:
            legs = {
                ((float(r["from_lat"]), float(r["from_lon"])), (float(r["to_lat"]), float(r["to_lon"]))): int(
                    r["seconds"]
                )
                for r in csv.DictReader(file)
            }
        return Table(self.base, legs)


@dataclass(frozen=True)
class Osrm:
    """The table service of an OSRM server. Any trouble – no answer, no route, nonsense – is answered by `base`."""

    url: str  # http://…:5000
    base: Travel
    timeout: float = 3.0
    entry_seconds: int = 240
    most: int = 100  # coordinates per request, as servers allow by default

    def seconds(self, origins: Points, targets: Points) -> Seconds:
        found = self.base.seconds(origins, targets)
        half = max(1, self.most // 2)
        for i in range(0, len(origins), half):
            for j in range(0, len(targets), half):
                block = self._block(origins[i : i + half], targets[j : j + half])
                if block is None:
                    return found
                target = found[i : i + half, j : j + half]
                target[...] = np.where(np.isnan(block), target, np.rint(block) + self.entry_seconds)
        return found

    def between(self, origins: Points, targets: Points) -> Seconds:
        """From `base`: a server is asked for tables, not for single legs."""
        return self.base.between(origins, targets)

    def _block(self, origins: Points, targets: Points) -> NDArray[np.float64] | None:
        both = np.vstack([origins, targets])
        at = ";".join(f"{lon:.6f},{lat:.6f}" for lat, lon in both)
        sources = ";".join(map(str, range(len(origins))))
        ends = ";".join(map(str, range(len(origins), len(both))))
        address = f"{self.url.rstrip('/')}/table/v1/driving/{at}?sources={sources}&destinations={ends}"
        try:
            with _opener().open(address, timeout=self.timeout) as answer:
                rows: list[list[float | None]] = json.loads(answer.read(MOST_BYTES))["durations"]
            durations: NDArray[np.float64] = np.array(rows, np.float64)
        except (OSError, ValueError, KeyError, TypeError, HTTPException):
            return None
        if durations.shape != (len(origins), len(targets)):
            return None
        known = durations[~np.isnan(durations)]
        return None if ((known < 0) | (known > A_DAY)).any() else durations


def _opener() -> urllib.request.OpenerDirector:
    """HTTP and HTTPS to whom we ask and nobody else: no redirect, no proxy, no file."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    opener.add_handler(urllib.request.HTTPDefaultErrorHandler())
    opener.add_handler(urllib.request.UnknownHandler())
    return opener


def kilometres(origins: Points, targets: Points) -> NDArray[np.float64]:
    """Great-circle distances, pair by pair: arrays that broadcast, (latitude, longitude) last."""
    a, b = np.radians(origins), np.radians(targets)
    h = np.sin((b[..., 0] - a[..., 0]) / 2) ** 2
    h += np.cos(a[..., 0]) * np.cos(b[..., 0]) * np.sin((b[..., 1] - a[..., 1]) / 2) ** 2
    found: NDArray[np.float64] = 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(h, 1.0)))
    return found


def matrix(
    travel: Travel, points: Points, homes: Sequence[int] = (), entry_seconds: int = 0
) -> NDArray[np.int32]:
    """All legs between the places; no leg from a place to itself, no parking time on the way home."""
    found = np.zeros((len(points), len(points)), np.int32)
    for i in range(0, len(points), BLOCK):
        found[i : i + BLOCK] = travel.seconds(points[i : i + BLOCK], points)
    if len(homes):
        columns = np.asarray(homes)
        found[:, columns] = np.maximum(found[:, columns] - entry_seconds, 0)
    np.fill_diagonal(found, 0)
    return found


def coded(legs: Mapping[tuple[Point, Point], int]) -> Seconds:
    """Legs as n × 3 numbers: from place, to place, seconds."""
    ends = places(np.array([end for pair in legs for end in pair], np.float64).reshape(-1, 2))
    return np.column_stack([ends.reshape(-1, 2), np.array(list(legs.values()), np.int64)])


def places(points: Points) -> NDArray[np.int64]:
    """One number for each place of about 100 m."""
    lat, lon = (np.rint(points[..., i] * 1000).astype(np.int64) for i in (0, 1))
    return (lat + 90_000) * 400_000 + lon + 180_000


def _found(
    sorted_: NDArray[np.int64], wanted: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Where each stands in the sorted array, and whether it does."""
    at = np.minimum(np.searchsorted(sorted_, wanted), max(0, len(sorted_) - 1))
    return at, sorted_[at] == wanted
