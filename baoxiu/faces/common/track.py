"""Where a case stands in its procedure, drawn; the sign of each step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from baoxiu.faces.common.display import say
from baoxiu.sop.procedure import Procedure
from baoxiu.sop.standard import STANDARD


@dataclass(frozen=True, slots=True)
class Stop:
    title: str
    state: str  # done | here | next | skip | end
    clause: str


def stops(stage_name: str, facts: Mapping[str, str], procedure: Procedure = STANDARD) -> list[Stop]:
    """The step bar: one stop per clause of the procedure's stages, the case's own stage named at its place."""
    groups: dict[str, list[str]] = {}
    for s in procedure.stages:
        if not s.is_end:
            groups.setdefault(s.clause[:4], []).append(s.name)
    here = procedure.stage.get(stage_name)
    place = next((i for i, names in enumerate(groups.values()) if stage_name in names), len(groups))
    cut = bool(here and here.is_end and not here.completes)
    row = []
    skips = facts.get("outcome") == "advised"  # solved at triage: nobody set out, nothing was mended
    for i, (clause, names) in enumerate(groups.items()):
        shown = stage_name if i == place else _of_group(names, facts)
        state = "next" if cut or i > place else "here" if i == place else "done"
        if skips and 0 < i < len(groups) - 1:
            state = "skip"
        row.append(Stop(say(procedure.stage[shown].title), state, clause))
    end = here if here and here.is_end else next(s for s in procedure.stages if s.completes)
    state = ("end" if cut else "done") if here and here.is_end else "next"
    return [*row, Stop(say(end.title), state, end.clause)]


def _of_group(names: list[str], facts: Mapping[str, str]) -> str:
    return "inbound" if facts.get("venue") == "depot" and "inbound" in names else names[0]


_STEP_ICONS = {
    "register": {"icon": "inbox"}, "reply": {"icon": "send"}, "message": {"icon": "message-circle"},
    "note": {"icon": "notes"}, "call": {"icon": "phone-call"}, "call_attempt": {"icon": "phone"},
    "give_link": {"icon": "link"}, "revoke_link": {"icon": "link-off"},
    "chase": {"icon": "bell-ringing"}, "correct": {"icon": "pencil"}, "hold": {"icon": "player-pause"},
    "resume": {"icon": "player-play"}, "triage": {"icon": "stethoscope"}, "assign": {"icon": "user-check"},
    "promise_window": {"icon": "calendar-time"}, "accept_promised": {"icon": "circle-check"}, "need_parts": {"icon": "box"},
    "reassign": {"icon": "switch-horizontal"}, "appoint": {"icon": "calendar-time"}, "set_out": {"icon": "truck"},
    "check_in": {"icon": "map-pin"}, "receive": {"icon": "package-import"}, "ship_out": {"icon": "package-export"},
    "ship_in": {"icon": "package"}, "diagnose": {"icon": "heartbeat"}, "quote": {"icon": "receipt"},
    "accept_quote": {"icon": "thumb-up"}, "decline_quote": {"icon": "thumb-down"}, "work": {"icon": "tool"},
    "replace": {"icon": "replace"}, "pass_test": {"icon": "checks"}, "hand_over": {"icon": "signature"},
    "follow_up": {"icon": "headset"}, "final_follow_up": {"icon": "headset"}, "rate": {"icon": "star"},
    "accept": {"icon": "circle-check"}, "decline": {"icon": "circle-x"}, "customer_absent": {"icon": "home-off"},
    "to_depot": {"icon": "building-warehouse"}, "to_site": {"icon": "home"}, "take_on": {"icon": "tools"},
    "start_work": {"icon": "player-play"}, "fail_test": {"icon": "x"}, "condemn": {"icon": "alert-triangle"},
    "parts_arrived": {"icon": "package"}, "return_visit": {"icon": "calendar-time"}, "deliver": {"icon": "home-check"},
    "collect": {"icon": "walk"}, "follow_up_missed": {"icon": "phone-off"}, "withdraw_return": {"icon": "ban"},
    "close": {"icon": "lock"}, "reopen": {"icon": "rotate-clockwise"}, "withdraw": {"icon": "ban"},
    "merge": {"icon": "git-branch"}, "wait_parts": {"icon": "hourglass"}, "confirm": {"icon": "clipboard-check"},
    "contest": {"icon": "scale"}, "uphold": {"icon": "scale"}, "concede": {"icon": "scale"}, "reduce_bill": {"icon": "scale"}, "record_payment": {"icon": "cash"}, "refund": {"icon": "receipt-refund"}, "submit_quote": {"icon": "receipt"},
    "approve_quote": {"icon": "thumb-up"}, "return_quote": {"icon": "arrow-back-up"},
    "lend": {"icon": "device-desktop"}, "return_loaner": {"icon": "arrow-back-up"}, "settle_limit": {"icon": "scale"},
}  # fmt: skip


def step_icon(name: str) -> str:
    return _STEP_ICONS.get(name, {"icon": "circle-dot"})["icon"]
