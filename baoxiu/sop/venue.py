"""C4.3–C4.5: the small status tables beside the case – work orders, parcels, quotes.

They change only beside a case step: a case has one stage, these have their own short lives.
"""

from __future__ import annotations

from collections.abc import Mapping

from baoxiu.sop.text import Text

WORK_ORDER: Mapping[str, tuple[Text, str]] = {
    "promised": (Text("window promised", "已约时段"), "promised assigned cancelled"),
    "assigned": (Text("assigned", "已派单"), "accepted scheduled declined arrived cancelled"),
    "accepted": (Text("accepted", "已接单"), "scheduled cancelled"),
    "scheduled": (Text("appointment agreed", "已预约"), "scheduled under_way arrived accepted cancelled"),
    "under_way": (Text("on the way", "路上"), "under_way scheduled arrived accepted cancelled"),
    "arrived": (Text("at the product", "作业中"), "on_bench waiting done cancelled"),
    "on_bench": (Text("on the bench", "工位上"), "on_bench arrived waiting done cancelled"),
    "waiting": (Text("waiting for parts", "待料"), "arrived on_bench accepted done cancelled"),
    "done": (Text("done", "已完成"), ""),
    "declined": (Text("declined", "已拒单"), ""),
    "cancelled": (Text("cancelled", "已取消"), ""),
}
PARCEL: Mapping[str, tuple[Text, str]] = {
    "announced": (Text("announced", "待寄出"), "sent replaced"),
    "sent": (Text("under way", "运输中"), "received delivered replaced lost"),
    "received": (Text("received by us", "我方已收"), ""),
    "delivered": (Text("delivered to the customer", "客户已签收"), ""),
    "replaced": (Text("corrected", "单号已更正"), ""),
    "lost": (Text("lost", "丢失"), "received delivered"),
}
QUOTE: Mapping[str, tuple[Text, str]] = {
    "draft": (Text("waiting for approval", "待审批"), "sent rejected withdrawn"),
    "rejected": (Text("not approved", "未批准"), ""),
    "sent": (
        Text("waiting for the customer", "待客户答复"),
        "accepted declined withdrawn expired superseded",
    ),
    "accepted": (Text("accepted", "已同意"), ""),
    "declined": (Text("declined", "已拒绝"), ""),
    "withdrawn": (Text("taken back", "已撤回"), ""),
    "expired": (Text("expired", "已过期"), "superseded"),
    "superseded": (Text("superseded", "已被新报价取代"), ""),
}
TABLES: Mapping[str, Mapping[str, tuple[Text, str]]] = {
    "work_order": WORK_ORDER,
    "parcel": PARCEL,
    "quote": QUOTE,
}


def statuses(table: str) -> tuple[str, ...]:
    return tuple(TABLES[table])


def label(table: str, status: str) -> Text:
    return TABLES[table][status][0]


def next_statuses(table: str, status: str) -> tuple[str, ...]:
    return tuple(TABLES[table][status][1].split())


def may(table: str, old: str, new: str) -> bool:
    """Whether `old` may become `new`. Raises KeyError for an unknown table or status."""
    assert new in TABLES[table], f"{table}: {new}"
    return new in next_statuses(table, old)


def is_over(table: str, status: str) -> bool:
    return not next_statuses(table, status)
