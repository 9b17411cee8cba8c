"""C2: a registration comes in, is accepted as it is or corrected, or refused with a reason."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import IntegrityError, transaction

from baoxiu.cases import links, numbering, outbox
from baoxiu.cases.models import Attachment
from baoxiu.catalogue import coverage
from baoxiu.catalogue import operations as catalogue
from baoxiu.catalogue.models import ProductModel, Registration, Unit
from baoxiu.catalogue.records import AcceptanceRecord, RefusalRecord, RegistrationRecord, UnitRecord
from baoxiu.people import operations as people
from baoxiu.people import queries as customers
from baoxiu.people.actors import SYSTEM, Actor
from baoxiu.people.models import Customer
from baoxiu.people.records import ContactRecord, CustomerRecord
from baoxiu.people.rules import REGISTRARS, Invalid, need
from baoxiu.registrations import matching
from baoxiu.sop import registration as rules

LIFETIME = dt.timedelta(days=365)  # of the sender's own page


def submit(
    record: RegistrationRecord, *, by: Actor, now: dt.datetime, today: dt.date, channel: str, key: str = "",
    label: str = "",
) -> Registration:  # fmt: skip
    """What came from a customer; with a key that is known, what came first. `label`: the QR token scanned.

    Raises Invalid for what cannot be true whoever has the product; everything that depends on our own
    record waits for a colleague, and the sender learns nothing of it.
    """
    if key and (first := Registration.objects.filter(key=key).first()):
        return first
    unit = (
        Unit.objects.filter(qr_token=label, replaced_by=None).select_related("model").first()
        if label
        else None
    )
    model = unit.model if unit else ProductModel.objects.filter(code=record.model, is_active=True).first()
    contacts = _contacts(record, by)
    _check(record, model, unit, today)
    found = matching.match(record.serial, record.model, contacts, labelled=unit)
    wrong = rules.findings(
        record.purchase_date, found.known, has_label=unit is not None, has_proof=bool(record.files)
    )
    made = _new(record, dict(contacts), found, wrong, by, now)
    made.channel, made.key = channel, key or None
    try:
        with transaction.atomic():
            made.number = numbering.next_number(now, "registration", "RG")
            made.save(force_insert=True)
            _attach(made, record.files, by)
            if wrong:
                outbox.tell(made, "registration", now=now)
            else:
                _accept(made, _as_sent(made), by=SYSTEM, now=now, today=today)
    except IntegrityError:  # the same form, sent twice at once
        return Registration.objects.get(key=key or "-")
    return made


def _contacts(record: RegistrationRecord, by: Actor) -> list[tuple[str, str]]:
    if by.kind != "integration" and not (record.phone or record.email):
        raise Invalid("phone", "Give a phone number or an e-mail address.", "请填写电话或邮箱。")
    return people.contact_pairs(ContactRecord(phone=record.phone, email=record.email))


def _check(record: RegistrationRecord, model: ProductModel | None, unit: Unit | None, today: dt.date) -> None:
    """What can be said at once: it rests on what was sent, on the model, or on the label in the sender's hand."""
    bought = record.purchase_date
    if bought > today:
        raise Invalid("purchase_date", "Bought on: it lies in the future.", "购买日期：不能晚于今天。")
    if bought < rules.OLDEST:
        raise Invalid("purchase_date", "Bought on: it lies before 1990.", "购买日期：早于1990年。")
    if unit and unit.made_date and bought < unit.made_date:
        raise Invalid(
            "purchase_date",
            f"Bought on: the product was only made on {unit.made_date.isoformat()}.",
            f"购买日期：该产品的生产日期为{unit.made_date.isoformat()}。",
        )
    if model and not unit and not rules.fits(model.serial_format, record.serial):
        raise Invalid(
            "serial",
            f"Serial number: those of {model.code} look like {model.serial_format} (# digit, @ letter, * either).",
            f"序列号：{model.code} 的序列号格式为 {model.serial_format}（# 数字，@ 字母，* 两者均可）。",
        )


def _new(
    record: RegistrationRecord, contacts: dict[str, str], found: matching.Match, wrong: tuple[str, ...], by: Actor,
    now: dt.datetime,
) -> Registration:  # fmt: skip
    known = found.unit
    made = Registration(
        findings=list(wrong), model_code=record.model, serial=record.serial, purchase_date=record.purchase_date,
        product=record.product, dealer=record.dealer, name=record.name, phone=contacts.get("phone", ""),
        email=contacts.get("email", ""), language=record.language, unit=known, nonce=secrets.token_hex(16),
        customer_id=by.customer_id if by.kind == "integration" else None,
        expires_at=now + LIFETIME, due_at=now + rules.REVIEW, created_at=now,
    )  # fmt: skip
    made.token_hash = links.hash_of(links.token_of(made))
    return made


