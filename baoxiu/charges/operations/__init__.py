"""C4.5: nothing chargeable starts before the customer said yes to exactly this quote."""

from baoxiu.charges.operations import sheets, worth
from baoxiu.charges.operations.answers import accept_quote, decline_quote
from baoxiu.charges.operations.payments import record_payment, reduce_bill, refund
from baoxiu.charges.operations.prices import (
    PRICE_KEEPERS,
    discard,
    draft,
    load_items,
    publish,
    remove_item,
    save_head,
    save_item,
)
from baoxiu.charges.operations.quotes import approve_quote, quote, return_quote, revise_quote, submit_quote

__all__ = [
    "PRICE_KEEPERS",
    "accept_quote",
    "approve_quote",
    "decline_quote",
    "discard",
    "draft",
    "load_items",
    "publish",
    "quote",
    "record_payment",
    "reduce_bill",
    "refund",
    "remove_item",
    "return_quote",
    "revise_quote",
    "save_head",
    "save_item",
    "sheets",
    "submit_quote",
    "worth",
]
