"""C3.3, C7: the company's promise in versions, and the switches of the law's rules, over the API."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from pydantic import BaseModel

from baoxiu.cases import announcing, impact
from baoxiu.faces.api.kept import Kept
from baoxiu.faces.api.pages import Page, said
from baoxiu.faces.api.steps import MACHINES
from baoxiu.faces.api.verbs import Verb, declare, listed
from baoxiu.faces.common.display import say
from baoxiu.faces.common.terms import looked_at, plain
from baoxiu.people.actors import Actor
from baoxiu.sop import amendments
from baoxiu.sop.payloads import Payload
from baoxiu.sop.warranty import CoverageTerm, Warranty
from baoxiu.terms import operations, queries
from baoxiu.terms.models import WarrantyVersion
from baoxiu.terms.operations.warranty import KEEPERS
from baoxiu.terms.records import Switch, WarrantyPublication, WarrantyWithdrawal


class WarrantyRow(Kept):
    """保修条款: one version; drafts change, published ones do not."""

    id: int
    number: int
    status: str
    in_force_from: dt.date | None
    sha256: str
    reason: str
    sign_off: str
    made_by: str
    created_at: dt.datetime
    published_by: str
    published_at: dt.datetime | None
    withdrawn_by: str
    withdrawn_at: dt.datetime | None
    withdrawn_why: str


class AnnouncedRow(Kept):
    """A version as anybody may read it. `state`: in_force | announced | ended | withdrawn | overtaken (it never held)."""

    number: int
    state: str
    in_force_from: dt.date | None
    until: dt.date | None
    announced_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    sha256: str
    document: Warranty


class FindingRow(BaseModel):
    """What the law says: an error blocks publishing until legal counsel signs it off."""

    level: str
    rule: str
    words: str


class WarrantyDetail(WarrantyRow):
    document: Warranty
    findings: list[FindingRow] = []


class NewDraft(Payload):
    """A copy of the newest version; or, with `ends`, the end of the promise."""

    ends: bool = False


class ChangeRow(BaseModel):
    kind: str
    before: CoverageTerm | None
    after: CoverageTerm | None


class Changes(BaseModel):
    """Against the version it follows; `weaker`: somebody may be worse off."""

    against: int
    weaker: bool
    coverages: list[ChangeRow]
    zh: list[tuple[str, str]]
    en: list[tuple[str, str]]
    exclusions_added: list[str]


class CaseOutcome(Kept):
    number: str
    subject: str
    stage: str
    before: str
    after: str
    until_before: dt.date | None
    until_after: dt.date | None


class CountOut(Kept):
    looked: int
    better: int
    worse: int
    is_all: bool
    cases: list[CaseOutcome]


class ImpactOut(Kept):
    """Units bought from the day on, open cases of these, and all open cases as if bought under it."""

    units: CountOut
    cases: CountOut
    as_if: CountOut


class RuleOut(BaseModel):
    id: str
    kind: str
    title: str
    source: str
    jurisdiction: str
    verified: bool
    confidence: str
    is_on: bool
    ships_on: bool


class TurnRow(Kept):
    id: int
    rule: str
    is_on: bool
    reason: str
    by: str
    at: dt.datetime


def _whole(by: Actor, pk: int) -> dict[str, Any]:
    return _told(queries.warranty(by, pk))


def _told(version: WarrantyVersion) -> dict[str, Any]:
    found = looked_at(version).findings
    rows = [FindingRow(level=f.level, rule=f.rule, words=say(f.words)).model_dump() for f in found]
    return {**said(WarrantyRow, version), "document": version.document.meaning(), "findings": rows}


def _draft(by: Actor, now: dt.datetime, payload: NewDraft) -> dict[str, Any]:
    return _told(operations.draft(by=by, now=now, ends=payload.ends))


def _save(by: Actor, now: dt.datetime, id: int, payload: Warranty) -> dict[str, Any]:
    return _told(operations.save(queries.warranty(by, id), payload, by=by, now=now))


def _publish(by: Actor, now: dt.datetime, id: int, payload: WarrantyPublication) -> dict[str, Any]:
    return _told(announcing.publish(queries.warranty(by, id), payload, by=by, now=now))


def _withdraw(by: Actor, now: dt.datetime, id: int, payload: WarrantyWithdrawal) -> dict[str, Any]:
    return _told(announcing.withdraw(queries.warranty(by, id), payload, by=by, now=now))


def _announced(by: Actor, now: dt.datetime) -> dict[str, Any]:
    return {"items": [plain(found) for found in queries.announced(by, timezone.localdate(now))], "next": None}


def _discard(by: Actor, now: dt.datetime, id: int) -> None:
    operations.discard(queries.warranty(by, id), by=by, now=now)


def _changes(by: Actor, now: dt.datetime, id: int) -> dict[str, Any]:
    seen = looked_at(queries.warranty(by, id))
    before, after = seen.before.warranty, seen.document
    return Changes(
        against=seen.before.number,
        weaker=amendments.is_weaker(before, after),
        coverages=[ChangeRow(kind=c.kind, before=c.before, after=c.after) for c in seen.changes],
        zh=amendments.words(before.zh, after.zh),
        en=amendments.words(before.en, after.en),
        exclusions_added=amendments.exclusions_added(before, after),
    ).model_dump(mode="json")


def _impact(by: Actor, now: dt.datetime, id: int) -> dict[str, Any]:
    seen = looked_at(queries.warranty(by, id))
    found = impact.weigh(by, seen.before.warranty, seen.document, seen.begins, today=seen.today)
    return said(ImpactOut, found)


def _rules(by: Actor, now: dt.datetime) -> dict[str, Any]:
    rows = [
        RuleOut(
            id=r.id, kind=r.kind, title=say(r.title), source=say(r.source) if r.source else "", jurisdiction=r.jurisdiction, verified=r.verified,
            confidence=r.confidence, is_on=r.is_on, ships_on=r.ships_on,
        ).model_dump()
        for r in queries.rules(by)
    ]  # fmt: skip
    return {"items": rows, "next": None}


def _switch(by: Actor, now: dt.datetime, payload: Switch) -> dict[str, Any]:
    return said(TurnRow, operations.switch(payload, by=by, now=now))


SEERS = queries.READERS
# one row, one verb: this is read as a table
# fmt: off
declare("C7", (
    Verb("GET", "/warranty-terms", "list_warranty_terms", "List warranty terms · 保修条款列表", SEERS, listed(WarrantyRow, queries.warranties), Page[WarrantyRow]),
    Verb("POST", "/warranty-terms", "add_warranty_terms", "Begin a new version · 新建保修条款版本", KEEPERS, _draft, WarrantyDetail, NewDraft, "The draft there is, else a copy of the newest version; with `ends` the end of the promise."),
    Verb("GET", "/warranty-terms/{id}", "get_warranty_terms", "Get warranty terms · 查看保修条款", SEERS, lambda by, now, id: _whole(by, id), WarrantyDetail, None, "With what the law says to it (`findings`)."),
    Verb("PUT", "/warranty-terms/{id}", "put_warranty_terms", "Words and coverages of a draft · 草稿内容", KEEPERS, _save, WarrantyDetail, Warranty, "The whole document. A published version is refused."),
    Verb("DELETE", "/warranty-terms/{id}", "delete_warranty_terms", "Throw a draft away · 删除草稿", KEEPERS, _discard),
    Verb("GET", "/warranty-terms/{id}/changes", "get_warranty_changes", "What it changes · 与上一版的差异", SEERS, _changes, Changes),
    Verb("GET", "/warranty-terms/{id}/impact", "get_warranty_impact", "What it means for units and open cases · 影响", KEEPERS, _impact, ImpactOut, None, "Counted up to 2,000 units and 2,000 open cases; `is_all` says whether that was all."),
    Verb("POST", "/warranty-terms/{id}/publication", "publish_warranty_terms", "Publish · 发布", KEEPERS, _publish, WarrantyDetail, WarrantyPublication, "Purchases made before the day keep their version. What takes something away keeps the notice promised. Findings of level `error` need `sign_off`."),
    Verb("POST", "/warranty-terms/{id}/withdrawal", "withdraw_warranty_terms", "Withdraw before it begins · 撤回未生效版本", KEEPERS, _withdraw, WarrantyDetail, WarrantyWithdrawal),
    Verb("GET", "/announced-terms", "list_announced_terms", "Terms in force, announced, ended · 已公布的保修条款", (*MACHINES, "track"), _announced, Page[AnnouncedRow], None, "As on the public page `/terms/`, where each version is also one file of canonical JSON: its SHA-256 is `sha256`."),
))
declare("C3", (
    Verb("GET", "/entitlement-rules", "list_entitlement_rules", "List the law's rules · 法定规则列表", SEERS, _rules, Page[RuleOut]),
    Verb("GET", "/rule-switches", "list_rule_switches", "What was switched · 规则开关记录", SEERS, listed(TurnRow, queries.turns), Page[TurnRow]),
    Verb("POST", "/rule-switches", "switch_rule", "Switch a rule on or off · 启用或停用规则", KEEPERS, _switch, TurnRow, Switch),
))
# fmt: on
