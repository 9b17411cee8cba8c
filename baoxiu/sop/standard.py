"""C4: the standard procedure, one row per step, in words a lawyer can read.

Deadlines are minutes behind the calendar interface. Every branch of C4.1–C4.7 is here: advice at
triage, not repairable, replaced, quote declined, withdrawn, customer absent, declined and reassigned
jobs, waiting for parts, on-site to depot and back, dissatisfied → reopened, unreachable → waiver.
"""

from __future__ import annotations

from baoxiu.sop.procedure import NEW, Condition, DutyKind, Fact, Procedure, Stage, Step
from baoxiu.sop.text import Text as T

# one row, one line: this is read as a table
# fmt: off
AGENT, DISPATCHER, ENGINEER = "agent", "dispatcher", "engineer"
STATION_HEAD, STOCK_KEEPER, ACCOUNT_MANAGER = "station_head", "stock_keeper", "account_manager"
MANAGER, ADMINISTRATOR, INTEGRATION, CUSTOMER = "manager", "administrator", "integration", "customer"
SYSTEM = "system"  # the program itself, when a clock runs out

CASE_STAFF = (AGENT, DISPATCHER, ENGINEER, STATION_HEAD, ACCOUNT_MANAGER, MANAGER)
ANYONE = (*CASE_STAFF, STOCK_KEEPER)

STAGES = (
    Stage("triage", T("Triage", "初步判断"), "C4.2"),
    Stage("dispatch", T("Dispatch", "派单"), "C4.3"),
    Stage("assigned", T("Assigned", "待接单"), "C4.3"),
    Stage("visit", T("Visit", "上门"), "C4.4a"),
    Stage("inbound", T("In transit", "寄修途中"), "C4.4b"),
    Stage("repair", T("Repair", "维修"), "C4.5"),
    Stage("quote_approval", T("Waiting for approval", "报价待审批"), "C4.5"),
    Stage("consent", T("Waiting for consent", "待客户同意"), "C4.5"),
    Stage("parts", T("Waiting for parts", "待料"), "C4.5"),
    Stage("handover", T("Hand-over", "交付"), "C4.5"),
    Stage("followup", T("Engineer's follow-up", "工程师回访"), "C4.6"),
    Stage("final", T("Final follow-up", "客服终访"), "C4.7"),
    Stage("closed", T("Closed", "已关闭"), "C4.7", is_end=True, completes=True),
    Stage("withdrawn", T("Withdrawn", "已撤单"), "C4.2", is_end=True),
    Stage("merged", T("Merged", "已合并"), "C4.1", is_end=True),
)
OPEN = tuple(s.name for s in STAGES if not s.is_end)
EVERY = tuple(s.name for s in STAGES)

_NO_YES = (T("no", "否"), T("yes", "是"))
_FOLLOW_UP = (T("due", "待回访"), T("done", "已回访"), T("waived", "免访（已记录理由）"))


def _flag(name: str, en: str, zh: str) -> Fact:
    return Fact(name, ("no", "yes"), T(en, zh), _NO_YES)


