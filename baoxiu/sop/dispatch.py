"""C4.3: who should get the job – hard rules exclude, soft ones rank, every rank explains itself."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from baoxiu.sop.text import Text

Place = tuple[float, float]  # latitude, longitude in degrees
EARTH_KM = 6371.0

# Points. A known customer outweighs 15 km or two open jobs; nothing outweighs a hard rule.
START, PER_KM, FARTHEST_KM, PER_JOB, SAME_REGION, OTHER_REGION = 100.0, 1.0, 60.0, 8.0, 10.0, 10.0
KNOWS_CUSTOMER, PER_LEVEL, DECLINED = 16.0, 3.0, 40.0


@dataclass(frozen=True, slots=True)
class Job:
    """What has to be done and where. `skill` empty: anybody may."""

    skill: str = ""
    level: int = 1
    region: str = ""
    place: Place | None = None
    last_engineer: int | None = None  # who served this customer before
    declined_by: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One engineer as he stands today. `level` 0: not trained in the job's skill."""

    id: int
    name: str
    is_active: bool = True
    is_absent: bool = False
    level: int = 0
    skill_expired: bool = False
    open_jobs: int = 0
    region: str = ""
    place: Place | None = None
    lacks: tuple[Text, ...] = ()  # parts of the job that he cannot bring


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with the score and the words for it; not eligible means: may not be assigned."""

    candidate: Candidate
    eligible: bool
    score: float
    reasons: tuple[Text, ...]
    distance_km: float | None = None

    @property
    def id(self) -> int:
        return self.candidate.id

    @property
    def name(self) -> str:
        return self.candidate.name


def rank(job: Job, candidates: Iterable[Candidate]) -> list[Ranked]:
    """The best first; those who may not be assigned last, each saying why. Ties: less load, then id."""
    return sorted(
        (_judge(job, c) for c in candidates),
        key=lambda r: (not r.eligible, -r.score, r.candidate.open_jobs, r.candidate.id),
    )


def distance_km(one: Place, other: Place) -> float:
    """Great-circle distance (haversine)."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*one, *other))
    h = math.sin((lat2 - lat1) / 2) ** 2
    h += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))


def _judge(job: Job, c: Candidate) -> Ranked:
    km = distance_km(job.place, c.place) if job.place and c.place else None
    against = tuple(_exclusions(job, c))
    if against:
        return Ranked(c, False, 0.0, against, km)
    score, reasons = START, []
    for points, reason in _points(job, c, km):
        score += points
        reasons.append(reason)
    return Ranked(c, True, round(score, 1), tuple(reasons), km)


def _exclusions(job: Job, c: Candidate) -> Iterable[Text]:
    if not c.is_active:
        yield Text("not eligible: no longer works here", "不可派：已停用")
    if c.is_absent:
        yield Text("not eligible: absent", "不可派：请假")
    if job.skill and c.level == 0:
        yield Text(f"not eligible: not trained in {job.skill}", f"不可派：无技能“{job.skill}”")
    elif job.skill and c.skill_expired:
        yield Text(
            f"not eligible: the certificate for {job.skill} has expired", f"不可派：“{job.skill}”证书已过期"
        )
    elif job.skill and c.level < job.level:
        yield Text(
            f"not eligible: {job.skill} at level {c.level}, level {job.level} is needed",
            f"不可派：“{job.skill}”为{c.level}级，需要{job.level}级",
        )
    for part in c.lacks:
        yield Text(f"not eligible: {part.en}", f"不可派：{part.zh}")


def _points(job: Job, c: Candidate, km: float | None) -> Iterable[tuple[float, Text]]:
    if job.skill:
        yield (
            (c.level - job.level) * PER_LEVEL,
            Text(f"{job.skill}, level {c.level}", f"技能“{job.skill}”{c.level}级"),
        )
    if km is not None:
        yield -min(km, FARTHEST_KM) * PER_KM, Text(f"{km:.1f} km away", f"距离{km:.1f}公里")
    elif job.region and c.region:
        same = job.region == c.region
        points = SAME_REGION if same else -OTHER_REGION
        yield (
            points,
            Text("in the same region", "同一区域") if same else Text("in another region", "不在同一区域"),
        )
    yield (
        -c.open_jobs * PER_JOB,
        (
            Text(f"{c.open_jobs} open jobs", f"在手{c.open_jobs}单")
            if c.open_jobs
            else Text("no open jobs", "无在手工单")
        ),
    )
    if c.id == job.last_engineer:
        yield KNOWS_CUSTOMER, Text("knows the customer", "服务过该客户")
    if c.id in job.declined_by:
        yield -DECLINED, Text("has declined this job", "曾拒接此单")
