"""C4.5: a quote ends once; the database holds it, whoever was first."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from baoxiu.cases.steps import Taking
from baoxiu.charges.models import Quote, QuoteEnd


def end(taking: Taking, quote: Quote, outcome: str) -> None:
    """`outcome`: accepted, declined, withdrawn, superseded or rejected. Raises StepRefused when it has ended already."""
    try:
        with transaction.atomic():
            QuoteEnd.objects.create(quote=quote, outcome=outcome, entry_no=taking.entry_no, at=taking.now)
    except IntegrityError:
        raise taking.refuse(
            "This quote has been answered already.", "该报价已有答复。", code="stale_quote", field="version"
        ) from None
    quote.status = outcome
    quote.save(update_fields=["status"])