def _attach(made: Registration, ids: list[int], by: Actor) -> None:
    """Only the sender's own files, not yet used. Raises Invalid."""
    mine = Attachment.objects.filter(
        pk__in=ids, uploader=by.identity, case=None, entry=None, registration=None
    )
    if ids and mine.update(registration=made) != len(set(ids)):
        raise Invalid("files", "A file is not there any more; add it again.", "有附件已失效，请重新添加。")


# -- the review -------------------------------------------------------------------------------


def accept(
    found: Registration, record: AcceptanceRecord, *, by: Actor, now: dt.datetime, today: dt.date
) -> Registration:
    """It stands on record, as sent or corrected; the sender is told until when the warranty runs.

    Raises Denied, Invalid.
    """
    need(by, *REGISTRARS)
    with transaction.atomic():
        _decide(found, "accepted", by, now)
        _accept(found, record, by=by, now=now, today=today)
    return found


def refuse(found: Registration, record: RefusalRecord, *, by: Actor, now: dt.datetime) -> Registration:
    """Raises Denied, Invalid."""
    need(by, *REGISTRARS)
    with transaction.atomic():
        _decide(found, "refused", by, now)
        found.reason = record.reason
        found.save(update_fields=["reason"])
        outbox.tell(found, "registration_refused", now=now)
    return found


def _decide(found: Registration, status: str, by: Actor, now: dt.datetime) -> None:
    """Once. Raises Invalid for one already decided, by whomever."""
    mine = Registration.objects.filter(pk=found.pk, status="waiting")
    if not mine.update(status=status, decided_by=by.staff_id, decided_at=now):
        raise Invalid("", "It is decided already.", "该登记已处理。")
    found.status, found.decided_by_id, found.decided_at = status, by.staff_id, now


def _as_sent(made: Registration) -> AcceptanceRecord:
    unit = made.unit
    assert unit  # nothing was found wrong
    return AcceptanceRecord(
        model=unit.model_id,
        product=unit.product,
        serial=unit.serial or made.serial,
        purchase_date=made.purchase_date,
        proof=unit.proof or "record",  # the day is the one we have of the sale
    )


def _accept(
    found: Registration, record: AcceptanceRecord, *, by: Actor, now: dt.datetime, today: dt.date
) -> None:
    if record.purchase_date > today:
        raise Invalid("purchase_date", "Bought on: it lies in the future.", "购买日期：不能晚于今天。")
    owner = _customer(found, by, now)
    unit = _unit(found, record)
    earlier = unit.customer if unit and unit.customer_id != owner.pk else None
    if earlier and not record.earlier_owner:
        raise Invalid(
            "earlier_owner",
            "Somebody else is on record as its owner: say whether it changed hands or was a mistake.",
            "该产品登记在其他客户名下：请选择产品已转让或此前登记有误。",
        )
    bought = record.purchase_date
    if earlier and record.earlier_owner == "passed_on" and unit and unit.purchase_date:
        bought = unit.purchase_date  # the warranty runs on from the first sale
    new = UnitRecord(
        model=record.model, product=record.product, serial=record.serial, purchase_date=bought, customer=owner.pk,
        brand=unit.brand if unit else "", product_class=unit.product_class if unit else "appliance",
        delivered_date=unit.delivered_date if unit else None, made_date=unit.made_date if unit else None,
        installed_date=unit.installed_date if unit else None, price=unit.price if unit else None,
        currency=unit.currency if unit else "CNY",
        proof=record.proof or (unit.proof if unit else ""),
        site=unit.site_id if unit and not earlier and unit.customer_id else None,
    )  # fmt: skip
    if unit:
        catalogue.update_unit(unit, new, by=by, now=now)
    else:
        unit = catalogue.register_unit(new, by=by, now=now)
    found.unit, found.customer, found.earlier_owner = unit, owner, earlier
    found.passed_on = bool(earlier) and record.earlier_owner == "passed_on"
    found.status, found.decided_at = "accepted", now
    found.save(update_fields=["unit", "customer", "earlier_owner", "passed_on", "status", "decided_at"])
    until = coverage.until(unit, today)
    outbox.tell(
        found, "registration_accepted", now=now, until=until.isoformat() if until else "", product=str(unit)
    )


def _unit(found: Registration, record: AcceptanceRecord) -> Unit | None:
    """The unit on record that the corrected number means; None: it is new to us."""
    rows = Unit.objects.filter(serial=record.serial, replaced_by=None).select_related("model", "customer")
    here = sorted(rows[:20], key=lambda u: (u.model_id != record.model, u.model_id is not None, u.pk))
    fitting = [u for u in here if u.model_id in (record.model, None) or record.model is None]
    if fitting:
        return fitting[0]
    return found.unit if found.unit and not found.unit.serial else None


def _customer(found: Registration, by: Actor, now: dt.datetime) -> Customer:
    """The company whose key sent it, whoever has this phone or e-mail, or a new customer."""
    contact = ContactRecord(phone=found.phone, email=found.email)
    known = found.customer or customers.known_by(people.contact_pairs(contact))
    if known:
        return known
    return people.create_customer(
        CustomerRecord(name=found.name, language=found.language), contact, by=by, now=now
    )
