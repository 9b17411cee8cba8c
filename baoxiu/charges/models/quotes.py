"""C4.5: quotes as they were offered, and the one way each of them ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db import models
from django.db.models import Q

from baoxiu.cases.models import Case
from baoxiu.charges.models.prices import PriceList
from baoxiu.lib import canonical
from baoxiu.sop import charges
from baoxiu.sop.text import Text


class Quote(models.Model):
    """报价: one version. What was offered never changes; `text_sha256` is what the customer answered to.

    Where there are alternatives, `net`, `tax` and `total` are the first one's.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="quotes")
    version = models.PositiveIntegerField()
    entry_no = models.PositiveIntegerField()
    status = models.CharField(max_length=12)  # sop/venue.py: quote
    currency = models.CharField(max_length=3)
    net = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    tax = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    tax_included = models.BooleanField(default=True)
    total = models.DecimalField(max_digits=16, decimal_places=2)
    price_list = models.ForeignKey(PriceList, null=True, blank=True, on_delete=models.PROTECT)
    text = models.TextField(blank=True)
    text_sha256 = models.CharField(max_length=64)
    valid_days = models.PositiveSmallIntegerField(default=14)
    valid_until = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    maker = models.CharField(max_length=40, blank=True)  # Actor.identity
    approved_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)  # the customer sees it from then on

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="quote_versions_numbered"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(status__in=["draft", "sent"]), name="one_quote_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} v{self.version}"

    def status_at(self, now: dt.datetime) -> str:
        """A quote that waits past its last moment has expired."""
        return "expired" if self.status == "sent" and now >= self.valid_until else self.status

    def fingerprint(self, lines: Iterable[QuoteLine]) -> str:
        """SHA-256 over everything the customer reads; the same again from the stored rows."""
        rows = [
            [n.kind, n.text, f"{n.quantity:.2f}", f"{n.price:.2f}", n.is_free, f"{n.total:.2f}", *n.extras()]
            for n in lines
        ]
        until = self.valid_until.astimezone(dt.UTC).isoformat()
        tax = [f"{self.tax:.2f}", self.tax_included] if self.tax else []
        return canonical.sha256(
            [self.case.number, self.version, self.currency, rows, f"{self.total:.2f}", until, self.text, *tax]
        )

    def words(self, amount: Decimal, outcome: str) -> Text:
        """The sentence the customer agrees to or declines, as it is shown and hashed."""
        said = charges.said(amount, self.currency)
        return charges.consent_words(self.case.number, self.version, said, outcome)

    def sums(self, lines: Iterable[QuoteLine] | None = None) -> dict[str, charges.Sum]:
        """Alternative → net, tax and total; `{"": …}` where there is one way only."""
        rows = list(self.lines.all() if lines is None else lines)
        known = {"": charges.Sum(self.net or self.total - self.tax, self.tax, self.total)}
        if not any(n.option for n in rows):
            return known
        return charges.sums([n.priced() for n in rows], self.currency, tax_included=self.tax_included)


class QuoteLine(models.Model):
    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    item = models.CharField(max_length=80, blank=True)  # the price list's code
    kind = models.CharField(max_length=10)
    text = models.CharField(max_length=200)
    quantity = models.DecimalField(max_digits=8, decimal_places=2)
    price = models.DecimalField(max_digits=12, decimal_places=2)
    is_free = models.BooleanField(default=False)
    reason = models.CharField(max_length=12, blank=True)
    option = models.CharField(max_length=1, blank=True)
    tax_rate = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    tax = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    total = models.DecimalField(max_digits=16, decimal_places=2)  # what is charged: 0 when free

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["quote", "position"], name="quote_lines_numbered")]

    def extras(self) -> list[str]:
        """What the first quotes did not have: left out of their fingerprint."""
        found = [self.reason, self.option, f"{self.tax_rate:.2f}" if self.tax_rate else ""]
        return found if any(found) else []

    @property
    def full(self) -> Decimal:
        """What it would cost if it were not free."""
        return self.quantity * self.price if self.is_free else self.total

    def priced(self) -> charges.Line:
        return charges.Line(
            self.kind, self.text, self.quantity, self.price, self.is_free, self.reason, self.tax_rate,
            self.option, self.item,
        )  # fmt: skip


class QuoteEnd(models.Model):
    """How a quote ended. One row a quote: of answers, withdrawals and new versions at the same moment one counts."""

    quote = models.OneToOneField(Quote, on_delete=models.PROTECT, related_name="end")
    outcome = models.CharField(max_length=12)  # accepted | declined | withdrawn | superseded | rejected
    entry_no = models.PositiveIntegerField()
    at = models.DateTimeField()


class Consent(models.Model):
    """征得同意: the one answer to one quote – who, how, when, to which words, for how much."""

    quote = models.OneToOneField(Quote, on_delete=models.PROTECT, related_name="consent")
    outcome = models.CharField(max_length=10)  # accepted | declined
    name = models.CharField(max_length=200)
    way = models.CharField(max_length=10)
    recorded_by = models.CharField(max_length=40)  # Actor.identity
    option = models.CharField(max_length=1, blank=True)
    amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)  # None: as quoted
    is_signed = models.BooleanField(default=False)  # the drawing stands in the journal's words
    entry_no = models.PositiveIntegerField(default=0)
    text_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, blank=True)  # quote, sentence, name, drawing, way, time
    at = models.DateTimeField()

    def fingerprint(self, signature: str) -> str:
        """SHA-256 over the quote's own hash, the sentence in both languages, who, how, when, and the drawing."""
        words = self.quote.words(self.agreed, self.outcome)
        moment = self.at.astimezone(dt.UTC).isoformat()
        return canonical.sha256(
            [self.quote.text_sha256, words.en, words.zh, self.option, self.name, self.way, moment, signature]
        )

    @property
    def agreed(self) -> Decimal:
        return self.quote.total if self.amount is None else self.amount
