"""C2: what stands on record under the serial number of a registration: for the rules and those who check, no one else."""

from __future__ import annotations

from dataclasses import dataclass

from baoxiu.catalogue.models import Registration, Unit
from baoxiu.people import queries as people
from baoxiu.people.models import Customer
from baoxiu.sop import registration as rules


@dataclass(frozen=True, slots=True)
class Match:
    """The unit most likely meant, and what is known of it."""

    unit: Unit | None
    known: rules.Known


def match(serial: str, model_code: str, contacts: list[tuple[str, str]], *, labelled: Unit | None) -> Match:
    """`labelled`: the unit whose label was scanned; then the number typed says nothing more."""
    if labelled:
        found = [labelled]
    else:
        found = list(
            Unit.objects.filter(serial=serial).select_related("model", "customer").order_by("pk")[:20]
        )
    here = [u for u in found if u.replaced_by_id is None]
    fitting = [u for u in here if not model_code or u.model is None or u.model.code == model_code]
    unit = (fitting or here or [None])[0]
    waits = Registration.objects.filter(serial=serial or "-", status="waiting").exists()
    return Match(
        unit,
        rules.Known(
            units=len(fitting or here),
            is_exchanged=bool(found) and not here,
            is_other_model=bool(here) and not fitting,
            owner=_whose(unit, people.known_by(contacts)),
            is_waited_for=waits,
            purchase_date=unit.purchase_date if unit else None,
            made_date=unit.made_date if unit else None,
        ),
    )


def _whose(unit: Unit | None, customer: Customer | None) -> str:
    if unit is None or unit.customer_id is None:
        return "nobody"
    return "same" if customer and customer.pk == unit.customer_id else "other"
