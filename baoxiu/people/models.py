"""Customers with their people, sites and contacts; staff with roles, skills and absence; stations."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from baoxiu.lib import zones
from baoxiu.people.actors import Actor
from baoxiu.people.indexes import given


class Station(models.Model):
    """维修站点: a bench that receives parcels and engineers that start from it."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=100)
    region = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    name = models.CharField(max_length=100, unique=True)

    def __str__(self) -> str:
        return self.name


class StaffManager(BaseUserManager["Staff"]):
    def with_role(self, role: str) -> models.QuerySet[Staff]:
        return self.filter(is_active=True, roles__contains=f" {role} ")

    def create_staff(
        self, email: str, name: str, roles: list[str], password: str | None = None, **more: Any
    ) -> Staff:
        """A staff member; without a password nobody can sign in until the invitation is used."""
        staff = Staff(email=self.normalize_email(email).lower(), name=name, **more)
        staff.set_roles(roles)
        staff.set_password(password)
        staff.save()
        return staff


class Staff(AbstractBaseUser):
    """Somebody of the company who signs in. `roles` holds codes between spaces (" agent manager ")."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    phone = models.CharField(max_length=32, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    roles = models.CharField(max_length=200, default="", blank=True)
    station = models.ForeignKey(Station, null=True, blank=True, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL)
    region = models.CharField(max_length=60, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = StaffManager()

    def __str__(self) -> str:
        return self.name

    @property
    def role_set(self) -> frozenset[str]:
        return frozenset(self.roles.split())

    def set_roles(self, roles: list[str]) -> None:
        self.roles = f" {' '.join(sorted(set(roles)))} " if roles else ""

    def actor(self) -> Actor:
        return Actor(
            "staff",
            self.name,
            self.role_set,
            staff_id=self.pk,
            station_id=self.station_id,
            language=self.language,
        )


class Reach(models.Model):
    """How a colleague wishes to be told of alarms outside the system; without a row: not at all."""

    staff = models.OneToOneField(Staff, primary_key=True, on_delete=models.CASCADE, related_name="reach")
    by_email = models.BooleanField(default=False)
    chat_address = models.CharField(max_length=1000, blank=True)  # sealed (people.sealed): it holds a secret


class Skill(models.Model):
    code = models.CharField(max_length=40, unique=True)
    name_en = models.CharField(max_length=100)
    name_zh = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name_zh


class StaffSkill(models.Model):
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT)
    level = models.PositiveSmallIntegerField(default=1)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "skill"], name="one_level_per_skill")]


class Absence(models.Model):
    """Away from `from_date` (included) until `until_date` (excluded)."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="absences")
    from_date = models.DateField()
    until_date = models.DateField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_date__gt=models.F("from_date")), name="absence_in_order")
        ]


class WorkingHours(models.Model):
    """When an engineer can be planned on a weekday; minutes from midnight, the way home inside. May pass 1,440."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()  # 1 Monday … 7 Sunday
    from_minute = models.PositiveSmallIntegerField()
    until_minute = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "weekday"], name="one_shift_a_weekday"),
            models.CheckConstraint(
                condition=Q(until_minute__gt=models.F("from_minute")), name="shift_in_order"
            ),
        ]


class Territory(models.Model):
    """An area with its own engineers: `places` are districts, cities or provinces, one a line."""

    name = models.CharField(max_length=60, unique=True)
    places = models.TextField()
    staff = models.ManyToManyField(Staff, related_name="territories", blank=True)

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """A person or a company. Not a user: customers act through personal links."""

    is_company = models.BooleanField(default=False)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=10, default="zh")
    timezone = models.CharField(max_length=40, blank=True)  # "": the company's
    reference = models.CharField(max_length=80, null=True, blank=True, unique=True)
    account_manager = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.SET_NULL, db_index=False
    )
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name"]), given("account_manager", "id", name="customer_account")]

    @property
    def zone(self) -> ZoneInfo:
        """Where times are said to them."""
        return zones.zone(self.timezone, settings.TIME_ZONE)

    def __str__(self) -> str:
        return self.name


class EngineerWish(models.Model):
    """Who should come to a customer: preferred (a price), dedicated (nobody else) or excluded (never)."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="wishes")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="wished_by")
    kind = models.CharField(max_length=10)  # preferred | dedicated | excluded

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "staff"], name="one_wish_per_engineer")]


class Person(models.Model):
    """One of a company's people."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="people")
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=100, blank=True)


class Contact(models.Model):
    """A phone (E.164) or e-mail (lower case) of a customer or one of its people."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, db_index=False)
    kind = models.CharField(max_length=10)  # phone | email
    value = models.CharField(max_length=254, db_index=True)  # on PostgreSQL for beginnings too
    is_primary = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind", "value"], name="contact_once_per_customer")
        ]
        indexes = [given("person", name="contact_person")]


def one_line(country: str, province: str, city: str, district: str, street: str) -> str:
    """An address as it is written there."""
    if country in ("CN", "JP", "KR"):
        return "".join(dict.fromkeys((province, city, district, street)))
    return ", ".join(p for p in (street, district, city, province, country) if p)


class Site(models.Model):
    """Where a customer's units stand."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="sites")
    label = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, default="CN")
    province = models.CharField(max_length=100, blank=True)
    city = models.CharField(max_length=100, blank=True)
    district = models.CharField(max_length=100, blank=True)
    street = models.CharField(max_length=300, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)

    def __str__(self) -> str:
        return self.one_line

    @property
    def one_line(self) -> str:
        return one_line(self.country, self.province, self.city, self.district, self.street)


class ApiKey(models.Model):
    """A key for machines: of a staff member (their roles) or of one company (integration)."""

    name = models.CharField(max_length=100)
    staff = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.CASCADE)
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(staff__isnull=False, customer__isnull=True)
                | Q(staff__isnull=True, customer__isnull=False),
                name="key_of_staff_or_company",
            )
        ]


class Invitation(models.Model):
    """A one-time link by which a staff member sets the first password."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class Tally(models.Model):
    """How often `what` was done in the stretch that ends at `ends_at`; see `tallies`."""

    what = models.CharField(max_length=200)
    ends_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what", "ends_at"], name="one_tally")]
