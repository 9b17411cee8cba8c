"""C2: models of any class and the units sold."""

from __future__ import annotations

import datetime as dt

import pytest

from baoxiu.catalogue import operations, queries, records
from baoxiu.catalogue.models import ProductModel, Unit
from baoxiu.people.actors import ANONYMOUS, Actor
from baoxiu.people.models import Skill
from baoxiu.sop import codes


@pytest.mark.parametrize("product_class", codes.PRODUCT_CLASSES)
def test_a_model_of_any_class_is_registered_and_changed(cast, now, product_class):
    by = cast.actor("manager")
    record = records.ModelRecord(
        code="M-1", name="新型号", product_class=product_class, skill=Skill.objects.get().pk
    )
    model = operations.save_model(None, record, by=by, now=now)
    changed = operations.save_model(model, record.model_copy(update={"warranty_months": 36}), by=by, now=now)
    assert (changed.pk, changed.warranty_months, changed.product_class) == (model.pk, 36, product_class)


@pytest.mark.parametrize("who", ["agent", "engineer", "dispatcher", "account_manager"])
def test_others_do_not_change_models(cast, now, who):
    with pytest.raises(operations.Denied):
        operations.save_model(None, records.ModelRecord(code="M", name="m"), by=cast.actor(who), now=now)


def test_a_model_code_is_there_once(cast, now):
    with pytest.raises(operations.Invalid) as invalid:
        operations.save_model(
            None, records.ModelRecord(code="XQG100", name="m"), by=cast.actor("manager"), now=now
        )
    assert invalid.value.field == "code"
    assert ProductModel.objects.count() == 1


def test_a_unit_is_registered_with_what_its_model_says(cast, now):
    by, model = cast.actor("agent"), ProductModel.objects.get()
    site = cast.sun.sites.get()
    record = records.UnitRecord(
        model=model.pk, serial="SN-9", customer=cast.sun.pk, site=site.pk, purchase_date="2026-10-01"
    )
    unit = operations.register_unit(record, by=by, now=now)
    assert (unit.product, unit.brand, unit.product_class) == ("滚筒洗衣机", "海清", "appliance")
    moved = record.model_copy(update={"customer": cast.wang.pk, "site": None})
    assert operations.update_unit(unit, moved, by=by, now=now).customer == cast.wang
    token = unit.qr_token
    assert operations.new_label(unit, by=by, now=now).qr_token != token


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("product", {"product": ""}),
        ("model", {"model": 9999}),
        ("customer", {"customer": 9999}),
        ("site", {"site": 9999}),
        ("purchase_date", {"purchase_date": "2026-12-01"}),
    ],
)
def test_a_unit_that_cannot_be_one_is_refused_by_field(cast, now, field, more):
    record = records.UnitRecord(**{"product": "冰箱", **more})
    with pytest.raises(operations.Invalid) as invalid:
        operations.register_unit(record, by=cast.actor("agent"), now=now)
    assert invalid.value.field == field
    assert Unit.objects.count() == 2


def test_a_serial_is_there_once_per_model(cast, now):
    record = records.UnitRecord(model=ProductModel.objects.get().pk, serial="SN-NEW-1")
    with pytest.raises(operations.Invalid) as invalid:
        operations.register_unit(record, by=cast.actor("agent"), now=now)
    assert invalid.value.field == "serial"


def test_units_are_seen_by_those_who_may(cast, now, django_assert_max_num_queries):
    stock = Unit.objects.create(product="样机", created_at=now)
    with django_assert_max_num_queries(1):
        assert len(queries.units(cast.actor("agent"))) == 3
    assert queries.units(cast.actor("account_manager")) == [stock]
    assert queries.units(ANONYMOUS) == [] == queries.units(cast.actor("engineer"))
    assert queries.models(ANONYMOUS) == []
    with pytest.raises(Unit.DoesNotExist):
        queries.unit(cast.actor("account_manager"), cast.unit.pk)
    with pytest.raises(operations.Denied):
        operations.new_label(cast.unit, by=cast.actor("account_manager"), now=now)
    key = Actor("integration", "", frozenset({"integration"}), customer_id=cast.wang.pk, key_id=1)
    assert set(queries.units(key)) == {cast.unit, cast.old_unit}


def test_units_are_found_by_the_first_signs_of_the_serial_and_by_product(cast):
    by = cast.actor("agent")
    assert queries.units(by, "SN-NEW") == [cast.unit]
    assert queries.units(by, "洗衣机", before=cast.old_unit.pk) == [cast.unit]
    assert queries.units(by, "%") == []
    assert [m.code for m in queries.models(by, "xqg")] == ["XQG100"]


def test_the_day_of_purchase_may_be_today_anywhere(cast, now):
    record = records.UnitRecord(product="冰箱", purchase_date=now.date() + dt.timedelta(days=1))
    assert operations.register_unit(record, by=cast.actor("agent"), now=now).purchase_date
