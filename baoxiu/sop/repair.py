"""C3.2, C4.5: nothing chargeable begins before the customer said yes to exactly this quote."""

from __future__ import annotations

from baoxiu.sop.procedure import Refusal
from baoxiu.sop.text import Text

NO_CONSENT = Refusal(
    "no_consent",
    Text(
        "This repair is chargeable: quote it and get the customer's consent first.",
        "此项维修须收费：请先报价并取得客户同意。",
    ),
    ("consent=given",),
)
NOT_DECIDED = Refusal(
    "no_decision",
    Text("It is not decided yet who pays: diagnose first.", "尚未判定是否收费：请先检测。"),
    ("cover=free", "cover=paid"),
)


def is_chargeable(cover: str) -> bool:
    """Undecided counts as chargeable: nobody may be surprised by a bill."""
    return cover != "free"


def start_refusal(cover: str, consent: str) -> Refusal | None:
    """Why work may not begin; None when it may."""
    if not is_chargeable(cover) or consent == "given":
        return None
    return NO_CONSENT if cover == "paid" else NOT_DECIDED


def may_start(cover: str, consent: str) -> bool:
    return start_refusal(cover, consent) is None
