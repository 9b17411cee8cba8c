"""C3.3, C7: warranty terms and the law's rules in the office and over the API."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from baoxiu.cases import impact
from baoxiu.cases.models import Case
from baoxiu.catalogue import coverage
from baoxiu.catalogue.models import ProductModel, Unit
from baoxiu.people.rules import Denied, Invalid
from baoxiu.sop.warranty import FIRST, CoverageTerm, Warranty
from baoxiu.terms import operations, switches, warranty
from baoxiu.terms.models import RuleSwitch, WarrantyVersion
from baoxiu.terms.records import Switch, WarrantyPublication
from tests.conftest import NOW
from tests.faces.machine import machine, problem, request_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TODAY = NOW.date()


def document(*coverages: CoverageTerm) -> Warranty:
    return FIRST.model_copy(update={"coverages": list(coverages)})


def published(cast, months: int, begins: dt.date, **more) -> WarrantyVersion:
    boss = cast.actor("manager")
    made = operations.draft(by=boss, now=NOW)
    operations.save(made, document(CoverageTerm(months=months)), by=boss, now=NOW)
    record = WarrantyPublication(in_force_from=begins, reason="年度调整", **more)
    return operations.publish_warranty(made, record, sold=coverage.sold(), by=boss, now=NOW)


# -- operations ---------------------------------------------------------------------------------


def test_a_purchase_keeps_the_version_of_its_day(cast):
    made = published(cast, 24, TODAY + DAY)
    assert warranty.of_day(TODAY).number == 0 and warranty.of_day(TODAY + DAY).number == 1
    assert made.sha256 == made.document.sha256(made.in_force_from)
    (before,) = coverage.promises(cast.unit, TODAY, TODAY)
    (after,) = coverage.promises(cast.unit, TODAY + DAY, TODAY + DAY)
    assert (before.months, after.months) == (12, 24) and after.name.startswith("v1 ")


def test_what_is_published_never_changes_and_one_draft_is_enough(cast):
    boss = cast.actor("administrator")
    made = published(cast, 24, TODAY)
    for verb in (
        lambda: operations.save(made, FIRST, by=boss, now=NOW),
        lambda: operations.discard(made, by=boss, now=NOW),
    ):
        with pytest.raises(Invalid, match="never changes"):
            verb()
    again = operations.draft(by=boss, now=NOW)
    assert again.pk == operations.draft(by=boss, now=NOW).pk and again.document == made.document
    operations.discard(again, by=boss, now=NOW)
    with pytest.raises(Denied):
        operations.draft(by=cast.actor("agent"), now=NOW)


def test_what_takes_away_keeps_the_notice_and_nothing_begins_in_the_past(cast):
    published(cast, 24, TODAY)
    for begins, months in ((TODAY - DAY, 36), (TODAY + 30 * DAY, 12), (TODAY + 400 * DAY, 36)):
        with pytest.raises(Invalid) as refused:
            published(cast, months, begins)
        assert refused.value.field == "in_force_from"
    assert published(cast, 12, TODAY + 31 * DAY).number == 2
    with pytest.raises(Invalid, match="earlier version"):
        published(cast, 36, TODAY)


def test_weaker_than_the_law_needs_a_sign_off_that_is_kept(cast):
    with pytest.raises(operations.Unlawful) as refused:
        published(cast, 6, TODAY + 31 * DAY)
    assert "CN-3BAO-95-003" in {f.rule for f in refused.value.findings}
    made = published(cast, 6, TODAY + 31 * DAY, sign_off="法务 郑律师：仅限企业客户")
    assert made.sign_off and made.status == "published"


def test_a_models_own_months_are_not_shortened_once_sold(cast):
    model = ProductModel.objects.get()
    record = {"code": model.code, "name": model.name}
    boss = cast.actor("manager")
    client = machine(cast, "manager")
    assert client.send("PUT", f"/models/{model.pk}", {**record, "warranty_months": 36}).status_code == 200
    problem(client.send("PUT", f"/models/{model.pk}", {**record, "warranty_months": 24}), 422)
    assert [p.months for p in coverage.promises(Unit.objects.get(pk=cast.unit.pk), TODAY, TODAY)] == [
        12,
        36,
    ] and boss


# -- impact -------------------------------------------------------------------------------------


def test_the_impact_counts_units_bought_from_the_day_and_the_cases(cast, django_assert_max_num_queries):
    long = document(CoverageTerm(months=48))
    number = request_of(cast.wang, unit_id=cast.old_unit.pk)
    Unit.objects.filter(pk=cast.unit.pk).update(purchase_date=TODAY)
    Case.objects.filter(number=number).update(unit=cast.old_unit)
    with django_assert_max_num_queries(8):
        found = impact.weigh(cast.actor("manager"), FIRST, long, TODAY, today=TODAY)
    assert (found.units.looked, found.units.better, found.units.worse) == (1, 1, 0)
    assert (found.cases.looked, found.as_if.looked) == (0, 1)
    (case,) = found.as_if.cases
    assert (case.number, case.before, case.after) == (number, "paid", "free")
    worse = impact.weigh(cast.actor("manager"), long, FIRST, dt.date(2020, 1, 1), today=TODAY)
    assert (worse.units.worse, worse.cases.worse, worse.as_if.worse) == (2, 1, 1)


def test_the_impact_is_bounded_and_says_so(cast):
    found = impact.weigh(cast.actor("manager"), FIRST, FIRST, dt.date(2020, 1, 1), today=TODAY, limit=1)
    assert (found.units.looked, found.units.is_all, found.units.changed) == (1, False, 0)
    assert impact.weigh(
        cast.actor("manager"), FIRST, FIRST, dt.date(2020, 1, 1), today=TODAY, limit=2
    ).units.is_all


# -- switches -----------------------------------------------------------------------------------


def test_a_rule_is_switched_with_a_reason_and_decides_no_more(cast):
    boss = cast.actor("administrator")
    client = machine(cast, "agent")
    washer = {
        "product_class": "washing_machine",
        "sold_on": "2026-05-01",
        "claim_on": "2026-10-01",
        "fault": "quality",
    }
    assert client.post("/entitlement", washer).json()["outcome"] == "free"
    for rule in ("CN-3BAO-95-003", "row/washing_machine"):
        operations.switch(Switch(rule=rule, is_on=False, reason="待法务核对"), by=boss, now=NOW)
    assert client.post("/entitlement", washer).json()["outcome"] == "paid"
    operations.switch(Switch(rule="CN-3BAO-95-003", is_on=True, reason="已核对"), by=boss, now=NOW)
    operations.switch(Switch(rule="row/washing_machine", is_on=True, reason="已核对"), by=boss, now=NOW)
    assert client.post("/entitlement", washer).json()["outcome"] == "free"
    assert [t.is_on for t in RuleSwitch.objects.all()] == [False, False, True, True]
    for wrong in (
        Switch(rule="nothing", is_on=True, reason="x"),
        Switch(rule="CN-3BAO-95-003", is_on=True, reason="x"),
    ):
        with pytest.raises(Invalid):
            operations.switch(wrong, by=boss, now=NOW)
    with pytest.raises(Denied):
        operations.switch(
            Switch(rule="CN-3BAO-95-003", is_on=False, reason="x"), by=cast.actor("agent"), now=NOW
        )


def test_what_ships_off_can_be_switched_on(cast):
    assert "row/electric_fan" in switches.off()
    operations.switch(
        Switch(rule="row/electric_fan", is_on=True, reason="附件已核对"), by=cast.actor("manager"), now=NOW
    )
    assert "row/electric_fan" not in switches.off()


# -- pages --------------------------------------------------------------------------------------


def test_the_rules_page_shows_filters_and_switches(cast, django_assert_max_num_queries):
    boss = cast.client("manager")
    with django_assert_max_num_queries(8):
        page = boss.get("/office/rules/").text
    assert "CN-LAYER-005" in page and "未核实" in page
    assert "《部分商品修理更换退货责任规定》第9条" in page and "1995 rule" not in page
    off = boss.get("/office/rules/?show=off").text
    assert "row/electric_fan" in off and "row/bicycle" not in off
    assert boss.get("/office/rules/switch/?rule=row/electric_fan").status_code == 200
    form = {"rule": "row/electric_fan", "is_on": "on", "reason": "附件已核对"}
    assert boss.post("/office/rules/switch/", {**form, "reason": ""}).status_code == 422
    assert boss.post("/office/rules/switch/", form).status_code == 302
    page = boss.get("/office/rules/").text
    assert "附件已核对" in page and "陈主管" in page
    assert "/office/rules/switch/" not in cast.client("agent").get("/office/rules/").text


def test_hostile_words_stand_as_they_are(cast):
    bad = '<script>alert(1)</script>{{7*7}}"><img src=x onerror=1>'
    boss = cast.actor("manager")
    made = operations.draft(by=boss, now=NOW)
    operations.save(
        made, Warranty(zh=bad, en=bad, coverages=[CoverageTerm(months=12, model=bad)]), by=boss, now=NOW
    )
    page = cast.client("manager").get(f"/office/warranty/{made.pk}/").text
    assert "<script>alert" not in page and "<img src=x" not in page and "{{7*7}}" in page


def test_who_reads_sees_no_button_and_no_impact(cast):
    made = (
        published(cast, 24, timezone.localdate() + DAY)
        if timezone.localdate() < TODAY
        else published(cast, 24, TODAY)
    )
    page = cast.client("agent").get(f"/office/warranty/{made.pk}/")
    assert (
        page.status_code == 200
        and "年度调整" in page.text
        and "影响" not in page.text
        and "/publish/" not in page.text
    )
    assert cast.client("agent").post("/office/warranty/new/").status_code == 403


def test_the_last_click_says_what_it_does_and_what_it_means(cast):
    made = operations.draft(by=cast.actor("manager"), now=NOW)
    page = cast.client("manager").get(f"/office/warranty/{made.pk}/publish/").text
    assert re.search(r"<button[^>]*>(<svg.*?</svg>)?\s*发布\s*</button>", page) and ">保存<" not in page
    assert "影响" in page and "其中的在办单" in page
