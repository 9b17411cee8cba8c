"""C9: who may change which record of people, and how a record says no."""

from __future__ import annotations

from baoxiu.people.actors import Actor
from baoxiu.sop.text import Text

CUSTOMER_KEEPERS = ("agent", "manager", "account_manager")
REGISTRARS = ("agent", "manager")  # check what customers register
STAFF_KEEPERS = ("administrator",)


class Denied(Exception):
    """The actor's roles do not allow it; nothing was changed."""


class Invalid(ValueError):
    """A value that cannot stand: the field, and why in both languages."""

    def __init__(self, field: str, en: str, zh: str) -> None:
        super().__init__(en)
        self.field, self.reason = field, Text(en, zh)


def need(by: Actor, *roles: str) -> None:
    """Raises Denied unless `by` holds one of `roles` or is the system itself."""
    if by.kind != "system" and not (by.kind == "staff" and by.has(*roles)):
        raise Denied(", ".join(roles))
