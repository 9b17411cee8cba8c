"""C3.2, C4.5: what things cost – one list a currency, in versions; what is published never changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from baoxiu.lib import canonical, money


class PriceListQuerySet(models.QuerySet["PriceList"]):
    def in_force(self, currency: str, now: dt.datetime) -> PriceList | None:
        """The published version that holds at `now`."""
        begun = self.filter(currency=currency, status="published", in_force_from__lte=now)
        return begun.order_by("-in_force_from", "-version").first()


class PriceList(models.Model):
    """价目表: one version. Drafts may change, one a currency at a time; published ones are named by their hash."""

    currency = models.CharField(max_length=3)
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=10, default="draft")  # draft | published
    in_force_from = models.DateTimeField(null=True, blank=True)
    tax_included = models.BooleanField(default=True)
    tax_rate = models.DecimalField(
        max_digits=5, decimal_places=2, default=0
    )  # per cent, where a row has none
    minimum = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    approval_above = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    text = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    made_by = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    published_by = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = PriceListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["currency", "version"], name="price_versions_numbered"),
            models.UniqueConstraint(
                fields=["currency"], condition=Q(status="draft"), name="one_price_draft_per_currency"
            ),
        ]
        indexes = [models.Index(fields=["currency", "status", "in_force_from"], name="prices_in_force")]

    def __str__(self) -> str:
        return f"{self.currency} v{self.version}"

    @property
    def is_draft(self) -> bool:
        return self.status == "draft"

    def fingerprint(self, items: Iterable[PriceItem]) -> str:
        """SHA-256 over everything that decides a price."""
        limit = "" if self.approval_above is None else money.plain(self.approval_above, self.currency)
        begins = self.in_force_from.astimezone(dt.UTC).isoformat() if self.in_force_from else ""
        head = [self.currency, self.version, begins, self.tax_included, f"{self.tax_rate:.2f}", limit]
        rows = [[i.code, *i.meaning().values()] for i in sorted(items, key=lambda i: i.code)]
        return canonical.sha256([*head, f"{self.minimum:.2f}", self.text, rows])


class PriceItem(models.Model):
    """One row: labour by the job or the hour, travel by zone, a part. Empty limits fit everything."""

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="items")
    code = models.CharField(max_length=80)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=10, default="job")
    price = models.DecimalField(max_digits=12, decimal_places=2)
    tax_rate = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    remedy = models.CharField(max_length=20, blank=True)
    zone = models.CharField(max_length=100, blank=True)
    product_class = models.CharField(max_length=20, blank=True)
    model = models.CharField(max_length=80, blank=True)  # a model's code

    class Meta:
        ordering = ["kind", "code"]
        constraints = [models.UniqueConstraint(fields=["price_list", "code"], name="price_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def meaning(self) -> dict[str, str]:
        """The row as texts: hashed, and compared between versions."""
        return {
            "name": self.name, "name_en": self.name_en, "kind": self.kind, "unit": self.unit, "price": f"{self.price:.2f}",
            "tax_rate": "" if self.tax_rate is None else f"{self.tax_rate:.2f}", "remedy": self.remedy, "zone": self.zone,
            "product_class": self.product_class, "model": self.model,
        }  # fmt: skip
