"""What is going to happen to one request of the demo: decided at its start, the same every time."""

from __future__ import annotations

import random
from dataclasses import dataclass

from baoxiu.faces.console.demo.requests import Row

SYMPTOMS = (
    ("leak", ("漏水", "滴水", "leak", "lekt", "Wasser läuft")),
    ("electric_shock", ("麻手", "漏电", "shock")),
    ("no_cool_heat", ("不凉", "不热", "制热", "不冷", "凉水", "heat", "warm", "Dampf", "steam")),
    ("display", ("画面", "竖线", "亮点", "黑屏", "闪屏", "screen", "Screen", "display", "beeld", "Bild")),
    ("battery", ("电池", "充电", "充一晚上", "charg", "battery", "Akku", "accu")),
    ("connection", ("掉线", "连", "离线", "wifi", "Bluetooth", "recognise")),
    ("noise", ("嗡嗡", "声音", "响", "啸叫", "noise", "Noise", "crackl", "geluid")),
    ("drain", ("排水", "残水",)),
    ("mechanical", ("卡", "断", "不转", "拧不开", "jam", "stuck", "broken", "lever", "klemmt", "kapot")),
    ("overheating", ("焦糊", "很烫", "烫手", "smell", "burn")),
    ("software", ("重启", "升级", "验证码", "password", "APP")),
    ("no_start", ("启动", "打不着", "不开机", "turn on", "switch on", "start", "Doesn't start", "einschalten")),
    ("no_power", ("没反应", "跳闸", "power", "dead", "plugged", "Strom")),
    ("performance", ("吸力", "越来越小", "slow", "suck", "weak")),
)  # fmt: skip


@dataclass(slots=True)
class Fate:
    symptom: str
    advised: bool
    withdraws_at: str
    holds_at: str
    lies_at: str  # the stage where nobody gets round to it
    declines_job: bool
    absent: bool
    misused: bool
    refuses_quote: bool
    waits_parts: bool
    fails_test: bool
    replaced: bool
    condemned: bool
    to_depot: bool
    reopens_at: str
    misses: int
    final_misses: int
    mood: str  # good | fair | bad | silent
    collects: bool
    links: bool  # answers by the personal link, not by phone
    goodwill: bool
    asks_twice: bool


def of(row: Row, chance: random.Random) -> Fate:
    """Shares as a service company knows them."""
    talk = row.kind == "consultation" or row.product_class == "online"
    unhappy = row.kind == "complaint"
    return Fate(
        symptom=symptom_of(row.problem),
        advised=chance.random() < (0.85 if talk else 0.08),
        withdraws_at=chance.choice(("triage", "dispatch", "visit", "inbound")) if chance.random() < 0.06 else "",
        holds_at=chance.choice(("triage", "dispatch", "visit", "repair")) if chance.random() < 0.06 else "",
        lies_at=chance.choice(("triage", "dispatch", "assigned", "visit", "repair", "consent", "followup", "final"))
        if chance.random() < (0.5 if unhappy else 0.2)
        else "",
        declines_job=chance.random() < 0.08,
        absent=chance.random() < 0.06,
        misused=chance.random() < 0.14,
        refuses_quote=chance.random() < 0.16,
        waits_parts=chance.random() < 0.16,
        fails_test=chance.random() < 0.07,
        replaced=chance.random() < (0.6 if row.kind == "return_exchange" else 0.04),
        condemned=chance.random() < 0.05,
        to_depot=chance.random() < 0.08,
        reopens_at=chance.choice(("followup", "final")) if chance.random() < (0.2 if unhappy else 0.06) else "",
        misses=chance.choices((0, 1, 2, 3), (80, 12, 5, 3))[0],
        final_misses=chance.choices((0, 1, 2, 3), (76, 14, 6, 4))[0],
        mood=chance.choices(("good", "fair", "bad", "silent"), (46, 14, 25 if unhappy else 9, 28))[0],
        collects=chance.random() < 0.3,
        links=chance.random() < 0.65,
        goodwill=chance.random() < 0.04,
        asks_twice=chance.random() < 0.03,
    )  # fmt: skip


def symptom_of(problem: str) -> str:
    return next((code for code, words in SYMPTOMS if any(word in problem for word in words)), "other")
