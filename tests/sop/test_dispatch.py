"""C4.3: hard rules exclude, soft ones rank, every rank explains itself."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxiu.sop.dispatch import Candidate, Job, distance_km, rank

BEIJING, SHANGHAI = (39.9042, 116.4074), (31.2304, 121.4737)
JOB = Job(skill="washing", level=2, region="海淀", place=BEIJING)
ZHANG = Candidate(1, "张工", level=3, region="海淀", place=BEIJING)


def ids(*candidates: Candidate, job: Job = JOB) -> list[int]:
    return [r.id for r in rank(job, candidates)]


def reasons(candidate: Candidate, job: Job = JOB) -> list[str]:
    return [r.en for r in rank(job, [candidate])[0].reasons]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"is_active": False}, "no longer works here"),
        ({"is_absent": True}, "absent"),
        ({"level": 0}, "not trained in washing"),
        ({"level": 1}, "at level 1, level 2 is needed"),
        ({"skill_expired": True}, "certificate for washing has expired"),
    ],
)
def test_who_may_not_be_assigned_says_why(changes: dict[str, object], words: str) -> None:
    [ranked] = rank(JOB, [replace(ZHANG, **changes)])  # type: ignore[arg-type]
    assert not ranked.eligible
    assert words in ranked.reasons[0].en
    assert ranked.reasons[0].zh.startswith("不可派")


def test_every_reason_against_is_named() -> None:
    assert len(reasons(replace(ZHANG, is_absent=True, level=0))) == 2


def test_who_may_not_be_assigned_stands_last_however_near() -> None:
    far = replace(ZHANG, id=2, place=SHANGHAI, open_jobs=9)
    assert ids(replace(ZHANG, is_absent=True), far) == [2, 1]


def test_a_job_without_skill_is_open_to_all() -> None:
    assert rank(Job(), [Candidate(5, "钱工")])[0].eligible


def test_nearer_freer_and_known_come_first() -> None:
    near, far = ZHANG, replace(ZHANG, id=2, place=(39.98, 116.31))
    assert ids(far, near) == [1, 2]
    assert ids(replace(near, open_jobs=3), far) == [2, 1]
    assert ids(near, replace(far, id=9), job=replace(JOB, last_engineer=9)) == [9, 1]
    assert ids(near, far, job=replace(JOB, declined_by=frozenset({1}))) == [2, 1]


def test_a_rank_explains_itself_in_both_languages() -> None:
    job = replace(JOB, last_engineer=1, declined_by=frozenset({1}))
    [ranked] = rank(job, [replace(ZHANG, open_jobs=2)])
    assert [r.en for r in ranked.reasons] == [
        "washing, level 3", "0.0 km away", "2 open jobs", "knows the customer", "has declined this job",
    ]  # fmt: skip
    assert [r.zh for r in ranked.reasons][2:] == ["在手2单", "服务过该客户", "曾拒接此单"]


def test_without_places_the_region_speaks() -> None:
    home, away = replace(ZHANG, place=None), replace(ZHANG, id=2, place=None, region="徐汇")
    assert ids(away, home) == [1, 2]
    assert "in another region" in reasons(away)


def test_beijing_and_shanghai_lie_1068_kilometres_apart() -> None:
    assert distance_km(BEIJING, SHANGHAI) == pytest.approx(1068, abs=3)
    assert distance_km((0, 0), (0, 180)) == pytest.approx(20015, abs=1)


PEOPLE = st.lists(
    st.builds(
        Candidate, id=st.integers(1, 99), name=st.just("某工"), is_absent=st.booleans(), level=st.integers(0, 3),
        open_jobs=st.integers(0, 5), place=st.sampled_from([None, BEIJING, SHANGHAI]),
    ),
    unique_by=lambda c: c.id,
)  # fmt: skip


@given(PEOPLE, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_asked(people: list[Candidate], random: Random) -> None:
    shuffled = list(people)
    random.shuffle(shuffled)
    assert ids(*people) == ids(*shuffled)
    flags = [r.eligible for r in rank(JOB, people)]
    assert flags == sorted(flags, reverse=True)
