"""C4.6, C4.7, C5.1: what is asked, how often it is tried, who may ask, what the answers mean."""

from __future__ import annotations

from baoxiu.sop.procedure import Refusal
from baoxiu.sop.text import Text

ATTEMPTS_BEFORE_WAIVER = 3
RETRY_MINUTES = 1440  # an unanswered call is tried again the next day
DISSATISFIED_UP_TO = 2

SCALE: dict[int, Text] = {
    1: Text("very dissatisfied", "很不满意"),
    2: Text("dissatisfied", "不满意"),
    3: Text("fair", "一般"),
    4: Text("satisfied", "满意"),
    5: Text("very satisfied", "非常满意"),
}
RATED_ASPECTS: dict[str, Text] = {
    "attitude": Text("Attitude", "服务态度"),
    "speed": Text("Speed", "服务效率"),
    "quality": Text("Quality", "维修质量"),
    "overall": Text("Overall", "总体评价"),
}
SAME_PERSON = Refusal(
    "own_work",
    Text(
        "You did this repair: the final follow-up is somebody else's.",
        "您是本单的维修工程师，终访须由他人进行。",
    ),
)

_WORKS = Text("Does the product work properly now?", "产品现在使用正常吗？")
_SATISFIED = Text(
    "How satisfied are you with the service, from 1 to 5?", "您对本次服务满意吗？请按1到5打分。"
)
_QUESTIONS = Text("Do you have any questions?", "您还有什么疑问吗？")
_ENGINEER: dict[str, tuple[Text, ...]] = {
    "repair": (
        Text("I repaired your product. Has the fault come back?", "我是为您维修的工程师，故障有再出现吗？"),
        _WORKS,
    ),
    "installation": (
        Text(
            "I installed your product. Is everything in its place and working?",
            "我是为您安装的工程师，安装和使用都正常吗？",
        ),
        Text("Was its use explained to you?", "使用方法给您讲解了吗？"),
    ),
    "return_exchange": (
        Text("Has the exchange or return been completed as agreed?", "退换货是否已按约定办妥？"),
        _WORKS,
    ),
    "complaint": (Text("Has what you complained about been put right?", "您反映的问题解决了吗？"),),
    "consultation": (Text("Was your question answered?", "您的问题得到解答了吗？"),),
}
_FINAL: dict[str, tuple[Text, ...]] = {
    "repair": (
        Text("Since the repair, has the product worked without trouble?", "维修之后，产品一直使用正常吗？"),
        Text("Were you told the cause and what was done?", "故障原因和处理情况向您说明了吗？"),
    ),
    "installation": (
        Text("Since the installation, has it worked without trouble?", "安装之后，产品一直使用正常吗？"),
    ),
    "return_exchange": (Text("Are you content with how it was settled?", "您对处理结果认可吗？"),),
    "complaint": (Text("Are you content with how it was settled?", "您对处理结果认可吗？"),),
    "consultation": (Text("Did the advice help?", "我们的建议有帮助吗？"),),
}
# asked besides, by product class
_CLASS: dict[str, Text] = {
    "electronics": Text(
        "Is your data still complete and the software up to date?", "数据是否完好、软件是否为最新版本？"
    ),
    "machinery": Text("Has the machine run without an unplanned stop since?", "设备此后有没有非计划停机？"),
    "online": Text("Is the service available and as fast as agreed?", "服务是否可用、速度是否符合约定？"),
    "bespoke": Text("Does it match what was agreed in the design?", "是否符合双方确认的设计方案？"),
    "international": Text("Did everything arrive complete, with its papers?", "物品与随附单证是否齐全？"),
}
ANSWERS: dict[str, Text] = {
    "": Text("–", "–"),
    "yes": Text("Yes", "是"),
    "no": Text("No", "否"),
    "partly": Text("Partly", "部分"),
}
MISSED: dict[str, Text] = {
    "no_answer": Text("No answer", "无人接听"),
    "busy": Text("Busy", "占线"),
    "off": Text("Switched off", "关机"),
    "wrong_number": Text("Wrong number", "号码有误"),
}
LATER_DAYS = 30  # a call is put off by so much at most
_CHARGED = Text("Were you asked before anything was charged?", "收费前是否征得了您的同意？")


def script(follow_up: str, kind: str, *, product_class: str = "", charged: bool = False) -> tuple[Text, ...]:
    """The questions of the "engineer" or "final" follow-up for a case of `kind` and product class, in order."""
    table = {"engineer": _ENGINEER, "final": _FINAL}[follow_up]
    special = (_CLASS[product_class],) if product_class in _CLASS and kind != "consultation" else ()
    paid = (_CHARGED,) if charged and follow_up == "final" else ()
    return (*table.get(kind, table["repair"]), *special, *paid, _SATISFIED, _QUESTIONS)


def disagrees(told: int, rated: int) -> bool:
    """Whether what a caller wrote down and what the customer rated are two stories: on different sides, or two apart."""
    return abs(told - rated) >= 2 or is_dissatisfied(told) != is_dissatisfied(rated)


def may_waive(attempts: int) -> bool:
    return attempts >= ATTEMPTS_BEFORE_WAIVER


def final_caller_refusal(caller_id: int | None, engineer_id: int | None) -> Refusal | None:
    """C4.7: whoever did the work does not ask whether it was done well."""
    return SAME_PERSON if caller_id is not None and caller_id == engineer_id else None


def is_dissatisfied(satisfaction: int) -> bool:
    """1 and 2 of 5: the case reopens. Raises ValueError outside the scale."""
    if satisfaction not in SCALE:
        raise ValueError(f"satisfaction is 1 … 5, not {satisfaction}")
    return satisfaction <= DISSATISFIED_UP_TO
