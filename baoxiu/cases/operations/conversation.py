"""C4.1: what happens to the record while people talk: hold, correct, merge, withdraw."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F, Q

from baoxiu.cases import claims, links, work_orders
from baoxiu.cases.models import Case, Pause
from baoxiu.cases.steps import Conflict, Taking, operation
from baoxiu.catalogue.models import Unit
from baoxiu.lib import phones
from baoxiu.people.models import Contact, Site
from baoxiu.sop import payloads
from baoxiu.sop.text import Text


@operation("hold")
def hold(taking: Taking, payload: payloads.Hold) -> None:
    """The clocks stop; `resume` derives the due times again without the pause. Agreed times stay agreed.

    C4.5: while the customer has us wait, what the law wants of us stands still too.
    """
    if payload.reason == "customer":
        taking.stands |= set(claims.DUTIES)
    Pause.objects.create(
        case=taking.case,
        reason=payload.reason,
        from_at=taking.now,
        expected_date=payload.until,
        opened_by_no=taking.entry_no,
    )


OF_UNIT = ("purchase_date", "delivered_date", "installed_date", "price")


@operation("resume")
def resume(taking: Taking, payload: payloads.Resume) -> None:
    """C4.5: the days the customer had us wait do not count for the law: its open limits move now, not at the next diagnosis."""
    if set(claims.DUTIES) & set(taking.open_duties):
        claims.limits(taking)


@operation("give_link")
def give_link(taking: Taking, payload: payloads.GiveLink) -> None:
    """C9: the live link, made where there is none; `extra` names its row, never its token."""
    link = links.issue(taking.case, payload.purpose, now=taking.now)
    taking.data["expires_at"] = link.expires_at.isoformat()
    taking.extra["link"] = link.pk


@operation("revoke_link")
def revoke_link(taking: Taking, payload: payloads.RevokeLink) -> None:
    """C9: every live link for the purpose is dead at once."""
    taking.data["links"] = links.revoke(taking.case, payload.purpose, now=taking.now)


@operation("correct")
def correct(taking: Taking, payload: payloads.Correct) -> None:
    """A wrong name, phone, e-mail, address, serial or purchase date on record. Only what is given changes."""
    case, changes = taking.case, taking.changes
    country = case.site.country if case.site else "CN"
    if payload.name:
        changes["contact_name"] = payload.name
    if payload.phone:
        try:
            changes["contact_phone"] = phones.normalise(payload.phone, country)
        except ValueError:
            raise taking.refuse(
                "Phone: this is not a phone number.", "电话：号码不正确。", field="phone"
            ) from None
    if payload.email:
        changes["contact_email"] = payload.email.lower()
        try:
            validate_email(changes["contact_email"])
        except ValidationError:
            raise taking.refuse(
                "E-mail: this is not an address.", "邮箱：地址不正确。", field="email"
            ) from None
    for kind, value in (("phone", changes.get("contact_phone")), ("email", changes.get("contact_email"))):
        if value:
            Contact.objects.get_or_create(customer_id=case.customer_id, kind=kind, value=value)
    if payload.address:
        site = Site.objects.create(customer_id=case.customer_id, **payload.address.model_dump())
        changes["site_id"] = site.pk
    if (
        payload.serial
        or payload.proof
        or payload.currency
        or any(getattr(payload, name) is not None for name in OF_UNIT)
    ):
        _correct_unit(taking, payload)


def _correct_unit(taking: Taking, payload: payloads.Correct) -> None:
    case = taking.case
    if payload.purchase_date and payload.purchase_date > taking.now.date():
        raise taking.refuse(
            "Purchase date: it lies in the future.", "购买日期：不能晚于今天。", field="purchase_date"
        )
    unit = case.unit or Unit(customer_id=case.customer_id, created_at=taking.now)
    if payload.serial and payload.serial != unit.serial:
        mine = Q(customer_id=case.customer_id) | Q(
            customer=None
        )  # one sold to nobody yet becomes the customer's
        known = (
            Unit.objects.filter(mine, serial=payload.serial)
            .order_by(F("customer").asc(nulls_last=True))
            .first()
        )
        unit = known or Unit(
            customer_id=case.customer_id,
            created_at=taking.now,
            model=unit.model,
            product=unit.product,
            brand=unit.brand,
            product_class=unit.product_class,
            purchase_date=unit.purchase_date,
            serial=payload.serial,
        )
    unit.customer_id = case.customer_id
    for name in OF_UNIT:
        if (value := getattr(payload, name)) is not None:
            setattr(unit, name, value)
    unit.proof, unit.currency = payload.proof or unit.proof, payload.currency or unit.currency
    for name, title in (
        ("delivered_date", Text("Delivery date", "交付日期")),
        ("installed_date", Text("Installed on", "安装日期")),
    ):
        day = getattr(payload, name)
        if day and not (unit.purchase_date or day) <= day <= taking.now.date():
            raise taking.refuse(
                f"{title.en}: it lies before the purchase or in the future.",
                f"{title.zh}：早于购买日期或晚于今天。",
                field=name,
            )
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError:
        raise taking.refuse(
            "Serial number: a unit of this model on record for somebody else has it.",
            "序列号：同型号另有他人名下的产品使用该序列号。",
            field="serial",
        ) from None
    taking.changes["unit_id"] = unit.pk


@operation("merge")
def merge(taking: Taking, payload: payloads.Merge) -> None:
    """Everything stays where it was said; the merged case points to the one that goes on."""
    into = _held_still(taking, payload.into)
    if into is None or into.pk == taking.case.pk:
        raise taking.refuse(
            "Number: there is no other open case with it.", "单号：没有这个进行中的服务单。", field="into"
        )
    if into.customer_id != taking.case.customer_id:
        raise taking.refuse(
            "Number: that case is another customer's.", "单号：该服务单属于另一位客户。", field="into"
        )
    taking.changes["merged_into_id"] = into.pk
    work_orders.finish(taking, "cancelled")


def _held_still(taking: Taking, number: str) -> Case | None:
    """The open case with this number, locked: two cases merged into each other would both be lost. Raises Conflict."""
    wanted = Case.objects.visible_to(taking.by).filter(number=number, is_open=True)
    try:
        return wanted.select_for_update(nowait=True, of=("self",)).first()
    except OperationalError:
        raise Conflict(number) from None


@operation("withdraw")
def withdraw(taking: Taking, payload: payloads.Withdraw) -> None:
    """C4.2: the customer wants nothing more; running work orders end."""
    work_orders.finish(taking, "cancelled")


@operation("withdraw_return")
def withdraw_return(taking: Taking, payload: payloads.WithdrawReturn) -> None:
    """C4.2: as withdraw, but the product is with us and goes back first."""
