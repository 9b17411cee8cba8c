"""Who acts: one frozen value passed to every operation and query as `by` or `viewer`."""

from __future__ import annotations

from dataclasses import dataclass

OFFICE = frozenset({"agent", "dispatcher", "manager"})  # see every case


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, a personal link, an integration key, or the system itself.

    `parties`: the roles held. `case_id`: set for a personal link, which sees that case alone.
    `customer_id`: set for an integration key, which sees that company's cases.
    """

    kind: str  # staff | link | integration | system | anonymous
    name: str
    parties: frozenset[str] = frozenset()
    staff_id: int | None = None
    station_id: int | None = None
    customer_id: int | None = None
    case_id: int | None = None
    purpose: str = ""
    key_id: int | None = None
    language: str = "zh-hans"

    @property
    def identity(self) -> str:
        """What idempotency keys and the journal call this actor: never a name."""
        number = {"staff": self.staff_id, "link": self.case_id, "integration": self.key_id}.get(self.kind)
        return f"{self.kind}:{number or 0}"

    def has(self, *roles: str) -> bool:
        return not self.parties.isdisjoint(roles)


ANONYMOUS = Actor("anonymous", "")
SYSTEM = Actor("system", "Baoxiu")