FACTS = (
    _flag("on_hold", "On hold", "挂起"),
    _flag("triaged", "Triaged", "已初判"),
    Fact("cover", ("unknown", "free", "paid"), T("Charge", "收费判定"),
         (T("not decided", "未判定"), T("free of charge", "免费"), T("paid", "收费"))),
    Fact("venue", ("none", "onsite", "depot"), T("Service type", "服务方式"),
         (T("not agreed", "未定"), T("on site", "上门"), T("depot", "寄修/送修"))),
    Fact("possession", ("customer", "ours"), T("Product is with", "产品在"),
         (T("the customer", "客户处"), T("us", "我方"))),
    _flag("appointed", "Appointment agreed", "已预约"),
    _flag("diagnosed", "Diagnosed", "已检测"),
    Fact("consent", ("none", "asked", "given", "refused"), T("Customer's consent", "客户同意"),
         (T("not asked", "未征询"), T("asked", "已征询"), T("given", "同意"), T("refused", "拒绝"))),
    Fact("work", ("none", "started", "done"), T("Repair work", "维修作业"),
         (T("not started", "未开始"), T("started", "进行中"), T("done", "已完成"))),
    _flag("tested", "Test passed", "测试通过"),
    Fact("outcome", ("none", "repaired", "replaced", "unrepairable", "unrepaired", "advised", "withdrawn"),
         T("Outcome", "处理结果"),
         (T("none yet", "未定"), T("repaired", "已修复"), T("replaced", "已更换"),
          T("not repairable", "无法修复"), T("returned unrepaired", "未修退回"),
          T("solved by advice", "指导解决"), T("withdrawn", "撤单"))),
    Fact("outbound", ("none", "shipped"), T("Return parcel", "寄回包裹"),
         (T("not shipped", "未寄出"), T("shipped", "已寄出"))),
    Fact("engineer_followup", ("due", "done", "waived"), T("Engineer's follow-up", "工程师回访"), _FOLLOW_UP),
    Fact("engineer_misses", ("0", "1", "2", "3"), T("Unanswered engineer's calls", "工程师回访未接通次数")),
    Fact("final_followup", ("due", "done", "waived"), T("Final follow-up", "客服终访"), _FOLLOW_UP),
    Fact("final_misses", ("0", "1", "2", "3"), T("Unanswered final calls", "客服终访未接通次数")),
    _flag("rated", "Rated", "已评价"),
    Fact("money", ("none", "due", "paid"), T("Money", "款项"), (T("nothing owed", "无应收"), T("due", "待付"), T("paid", "已付清"))),
)

HOUR, DAY = 60, 1440
DUTIES = (
    DutyKind("first_response", T("First response", "首次响应"), "C4.2", AGENT, HOUR),
    DutyKind("response", T("Answer the customer", "答复客户"), "C4.1", AGENT, 4 * HOUR),
    DutyKind("chase", T("Answer the chase-up", "答复催单"), "C4.1", AGENT, 2 * HOUR),
    DutyKind("triage", T("Triage", "初步判断"), "C4.2", AGENT, 4 * HOUR),
    DutyKind("confirmation", T("Agree the service type", "与客户确认服务方式"), "C4.2", AGENT, DAY),
    DutyKind("dispatch", T("Dispatch", "派单"), "C4.3", DISPATCHER, 2 * HOUR),
    DutyKind("acceptance", T("Accept the job", "接单"), "C4.3", ENGINEER, 30),
    DutyKind("appointment", T("Agree an appointment", "预约上门时间"), "C4.4a", ENGINEER, 4 * HOUR),
    DutyKind("arrival", T("Arrive", "按约到达"), "C4.4a", ENGINEER, DAY),
    DutyKind("inbound", T("Receive the parcel", "收件"), "C4.4b", STATION_HEAD, 7 * DAY),
    DutyKind("repair", T("Repair", "完成维修"), "C4.5", ENGINEER, 3 * DAY),
    DutyKind("review", T("Review the objection", "复核异议"), "C3.1", MANAGER, 3 * DAY),
    DutyKind("quote_approval", T("Approve the quote", "审批报价"), "C4.5", MANAGER, 4 * HOUR),
    DutyKind("loaner", T("Lend a unit for the time of the repair", "提供备用机"), "C4.5", AGENT, 5 * DAY),
    DutyKind("repair_limit", T("Repaired by the limit of the law, or exchange", "法定修理期限（逾期换货）"), "C4.5", AGENT, 30 * DAY),
    DutyKind("loaner_return", T("Take the loaner back", "收回备用机"), "C4.5", AGENT, 30 * DAY),
    DutyKind("consent", T("Get the customer's answer", "取得客户答复"), "C4.5", AGENT, 3 * DAY),
    DutyKind("parts", T("Supply the parts", "备件到位"), "C4.5", STOCK_KEEPER, 7 * DAY),
    DutyKind("handover", T("Hand over", "交付客户"), "C4.5", ENGINEER, 2 * DAY),
    DutyKind("engineer_followup", T("Engineer's follow-up", "工程师回访"), "C4.6", ENGINEER, DAY),
    DutyKind("final_followup", T("Final follow-up", "客服终访"), "C4.7", AGENT, 7 * DAY),
    DutyKind("closing", T("Close the case", "关单"), "C4.7", AGENT, DAY),
)

_RUNNING = Condition((("on_hold", "no"),))


def _when(*alternatives: str) -> Condition:
    """`_when("cover=free", "consent=given")`: one of them must hold."""
    pairs = (a.split("=") for a in alternatives)
    return Condition(tuple((name, value) for name, value in pairs))


