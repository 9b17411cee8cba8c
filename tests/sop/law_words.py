"""Short words for the worked examples of the law."""

from __future__ import annotations

from typing import Any

Facts = dict[str, Any]


def c(
    product: str = "", sold: str = "", claim: str = "", expect: str = "", /, **more: Any
) -> tuple[Facts, str]:
    """A claim for a quality fault and the result that is expected."""
    facts: Facts = {"product_class": product, "claim_on": claim, "fault": "quality"}
    if sold:
        facts["sold_on"] = sold
    return {**facts, **more}, expect


def in_repair(since: str, cause: str = "repair", **more: Any) -> list[Facts]:
    return [{"handed_in_on": since, "cause": cause, **more}]


def repaired(*spans: str, **more: Any) -> list[Facts]:
    """`"2025-05-06 2025-05-26"`: handed in and ready; one day: the same."""
    days = [(span.split() * 2)[:2] for span in spans]
    return [{"handed_in_on": a, "ready_on": b, **more} for a, b in days]


ALL, TWO = "CHOICE(REFUND_FULL|EXCHANGE_FREE|REPAIR_FREE)", "CHOICE(EXCHANGE_FREE|REPAIR_FREE)"
QUOTE, FREE, EXCHANGE, REFUND = "PAID_REPAIR_QUOTE", "REPAIR_FREE", "EXCHANGE_FREE", "REFUND_FULL"
BACK = "CHOICE(REFUND_FULL|EXCHANGE_FREE)"
WASHER, TV, PHONE, CAR = "washing_machine", "lcd_tv", "mobile_phone", "family_car"
TWICE = repaired("2025-04-02", "2025-05-08")
YEAR = [{"months": 12}]
HOURS = {"started_at": "2025-06-02T09:00"}
