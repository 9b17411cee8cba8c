"""C2: models of any class, and the units sold of them, from the catalogue to the label on the product."""

from __future__ import annotations

from functools import cache as cache_of

import pytest
from django.core.cache import cache
from django.utils import timezone

from baoxiu.cases.models import Case
from baoxiu.catalogue.models import ProductModel, Unit
from baoxiu.sop import codes
from tests.faces.machine import machine
from tests.faces.portal import browser, filled

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


class Pages:
    """The office, as a browser without a script uses it."""

    def __init__(self, cast, who):
        self.client = cast.client(who)

    def model(self, **given):
        return self.client.post(
            "/office/models/new/", {"is_active": "on", "warranty_months": "12", **given}
        ).status_code

    def unit(self, **given):
        return self.client.post("/office/units/new/", {"product_class": "appliance", **given}).status_code

    def change(self, unit, **given):
        return self.client.post(
            f"/office/units/{unit.pk}/edit/", {"product_class": "appliance", **given}
        ).status_code

    def renew(self, unit):
        return self.client.post(f"/office/units/{unit.pk}/label/").status_code

    def shown(self, unit):
        answer = self.client.get(f"/office/units/{unit.pk}/")
        return answer.content.decode() if answer.status_code == 200 else ""


class Api:
    """The same through the API."""

    def __init__(self, cast, who):
        self.machine = machine(cast, who)

    def model(self, **given):
        return self.machine.post("/models", given).status_code

    def unit(self, **given):
        return self.machine.post("/units", given).status_code

    def change(self, unit, **given):
        return self.machine.send("PUT", f"/units/{unit.pk}", given).status_code

    def renew(self, unit):
        return self.machine.post(f"/units/{unit.pk}/label").status_code

    def shown(self, unit):
        answer = self.machine.get(f"/units/{unit.pk}")
        return answer.content.decode() if answer.status_code == 200 else ""


@pytest.fixture(params=[Pages, Api], ids=["pages", "api"])
def office(request, cast):
    """`office("manager")`: the manager at the office; the same one when asked again."""
    return cache_of(lambda who: request.param(cast, who))


DONE, REFUSED = (200, 201, 302), (400, 403, 404, 409, 422)


def test_products_of_every_class_are_registered_and_the_unit_takes_the_class(office, cast):
    manager = office("manager")
    for code in codes.PRODUCT_CLASSES:
        assert manager.model(code=f"M-{code}", name=f"产品 {code}", product_class=code) in DONE
        model = ProductModel.objects.get(code=f"M-{code}")
        assert manager.unit(model=model.pk, serial=f"S-{code}", customer=cast.wang.pk) in DONE
        assert Unit.objects.get(serial=f"S-{code}").product_class == code


def test_a_unit_keeps_serial_purchase_owner_place_and_label(office, cast):
    manager, site = office("manager"), cast.sun.sites.get()
    bought = timezone.localdate().isoformat()
    given = {"product": "冰箱", "brand": "海清", "serial": "R-1", "purchase_date": bought}
    assert manager.unit(**given, customer=cast.sun.pk, site=site.pk) in DONE
    unit = Unit.objects.get(serial="R-1")
    assert (unit.customer, unit.site, unit.purchase_date.isoformat()) == (cast.sun, site, bought)
    assert "R-1" in manager.shown(unit)
    before = unit.qr_token
    assert manager.renew(unit) in DONE
    unit.refresh_from_db()
    assert unit.qr_token != before
    assert browser().get(f"/u/{before}/").status_code == 404
    assert browser().get(f"/u/{unit.qr_token}/").status_code == 200


def test_a_unit_changes_hands_and_keeps_its_history(office, cast):
    case = Case.objects.get(number=_reported(cast, cast.unit))
    manager = office("manager")
    assert manager.change(cast.unit, product="滚筒洗衣机", serial="SN-NEW-1", customer=cast.sun.pk) in DONE
    cast.unit.refresh_from_db()
    assert cast.unit.customer == cast.sun
    assert Case.objects.get(unit=cast.unit) == case


def _reported(cast, unit):
    """王女士 scans the label on her machine and asks for service."""
    path = f"/u/{unit.qr_token}/request/"
    browser().post(path, filled())
    return Case.objects.latest("id").number


def test_a_label_leads_to_a_request_that_knows_the_product(cast):
    case = Case.objects.get(number=_reported(cast, cast.unit))
    assert (case.channel, case.unit, case.customer) == ("qr", cast.unit, cast.wang)
    assert cast.client("agent").get(f"/desk/cases/{case.number}/").status_code == 200
    page = cast.client("manager").get(f"/office/units/{cast.unit.pk}/").content.decode()
    assert case.number in page


def test_others_change_no_model_and_no_foreign_unit(office, cast):
    for who in ("agent", "engineer", "dispatcher"):
        assert office(who).model(code="M-X", name="x", product_class="appliance") in REFUSED
    assert office("engineer").unit(product="冰箱") in REFUSED
    own = office("account_manager")
    assert own.change(cast.unit, product="x", serial="SN-NEW-1") in REFUSED
    assert own.renew(cast.unit) in REFUSED and own.shown(cast.unit) == ""
    assert not ProductModel.objects.filter(code="M-X").exists() and Unit.objects.count() == 2


def test_what_cannot_be_is_refused_and_changes_nothing(office, cast):
    manager = office("manager")
    assert manager.model(code="XQG100", name="noch einmal", product_class="appliance") in REFUSED
    assert manager.model(code="M-Y", name="y", product_class="spaceship") in REFUSED
    assert manager.unit(product="冰箱", purchase_date="2999-01-01") in REFUSED
    assert manager.unit(product="冰箱", customer=999_999) in REFUSED
    assert manager.unit() in REFUSED
    assert ProductModel.objects.count() == 1 and Unit.objects.count() == 2
