"""C4: the spine. A case has one stage; it moves only through the gate in `steps`."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from baoxiu.catalogue.models import Registration, Unit
from baoxiu.people.actors import OFFICE, Actor
from baoxiu.people.indexes import given
from baoxiu.people.models import Customer, Site, Staff, Station
from baoxiu.people.rules import REGISTRARS
from baoxiu.terms.models import WarrantyVersion


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, viewer: Actor) -> CaseQuerySet:
        """What `viewer` may see: the start of every look-up."""
        if viewer.kind == "link":
            return self.filter(pk=viewer.case_id or 0)
        if viewer.kind == "integration":
            return self.filter(customer_id=viewer.customer_id or 0)
        if viewer.kind == "system" or viewer.parties & OFFICE:
            return self
        mine = Q(pk__in=())
        if viewer.has("engineer"):
            mine |= Q(engineer_id=viewer.staff_id)
        if viewer.has("station_head") and viewer.station_id:
            mine |= Q(station_id=viewer.station_id)
        if viewer.has("account_manager"):
            mine |= Q(customer__account_manager_id=viewer.staff_id)
        if viewer.has("stock_keeper") and viewer.station_id:
            here = Q(station_id=viewer.station_id) | Q(station=None, engineer__station_id=viewer.station_id)
            mine |= Q(stage="parts") & here
        return self.filter(mine)

    def open(self) -> CaseQuerySet:
        return self.filter(is_open=True)


class Case(models.Model):
    """服务单. Everything below `facts` is derived: kept for lists, rebuilt by `verify`."""

    number = models.CharField(max_length=20, unique=True)
    reference = models.CharField(max_length=80, null=True, blank=True, unique=True)  # the sender's own number
    procedure = models.CharField(max_length=64)  # hash of the version it runs under
    stage = models.CharField(max_length=20)
    stage_since = models.DateTimeField()
    is_open = models.BooleanField(default=True)
    channel = models.CharField(max_length=10)
    kind = models.CharField(max_length=20, default="repair")
    language = models.CharField(max_length=10, default="zh")
    priority = models.PositiveSmallIntegerField(default=3)
    subject = models.CharField(max_length=200)
    contact_name = models.CharField(max_length=200, blank=True)
    contact_phone = models.CharField(max_length=32, blank=True)
    contact_email = models.CharField(max_length=254, blank=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="cases", db_index=False)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.SET_NULL)
    owner = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    engineer = models.ForeignKey(
        Staff, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    station = models.ForeignKey(Station, null=True, blank=True, on_delete=models.SET_NULL, db_index=False)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged", db_index=False
    )
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    facts = models.JSONField(default=dict)
    next_duty = models.CharField(max_length=30, blank=True)
    next_due_at = models.DateTimeField(null=True, blank=True)
    last_line = models.CharField(max_length=160, blank=True)
    last_at = models.DateTimeField()
    journal_count = models.PositiveIntegerField(default=0)
    journal_head = models.CharField(max_length=64, default="")

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="case_newest"),
            models.Index(fields=["-created_at", "-id"], name="case_open_newest", condition=Q(is_open=True)),
            models.Index(fields=["stage", "-created_at", "-id"], name="case_stage_newest"),
            models.Index(fields=["next_due_at", "id"], name="case_open_due", condition=Q(is_open=True)),
            models.Index(fields=["channel", "-created_at", "-id"], name="case_channel_newest"),
            models.Index(fields=["kind", "-created_at", "-id"], name="case_kind_newest"),
            models.Index(fields=["priority", "-created_at", "-id"], name="case_priority_newest"),
            models.Index(fields=["owner", "-created_at", "-id"], name="case_owner"),
            given("engineer", "-created_at", "-id", name="case_engineer_newest"),
            given("station", "-created_at", "-id", name="case_station_newest"),
            given("engineer", "is_open", "next_due_at", name="case_engineer"),
            given("station", "stage", "next_due_at", name="case_station"),
            models.Index(fields=["customer", "-created_at"], name="case_customer"),
            models.Index(fields=["unit", "-created_at"], name="case_unit"),
            models.Index(fields=["contact_phone"], name="case_phone"),
        ]

    def __str__(self) -> str:
        return self.number


class WorkOrder(models.Model):
    """工单: one engineer's or one station's part of a case. Its status changes only beside a case step."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="work_orders")
    venue = models.CharField(max_length=10)  # onsite | depot
    status = models.CharField(max_length=12)
    engineer = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT)
    station = models.ForeignKey(Station, null=True, blank=True, on_delete=models.PROTECT)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    under_way_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["engineer", "status", "starts_at"], name="work_order_day"),
            models.Index(fields=["case", "-id"], name="work_order_of_case"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                name="one_running_work_order",
                condition=~Q(status__in=["done", "declined", "cancelled"]),
            )
        ]


