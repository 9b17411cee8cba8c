"""The printed service sheet: complete, in both languages, and data in it is never markup."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from typing import Any

import pytest
from django.utils import translation

from baoxiu.cases.models import Case
from baoxiu.faces.common import documents, signatures
from baoxiu.people.actors import Actor
from tests.conftest import NOW, Cast
from tests.rooms.walking import ON_SITE, Walk, begin

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=2)
SIGNATURE = json.dumps([[[20, 40], [60, 20], [90, 80]], [[120, 30], [180, 70]]])


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def data(case: Case, viewer: Actor) -> dict[str, Any]:
    return documents._sheet(case, viewer, LATER)


@pytest.fixture
def walk(cast: Cast) -> Walk:
    return begin(cast, NOW)


@pytest.fixture
def paid_walk(cast: Cast) -> Walk:
    return begin(cast, NOW, unit="old").steps(f"{ON_SITE} diagnose")


@pytest.fixture
def finished(walk: Walk) -> Walk:
    walk.steps("triage confirm assign accept appoint check_in diagnose start_work work pass_test")
    walk.step("hand_over", signer="王女士", signature=SIGNATURE)
    return walk


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_is_one_page_of_pdf_with_the_bundled_font_alone(finished: Walk, language: str) -> None:
    started = time.perf_counter()
    pdf = documents.service_sheet(finished.case, finished.cast.actor("agent"), language, now=LATER)
    assert pdf.startswith(b"%PDF-") and pages(pdf) == 1
    assert re.findall(rb"/BaseFont\s*/[A-Z]{6}\+([\w-]+)", pdf) and b"NotoSansSC" in pdf
    assert time.perf_counter() - started < 10


def test_it_is_in_the_language_of_who_signs_it_whoever_prints(finished: Walk) -> None:
    agent, path = finished.cast.client("agent"), f"/cases/{finished.case.number}/service-sheet.pdf"
    theirs = agent.get(path, headers={"accept-language": "en"}).content
    finished.case.customer.language = "en"
    finished.case.customer.save()
    assert "售后服务单".encode() in theirs and b"After-sales service sheet" in agent.get(path).content


def test_it_holds_what_was_agreed_found_done_and_signed(finished: Walk) -> None:
    sheet = data(finished.case, finished.cast.actor("agent"))
    assert dict(sheet["customer"])["姓名"] == "王女士" and "138" in dict(sheet["customer"])["电话"]
    assert sheet["problem"] and sheet["decision"]["verdict"] == "免费"
    assert [w["text"] for w in sheet["work"]] == ["更换排水泵"] and sheet["parts"][0][0] == "排水泵"
    assert sheet["signed"].startswith("王女士") and "<path" in sheet["signature"]
    assert sheet["qr"].startswith("<svg")


def test_before_the_hand_over_there_is_room_to_sign(walk: Walk) -> None:
    walk.steps("triage")
    sheet = data(walk.case, walk.cast.actor("agent"))
    assert sheet["signature"] == "" and sheet["work"] == [] and sheet["quote"] is None
    assert pages(documents.service_sheet(walk.case, walk.cast.actor("agent"), "zh", now=LATER)) == 1


def test_a_quote_stands_with_its_lines_total_and_answer(cast: Cast, paid_walk: Walk) -> None:
    paid_walk.step("quote", lines=[
        {"text": "排水泵", "price": "120.00", "kind": "part", "quantity": "2"},
        {"text": "上门", "price": "30.00", "kind": "travel", "free": True},
    ])  # fmt: skip
    paid_walk.step("accept_quote")
    quote = data(paid_walk.case, cast.actor("agent"))["quote"]
    assert dict(quote["sums"])["合计"] == "¥240.00" and [line["free"] for line in quote["lines"]] == [
        False,
        True,
    ]
    assert "王女士" in quote["consent"]
    assert documents.service_sheet(paid_walk.case, cast.actor("agent"), "en", now=LATER)


HOSTILE = '#panic("x") $ \\ ] } " </svg> *b* _i_ `c` @ref <label> https://x.example 🙂 ‮ ' + "A" * 600


def test_words_of_a_customer_are_never_markup_and_long_ones_break(walk: Walk) -> None:
    Case.objects.filter(pk=walk.case.pk).update(contact_name=HOSTILE[:200], subject=HOSTILE[:200])
    walk.case.refresh_from_db()
    walk.steps("triage confirm assign accept appoint check_in diagnose start_work")
    walk.step(
        "work",
        text=HOSTILE.replace("‮", "") * 4,
        parts=[{"text": HOSTILE.replace("‮", "")[:200], "quantity": 1}],
    )
    pdf = documents.service_sheet(walk.case, walk.cast.actor("agent"), "zh", now=LATER)
    assert pdf.startswith(b"%PDF-")


def test_whoever_need_not_reach_the_customer_gets_a_masked_sheet(finished: Walk) -> None:
    keeper = finished.cast.actor("stock_keeper")
    customer = dict(data(finished.case, keeper)["customer"])
    assert "****" in customer["电话"] and "地址" not in customer


@pytest.mark.parametrize(
    "sent",
    ["", "[]", "{}", "null", "7", "[[]]", '[["a","b"]]', "[[[1]]]", "[[[1e999,2]]]", "[" * 5000, '{"s":{"a":1}}', '[[[true,false]]]', "not json"],
)  # fmt: skip
def test_a_signature_that_is_none_draws_nothing(sent: str) -> None:
    assert signatures.svg(sent) == ""


def test_a_signature_is_drawn_from_numbers_alone() -> None:
    for sent in (SIGNATURE, "[[[1,2],[3,4],[5,5]]]", "[[1,2],[9,9]]", "[[[3,3]]]"):
        drawn = signatures.svg(sent)
        assert re.fullmatch(r'<svg [^>]*><path d="[ML0-9. -]+" [^>]*/></svg>', drawn), drawn


def test_a_decision_is_printed_with_its_laws_and_a_managers_word_without_the_contrary(walk: Walk) -> None:
    walk.steps(f"{ON_SITE} diagnose")
    with translation.override("zh-hans"):
        by_law = data(walk.case, walk.cast.actor("agent"))["decision"]
    assert "《消费者权益保护法》第24条第2款" in by_law["basis"].replace("\u200b", "")
    walk.step("override_cover", cover="paid", reason="外壳有摔痕")
    with translation.override("zh-hans"):
        told = data(walk.case, walk.cast.actor("agent"))["decision"]
    assert [reason.replace("\u200b", "") for reason in told["reasons"]] == ["由 陈主管 改判"]
    assert "《" not in told["basis"]
