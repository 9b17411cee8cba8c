"""C4.4a: an agreed window, arrival, absence, and a signature under everything recorded."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection

from baoxiu.cases import steps
from baoxiu.cases.models import Content, Duty, JournalEntry, Outgoing
from baoxiu.visits import queries
from tests.conftest import NOW, build_cast
from tests.rooms.walking import ON_SITE, SIGNATURE, begin, refused

pytestmark = pytest.mark.django_db
ACCEPTED = "triage confirm assign accept"
HOUR = dt.timedelta(hours=1)


def test_the_engineer_is_due_when_the_window_ends(cast, now):
    walk = begin(cast, now).steps(f"{ACCEPTED} appoint")
    order = walk.order
    assert order.status == "scheduled" and order.ends_at - order.starts_at == 2 * HOUR
    assert Duty.objects.get(case=walk.case, kind="arrival").due_at == order.ends_at
    assert walk.is_sound()
    message = Outgoing.objects.get(case=walk.case, event="appoint")
    assert dt.datetime.fromisoformat(message.context["starts_at"]) == order.starts_at


def test_a_window_that_is_over_is_refused(cast, now):
    walk = begin(cast, now).steps(ACCEPTED)
    assert refused(walk, "appoint", starts_at=now - 3 * HOUR, ends_at=now - HOUR).field == "starts_at"


def test_a_window_may_have_begun_already(cast, now):
    walk = begin(cast, now).steps(ACCEPTED)
    walk.step("appoint", starts_at=walk.now - HOUR, ends_at=walk.now + HOUR)


def test_another_window_replaces_the_first(cast, now):
    walk = begin(cast, now).steps(f"{ACCEPTED} appoint appoint")
    assert Duty.objects.filter(case=walk.case, kind="arrival", outcome="open").count() == 1
    assert Duty.objects.filter(case=walk.case, kind="arrival", outcome="replaced").count() == 1
    assert walk.is_sound()


def test_one_engineer_is_not_promised_twice_at_the_same_time(cast, now):
    first = begin(cast, now).steps(f"{ACCEPTED} appoint")
    walk = begin(cast, now).steps(ACCEPTED)
    window = {"starts_at": first.order.starts_at + HOUR, "ends_at": first.order.ends_at + HOUR}
    no = refused(walk, "appoint", **window)
    assert no.code == "overlap" and first.case.number in no.reason.zh and first.case.number in no.reason.en
    walk.step(
        "appoint", starts_at=first.order.ends_at, ends_at=first.order.ends_at + HOUR
    )  # back to back is fine


def test_a_clash_names_no_case_the_viewer_may_not_see(cast, now):
    first = begin(cast, now).steps(f"{ACCEPTED} appoint")
    walk = begin(cast, now).steps(ACCEPTED)
    first.case.__class__.objects.filter(pk=first.case.pk).update(engineer=None)  # not theirs to see any more
    no = refused(walk, "appoint", by="engineer", starts_at=first.order.starts_at, ends_at=first.order.ends_at)
    assert no.code == "overlap" and "BX-" not in no.reason.zh + no.reason.en


def test_a_window_after_a_cancelled_job_is_free(cast, now, skilled):
    first = begin(cast, now).steps(f"{ACCEPTED} appoint")
    window = {"starts_at": first.order.starts_at, "ends_at": first.order.ends_at}
    first.step("reassign")
    begin(cast, now).steps(ACCEPTED).step("appoint", **window)


@pytest.mark.parametrize("step", ["appoint", "set_out", "check_in", "customer_absent"])
def test_another_engineer_touches_nothing(cast, now, step):
    walk = begin(cast, now).steps(f"{ACCEPTED} appoint")
    assert refused(walk, step, by="engineer2").code == "wrong_party"


def test_agent_and_dispatcher_may_agree_the_window(cast, now):
    for who in ("agent", "dispatcher"):
        walk = begin(cast, now).steps(ACCEPTED)
        day = dt.timedelta(days=1 if who == "agent" else 2)
        walk.step("appoint", by=who, starts_at=now + day, ends_at=now + day + HOUR)


def test_setting_out_and_arriving_are_recorded(cast, now):
    walk = begin(cast, now).steps(f"{ACCEPTED} appoint")
    walk.step("set_out", minutes=25)
    set_out_at = walk.now
    walk.step("check_in", lat=31.19, lon=121.44)
    order = walk.order
    assert (order.status, order.under_way_at, order.arrived_at) == ("arrived", set_out_at, walk.now)
    assert walk.body("check_in") == {"lat": 31.19, "lon": 121.44}
    assert Outgoing.objects.get(case=walk.case, event="set_out").context["minutes"] == 25


def test_without_an_appointment_nobody_checks_in(cast, now):
    walk = begin(cast, now).steps(ACCEPTED)
    assert refused(walk, "check_in").code == "missing_fact"
    assert refused(walk, "set_out").code == "missing_fact"


def test_nobody_is_called_absent_before_the_window(cast, now):
    walk = begin(cast, now).steps(f"{ACCEPTED} appoint")
    assert refused(walk, "customer_absent").code == "too_early"
    walk.wait(hours=2).step("customer_absent")
    assert walk.order.starts_at is None and walk.order.status == "accepted"


@pytest.mark.parametrize(
    "signature", ["[]", "[[]]", "[[[1]]]", "{}", "nonsense", "[[[1,2]]]", '[["a","b"],["c","d"]]', "[" * 5000]
)
def test_an_empty_signature_is_refused(cast, now, signature):
    walk = begin(cast, now).steps(f"{ON_SITE} diagnose start_work work pass_test")
    assert refused(walk, "hand_over", signature=signature).field == "signature"


def test_the_signature_covers_the_whole_record_so_far(cast, now):
    walk = begin(cast, now).steps(f"{ON_SITE} diagnose start_work work pass_test")
    head = walk.case.journal_head
    walk.step("hand_over", signer="王女士")
    body = walk.body("hand_over")
    assert body["signed_head"] == head and len(body["signature_sha256"]) == 64
    assert "signature" not in body and "signer" not in body
    words = Content.objects.get(entry=JournalEntry.objects.get(case=walk.case, step="hand_over")).words
    assert words["signature"] == SIGNATURE and words["signer"] == "王女士"
    assert walk.order.finished_at == walk.now


def test_somebody_elses_job_is_not_handed_over(cast, now):
    walk = begin(cast, now).steps(f"{ON_SITE} diagnose start_work work pass_test")
    assert refused(walk, "hand_over", by="engineer2").code == "wrong_party"


def test_the_days_jobs_come_in_order_and_only_ones_own(cast, now, django_assert_max_num_queries):
    for hours in (5, 2):
        begin(cast, now).steps(ACCEPTED).step(
            "appoint", starts_at=now + hours * HOUR, ends_at=now + (hours + 1) * HOUR
        )
    begin(cast, now).steps(ACCEPTED)
    with django_assert_max_num_queries(1):
        jobs = queries.jobs(cast.actor("engineer"))
        assert [(j.case.customer.name, bool(j.starts_at)) for j in jobs] == [
            ("王女士", True),
            ("王女士", True),
            ("王女士", False),
        ]
    assert jobs[0].starts_at == now + 2 * HOUR
    assert queries.jobs(cast.actor("engineer2")) == []
    assert len(queries.between(cast.actor("dispatcher"), now, now + 3 * HOUR)) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_eight_windows_agreed_at_once_one_engineer_gets_one():
    cast = build_cast()
    walks = [begin(cast, NOW).steps(ACCEPTED) for _ in range(8)]
    agreed, start = [], threading.Barrier(len(walks))

    def agree(walk):
        start.wait()
        try:
            walk.step("appoint", starts_at=NOW + 5 * HOUR, ends_at=NOW + 6 * HOUR)
            agreed.append(walk.case.number)
        except (steps.StepRefused, steps.Conflict):
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=agree, args=(walk,)) for walk in walks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(agreed) == 1