class Clocked(models.Model):
    """A clock: what it runs under, when it warns, when it is due, whether it stands.

    `minutes` None: a time agreed or set by hand, which no pause and no level moves.
    """

    clock_from = models.DateTimeField(null=True, blank=True)  # None: from before there were levels
    minutes = models.PositiveIntegerField(null=True, blank=True)
    calendar = models.CharField(max_length=40, default="", blank=True)
    level = models.CharField(max_length=40, default="", blank=True)
    book = models.PositiveIntegerField(default=0)  # number of the book of levels
    is_provisional = models.BooleanField(default=False)  # a year on the way is not published
    warn_at = models.DateTimeField()
    inner_due_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    alarm_at = models.DateTimeField(null=True, blank=True)  # when something is to be done about it
    fired = models.CharField(max_length=30, default="", blank=True)  # points passed, already acted on

    class Meta:
        abstract = True


_OPEN = Q(outcome="open")


class Duty(Clocked):
    """应办事项: what the company owes next. At most one of a kind is open per case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="duties", db_index=False)
    kind = models.CharField(max_length=30)
    clause = models.CharField(max_length=10)
    party = models.CharField(max_length=20)
    # no index of its own: it would hold every duty ever, and be taken instead of the one of the open ones
    owner = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.SET_NULL, db_index=False)
    station = models.ForeignKey(Station, null=True, blank=True, on_delete=models.SET_NULL, db_index=False)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, default="open")  # open | done | cancelled | replaced
    opened_by_no = models.PositiveIntegerField()
    ended_by_no = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], condition=_OPEN, name="one_open_duty_per_kind")
        ]
        indexes = [
            models.Index(fields=["party", "due_at"], name="duty_open_party", condition=_OPEN),
            # with its outcome, which a condition leaves unsaid: a count then reads nothing else
            models.Index(fields=["owner", "due_at", "outcome"], name="duty_open_owner", condition=_OPEN),
            models.Index(fields=["due_at"], name="duty_open_due", condition=_OPEN),
            models.Index(fields=["party", "due_at"], name="duty_open_free", condition=_OPEN & Q(owner=None)),
            models.Index(fields=["kind", "due_at", "outcome"], name="duty_open_kind", condition=_OPEN),
            models.Index(
                fields=["ended_at", "kind", "owner", "outcome"], name="duty_done", condition=Q(outcome="done")
            ),
            models.Index(fields=["case", "outcome"], name="duty_case"),
            given("station", name="duty_station"),
            models.Index(fields=["alarm_at"], name="duty_alarm", condition=Q(alarm_at__isnull=False) & _OPEN),
            models.Index(fields=["book"], name="duty_book", condition=Q(minutes__isnull=False) & _OPEN),
        ]


class Span(Clocked):
    """A clock over the whole case, such as its resolution; only where a level promises one."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="spans")
    kind = models.CharField(max_length=30)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, default="open")  # open | done | cancelled
    opened_by_no = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], condition=_OPEN, name="one_open_span_per_kind")
        ]
        indexes = [
            models.Index(fields=["alarm_at"], name="span_alarm", condition=Q(alarm_at__isnull=False) & _OPEN),
            models.Index(fields=["due_at"], name="span_open_due", condition=_OPEN),
            models.Index(fields=["book"], name="span_book", condition=_OPEN),
        ]


class Pause(models.Model):
    """停表: why clocks stand, under which clause, from when to when. `scope` says which stop for it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="pauses")
    scope = models.CharField(max_length=10, default="hold")  # hold | customer | parts
    clause = models.CharField(max_length=10, default="C4.1")
    opened_by_no = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=20)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    expected_date = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["case"], name="pause_running", condition=Q(until_at=None, scope="hold"))
        ]


class JournalEntry(models.Model):
    """流水: one step taken. Append-only; numbered without gaps; each hash covers the one before."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="journal", db_index=False)
    no = models.PositiveIntegerField()
    at = models.DateTimeField()
    step = models.CharField(max_length=30)
    clause = models.CharField(max_length=10)
    actor = models.CharField(max_length=40)  # Actor.identity
    actor_name = models.CharField(max_length=200)  # shown; not hashed, it may be erased
    party = models.CharField(max_length=20)
    from_stage = models.CharField(max_length=20)
    to_stage = models.CharField(max_length=20)
    body = models.JSONField()
    content_hash = models.CharField(max_length=64, default="", blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "no"], name="journal_numbered")]
        indexes = [models.Index(fields=["step", "at"], name="journal_step")]


