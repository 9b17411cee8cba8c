"""C2: product models of any class and the units sold."""

from __future__ import annotations

import secrets

from django.db import models

from baoxiu.people.models import Customer, Site, Skill, Staff


class ProductModel(models.Model):
    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    brand = models.CharField(max_length=100, blank=True)
    product_class = models.CharField(max_length=20, default="appliance")
    skill = models.ForeignKey(Skill, null=True, blank=True, on_delete=models.SET_NULL)
    skill_level = models.PositiveSmallIntegerField(default=1)  # of that skill, at least
    visit_minutes = models.PositiveSmallIntegerField(null=True, blank=True)  # None: the planning policy's
    law_class = models.CharField(max_length=40, blank=True)  # 三包 class; "": no national rule
    warranty_months = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # the maker's own promise; None: the warranty terms alone
    serial_format = models.CharField(max_length=80, blank=True)  # see sop.registration; "": any
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.name} {self.code}".strip()


def new_token() -> str:
    """144 random bits, safe in a URL."""
    return secrets.token_urlsafe(18)


class UnitImport(models.Model):
    """A file of units somebody sent, and how far it has come. The file itself lies apart until it is read to its end."""

    name = models.CharField(max_length=200)
    key = models.CharField(max_length=120, unique=True)  # the form's: sent twice is one
    path = models.CharField(max_length=40, blank=True)  # below ATTACHMENTS/imports
    staff = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL)
    status = models.CharField(max_length=10, default="waiting")  # waiting | running | done | failed
    problem = models.CharField(max_length=300, blank=True)  # why it failed, in English
    problem_zh = models.CharField(max_length=300, blank=True)
    rows = models.PositiveIntegerField(null=True)  # None: not counted yet
    done = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class RefusedUnit(models.Model):
    """One row of such a file that is no unit."""

    batch = models.ForeignKey(UnitImport, on_delete=models.CASCADE, related_name="refusals")
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=40, blank=True)
    reason = models.JSONField()  # {"en": …, "zh": …}


class Unit(models.Model):
    """产品档案: one piece sold. Unknown serials are allowed; a known one is unique per model."""

    model = models.ForeignKey(ProductModel, null=True, blank=True, on_delete=models.PROTECT)
    product = models.CharField(max_length=200, blank=True)
    brand = models.CharField(max_length=100, blank=True)
    product_class = models.CharField(max_length=20, default="appliance")
    serial = models.CharField(max_length=80, blank=True)
    purchase_date = models.DateField(null=True, blank=True)
    delivered_date = models.DateField(null=True, blank=True)
    made_date = models.DateField(null=True, blank=True)
    installed_date = models.DateField(null=True, blank=True)
    price = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True
    )  # paid, by the invoice
    currency = models.CharField(max_length=3, default="CNY")  # of the price
    proof = models.CharField(max_length=10, blank=True)  # of the purchase, as `codes.PROOFS`
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="units"
    )
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.SET_NULL)
    batch = models.ForeignKey(
        UnitImport, null=True, blank=True, on_delete=models.SET_NULL, related_name="units", db_index=False
    )
    qr_token = models.CharField(max_length=40, unique=True, default=new_token)
    replaced_by = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaces"
    )
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["serial"]),
            models.Index(fields=["purchase_date", "id"], name="unit_purchased"),
            models.Index(fields=["batch", "-id"], name="unit_batch", condition=models.Q(batch__isnull=False)),
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


class Registration(models.Model):
    """产品注册: what a customer says to own, with his proof; on record of the unit only once it is accepted.

    The accepted ones of a unit are the history of its owners. `nonce`: of the sender's own page, as with personal links.
    """

    number = models.CharField(max_length=20, unique=True)
    key = models.CharField(max_length=120, null=True, unique=True)  # the form's: sent twice is one
    channel = models.CharField(max_length=10)
    status = models.CharField(max_length=10, default="waiting")  # waiting | accepted | refused
    findings = models.JSONField(default=list)
    model_code = models.CharField(max_length=80, blank=True)
    product = models.CharField(max_length=200, blank=True)
    serial = models.CharField(max_length=80)
    purchase_date = models.DateField()
    dealer = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200)
    phone = models.CharField(max_length=32, blank=True)
    email = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=10, default="zh")
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="registrations"
    )
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="registrations"
    )
    earlier_owner = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    passed_on = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True)  # told to the sender
    nonce = models.CharField(max_length=32)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.SET_NULL)
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    purpose = "owner"

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="registration_waiting", condition=models.Q(status="waiting")
            ),
            models.Index(fields=["serial"], name="registration_serial"),
            models.Index(fields=["decided_at"], name="registration_decided"),
        ]

    def __str__(self) -> str:
        return self.number