def _step(
    name: str,
    noun: str,
    clause: str,
    en: str,
    zh: str,
    parties: tuple[str, ...],
    stages: str | tuple[str, ...],
    to: str | None = None,
    *,
    requires: tuple[str | Condition, ...] = (),
    sets: str = "",
    chooses: str = "",
    counts: str = "",
    opens: str = "",
    discharges: str = "",
    cancels: bool = False,
    anytime: bool = False,
    tone: str = "normal",
) -> Step:
    """One row. Unless `anytime`, a step waits while the case is on hold."""
    conditions = tuple(c if isinstance(c, Condition) else _when(c) for c in requires)
    return Step(
        name, noun, clause, T(en, zh), frozenset(parties),
        tuple(stages.split()) if isinstance(stages, str) else stages, to,
        requires=conditions if anytime else (_RUNNING, *conditions),
        sets=tuple((n, v) for n, v in (pair.split("=") for pair in sets.split())),
        chooses=tuple(chooses.split()), counts=tuple(counts.split()),
        opens=tuple(opens.split()), discharges=tuple(discharges.split()),
        cancels=cancels, tone=tone,
    )


_BENCH = (ENGINEER, STATION_HEAD)
_UNREADY = "dispatch assigned visit inbound repair quote_approval consent parts"
_FOLLOW_DONE = (_when("engineer_followup=done", "engineer_followup=waived"),)

INTAKE = (
    _step("register", "registration", "C4.1", "Register", "受理", (AGENT, ENGINEER, STATION_HEAD, ACCOUNT_MANAGER, MANAGER, INTEGRATION, CUSTOMER),
          NEW, "triage", opens="first_response triage", anytime=True),
    _step("reply", "reply", "C4.1", "Reply to the customer", "回复客户", CASE_STAFF, OPEN,
          discharges="first_response response chase", anytime=True, tone="talk"),
    _step("message", "message", "C4.1", "Message from the customer", "客户留言", (CUSTOMER, AGENT, INTEGRATION), OPEN,
          opens="response", anytime=True, tone="talk"),
    _step("note", "note", "C4.1", "Internal note", "内部备注", ANYONE, EVERY, anytime=True, tone="talk"),
    _step("call", "call", "C4.1", "Phone call", "电话记录", CASE_STAFF, OPEN,
          discharges="first_response response chase", anytime=True, tone="talk"),
    _step("call_attempt", "call-attempt", "C4.1", "Unanswered call", "电话未接通", CASE_STAFF, OPEN, anytime=True, tone="talk"),
    _step("chase", "chase-up", "C4.1", "Chase up", "催单", (CUSTOMER, AGENT, INTEGRATION), OPEN, opens="chase", anytime=True),
    _step("correct", "correction", "C4.1", "Correct the record", "更正信息", (AGENT, DISPATCHER, MANAGER), OPEN, anytime=True),
    _step("take_over", "ownership", "C4.1", "Change the owner", "改负责人", (AGENT, DISPATCHER, MANAGER), OPEN, anytime=True),
    _step("give_link", "link", "C4.1", "Give the customer a personal link", "提供专属链接", (AGENT, DISPATCHER, ACCOUNT_MANAGER, MANAGER), EVERY, anytime=True, tone="talk"),
    _step("revoke_link", "link-end", "C4.1", "Take personal links back", "撤回专属链接", (AGENT, DISPATCHER, ACCOUNT_MANAGER, MANAGER), EVERY, anytime=True, tone="talk"),
    _step("hold", "hold", "C4.1", "Put on hold", "挂起", CASE_STAFF, OPEN,
          requires=("on_hold=no",), sets="on_hold=yes", anytime=True),
    _step("resume", "resumption", "C4.1", "Resume", "恢复处理", CASE_STAFF, OPEN,
          requires=("on_hold=yes",), sets="on_hold=no", anytime=True, tone="primary"),
    _step("escalate", "escalation", "C5.2", "Escalate", "升级", (MANAGER, SYSTEM), OPEN, anytime=True),
    _step("retime", "retiming", "C5.2", "Derive due times again", "重新推算时限", (MANAGER, SYSTEM), OPEN, anytime=True),
    _step("merge", "merger", "C4.1", "Merge into another case", "合并到另一单", (AGENT, MANAGER), "triage dispatch", "merged",
          requires=("possession=customer", "work=none"), sets="on_hold=no", cancels=True, anytime=True, tone="danger"),
    _step("withdraw", "withdrawal", "C4.2", "Withdraw", "撤单", (CUSTOMER, AGENT, MANAGER, INTEGRATION),
          "triage dispatch assigned visit inbound repair quote_approval consent parts", "withdrawn",
          requires=("possession=customer", "work=none"), sets="on_hold=no outcome=withdrawn", cancels=True,
          anytime=True, tone="danger"),
    _step("withdraw_return", "withdrawal-return", "C4.2", "Withdraw and send back", "撤单并退回产品", (CUSTOMER, AGENT, MANAGER, INTEGRATION),
          "dispatch assigned visit inbound repair quote_approval consent parts", "handover", requires=("possession=ours",),
          sets="outcome=withdrawn appointed=no",
          discharges="dispatch acceptance appointment arrival inbound repair quote_approval consent parts loaner repair_limit", opens="handover", tone="danger"),
)