class Content(models.Model):
    """The personal words of one entry: erasable; the journal holds only their salted hash."""

    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="content")
    salt = models.CharField(max_length=32)
    words = models.JSONField(null=True)  # None: erased


class Attachment(models.Model):
    """A file kept under the hash of its bytes; reached by id, through a permission check, never by hash."""

    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="attachments")
    entry = models.ForeignKey(JournalEntry, null=True, on_delete=models.SET_NULL, related_name="attachments")
    registration = models.ForeignKey(Registration, null=True, on_delete=models.PROTECT)
    uploader = models.CharField(max_length=40)  # Actor.identity
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField()


class PersonalLink(models.Model):
    """A customer's single-purpose key to one case. Only a hash of the token is stored."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links", db_index=False)
    purpose = models.CharField(max_length=12)  # track | quote | rate
    nonce = models.CharField(max_length=32)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case", "purpose"])]


class OutgoingQuerySet(models.QuerySet["Outgoing"]):
    def visible_to(self, viewer: Actor) -> OutgoingQuerySet:
        """Of the cases `viewer` may see; of registrations and terms for those who look after them."""
        seen = Q(case__in=Case.objects.visible_to(viewer))
        return self.filter(seen | Q(case=None) if viewer.has(*REGISTRARS) else seen)


class Outgoing(models.Model):
    """A message owed to a customer, written with the step that caused it, sent by a worker.

    Of a case, or of a registration or terms (`entry_no` 0). To a colleague: event `alarm`, `entry_no` is the alarm.
    """

    case = models.ForeignKey(
        Case, null=True, on_delete=models.CASCADE, related_name="outgoing", db_index=False
    )
    registration = models.ForeignKey(Registration, null=True, on_delete=models.CASCADE, db_index=False)
    terms = models.ForeignKey(WarrantyVersion, null=True, on_delete=models.CASCADE, db_index=False)
    entry_no = models.PositiveIntegerField(default=0)
    event = models.CharField(max_length=30)
    channel = models.CharField(max_length=10, default="email")
    language = models.CharField(max_length=10)
    recipient = models.CharField(max_length=254)
    context = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="waiting")  # waiting | sent | failed | dropped
    template = models.PositiveBigIntegerField(default=0)  # the wording it went out in; 0: built in
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], name="outgoing_waiting", condition=Q(state="waiting")),
            models.Index(
                fields=["recipient", "channel", "-sent_at"], name="outgoing_budget", condition=Q(state="sent")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "entry_no", "event", "channel", "recipient"], name="one_message_per_cause"
            ),
            models.UniqueConstraint(
                fields=["registration", "event", "channel", "entry_no", "recipient"],
                name="one_message_per_registration",
                condition=Q(registration__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=False, registration=None, terms=None)
                | Q(case=None, registration__isnull=False, terms=None)
                | Q(case=None, registration=None, terms__isnull=False),
                name="message_of_one_thing",
            ),
        ]

    @property
    def of(self) -> Case | Registration | None:
        return self.case or self.registration

    @property
    def number(self) -> str:
        return self.of.number if self.of else str(self.terms)

    @property
    def name(self) -> str:
        """Of the person written to; "" for a colleague."""
        return self.case.contact_name if self.case else self.registration.name if self.registration else ""

    @property
    def timezone(self) -> str:
        return self.of.customer.timezone if self.of and self.of.customer else ""


class IdempotencyKey(models.Model):
    """A key once claimed with the digest of its request, and the first answer."""

    actor = models.CharField(max_length=40)
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="key_once_per_actor")]


class Sequence(models.Model):
    """Kept counters, one row a name; changed inside the caller's transaction."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.PositiveBigIntegerField(default=0)


class SearchText(models.Model):
    """What a case is found by. The index itself is made per database in the migrations."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="search_text")
    text: Any = models.TextField()
