"""When a search stops."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """Seconds or rounds, or whichever comes first. Only `iterations` alone gives the same plan twice."""

    seconds: float | None = None
    iterations: int | None = None

    def share(self, part: float) -> Limit:
        """The same limit for a part of the work."""
        return Limit(
            None if self.seconds is None else self.seconds * part,
            None if self.iterations is None else max(1, int(self.iterations * part)),
        )

    def after(self, spent: float) -> Limit:
        """What is left when `spent` seconds are gone."""
        return Limit(None if self.seconds is None else max(0.0, self.seconds - spent), self.iterations)
