"""Every component on one page, with made-up data, for review."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from baoxiu.faces.common.audience import PUBLIC, audience
from baoxiu.faces.common.forms import Form
from baoxiu.people.actors import Actor
from baoxiu.sop.standard import STANDARD

LONG = "上海市徐汇区天钥桥路精密仪器与家用电器联合服务有限责任公司第一分公司 Precision Instruments & Appliances Joint Service Company Ltd"


@audience(PUBLIC)
def page(request: HttpRequest) -> HttpResponse:
    """Managers and administrators; in the demo anybody."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not (settings.DEMO or actor.has("manager", "administrator")):
        raise PermissionDenied
    now = timezone.now()
    return render(request, "common/style.html", {
        "moment": now, "duties": _duties(now), "entries": _entries(now), "stages": STANDARD.stages,
        "facts": {"venue": "onsite"}, "forms": _forms(), "steps": STANDARD.by_stage["repair"], "long": LONG,
        "unit": SimpleNamespace(brand="海清", product="滚筒洗衣机 XQG100", serial="SN-2026-0001"),
    })  # fmt: skip


def _duties(now: dt.datetime) -> list[dict[str, Any]]:
    def row(kind: str, due: float, warn: float, ended: float | None = None) -> dict[str, Any]:
        duty, hour = STANDARD.duty[kind], dt.timedelta(hours=1)
        return {
            "kind": kind, "clause": duty.clause, "party": duty.party, "due_at": now + due * hour,
            "warn_at": now + warn * hour, "ended_at": now + ended * hour if ended is not None else None,
        }  # fmt: skip

    return [
        row("repair", 50, 30), row("dispatch", 0.7, -1), row("first_response", -2.4, -3), row("triage", 1, 0, -0.5),
        row("arrival", -30, -40, -2),
    ]  # fmt: skip


def _entries(now: dt.datetime) -> list[tuple[Any, dict[str, Any] | None]]:
    rows: list[tuple[str, str, str, str, str, dict[str, Any], dict[str, Any] | None]] = [
        ("register", "王女士", "customer", "new", "triage", {"channel": "web", "kind": "repair"},
         {"problem": "洗衣机不排水，显示 E21。\nThe drum stays full of water."}),
        ("triage", "李客服", "agent", "triage", "triage", {"symptom": "drain", "fault": "quality", "priority": "2"},
         {"cause": "排水泵"}),
        ("reply", "李客服", "agent", "triage", "triage", {}, {"text": "您好，我们今天下午给您回电话确认上门时间。"}),
        ("note", "周调度", "dispatcher", "dispatch", "dispatch", {}, {"text": "客户只有下班后在家。" + LONG}),
        ("assign", "周调度", "dispatcher", "dispatch", "assigned", {"engineer": 3}, None),
        ("quote", "张工", "engineer", "repair", "consent", {"currency": "CNY", "valid_days": 14}, {"text": "更换排水泵。"}),
    ]  # fmt: skip
    return [
        (SimpleNamespace(
            no=i + 1, step=step, actor_name=name, party=party, from_stage=start, to_stage=end, body={"data": data},
            at=now - dt.timedelta(hours=30 - 5 * i), clause=STANDARD.step[step].clause,
        ), words)
        for i, (step, name, party, start, end, data, words) in enumerate(rows)
    ]  # fmt: skip


def _forms() -> list[tuple[str, Form]]:
    engineers = [(1, "张工 · 洗衣机 · 3 单"), (2, "钱工 · 空调 · 1 单")]
    wrong = Form("quote", QueryDict("lines-0-text=&lines-0-price=abc&valid_days=900&currency=CNY"))
    wrong.payload()
    return [
        ("triage", Form("triage")), ("assign", Form("assign", choices={"engineer": engineers})), ("quote", wrong),
        ("appoint", Form("appoint")), ("hand_over", Form("hand_over")), ("rate", Form("rate")),
        ("correct", Form("correct")), ("check_in", Form("check_in")), ("work", Form("work")),
    ]  # fmt: skip