TRIAGE = (
    _step("triage", "triage", "C4.2", "Triage", "初步判断", (AGENT,), "triage",
          sets="triaged=yes", chooses="cover", discharges="triage", opens="confirmation", tone="primary"),
    _step("override_cover", "override", "C3.1", "Override the decision", "改判（须说明理由）", (MANAGER,),
          "triage dispatch assigned visit inbound repair", requires=("work=none", "triaged=yes"), chooses="cover"),
    _step("advise", "advice", "C4.2", "Solved by advice", "指导解决", (AGENT,), "triage", "final",
          requires=("triaged=yes",), sets="outcome=advised engineer_followup=waived",
          discharges="confirmation first_response", opens="final_followup"),
    _step("confirm", "confirmation", "C4.2", "Confirm with the customer", "与客户确认服务方式", (AGENT, CUSTOMER, INTEGRATION), "triage", "dispatch",
          requires=("triaged=yes",), chooses="venue", discharges="confirmation first_response", opens="dispatch", tone="primary"),
)

OBJECTION = (
    _step("contest", "objection", "C3.1", "Object to the decision", "对判定提出异议", (CUSTOMER, AGENT, INTEGRATION), OPEN,
          requires=("triaged=yes",), opens="review", anytime=True),
    _step("uphold", "review", "C3.1", "Objection reviewed: the decision stands", "复核：维持原判定", (MANAGER, ACCOUNT_MANAGER), OPEN,
          discharges="review", anytime=True),
    _step("concede", "concession", "C3.1", "Objection granted: free of charge", "复核：支持异议，免费", (MANAGER, ACCOUNT_MANAGER),
          tuple(s for s in OPEN if s not in ("quote_approval", "consent")), requires=("triaged=yes",), sets="cover=free", discharges="review", anytime=True),
    _step("reduce_bill", "bill-reduction", "C3.1", "Objection granted: the bill is reduced", "复核：减免账单", (MANAGER, ACCOUNT_MANAGER), OPEN,
          requires=(_when("money=due", "money=paid"),), chooses="money", discharges="review", anytime=True),
)

DISPATCH = (
    _step("assign", "assignment", "C4.3", "Assign an engineer", "派给工程师", (DISPATCHER,), "dispatch", "assigned",
          requires=("venue=onsite",), discharges="dispatch", opens="acceptance", tone="primary"),
    _step("need_parts", "parts-to-bring", "C4.3", "Say which parts to bring", "登记需带备件",
          (AGENT, DISPATCHER, ACCOUNT_MANAGER, ENGINEER, STOCK_KEEPER, MANAGER), OPEN, anytime=True, tone="talk"),
    _step("assign_station", "station", "C4.3", "Send to a station", "安排到维修站点", (DISPATCHER,), "dispatch", "inbound",
          requires=("venue=depot",), discharges="dispatch", opens="inbound", tone="primary"),
    _step("promise_window", "promised-window", "C4.3", "Promise a window", "约定上门时段", (DISPATCHER, AGENT, CUSTOMER), "dispatch assigned",
          requires=("venue=onsite",), sets="appointed=yes"),
    _step("accept", "acceptance", "C4.3", "Accept the job", "接单", (ENGINEER,), "assigned", "visit",
          requires=("appointed=no",), discharges="acceptance", opens="appointment", tone="primary"),
    _step("accept_promised", "window-acceptance", "C4.3", "Accept the job and its window", "接单并守约", (ENGINEER,), "assigned", "visit",
          requires=("appointed=yes",), discharges="acceptance", opens="arrival", tone="primary"),
    _step("decline", "refusal", "C4.3", "Decline the job", "拒单", (ENGINEER,), "assigned", "dispatch",
          discharges="acceptance", opens="dispatch"),
    _step("reassign", "reassignment", "C4.3", "Reassign", "改派", (DISPATCHER, MANAGER), "assigned visit repair", "assigned",
          requires=("venue=onsite",), discharges="appointment arrival repair", opens="acceptance"),
)

