"""C2, C4.1: what the request is about and where it stands. Unknown units are allowed."""

from __future__ import annotations

import datetime as dt

from baoxiu.cases import insertion, steps
from baoxiu.catalogue.models import ProductModel, Unit
from baoxiu.intake.who import Memory, is_checked, may_fill_in
from baoxiu.people.actors import Actor
from baoxiu.people.models import Customer, Site
from baoxiu.sop import payloads
from baoxiu.sop.text import Text


def site(
    payload: payloads.Register, customer: Customer, *, is_new: bool, memory: Memory | None = None
) -> Site | None:
    """The customer's site with exactly this address, made where there is none; None without an address."""
    address = payload.address
    if address is None or not (address.province or address.city or address.district or address.street):
        return None
    place = address.model_dump(exclude={"lat", "lon"})
    found = None if is_new else Site.objects.filter(customer=customer, **place).order_by("pk").first()
    return found or insertion.insert(Site(customer=customer, **address.model_dump()))


def unit(
    payload: payloads.Register,
    customer: Customer,
    where: Site | None,
    *,
    by: Actor,
    now: dt.datetime,
    is_new: bool,
    qr_token: str = "",
    memory: Memory | None = None,
) -> tuple[Unit | None, int | None]:
    """(the unit, the id of somebody else's unit with this serial: a hint for the desk, never shown outside)."""
    if qr_token:
        return _scanned(qr_token, customer, where), None
    if payload.unit_id:
        known = Unit.objects.filter(pk=payload.unit_id, customer=customer).select_related("model").first()
        if known is None or not may_fill_in(by):
            raise _refused(
                "unit_id", "Unit: this customer has none with this id.", "设备：该客户没有这台设备。"
            )
        return known, None
    model = _model(payload, memory)
    if not (payload.serial or payload.product or payload.brand or model or payload.purchase_date):
        return None, None
    if payload.serial:
        mine, hint = _by_serial(payload, model, customer, where, by, memory)
        if mine or hint:
            return mine, hint
    elif not is_new and (mine := _alike(payload, model, customer)):
        return mine, None
    return _create(payload, model, customer, where, now), None


def _refused(field: str, en: str, zh: str) -> steps.StepRefused:
    return steps.StepRefused("invalid", Text(en, zh), field)


def _scanned(token: str, customer: Customer, where: Site | None) -> Unit:
    """The unit whose label was scanned: whoever holds it may report it. One sold to nobody becomes his."""
    found = Unit.objects.filter(qr_token=token[:40]).select_related("model").first()
    if found is None:
        raise _refused("qr", "This label is not known here.", "无法识别该二维码。")
    if found.customer_id is None:
        found.customer, found.site = customer, where
        found.save(update_fields=["customer", "site"])
    return found


def _model(payload: payloads.Register, memory: Memory | None) -> ProductModel | None:
    """The model of the code given; an unknown code is fine where a product is named."""
    if not payload.model:
        return None
    code = payload.model
    if memory is not None and code in memory.models:
        found = memory.models[code]
    else:
        found = ProductModel.objects.filter(code=code, is_active=True).first()
        if memory is not None:
            memory.models[code] = found
    if found is None and not payload.product:
        raise _refused(
            "model",
            "Model: it is not in our catalogue; name the product as well.",
            "型号：产品目录中没有；请同时填写产品名称。",
        )
    return found


def _by_serial(
    payload: payloads.Register,
    model: ProductModel | None,
    customer: Customer,
    where: Site | None,
    by: Actor,
    memory: Memory | None,
) -> tuple[Unit | None, int | None]:
    """The customer's unit with this serial; another's is only a hint. One sold to nobody yet becomes his where a

    colleague says so: who merely knows a serial – over the web, by a link, with a company's key – gets no unit by it.
    """
    if memory is not None and payload.serial not in memory.serials_taken:
        memory.serials_taken.add(payload.serial)
        return None, None
    found = Unit.objects.filter(serial=payload.serial).select_related("model")
    if model:
        found = found.filter(model=model) | found.filter(model=None)
    rows = sorted(found[:20], key=lambda u: (u.customer_id != customer.pk, u.customer_id is not None, u.pk))
    if not rows:
        return None, None
    best = rows[0]
    if best.customer_id == customer.pk:
        if is_checked(by):
            _complete(best, payload, where)
        return best, None
    if best.customer_id is not None:
        return None, best.pk
    if not is_checked(by):
        return None, best.pk
    best.customer, best.site = customer, where
    best.save(update_fields=["customer", "site"])
    return best, None


def _complete(unit: Unit, payload: payloads.Register, where: Site | None) -> None:
    """What was not known of the unit yet; nothing on record is overwritten."""
    changed = []
    if payload.purchase_date and not unit.purchase_date:
        unit.purchase_date = payload.purchase_date
        changed.append("purchase_date")
    if where and unit.site_id is None:
        unit.site = where
        changed.append("site")
    if changed:
        unit.save(update_fields=changed)


def _alike(payload: payloads.Register, model: ProductModel | None, customer: Customer) -> Unit | None:
    """The same product of this customer, named before without a serial."""
    return (
        Unit.objects.filter(
            customer=customer,
            serial="",
            model=model,
            product=payload.product or (model.name if model else ""),
            brand=payload.brand or (model.brand if model else ""),
            purchase_date=payload.purchase_date,
        )
        .order_by("pk")
        .first()
    )


def _create(
    payload: payloads.Register,
    model: ProductModel | None,
    customer: Customer,
    where: Site | None,
    now: dt.datetime,
) -> Unit:
    made = Unit(
        model=model,
        product=payload.product or (model.name if model else ""),
        brand=payload.brand or (model.brand if model else ""),
        product_class=model.product_class if model else payload.product_class,
        serial=payload.serial,
        purchase_date=payload.purchase_date,
        customer=customer,
        site=where,
        created_at=now,
    )
    return insertion.insert(made)
