"""C4.5: diagnosis, work, parts used, another unit, test, not repairable, waiting for parts."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from baoxiu.cases import claims, decisions, repair_clock, work_orders
from baoxiu.cases.steps import StepRefused, Taking, beside, operation
from baoxiu.catalogue.models import Unit
from baoxiu.lib import canonical, zones
from baoxiu.parts import operations as stock
from baoxiu.repair.models import Diagnosis, Loan, PartUse, UnitSwap, WorkRecord
from baoxiu.sop import payloads
from baoxiu.sop.entitlement import remedies

AHEAD_DAYS = 366
LENT_FOR = dt.timedelta(days=30)


@operation("diagnose")
def diagnose(taking: Taking, payload: payloads.Diagnose) -> None:
    """What is wrong and why; with the finding the decision who pays is made again."""
    work_orders.own_job(taking)
    if payload.fault == "unknown":
        raise taking.refuse(
            "Quality fault: after the diagnosis it must be said.",
            "是否质量问题：检测后必须给出结论。",
            field="fault",
        )
    work_orders.name_engineer(taking)
    if taking.case.facts["venue"] == "depot":
        work_orders.advance(
            taking, "on_bench", engineer_id=taking.changes.get("engineer_id", taking.case.engineer_id)
        )
    unit = taking.case.unit
    decisions.keep_proof(taking, payload.proof)
    decisions.decide(taking, fault=payload.fault, purchase_date=unit.purchase_date if unit else None)
    _proved(taking, payload)
    claims.limits(taking, fault=payload.fault)
    Diagnosis.objects.create(
        case=taking.case,
        entry_no=taking.entry_no,
        symptom=payload.symptom,
        cause=payload.cause,
        remedy=payload.remedy,
        fault=payload.fault,
        cover=taking.facts["cover"],
        text=payload.text,
        by_id=taking.by.staff_id,
        at=taking.now,
    )


def _proved(taking: Taking, payload: payloads.Diagnose) -> None:
    """CN-CPL-004: while the business has to prove that it was no defect, it says so with findings or photos."""
    values = taking.data["decision"]["detail"]["verdict"]["values"]
    if (
        payload.fault == "other"
        and values.get("BURDEN") == "BUSINESS"
        and not (payload.text or payload.files)
    ):
        raise taking.refuse(
            "Within six months of delivery the business proves that it is no quality fault: write down the findings or add photos.",
            "交付六个月内由经营者举证：判为非质量问题须填写检测说明或上传照片。",
            field="text",
        )


@operation("start_work")
def start_work(taking: Taking, payload: payloads.StartWork) -> None:
    """Begins only when it is free or the customer agreed: the procedure says so, not this room."""
    work_orders.own_job(taking)


@operation("work")
def work(taking: Taking, payload: payloads.Work) -> None:
    """What was done, how long it took, which parts went in."""
    work_orders.own_job(taking)
    record = WorkRecord.objects.create(
        case=taking.case,
        entry_no=taking.entry_no,
        remedy=payload.remedy,
        text=payload.text,
        minutes=payload.minutes,
        by_id=taking.by.staff_id,
        at=taking.now,
    )
    PartUse.objects.bulk_create(
        PartUse(work=record, text=part.text, number=part.number, quantity=part.quantity)
        for part in payload.parts
    )
    used = [(part.number, part.quantity) for part in payload.parts if part.number]
    if used:
        is_visit = taking.case.facts["venue"] == "onsite"
        van, station = (
            (taking.by.staff_id, taking.by.station_id) if is_visit else (None, taking.case.station_id)
        )
        stock.use(
            used, staff=van, station=station, reference=taking.case.number, by=taking.by, now=taking.now
        )


@operation("replace")
def replace(taking: Taking, payload: payloads.Replace) -> None:
    """Another unit for this one: from today the new one is the customer's and the case's."""
    work_orders.own_job(taking)
    case, old = taking.case, taking.case.unit
    new = _new_unit(taking, payload.new_serial, old)
    if old:
        old.replaced_by = new
        old.save(update_fields=["replaced_by"])
    UnitSwap.objects.create(
        case=case,
        entry_no=taking.entry_no,
        old_unit=old,
        new_unit=new,
        text=payload.text,
        by_id=taking.by.staff_id,
        at=taking.now,
    )
    taking.changes["unit_id"] = new.pk
    taking.data["old_unit_id"] = old.pk if old else None


def _new_unit(taking: Taking, serial: str, old: Unit | None) -> Unit:
    """The unit with this serial: one from stock taken over, else a new one like the old."""
    case = taking.case
    if old and old.serial == serial:
        raise taking.refuse(
            "New serial number: that is the old unit's.", "新序列号：与旧机相同。", field="new_serial"
        )
    found = _units_with(serial, old)
    if any(u.customer_id not in (None, case.customer_id) for u in found):
        raise _in_use(taking)
    known = found[0] if found else None
    if known and (known.replaced_by_id or Unit.objects.filter(replaced_by=known).exists()):
        raise taking.refuse(
            "New serial number: that unit was exchanged already.",
            "新序列号：该机已换过。",
            field="new_serial",
        )
    unit = known or Unit(serial=serial, created_at=taking.now)
    if old and unit.model_id is None:
        unit.model, unit.product, unit.brand, unit.product_class = (
            old.model,
            old.product,
            old.brand,
            old.product_class,
        )
    unit.customer_id, unit.site_id = case.customer_id, case.site_id
    unit.purchase_date = _today(taking)
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError:
        raise _in_use(taking) from None
    return unit


def _units_with(serial: str, old: Unit | None) -> list[Unit]:
    """Units that may be meant by the serial: of the old one's model, or of none."""
    found = (
        Unit.objects.select_for_update(of=("self",))
        .filter(serial=serial)
        .order_by(F("model").asc(nulls_last=True), "id")
    )
    return list(found.filter(Q(model=old.model) | Q(model=None)) if old and old.model else found)