VENUE = (
    _step("appoint", "appointment", "C4.4a", "Agree an appointment", "预约上门时间", (ENGINEER, DISPATCHER, AGENT, CUSTOMER), "visit",
          sets="appointed=yes", discharges="appointment", opens="arrival", tone="primary"),
    _step("set_out", "departure", "C4.4a", "On the way", "出发上门", (ENGINEER,), "visit", requires=("appointed=yes",)),
    _step("check_in", "check-in", "C4.4a", "Check in", "到达签到", (ENGINEER,), "visit", "repair",
          requires=("appointed=yes",), sets="appointed=no", discharges="arrival", opens="repair loaner repair_limit", tone="primary"),
    _step("customer_absent", "absence", "C4.4a", "Customer not there", "客户不在", (ENGINEER,), "visit",
          requires=("appointed=yes",), sets="appointed=no", discharges="arrival", opens="appointment"),
    _step("ship_in", "inbound-parcel", "C4.4b", "Parcel sent", "登记寄出单号", (CUSTOMER, AGENT, STATION_HEAD, INTEGRATION), "inbound",
          requires=("possession=customer",)),
    _step("receive", "receipt", "C4.4b", "Receive", "收件验货", _BENCH, "inbound", "repair",
          sets="possession=ours", discharges="inbound", opens="repair loaner repair_limit", tone="primary"),
    _step("take_on", "bench", "C4.4b", "Put on the bench", "上工位", _BENCH, "repair", requires=("venue=depot",)),
    _step("to_depot", "depot-transfer", "C4.4b", "Take to the depot", "转寄修/带回维修", (ENGINEER,), "repair", "inbound",
          requires=("venue=onsite", "work=none"), sets="venue=depot", chooses="possession", discharges="repair", opens="inbound"),
    _step("to_site", "site-transfer", "C4.4a", "Bring back to the site", "转上门", (STATION_HEAD, ENGINEER), "repair handover", "dispatch",
          requires=("venue=depot", "outbound=none"), sets="venue=onsite appointed=no", discharges="repair handover", opens="dispatch"),
)

