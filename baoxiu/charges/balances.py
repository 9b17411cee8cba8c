"""C4.5: what a case costs, what was paid, what is still due; one currency a case."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Sum

from baoxiu.cases.models import Case, JournalEntry
from baoxiu.charges.models import Booking, Consent
from baoxiu.lib import money
from baoxiu.lib.money import ZERO
from baoxiu.sop.charges import Agreed, Balance, billed


def of(case: Case) -> Balance:
    accepted = Consent.objects.filter(quote__case=case, outcome="accepted").select_related("quote")
    agreed = [(c.quote.currency, Agreed(c.quote.entry_no, c.agreed)) for c in accepted]
    if not agreed:
        return Balance()
    rounds = [
        1,
        *JournalEntry.objects.filter(case=case, step="reopen").order_by("no").values_list("no", flat=True),
    ]
    sums = Booking.objects.filter(case=case).order_by().values_list("kind").annotate(sum=Sum("amount"))
    booked: dict[str, Decimal] = {kind: money.rounded(sum_, agreed[0][0]) for kind, sum_ in sums}
    return Balance(
        agreed[0][0],
        billed((a for _, a in agreed), rounds),
        booked.get("waiver", ZERO),
        booked.get("payment", ZERO),
        booked.get("refund", ZERO),
    )


def state(case: Case) -> str:
    """The fact `money` of a case with an accepted quote."""
    return "due" if of(case).due > 0 else "paid"