def _in_use(taking: Taking) -> StepRefused:
    return taking.refuse(
        "New serial number: it belongs to another customer's unit.",
        "新序列号：已登记在另一位客户名下。",
        field="new_serial",
    )


@operation("pass_test")
def pass_test(taking: Taking, payload: payloads.PassTest) -> None:
    """It works again; ready to be handed over."""
    work_orders.own_job(taking)


@operation("fail_test")
def fail_test(taking: Taking, payload: payloads.FailTest) -> None:
    """It does not; the work goes on."""
    work_orders.own_job(taking)


@operation("condemn")
def condemn(taking: Taking, payload: payloads.Condemn) -> None:
    """It cannot be repaired; the reason goes back with the product."""
    work_orders.own_job(taking)


@operation("wait_parts")
def wait_parts(taking: Taking, payload: payloads.WaitParts) -> None:
    """A part is missing; it is owed by the day it is expected."""
    work_orders.own_job(taking)
    if payload.expected:
        if payload.expected > taking.now.date() + dt.timedelta(days=AHEAD_DAYS):
            raise taking.refuse(
                "Expected on: more than a year ahead.", "预计到货日期：不能超过一年以后。", field="expected"
            )
        due = zones.end_of(payload.expected, settings.TIME_ZONE, settings.TIME_ZONE)
        if due <= taking.now:
            raise taking.refuse("Expected on: that day is over.", "预计到货日期：已过。", field="expected")
        taking.due["parts"] = due
    work_orders.advance(taking, "waiting")
    claims.limits(taking)


@operation("parts_arrived")
def parts_arrived(taking: Taking, payload: payloads.PartsArrived) -> None:
    """The part is at the station; the work goes on."""
    work_orders.advance(taking, "on_bench" if taking.case.engineer_id else "arrived")
    claims.limits(taking)


