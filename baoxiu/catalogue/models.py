"""C2: product models of any class and the units sold."""

from __future__ import annotations

import secrets

from django.db import models

from baoxiu.people.models import Customer, Site, Skill


class ProductModel(models.Model):
    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    brand = models.CharField(max_length=100, blank=True)
    product_class = models.CharField(max_length=20, default="appliance")
    skill = models.ForeignKey(Skill, null=True, blank=True, on_delete=models.SET_NULL)
    law_class = models.CharField(max_length=40, blank=True)  # 三包 class; "": no national rule
    warranty_months = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # the maker's own promise; None: the warranty terms alone
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.name} {self.code}".strip()


def new_token() -> str:
    """144 random bits, safe in a URL."""
    return secrets.token_urlsafe(18)


class Unit(models.Model):
    """产品档案: one piece sold. Unknown serials are allowed; a known one is unique per model."""

    model = models.ForeignKey(ProductModel, null=True, blank=True, on_delete=models.PROTECT)
    product = models.CharField(max_length=200, blank=True)
    brand = models.CharField(max_length=100, blank=True)
    product_class = models.CharField(max_length=20, default="appliance")
    serial = models.CharField(max_length=80, blank=True)
    purchase_date = models.DateField(null=True, blank=True)
    delivered_date = models.DateField(null=True, blank=True)
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="units"
    )
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.SET_NULL)
    qr_token = models.CharField(max_length=40, unique=True, default=new_token)
    replaced_by = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaces"
    )
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["serial"]),
            models.Index(fields=["purchase_date", "id"], name="unit_purchased"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["model", "serial"],
                condition=~models.Q(serial="") & models.Q(model__isnull=False),
                name="serial_once_per_model",
            )
        ]

    def __str__(self) -> str:
        name = self.product or (self.model.name if self.model else "")
        return " ".join(p for p in (self.brand, name, self.serial) if p)