REPAIR = (
    _step("diagnose", "diagnosis", "C4.5", "Diagnose", "检测", _BENCH, "repair",
          sets="diagnosed=yes work=none tested=no consent=none", chooses="cover",
          discharges="loaner repair_limit", opens="loaner repair_limit", tone="primary"),
    _step("lend", "loaner", "C4.5", "Lend a unit", "提供备用机", (AGENT, *_BENCH), _UNREADY,
          discharges="loaner", opens="loaner_return", anytime=True),
    _step("return_loaner", "loaner-return", "C4.5", "Take the loaner back", "收回备用机", (AGENT, MANAGER, *_BENCH), OPEN,
          discharges="loaner_return", anytime=True),
    _step("settle_limit", "repair-limit", "C4.5", "Settle the repair limit of the law", "处理法定修理期限", (AGENT, MANAGER, CUSTOMER, INTEGRATION), "triage " + _UNREADY,
          discharges="repair_limit", anytime=True),
    _step("quote", "quote", "C4.5", "Quote", "报价", (ENGINEER, STATION_HEAD, AGENT), "repair", "consent",
          requires=("diagnosed=yes", "cover=paid"), sets="consent=asked work=none", discharges="repair", opens="consent", tone="primary"),
    _step("submit_quote", "quote-submission", "C4.5", "Submit the quote for approval", "提交报价审批", (ENGINEER, STATION_HEAD, AGENT), "repair", "quote_approval",
          requires=("diagnosed=yes", "cover=paid"), sets="consent=none work=none", discharges="repair", opens="quote_approval"),
    _step("approve_quote", "quote-approval", "C4.5", "Approve and send the quote", "批准并发出报价", (MANAGER,), "quote_approval", "consent",
          sets="consent=asked", discharges="quote_approval", opens="consent", tone="primary"),
    _step("return_quote", "quote-return", "C4.5", "Send the quote back", "退回报价", (MANAGER, AGENT, *_BENCH), "quote_approval", "repair",
          discharges="quote_approval", opens="repair"),
    _step("accept_quote", "consent", "C4.5", "Consent to the quote", "同意报价", (CUSTOMER, AGENT, ENGINEER, INTEGRATION), "consent", "repair",
          sets="consent=given", chooses="money", discharges="consent", opens="repair", tone="primary"),
    _step("decline_quote", "quote-refusal", "C4.5", "Decline the quote", "拒绝报价", (CUSTOMER, AGENT, INTEGRATION), "consent", "handover",
          sets="consent=refused outcome=unrepaired", discharges="consent loaner repair_limit", opens="handover"),
    _step("revise_quote", "quote-withdrawal", "C4.5", "Take the quote back", "撤回报价重报", (ENGINEER, STATION_HEAD, AGENT), "consent", "repair",
          sets="consent=none", discharges="consent", opens="repair"),
    _step("record_payment", "payment", "C4.5", "Record a payment", "登记收款", (AGENT, ENGINEER, STATION_HEAD, MANAGER), EVERY,
          requires=(_when("money=due", "money=paid"),), chooses="money", anytime=True),
    _step("refund", "refund", "C4.5", "Refund", "退款", (MANAGER,), EVERY,
          requires=(_when("money=due", "money=paid"),), chooses="money", anytime=True),
    _step("start_work", "work-start", "C4.5", "Start the repair", "开始维修", _BENCH, "repair",
          requires=("diagnosed=yes", _when("cover=free", "consent=given"), "work=none"), sets="work=started", tone="primary"),
    _step("work", "work", "C4.5", "Record the work done", "登记维修作业", _BENCH, "repair",
          requires=(_when("work=started", "work=done"),), sets="work=done outcome=repaired", tone="primary"),
    _step("replace", "replacement", "C4.5", "Replace the unit", "换机", _BENCH, "repair",
          requires=(_when("work=started", "work=done"),), sets="work=done outcome=replaced"),
    _step("pass_test", "test", "C4.5", "Test passed", "测试通过", _BENCH, "repair", "handover",
          requires=("work=done",), sets="tested=yes", discharges="repair loaner repair_limit", opens="handover", tone="primary"),
    _step("fail_test", "failed-test", "C4.5", "Test failed", "测试未通过", _BENCH, "repair",
          requires=("work=done",), sets="work=started tested=no"),
    _step("condemn", "condemnation", "C4.5", "Not repairable", "判定无法修复", _BENCH, "repair", "handover",
          requires=("diagnosed=yes",), sets="outcome=unrepairable", discharges="repair loaner repair_limit", opens="handover", tone="danger"),
    _step("wait_parts", "parts-wait", "C4.5", "Wait for parts", "待料", _BENCH, "repair", "parts",
          requires=("diagnosed=yes",), discharges="repair repair_limit", opens="parts repair_limit"),
    _step("parts_arrived", "parts-arrival", "C4.5", "Parts arrived", "备件到货", (STOCK_KEEPER, *_BENCH), "parts", "repair",
          requires=("venue=depot",), discharges="parts repair_limit", opens="repair repair_limit", tone="primary"),
    _step("return_visit", "return-visit", "C4.5", "Parts arrived, visit again", "备件到货，再次上门", (STOCK_KEEPER, DISPATCHER, ENGINEER), "parts", "visit",
          requires=("venue=onsite",), sets="appointed=no", discharges="parts", opens="appointment", tone="primary"),
    _step("hand_over", "handover", "C4.5", "Hand over and sign", "签退并签字交付", (ENGINEER,), "handover", "followup",
          requires=("venue=onsite", "outbound=none"), sets="possession=customer", discharges="handover", opens="engineer_followup", tone="primary"),
    _step("ship_out", "outbound-parcel", "C4.4b", "Send back", "寄回客户", _BENCH, "handover",
          requires=("possession=ours", "outbound=none"), sets="outbound=shipped", tone="primary"),
    _step("deliver", "delivery", "C4.4b", "Delivered", "确认客户签收", (STATION_HEAD, ENGINEER, AGENT, CUSTOMER, INTEGRATION), "handover", "followup",
          requires=("outbound=shipped",), sets="outbound=none possession=customer", discharges="handover",
          opens="engineer_followup", tone="primary"),
    _step("collect", "collection", "C4.4b", "Collected by the customer", "客户自提", (STATION_HEAD, ENGINEER, AGENT), "handover", "followup",
          requires=("venue=depot", "outbound=none"), sets="possession=customer", discharges="handover", opens="engineer_followup"),
)

