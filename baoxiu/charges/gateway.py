"""C4.5: the port to a payment gateway: where the customer pays, and what the gateway says was paid.

A hosted page is enough: no card number ever reaches us. Requests and notices are signed with one
shared secret (HMAC-SHA256 over canonical JSON); a notice is believed for five minutes and counts once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal
from urllib.parse import urlencode

from django.conf import settings
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from baoxiu.cases import steps
from baoxiu.cases.models import Case
from baoxiu.charges import balances
from baoxiu.charges.models import Booking
from baoxiu.lib import canonical, money
from baoxiu.people.actors import Actor
from baoxiu.sop import payloads

BELIEVED = dt.timedelta(minutes=5)
# the gateway as a party of the case: it records what it took and may do nothing else
GATEWAY = Actor("system", "Payment gateway", frozenset({"agent"}))


class NotBelieved(Exception):
    """A notice without the right signature, too old, or not readable."""


class Notice(BaseModel):
    """What the gateway took: its own reference, for which case, how much."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reference: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[\w.:-]+$")]
    case: Annotated[str, Field(max_length=20)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    amount: Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=2, allow_inf_nan=False)]
    status: Literal["paid"]
    at: AwareDatetime


@dataclass(frozen=True, slots=True)
class Order:
    """What the customer is sent to pay, and where to come back to."""

    case: str
    currency: str
    amount: str
    back: str


def is_configured() -> bool:
    return bool(settings.PAYMENT_URL and settings.PAYMENT_SECRET)


def sign(text: str) -> str:
    return hmac.new(settings.PAYMENT_SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()


def order(case: Case, back: str) -> Order | None:
    """None where nothing is due."""
    balance = balances.of(case)
    if balance.due <= 0:
        return None
    return Order(case.number, balance.currency, money.plain(balance.due, balance.currency), back)


def address(wanted: Order) -> str:
    """The gateway's page for this order."""
    fields = {"case": wanted.case, "currency": wanted.currency, "amount": wanted.amount, "back": wanted.back}
    return f"{settings.PAYMENT_URL}?{urlencode({**fields, 'sign': sign(canonical.dumps(fields))})}"


def read(body: bytes, signature: str, *, now: dt.datetime) -> Notice:
    """Raises NotBelieved."""
    if not is_configured() or not hmac.compare_digest(
        sign(body.decode("utf-8", "replace")), signature[:128].encode("ascii", "replace").decode()
    ):
        raise NotBelieved("signature")
    try:
        notice = Notice.model_validate_json(body)
    except ValidationError as error:
        raise NotBelieved("shape") from error
    if abs(now - notice.at) > BELIEVED:
        raise NotBelieved("time")
    return notice


def record(notice: Notice, *, now: dt.datetime) -> Booking:
    """The payment on the case, once however often the notice comes. Raises Case.DoesNotExist, StepRefused, Conflict."""
    known = Booking.objects.filter(gateway_reference=notice.reference).first()
    if known:
        return known
    case = Case.objects.get(number=notice.case)
    if balances.of(case).currency != notice.currency:
        raise NotBelieved("currency")
    payload = payloads.RecordPayment(amount=notice.amount, way="online", reference=notice.reference)
    steps.take_step(case, "record_payment", payload, by=GATEWAY, now=now, key=f"gateway:{notice.reference}")
    return Booking.objects.get(gateway_reference=notice.reference)
