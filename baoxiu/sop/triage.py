"""C4.2: how urgent a request is, which symptom it names, what to ask, which earlier cases resemble it.

Safety comes first: a word of danger makes a request urgent even where it is denied or in doubt. These
are suggestions; the agent decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from baoxiu.sop import codes
from baoxiu.sop.decision import Decision
from baoxiu.sop.similarity import similarity
from baoxiu.sop.text import Text

URGENT, HIGH, NORMAL, LOW = "1", "2", "3", "4"

_DANGER = (
    "漏电 触电 电人 冒烟 冒火 起火 着火 失火 爆炸 火花 烧焦 焦味 糊味 燃气 煤气 漏气 受伤 鼓包 "
    "electric shock|electrocut|smoke|smoking|on fire|caught fire|flame|burning smell|burnt smell|smell of burning|"
    "smells burn|gas leak|leaking gas|smell of gas|smells of gas|explo|sparks|sparking|injur|swollen battery"
)
_PRESSING = (
    "停产 停工 停机 水淹 漫水 漏水 婴儿 老人 孕妇 医院 又坏 再次 第二次 第三次 多次 "
    "production stopped|downtime|line is down|flood|leak|baby|elderly|hospital|again|second time|third time"
)
_PATIENT = "不急 不着急 有空 no hurry|not urgent|whenever"

_SYMPTOM_WORDS: dict[str, str] = {
    "electric_shock": "漏电 触电 电人 麻手 electric shock|electrocut|tingl",
    "overheating": "焦味 糊味 冒烟 过热 发烫 很烫 烧焦 overheat|burning smell|burnt|too hot|smok",
    "no_power": "不通电 不开机 无法开机 开不了机 没电 没反应 黑屏不亮 no power|does not power|won't turn on|will not turn on|dead",
    "no_start": "不启动 无法启动 启动不了 不转 不工作 does not start|won't start|will not start|not spinning",
    "noise": "异响 噪音 噪声 响声 很吵 noise|noisy|rattl|squeal|grinding",
    "drain": "不排水 排不出水 排水慢 does not drain|won't drain|not draining",
    "leak": "漏水 漏液 渗水 滴水 漏油 leak|dripping",
    "no_cool_heat": "不制冷 不制热 不冷 不热 不加热 not cooling|not cold|not heating|no heat|does not cool|does not heat",
    "display": "屏幕 花屏 黑屏 显示 碎屏 screen|display|flicker",
    "battery": "电池 充电 充不进 续航 battery|charg",
    "connection": "连不上 断网 蓝牙 无线 wifi|wi-fi|bluetooth|connect|network|offline",
    "mechanical": "卡住 卡死 断裂 破损 松动 打不开 stuck|jam|broken|cracked|loose",
    "software": "死机 闪退 系统 升级失败 报错 错误代码 crash|freez|error code|software|firmware|update",
    "performance": "变慢 无力 吸力小 效果差 slow|weak|poor performance",
}
QUESTIONS: dict[str, tuple[Text, ...]] = {
    "": (
        Text("Since when, and what happened just before?", "从什么时候开始？之前发生过什么？"),
        Text("Does it happen always or sometimes?", "一直如此还是偶尔出现？"),
        Text("Is an error code shown?", "是否显示错误代码？"),
    ),
    "electric_shock": (
        Text(
            "Please pull the plug and do not touch it. Is anybody hurt?", "请先断电、不要触碰。有人受伤吗？"
        ),
        Text("Is the socket earthed?", "插座是否接地？"),
    ),
    "overheating": (
        Text("Please switch it off. Is there smoke or a flame?", "请先关机断电。有烟或明火吗？"),
    ),
    "no_power": (Text("Does another device work at the same socket?", "同一插座上别的电器能用吗？"),),
    "leak": (
        Text("Please close the tap. Where does it come out?", "请先关闭水阀。从哪里漏出？"),
        Text("While filling, running or standing still?", "进水、运行还是停机时漏？"),
    ),
    "drain": (Text("Have filter and hose been cleaned?", "过滤器和排水管清洁过吗？"),),
    "no_cool_heat": (Text("Which temperature is set, which is reached?", "设定多少度，实际多少度？"),),
    "battery": (Text("Is the battery swollen or hot?", "电池是否鼓包或发烫？"),),
    "noise": (Text("Which sound, and in which phase?", "是什么声音，在哪个阶段？"),),
}


@dataclass(frozen=True, slots=True)
class Guess:
    """A symptom code the words point at, the strongest first."""

    code: str
    score: int  # number of different words found
    reasons: tuple[Text, ...]


def _words(spec: str) -> list[str]:
    """Chinese words stand between spaces, English ones between bars."""
    chinese, english = [], ""
    for part in spec.split(" "):
        if english or part.isascii():
            english += (" " if english else "") + part
        else:
            chinese.append(part)
    return chinese + [w for w in english.split("|") if w]


def _found(spec: str, text: str) -> list[str]:
    """The words of `spec` in `text`; an English word must begin where a word begins."""
    low = text.casefold()
    return [
        w for w in _words(spec) if (re.search(r"(?<![a-z])" + re.escape(w), low) if w.isascii() else w in low)
    ]


def priority(kind: str, text: str) -> Decision:
    """Outcome "1" urgent … "4" low, with the words that decided."""
    facts = {"kind": kind}
    if danger := _found(_DANGER, text):
        said = Text(f"Danger: “{danger[0]}” – safety first.", f"存在危险：“{danger[0]}”，安全第一。")
        return Decision(URGENT, "C4.2", ("C4.2-safety",), (said,), facts)
    if pressing := _found(_PRESSING, text):
        said = Text(f"Pressing: “{pressing[0]}”.", f"情况紧迫：“{pressing[0]}”。")
        return Decision(HIGH, "C4.2", ("C4.2-pressing",), (said,), facts)
    if kind == "complaint":
        return Decision(HIGH, "C4.2", ("C4.2-complaint",), (Text("A complaint.", "客户投诉。"),), facts)
    if kind == "consultation" or _found(_PATIENT, text):
        said = Text("A question, or the customer is in no hurry.", "咨询，或客户表示不急。")
        return Decision(LOW, "C4.2", ("C4.2-patient",), (said,), facts)
    return Decision(NORMAL, "C4.2", ("C4.2-normal",), (Text("Nothing special.", "一般情况。"),), facts)


def symptom_guesses(text: str) -> list[Guess]:
    """Symptom codes the words point at; none when nothing is recognised."""
    guesses = [
        Guess(code, len(hits), tuple(Text(f"“{w}”", f"“{w}”") for w in hits))
        for code, spec in _SYMPTOM_WORDS.items()
        if (hits := _found(spec, text))
    ]
    order = list(_SYMPTOM_WORDS)
    return sorted(guesses, key=lambda g: (-g.score, order.index(g.code)))


def questions(symptom: str) -> tuple[Text, ...]:
    """What to ask on the phone: the symptom's own questions, then those that always help."""
    assert symptom in codes.SYMPTOMS or not symptom, symptom
    return (*QUESTIONS.get(symptom, ()), *QUESTIONS[""]) if symptom else QUESTIONS[""]


def similar(text: str, earlier: Iterable[tuple[str, str]], limit: int = 5) -> list[tuple[str, float]]:
    """(number, similarity) of the most alike of `earlier` (number, text), at least 0.2 alike."""
    scored = [(number, similarity(text, words)) for number, words in earlier]
    return sorted((s for s in scored if s[1] >= 0.2), key=lambda s: (-s[1], s[0]))[:limit]