_AGAIN = (
    "triaged=no cover=unknown venue=none appointed=no diagnosed=no consent=none work=none tested=no outcome=none "
    "engineer_followup=due engineer_misses=0 final_followup=due final_misses=0 rated=no"
)
FOLLOWUPS = (
    _step("follow_up", "engineer-follow-up", "C4.6", "Engineer's follow-up: satisfied", "工程师回访：满意", (ENGINEER,), "followup", "final",
          sets="engineer_followup=done", discharges="engineer_followup", opens="final_followup", tone="primary"),
    _step("follow_up_missed", "engineer-follow-up-attempt", "C4.6", "Follow-up not answered", "回访未接通", (ENGINEER,), "followup",
          counts="engineer_misses", opens="engineer_followup"),
    _step("follow_up_later", "engineer-follow-up-later", "C4.6", "Customer asks to be called later", "客户要求稍后回访", (ENGINEER,), "followup",
          opens="engineer_followup"),
    _step("substitute", "substitution", "C4.6", "Another engineer makes the call", "更换回访工程师", (DISPATCHER, MANAGER), "followup"),
    _step("waive_follow_up", "engineer-follow-up-waiver", "C4.6", "Waive the engineer's follow-up", "免工程师回访", (AGENT, MANAGER), "followup", "final",
          requires=("engineer_misses=3",), sets="engineer_followup=waived", discharges="engineer_followup", opens="final_followup"),
    _step("final_follow_up", "final-follow-up", "C4.7", "Final follow-up: works", "客服终访：产品正常", (AGENT, ACCOUNT_MANAGER, MANAGER), "final",
          requires=("final_followup=due",), sets="final_followup=done", discharges="final_followup", opens="closing", tone="primary"),
    _step("final_missed", "final-follow-up-attempt", "C4.7", "Final call not answered", "终访未接通", (AGENT, ACCOUNT_MANAGER, MANAGER), "final",
          requires=("final_followup=due",), counts="final_misses", opens="final_followup"),
    _step("final_later", "final-follow-up-later", "C4.7", "Customer asks for the final call later", "客户要求稍后终访", (AGENT, ACCOUNT_MANAGER, MANAGER), "final",
          requires=("final_followup=due",), opens="final_followup"),
    _step("waive_final", "final-follow-up-waiver", "C4.7", "Waive the final follow-up", "免客服终访", (AGENT, MANAGER), "final",
          requires=("final_followup=due", "final_misses=3"), sets="final_followup=waived", discharges="final_followup", opens="closing"),
    _step("reopen", "reopening", "C4.6", "Dissatisfied: reopen", "不满意，重开", (ENGINEER, AGENT, ACCOUNT_MANAGER, MANAGER, CUSTOMER, INTEGRATION), "followup final", "triage",
          sets=_AGAIN, discharges="engineer_followup final_followup closing", opens="triage first_response", tone="danger"),
    _step("rate", "rating", "C5.1", "Rate the service", "评价", (CUSTOMER,), "final closed",
          requires=("rated=no", *_FOLLOW_DONE), sets="rated=yes", anytime=True),
    _step("close", "closing", "C4.7", "Close the case", "关单", (AGENT, MANAGER), "final", "closed",
          requires=(*_FOLLOW_DONE, _when("final_followup=done", "final_followup=waived")), discharges="closing", tone="primary"),
)

STANDARD = Procedure(
    name="standard",
    stages=STAGES,
    facts=FACTS,
    duties=DUTIES,
    steps=(*INTAKE, *TRIAGE, *OBJECTION, *DISPATCH, *VENUE, *REPAIR, *FOLLOWUPS),
    title=T("Standard after-sales procedure", "售后服务标准化流程"),
)
