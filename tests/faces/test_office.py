"""The office through HTTP: who sees what, what a page costs, what bad input gets."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from baoxiu.catalogue.models import ProductModel, Unit
from baoxiu.intake import operations as intake
from baoxiu.people import operations as people
from baoxiu.people.models import Absence, ApiKey, Customer, Staff, Station
from baoxiu.sop import payloads
from tests.conftest import Cast

SIGN_IN = 2  # session and user
DESK = {"agent", "dispatcher", "account_manager", "manager"}
PLANNERS = {"administrator", "manager", "dispatcher"}
PAGES = {
    "/office/": DESK | {"administrator"},
    "/office/start/": {"manager", "administrator"},
    "/office/dashboard/": {"manager"},
    "/office/procedure/": {"manager", "administrator"},
    "/office/mailbox/": {"manager"},
    "/office/customers/": DESK,
    "/office/models/": DESK | {"administrator"},
    "/office/units/": DESK | {"administrator"},
    "/office/units/labels/": DESK | {"administrator"},
    "/office/units/new/": {"agent", "manager", "account_manager"},
    "/office/models/new/": {"manager", "administrator"},
    "/office/staff/": PLANNERS,
    "/office/staff/absences/": PLANNERS,
    "/office/stations/": PLANNERS,
    "/office/staff/new/": {"administrator"},
    "/office/stations/new/": {"administrator"},
    "/office/teams/new/": {"administrator"},
    "/office/skills/new/": {"administrator"},
    "/office/keys/": {"administrator"},
    "/office/jobs/": {"administrator"},
    "/office/messages/": {"manager", "administrator"},
    "/office/messages/email/quote/zh/": {"manager", "administrator"},
    "/office/messages/groups/new/": {"manager", "administrator"},
    "/office/messages/channels/sms/": {"manager", "administrator"},
    "/office/keys/new/": {"administrator"},
}


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize("address", PAGES)
def test_each_page_opens_for_its_roles_and_for_nobody_else(cast: Cast, address: str) -> None:
    for who in cast.staff:
        if who.endswith("2"):
            continue
        answer = cast.client(who).get(address, follow=who in PAGES[address])
        assert answer.status_code == (200 if who in PAGES[address] else 403), who


@pytest.mark.parametrize("address", PAGES)
def test_a_stranger_is_sent_to_sign_in(client, db: None, address: str) -> None:
    assert client.get(address).status_code == 302


@pytest.mark.parametrize(
    ("address", "who", "most"),
    [
        ("/office/dashboard/", "manager", 12),
        ("/office/procedure/", "manager", 6),
        ("/office/customers/", "manager", 4),
        ("/office/units/", "manager", 3),
        ("/office/models/", "manager", 3),
        ("/office/staff/", "administrator", 4),
        ("/office/keys/", "administrator", 3),
        ("/office/jobs/", "administrator", 4),
        ("/office/messages/", "manager", 3),
    ],
)
def test_a_page_costs_few_statements(
    cast: Cast, now, address, who, most, django_assert_max_num_queries
) -> None:
    for i in range(5):
        Customer.objects.create(name=f"客户{i}", created_at=now)
    client = cast.client(who)
    client.get(address)
    with django_assert_max_num_queries(most + SIGN_IN):
        assert client.get(address).status_code == 200


# -- customers ---------------------------------------------------------------------------------


def test_a_manager_keeps_a_company_with_contact_person_and_place(cast: Cast) -> None:
    client = cast.client("manager")
    answer = client.post(
        "/office/customers/new/",
        {"is_company": "on", "name": "新安制造", "language": "zh", "timezone": "Asia/Shanghai"},
    )
    company = Customer.objects.get(name="新安制造")
    assert answer.headers["Location"] == f"/office/customers/{company.pk}/"
    at = f"/office/customers/{company.pk}/"
    client.post(at + "person/", {"name": "何工", "title": "设备科"})
    client.post(at + "contact/", {"phone": "021 5555 1234", "person": company.people.get().pk})
    client.post(at + "site/", {"country": "CN", "city": "上海市", "street": "人民路1号", "label": "一厂"})
    manager = cast.staff["account_manager"]
    client.post(at + "account-manager/", {"account_manager": manager.pk})
    page = text(client.get(at))
    for shown in ("新安制造", "何工", "+86 21 5555 1234", "人民路1号", "一厂", manager.name):
        assert shown in page
    client.post(at + f"contact/{company.contacts.get().pk}/remove/")
    assert not company.contacts.exists()


def test_an_account_manager_opens_own_customers_only(cast: Cast) -> None:
    client = cast.client("account_manager")
    assert client.get(f"/office/customers/{cast.liu.pk}/").status_code == 200
    for part in ("", "edit/", "contact/", "site/", "person/"):
        assert client.get(f"/office/customers/{cast.wang.pk}/{part}").status_code == 404
    foreign = cast.wang.contacts.first()
    assert client.post(f"/office/customers/{cast.liu.pk}/contact/{foreign.pk}/remove/").status_code == 404
    assert "王女士" not in text(client.get("/office/customers/"))


def test_what_cannot_stand_is_said_beside_its_field(cast: Cast) -> None:
    client = cast.client("agent")
    answer = client.post(f"/office/customers/{cast.wang.pk}/contact/", {"phone": "12"})
    assert answer.status_code == 422 and "号码不正确" in text(answer)
    answer = client.post("/office/customers/new/", {"name": "", "language": "zh", "timezone": "Mars/Crater"})
    assert answer.status_code == 422
    assert not Customer.objects.filter(name="").exists()


def test_customers_are_paged_by_key(cast: Cast, now) -> None:
    Customer.objects.bulk_create(Customer(name=f"客户{i:03d}", created_at=now) for i in range(60))
    client = cast.client("manager")
    first = text(client.get("/office/customers/?q=客户"))
    older = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = text(client.get("/office/customers/" + older))
    assert "客户059" in first and "客户009" in second and "客户059" not in second


@pytest.mark.parametrize(
    "query",
    [
        "?before=x",
        "?before=99999999999999999999",
        "?q=" + "x" * 5000,
        "?kind=%00&q=%00",
        "?q=%EF%BF%BF@%F4%8F%BF%BF",
        "?q=%27%22%3Cb%3E",
    ],
)
@pytest.mark.parametrize(
    "address",
    [
        "/office/customers/",
        "/office/units/",
        "/office/models/",
        "/office/mailbox/",
        "/office/dashboard/",
        "/office/staff/",
    ],
)
def test_nonsense_in_an_address_breaks_nothing(cast: Cast, address: str, query: str) -> None:
    assert cast.client("manager").get(address + query).status_code == 200


# -- colleagues --------------------------------------------------------------------------------

NEW = {"name": "马工", "email": "ma@example.com", "language": "zh-hans", "engineer": "on"}


def test_an_invitation_link_is_shown_once_and_works(cast: Cast, client) -> None:
    answer = cast.client("administrator").post("/office/staff/new/", {**NEW, "station": cast.station.pk})
    link = re.search(r'data-copy="([^"]+)"', text(answer))[1]
    colleague = Staff.objects.get(email="ma@example.com")
    assert link not in text(cast.client("administrator").get(f"/office/staff/{colleague.pk}/"))
    path = "/" + link.split("/", 3)[3]
    assert client.get(path).status_code == 200
    done = client.post(path, {"password1": "correct-horse-42", "password2": "correct-horse-42"})
    assert done.status_code == 302
    assert client.get(path).status_code == 404


def test_an_administrator_changes_deactivates_and_takes_back(cast: Cast) -> None:
    client, engineer = cast.client("administrator"), cast.staff["engineer"]
    at = f"/office/staff/{engineer.pk}/"
    form = {"name": "张工", "email": engineer.email, "language": "en", "engineer": "on", "dispatcher": "on"}
    assert client.post(at + "edit/", form).status_code == 302
    engineer.refresh_from_db()
    assert engineer.role_set == {"engineer", "dispatcher"} and engineer.language == "en"
    client.post(at + "activity/")
    engineer.refresh_from_db()
    assert not engineer.is_active
    assert "data-copy" in text(client.post(at + "activity/"))
    assert "data-copy" in text(client.post(at + "invitation/"))
    own = f"/office/staff/{cast.staff['administrator'].pk}/activity/"
    assert client.post(own).status_code == 302
    assert Staff.objects.get(pk=cast.staff["administrator"].pk).is_active


def test_absences_and_skills_are_entered_on_a_colleagues_page(cast: Cast) -> None:
    client, engineer = cast.client("dispatcher"), cast.staff["engineer2"]
    at = f"/office/staff/{engineer.pk}/"
    today = timezone.localdate()
    away = {
        "from_date": today.isoformat(),
        "until_date": (today + dt.timedelta(days=3)).isoformat(),
        "reason": "年假",
    }
    assert client.post(at + "absence/", away).status_code == 302
    assert "年假" in text(client.get("/office/staff/absences/"))
    assert client.post(at + "absence/", {**away, "until_date": today.isoformat()}).status_code == 422
    assert client.post(at + f"absence/{Absence.objects.get().pk}/remove/").status_code == 302
    assert client.post(at + "skill/", {"skill": 1, "level": 3}).status_code == 403
    skill = cast.staff["engineer"].skills.get().skill
    manager = cast.client("manager")
    assert manager.post(at + "skill/", {"skill": skill.pk, "level": 4}).status_code == 302
    assert manager.post(at + f"skill/{engineer.skills.get().pk}/remove/").status_code == 302
    assert not engineer.skills.exists()


def test_stations_teams_and_skills_are_kept_by_the_administrator(cast: Cast) -> None:
    client = cast.client("administrator")
    assert (
        client.post(
            "/office/stations/new/", {"code": "GZ1", "name": "广州一站", "is_active": "on"}
        ).status_code
        == 302
    )
    station = Station.objects.get(code="GZ1")
    assert client.post(f"/office/stations/{station.pk}/", {"code": "SH1", "name": "x"}).status_code == 422
    assert client.post("/office/teams/new/", {"name": "一组"}).status_code == 302
    assert (
        client.post("/office/skills/new/", {"code": "tv", "name_zh": "电视", "name_en": "TVs"}).status_code
        == 302
    )
    page = text(client.get("/office/stations/"))
    assert "广州一站" in page and "一组" in page and "电视" in page


def test_a_key_is_shown_once_and_revoked_at_once(cast: Cast, client) -> None:
    admin = cast.client("administrator")
    page = text(admin.post("/office/keys/new/", {"name": "ERP", "customer": cast.liu.pk}))
    token = re.search(r'data-copy="(bx_[^"]+)"', page)[1]
    key = ApiKey.objects.get()
    assert token not in text(admin.get("/office/keys/"))
    headers = {"authorization": f"Bearer {token}"}
    assert client.get("/api/cases", headers=headers).status_code == 200
    admin.post(f"/office/keys/{key.pk}/revoke/")
    assert client.get("/api/cases", headers=headers).status_code == 401
    assert admin.post("/office/keys/new/", {"name": "none"}).status_code == 422


# -- catalogue ---------------------------------------------------------------------------------


def test_a_model_and_a_unit_are_kept_and_labelled(cast: Cast) -> None:
    manager = cast.client("manager")
    model = {
        "code": "KFR-35",
        "name": "空调",
        "brand": "海清",
        "product_class": "appliance",
        "warranty_months": "72",
        "is_active": "on",
    }
    assert manager.post("/office/models/new/", model).status_code == 302
    made = ProductModel.objects.get(code="KFR-35")
    assert made.warranty_months == 72
    unit = {"model": made.pk, "serial": "K-1", "customer": cast.wang.pk, "product_class": "appliance"}
    answer = manager.post("/office/units/new/", unit)
    found = Unit.objects.get(serial="K-1")
    assert answer.headers["Location"] == f"/office/units/{found.pk}/"
    page = text(manager.get(f"/office/units/{found.pk}/"))
    assert f"/u/{found.qr_token}/" in page and "<svg" in page and "王女士" in page
    assert found.qr_token not in text(manager.get(f"/office/units/labels/?unit={found.pk}"))  # only the code
    token = found.qr_token
    manager.post(f"/office/units/{found.pk}/label/")
    found.refresh_from_db()
    assert found.qr_token != token
    assert manager.post("/office/units/new/", {**unit, "customer": ""}).status_code == 422


def test_an_administrator_sees_units_without_their_owners_and_cases(cast: Cast, now) -> None:
    payload = payloads.Register(
        channel="phone", problem="秘密的故障", customer_id=cast.wang.pk, unit_id=cast.unit.pk
    )
    intake.register(payload, by=cast.actor("agent"), now=now)
    client = cast.client("administrator")
    for address in (
        "/office/units/",
        f"/office/units/{cast.unit.pk}/",
        f"/office/models/{cast.unit.model_id}/",
    ):
        page = text(client.get(address))
        assert "王女士" not in page and "秘密的故障" not in page
    assert "秘密的故障" in text(cast.client("manager").get(f"/office/units/{cast.unit.pk}/"))
    assert client.get(f"/office/customers/{cast.wang.pk}/").status_code == 403
    assert cast.client("account_manager").get(f"/office/units/{cast.unit.pk}/").status_code == 404


def test_people_operations_refuse_what_a_forged_form_asks(cast: Cast) -> None:
    """The roles are asked twice: at the door and in the operation."""
    with pytest.raises(people.Denied):
        people.deactivate(cast.staff["agent"], by=cast.actor("manager"), now=timezone.now())
    client = cast.client("manager")
    assert client.post(f"/office/staff/{cast.staff['agent'].pk}/activity/").status_code == 403
    assert client.post("/office/staff/new/", NEW).status_code == 403


def test_working_hours_are_chosen_by_the_name_of_the_weekday(cast: Cast) -> None:
    address = f"/office/staff/{cast.staff['engineer'].pk}/hours/"
    page = text(cast.client("dispatcher").get(address, headers={"accept-language": "zh-CN"}))
    assert re.search(r'<option value="1"[^>]*>周一</option>', page)
    assert re.search(r'<option value="7"[^>]*>周日</option>', page)
    filled = {"weekday": "6", "from_time": "10:00", "until_time": "14:00"}
    shown = text(
        cast.client("dispatcher").post(address, filled, follow=True, headers={"accept-language": "en"})
    )
    assert "Sat · 10:00–14:00" in shown
    assert cast.staff["engineer"].hours.get().weekday == 6