@operation("lend")
def lend(taking: Taking, payload: payloads.Lend) -> None:
    """A unit on loan for the time of the repair, to be taken back; or the customer's no to it."""
    if not taking.by.has("agent"):
        work_orders.own_job(taking)
    if payload.outcome != "lent":
        taking.unowed.add("loaner_return")
        return
    if not payload.product and not payload.serial:
        raise taking.refuse("What is lent: say what it is.", "备用机：请填写提供了什么。", field="product")
    due = payload.until or _today(taking) + LENT_FOR
    if not _today(taking) <= due <= _today(taking) + dt.timedelta(days=AHEAD_DAYS):
        raise taking.refuse(
            "To be returned by: today or later, within a year.",
            "应归还日期：须为今天或以后一年内。",
            field="until",
        )
    taking.due["loaner_return"] = zones.end_of(due, taking.case.customer.timezone, settings.TIME_ZONE)
    loan = Loan(
        case=taking.case, entry_no=taking.entry_no, station_id=taking.by.station_id or taking.case.station_id,
        product=payload.product, serial=payload.serial, text=payload.text, lent_at=taking.now, due_date=due,
    )  # fmt: skip
    try:
        with transaction.atomic():
            loan.save(force_insert=True)
    except IntegrityError:
        raise taking.refuse(
            "It is lent out already; take that loaner back first.",
            "备用机尚未归还，请先收回。",
            field="serial",
        ) from None


@operation("return_loaner")
def return_loaner(taking: Taking, payload: payloads.ReturnLoaner) -> None:
    """The loaner is back, or lost, in what condition."""
    if not taking.by.has("agent", "manager"):
        work_orders.own_job(taking)
    loan = Loan.objects.filter(case=taking.case, returned_at=None).first()
    if loan is None:
        raise taking.refuse("No loaner is out on this case.", "本单没有未归还的备用机。", code="no_loaner")
    loan.returned_at, loan.return_entry_no = taking.now, taking.entry_no
    loan.condition, loan.damage = payload.condition, payload.text
    loan.save(update_fields=["returned_at", "return_entry_no", "condition", "damage"])
    taking.data["loan_no"] = loan.entry_no


@operation("settle_limit")
def settle_limit(taking: Taking, payload: payloads.SettleLimit) -> None:
    """What the customer chose beside the repair, kept with the words shown: every sum is said before.

    The customer and a company's system choose what the law offers today, by the very words they saw.
    """
    clock = repair_clock.of_case(taking.case, taking.now)
    offered = {r.choice: r for r in clock.remedies} if clock else {}
    chosen = offered.get(payload.choice)
    shown = remedies.sha256(taking.case.number, clock.remedies) if clock and chosen else ""
    if taking.by.kind in ("link", "integration"):
        if chosen is None or not chosen.is_known:
            raise taking.refuse(
                "The customer chose: this cannot be chosen now.", "选择：目前不能选择此项。", field="choice"
            )
        if not payload.name:
            raise taking.refuse("Who chose: say your name.", "选择人：请填写姓名。", field="name")
        if payload.terms_sha256 != shown:
            raise taking.refuse(
                "The sum has changed meanwhile; look at it again, then choose.",
                "金额已有变化，请重新查看后再选择。",
                code="stale_terms",
                field="choice",
            )
    elif not payload.text:
        raise taking.refuse("How it was agreed: say it.", "如何商定：请填写。", field="text")
    if chosen:
        told = {n: getattr(chosen, n) for n in ("price", "fee", "refund")}
        taking.data["terms"] = {
            **{n: None if v is None else f"{v:.2f}" for n, v in told.items()},
            "currency": chosen.currency, "days": chosen.days, "rule": chosen.rule, "en": chosen.words.en, "zh": chosen.words.zh,
        }  # fmt: skip
        name = payload.name or taking.case.contact_name
        moment = taking.now.astimezone(dt.UTC).isoformat()
        taking.data["terms_sha256"] = shown
        taking.data["consent_sha256"] = canonical.sha256([shown, payload.choice, name, moment])


@beside("withdraw", "merge")
def _loaner_first(taking: Taking, payload: payloads.Payload) -> None:
    """A case is not given up while its loaner is out: nobody would ask for it any more."""
    if Loan.objects.filter(case=taking.case, returned_at=None).exists():
        raise taking.refuse("Take the loaner back first.", "请先收回备用机。", code="loaner_out")


def _today(taking: Taking) -> dt.date:
    """The customer's."""
    return zones.local_date(taking.now, taking.case.customer.timezone, settings.TIME_ZONE)
