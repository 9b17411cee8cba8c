"""C4.1: who sees the way to a new request."""

from __future__ import annotations

from baoxiu.people.actors import Actor
from baoxiu.sop.standard import STANDARD


def may_register(viewer: Actor) -> bool:
    """Whether the procedure lets `viewer` register; the gate decides, this only spares a vain way there."""
    return not STANDARD.step["register"].parties.isdisjoint(viewer.parties)
