"""C2: models come and go, units are registered, labels are made."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from baoxiu.catalogue import queries
from baoxiu.catalogue.models import ProductModel, Unit, new_token
from baoxiu.catalogue.records import ModelRecord, UnitRecord
from baoxiu.people import queries as people
from baoxiu.people.actors import Actor
from baoxiu.people.models import Customer, Skill
from baoxiu.people.rules import CUSTOMER_KEEPERS, Denied, Invalid, need

MODEL_KEEPERS = ("administrator", "manager")

__all__ = ["MODEL_KEEPERS", "Denied", "Invalid", "new_label", "register_unit", "save_model", "update_unit"]


def save_model(
    model: ProductModel | None, record: ModelRecord, *, by: Actor, now: dt.datetime
) -> ProductModel:
    """A new model (None) or a changed one. Raises Denied, Invalid."""
    need(by, *MODEL_KEEPERS)
    model = model or ProductModel()
    if _is_shortened(model, record.warranty_months):
        raise Invalid(
            "warranty_months",
            "Units were sold with a longer warranty; it is not shortened afterwards. Use the warranty terms.",
            "已有按更长保修期售出的产品，不能事后缩短；请通过保修条款调整。",
        )
    if ProductModel.objects.filter(code=record.code).exclude(pk=model.pk).exists():
        raise Invalid("code", "Model code: another model has it.", "型号代码：已有其他型号使用。")
    if record.skill and not Skill.objects.filter(pk=record.skill).exists():
        raise Invalid("skill", "Skill: there is none with this id.", "技能：没有这项技能。")
    for name, value in record.model_dump(exclude={"skill"}).items():
        setattr(model, name, value)
    model.skill_id = record.skill
    model.save()
    return model


def _is_shortened(model: ProductModel, months: int | None) -> bool:
    """C7: a purchase keeps the promise of its day."""
    was = model.warranty_months
    return was is not None and (months or 0) < was and Unit.objects.filter(model_id=model.pk).exists()


def register_unit(record: UnitRecord, *, by: Actor, now: dt.datetime) -> Unit:
    """A unit sold, or one still in stock (no owner). Raises Denied, Invalid."""
    need(by, *CUSTOMER_KEEPERS)
    return _fill(Unit(created_at=now), record, by, now)


def update_unit(unit: Unit, record: UnitRecord, *, by: Actor, now: dt.datetime) -> Unit:
    """Raises Denied, Invalid. A unit that changed hands keeps its history."""
    need(by, *CUSTOMER_KEEPERS)
    if not queries.visible_units(by).filter(pk=unit.pk).exists():
        raise Denied("unit")
    return _fill(unit, record, by, now)


def _fill(unit: Unit, record: UnitRecord, by: Actor, now: dt.datetime) -> Unit:
    model = ProductModel.objects.filter(pk=record.model).first() if record.model else None
    if record.model and model is None:
        raise Invalid("model", "Model: there is none with this id.", "型号：没有这个型号。")
    if not (model or record.product or record.serial):
        raise Invalid(
            "product", "Say what it is: a model, a product or a serial number.", "请填写型号、产品或序列号。"
        )
    if record.purchase_date and record.purchase_date > now.date() + dt.timedelta(days=1):
        raise Invalid("purchase_date", "Purchase date: it lies in the future.", "购买日期：不能晚于今天。")
    customer = people.visible_customers(by).filter(pk=record.customer).first() if record.customer else None
    if record.customer and customer is None:
        raise Invalid("customer", "Owner: there is no customer with this id.", "客户：没有这个编号的客户。")
    if record.delivered_date and record.purchase_date and record.delivered_date < record.purchase_date:
        raise Invalid(
            "delivered_date", "Delivery date: it lies before the purchase.", "交付日期：早于购买日期。"
        )
    if record.made_date and record.purchase_date and record.purchase_date < record.made_date:
        raise Invalid("made_date", "Made on: it lies after the purchase.", "生产日期：晚于购买日期。")
    if record.installed_date and record.purchase_date and record.installed_date < record.purchase_date:
        raise Invalid(
            "installed_date", "Installed on: it lies before the purchase.", "安装日期：早于购买日期。"
        )
    unit.model, unit.serial, unit.purchase_date = model, record.serial, record.purchase_date
    unit.delivered_date, unit.made_date = record.delivered_date, record.made_date
    unit.installed_date, unit.price = record.installed_date, record.price
    unit.proof, unit.currency = record.proof, record.currency
    unit.product = record.product or (model.name if model else "")
    unit.brand = record.brand or (model.brand if model else "")
    unit.product_class = model.product_class if model else record.product_class
    unit.customer = customer
    unit.site_id = _site(record.site, customer)
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError:
        raise Invalid(
            "serial", "Serial number: this model has one with it.", "序列号：该型号下已有相同序列号。"
        ) from None
    return unit


def _site(site: int | None, customer: Customer | None) -> int | None:
    if not site:
        return None
    if customer is None or not customer.sites.filter(pk=site).exists():
        raise Invalid(
            "site", "Where it stands: the owner has no such place.", "所在地点：该客户没有这个地点。"
        )
    return site


def new_label(unit: Unit, *, by: Actor, now: dt.datetime) -> Unit:
    """A fresh QR token; the label in use so far ends. Raises Denied."""
    need(by, *CUSTOMER_KEEPERS)
    if not queries.visible_units(by).filter(pk=unit.pk).exists():
        raise Denied("unit")
    unit.qr_token = new_token()
    unit.save(update_fields=["qr_token"])
    return unit
