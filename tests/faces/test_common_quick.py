"""What is remembered gives what would be worked out anew."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from jinja2 import DictLoader
from markupsafe import Markup

from baoxiu.cases.models import Case
from baoxiu.faces.common import jinja, quick
from baoxiu.people.models import Contact, Staff
from baoxiu.people.remembered import remembered
from baoxiu.people.sessions import SessionStore
from tests.conftest import Cast


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("desk:cases", ()),
        ("desk:case", ("BX-2611-000001",)),
        ("desk:step", ("BX-2611-000001", "reply")),
        ("desk:case", ("a b/ü%",)),
        ("desk:case", ("{0}",)),
        ("common:file", (7,)),
        ("common:file", (0,)),
    ],
)
def test_an_address_is_the_one_django_gives(name: str, args: tuple[object, ...]) -> None:
    try:
        expected = reverse(name, args=args)
    except Exception as error:
        with pytest.raises(type(error)):
            quick.url(name, args=args)
        return
    assert quick.url(name, args=args) == expected == quick.url(name, args=args)


def test_an_address_that_cannot_be_is_refused_as_before() -> None:
    with pytest.raises(NoReverseMatch):
        quick.url("common:file", args=[-1])


def test_words_follow_the_language_of_the_moment() -> None:
    said = []
    for language in ("zh-hans", "en", "zh-hans"):
        with translation.override(language):
            said.append(quick.gettext("nobody"))
    assert said[0] == said[2] != said[1] == "nobody"


def test_a_value_in_a_sentence_is_escaped() -> None:
    with translation.override("en"):
        assert quick.spoken("Mark %(number)s", number="<b>") == "Mark &lt;b&gt;"
        assert quick.spoken("100%%") == "100%"


def test_a_page_says_what_it_always_says_without_asking_each_time() -> None:
    environment = jinja.environment(autoescape=True)
    source = '{{ _("Search") }}|{{ url("desk:inbox") }}|{{ icon("x", _("Close")) }}|{{ url("desk:case", args=[n]) }}'
    said = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            template = environment.from_string(source)
            assert len(re.findall(r"context\.call\(", environment.compile(source, raw=True))) == 1
            said.append(template.render(n="BX-2611-000001"))
    english, chinese = said
    assert english == "|".join(
        [
            "Search",
            reverse("desk:inbox"),
            environment.globals["icon"]("x", "Close"),
            reverse("desk:case", args=["BX-2611-000001"]),
        ]
    )
    assert chinese == english.replace("Search", "搜索").replace("Close", "关闭")


def test_the_same_template_is_another_one_in_another_language() -> None:
    environment = jinja.environment(autoescape=True, loader=DictLoader({"a": "{{ _('Search') }} {{ word }}"}))
    said = []
    for language in ("en", "zh-hans", "en"):
        with translation.override(language):
            said.append(environment.get_template("a").render(word="<b>"))
    assert said == ["Search &lt;b&gt;", "搜索 &lt;b&gt;", "Search &lt;b&gt;"]


def test_what_one_reader_changes_in_a_session_another_does_not_see() -> None:
    data = SessionStore().encode({"seen": ["a"]})
    SessionStore().decode(data)["seen"].append("b")
    assert SessionStore().decode(data) == {"seen": ["a"]}
    assert SessionStore().decode(data[:-1] + ("A" if data[-1] != "A" else "B")) == {}


@remembered
def staff_named(name: str) -> QuerySet[Staff]:
    return Staff.objects.filter(name=name).select_related("station")


@remembered
def contacts_of(customer: int, kind: str) -> QuerySet[Contact]:
    return Contact.objects.filter(customer_id=customer, kind=kind).order_by("pk")


def test_a_remembered_read_gives_what_the_queryset_gives(cast: Cast) -> None:
    for name in ("张工", "钱工", "nobody", "' OR 1=1 --"):
        found, expected = staff_named(name), list(Staff.objects.filter(name=name).select_related("station"))
        assert found == expected
        assert [(s.station, s.roles, s.created_at) for s in found] == [
            (s.station, s.roles, s.created_at) for s in expected
        ]
    assert [c.value for c in contacts_of(cast.wang.pk, "phone")] == ["+8613800138001"]
    assert [c.value for c in contacts_of(cast.liu.pk, "email")] == ["liu@example.com"]


def test_a_remembered_read_asks_once_and_fills_what_it_joined(
    cast: Cast, django_assert_num_queries: object
) -> None:
    staff_named("张工")
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert staff_named("张工")[0].station == cast.station


def test_a_read_whose_value_does_not_stand_in_the_statement_is_not_remembered(db: None) -> None:
    broken = remembered(lambda number: Case.objects.filter(number__icontains=number))
    with pytest.raises(TypeError):
        broken("x")


def test_a_written_row_is_kept_for_its_ten_seconds_and_no_longer() -> None:
    written: list[object] = []

    def macro(row: dict[str, object], now: dt.datetime) -> Markup:
        written.append(now)
        return Markup(str(row["n"]))

    start = dt.datetime(2026, 11, 2, 9, 0, 1, tzinfo=dt.UTC)
    for second in range(8):
        for n in range(50):
            now = start + dt.timedelta(seconds=second)
            assert quick.kept(macro, {"n": n}, now) == str(n)
    assert len(written) == 50 == len(quick._rows)
    quick.kept(macro, {"n": 1}, start + dt.timedelta(seconds=10))
    assert len(written) == 51 and len(quick._rows) == 1
