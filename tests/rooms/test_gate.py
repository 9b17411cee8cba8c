"""C4: the one gate – rules, keys, journal, duties – and `verify`, which must be able to see a lie."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from baoxiu.cases import links, queries, search, steps, verify
from baoxiu.cases.models import Case, Content, Duty, JournalEntry, Outgoing
from baoxiu.people.actors import Actor
from baoxiu.sop import payloads
from tests.conftest import Cast

MINUTE = dt.timedelta(minutes=1)


def opened(cast: Cast, now: dt.datetime, **more: object) -> Case:
    """A case registered straight through the gate."""
    payload = payloads.Register(channel="phone", problem="洗衣机不排水", customer_id=cast.wang.pk)

    def new() -> tuple[Case, dict[str, object]]:
        number = f"BX-2611-{Case.objects.count() + 1:06d}"
        return Case(
            number=number,
            customer=cast.wang,
            unit=cast.unit,
            channel="phone",
            subject="洗衣机不排水",
            created_at=now,
            contact_name="王女士",
            contact_phone="+8613800138001",
            contact_email="wang@example.com",
            owner=cast.staff["agent"],
        ), {}

    taken = steps.open_case(payload, new, by=cast.actor("agent"), now=now, **more)
    return Case.objects.get(number=taken.number)


def differences(case: Case) -> list[verify.Difference]:
    return [d for _number, found in verify.verify([case.number]) for d in found]


def test_it_opens_a_case_with_duties_a_message_and_a_clean_journal(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, now)
    assert (case.stage, case.next_duty) == ("triage", "first_response")
    assert case.next_due_at == now + 60 * MINUTE
    assert set(case.duties.values_list("kind", flat=True)) == {"first_response", "triage"}
    assert Outgoing.objects.get().recipient == "wang@example.com"
    assert differences(case) == []


def test_a_reply_discharges_the_first_response(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, now)
    steps.take_step(
        case, "reply", payloads.Reply(text="您好，马上处理"), by=cast.actor("agent"), now=now + MINUTE
    )
    duty = Duty.objects.get(case=case, kind="first_response")
    assert (duty.outcome, duty.ended_by_no) == ("done", 2)
    case.refresh_from_db()
    assert (case.next_duty, case.last_line) == ("triage", "您好，马上处理")
    assert differences(case) == []


@pytest.mark.parametrize(
    ("step", "who", "code"),
    [
        ("close", "agent", "wrong_stage"),
        ("assign", "agent", "wrong_party"),
        ("confirm", "agent", "missing_fact"),
        ("dance", "agent", "unknown_step"),
    ],
)
def test_it_refuses_what_the_procedure_does_not_allow(
    cast: Cast, now: dt.datetime, step: str, who: str, code: str
) -> None:
    case = opened(cast, now)
    with pytest.raises(steps.StepRefused) as refused:
        steps.take_step(case, step, payloads.Accept(), by=cast.actor(who), now=now)
    assert refused.value.code == code
    case.refresh_from_db()
    assert case.journal_count == 1


def test_the_same_key_gives_the_first_answer_and_another_request_is_refused(
    cast: Cast, now: dt.datetime
) -> None:
    case, by = opened(cast, now), cast.actor("agent")
    first = steps.take_step(case, "note", payloads.Note(text="一"), by=by, now=now, key="k1")
    again = steps.take_step(case, "note", payloads.Note(text="一"), by=by, now=now + MINUTE, key="k1")
    assert (again.entry_no, again.replayed) == (first.entry_no, True)
    with pytest.raises(steps.KeyReused):
        steps.take_step(case, "note", payloads.Note(text="二"), by=by, now=now, key="k1")
    assert JournalEntry.objects.filter(case=case, step="note").count() == 1


def test_it_tells_a_second_editor_that_the_case_has_moved(cast: Cast, now: dt.datetime) -> None:
    case, by = opened(cast, now), cast.actor("agent")
    steps.take_step(case, "note", payloads.Note(text="一"), by=by, now=now)
    with pytest.raises(steps.Conflict):
        steps.take_step(case, "correct", payloads.Correct(name="王", reason="错字"), by=by, now=now, seen=1)


def test_a_hold_stops_the_clocks_and_resume_gives_the_time_back(cast: Cast, now: dt.datetime) -> None:
    case, by = opened(cast, now), cast.actor("agent")
    hold = payloads.Hold(reason="customer", text="等客户照片")
    steps.take_step(case, "hold", hold, by=by, now=now + 10 * MINUTE)
    with pytest.raises(steps.StepRefused):
        steps.take_step(case, "hold", hold, by=by, now=now + 11 * MINUTE)
    steps.take_step(case, "resume", payloads.Resume(), by=by, now=now + 40 * MINUTE)
    assert Duty.objects.get(case=case, kind="first_response").due_at == now + 90 * MINUTE
    case.refresh_from_db()
    assert case.next_due_at == now + 90 * MINUTE
    assert differences(case) == []


def test_verify_sees_a_changed_stage_entry_content_duty_and_a_missing_entry(
    cast: Cast, now: dt.datetime
) -> None:
    case, by = opened(cast, now), cast.actor("agent")
    steps.take_step(case, "note", payloads.Note(text="一"), by=by, now=now)
    assert differences(case) == []

    def seen(change: str) -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute(change)
        return {d.what for d in differences(case)}

    assert "stage" in seen("UPDATE cases_case SET stage = 'closed'")
    seen("UPDATE cases_case SET stage = 'triage'")
    assert "duties" in seen("UPDATE cases_duty SET outcome = 'done' WHERE kind = 'triage'")
    seen("UPDATE cases_duty SET outcome = 'open' WHERE kind = 'triage'")
    Content.objects.filter(entry__no=2).update(words={"text": "二"})
    assert {d.what for d in differences(case)} == {"content"}
    Content.objects.filter(entry__no=2).update(words=None)
    assert differences(case) == [], "erased content does not break the chain"
    JournalEntry.objects.filter(no=1).update(party="manager")
    assert "hash" in {d.what for d in differences(case)}


def test_search_finds_two_character_words_prefixes_numbers_and_phones(cast: Cast, now: dt.datetime) -> None:
    case, by = opened(cast, now), cast.actor("agent")
    search.index(case, search.words_of(case, "数控机床漏水 ZX0042-B compressor"))
    for query in (
        "漏水",
        "机床",
        "排水",
        "ZX0042",
        "zx00",
        "compress",
        case.number,
        "138 0013 8001",
        "+86 138-0013-8001",
        "SN-NEW-1",
        "王女士",
        "洗衣机 漏水",
    ):
        assert search.find(by, query) == [case.pk], query
    for query in ("水漏", "ZX0043", "2611-000009", "", "'; DROP", '"', "漏水 冰箱"):
        assert search.find(by, query) == [], query
    search.index(case, "空调不制冷")
    assert search.find(by, "漏水") == []
    assert search.find(by, "不制冷") == [case.pk]
    assert search.find(cast.actor("engineer"), "不制冷") == []


def test_the_buttons_are_the_allowed_steps(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, now)
    due = {d.kind for d in queries.open_duties(case)}
    agent = {s.name for s in queries.allowed_steps(cast.actor("agent"), case, due)}
    assert {"triage", "reply", "hold", "withdraw", "merge"} <= agent
    assert not agent & {"assign", "confirm", "close", "resume"}
    stock = {s.name for s in queries.allowed_steps(cast.actor("stock_keeper"), case, due)}
    assert stock == {"note", "need_parts"}


def test_a_personal_link_opens_one_purpose_of_one_case_until_it_is_revoked(
    cast: Cast, now: dt.datetime
) -> None:
    case = opened(cast, now)
    link = links.issue(case, "track", now=now)
    token = links.token_of(link)
    assert links.issue(case, "track", now=now).pk == link.pk
    assert len(token) >= 32 and link.token_hash not in token
    found = links.resolve(token, "track", now=now)
    assert found and links.actor(found).case_id == case.pk
    assert links.resolve(token, "quote", now=now) is None
    assert links.resolve(token, "track", now=now + dt.timedelta(days=181)) is None
    links.revoke(case, "track", now=now)
    assert links.resolve(token, "track", now=now) is None


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("agent", 1),
        ("manager", 1),
        ("dispatcher", 1),
        ("engineer", 0),
        ("station_head", 0),
        ("stock_keeper", 0),
        ("account_manager", 0),
        ("administrator", 0),
    ],
)
def test_who_sees_a_new_case(cast: Cast, now: dt.datetime, who: str, sees: int) -> None:
    opened(cast, now)
    assert Case.objects.visible_to(cast.actor(who)).count() == sees
    assert (
        Case.objects.visible_to(
            Actor("integration", "x", frozenset({"integration"}), customer_id=cast.liu.pk)
        ).count()
        == 0
    )


@pytest.mark.parametrize(("purpose", "step"), [("track", "rate"), ("rate", "message"), ("quote", "withdraw")])
def test_a_link_does_not_do_what_another_link_is_for(
    cast: Cast, now: dt.datetime, purpose: str, step: str
) -> None:
    case = opened(cast, now)
    by = links.actor(links.issue(case, purpose, now=now))
    with pytest.raises(steps.StepRefused):
        steps.take_step(case, step, payloads.Message(text="x"), by=by, now=now)
    due = {d.kind for d in queries.open_duties(case)}
    assert {s.name for s in queries.allowed_steps(by, case, due)} <= links.STEPS[purpose]
