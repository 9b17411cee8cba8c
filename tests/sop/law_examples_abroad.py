"""The worked examples of law outside China."""

from __future__ import annotations

from tests.sop.law_words import BACK, FREE, QUOTE, TWO, YEAR, Facts, c, in_repair, repaired

# one example, one block: this is read as a table
# fmt: off
ABROAD: dict[str, list[tuple[Facts, str]]] = {
    "EU-SGD-001": [
        c("", "", "2027-10-01", TWO + ";EXPIRY=2027-10-01", jurisdiction="EU-DE", delivered_on="2025-10-01"),
        c("", "", "2027-10-02", QUOTE, jurisdiction="EU-DE", delivered_on="2025-10-01"),
        c("", "", "2026-10-01", TWO + ";EXPIRY=2026-10-01", jurisdiction="EU-DE", delivered_on="2025-10-01", condition="used",
          agreed_used_months=12),
    ],
    "EU-SGD-002": [
        c("", "", "2026-08-15", TWO + ";BURDEN=SELLER", jurisdiction="EU-DE", delivered_on="2025-10-01"),
        c("", "", "2026-12-01", TWO + ";BURDEN=CONSUMER", jurisdiction="EU-DE", delivered_on="2025-10-01"),
    ],
    "EU-SGD-003": [
        c("", "", "2026-08-01", TWO, jurisdiction="EU-DE", delivered_on="2025-10-01"),
        c("", "", "2026-09-01", "CHOICE(REJECT_FULL_REFUND|PRICE_REDUCTION)", jurisdiction="EU-DE", delivered_on="2025-10-01",
          repairs=repaired("2026-08-01 2026-08-05")),
    ],
    "EU-R2R-001": [
        c("", "2026-08-05", "2029-08-05", "CHOICE(REJECT_FULL_REFUND|PRICE_REDUCTION);NEW_EXPIRY=2029-08-05", jurisdiction="EU-DE",
          delivered_on="2026-08-05", repairs=repaired("2027-03-01", "2028-03-01")),
    ],
    "EU-R2R-002": [
        c("tumble_dryer", "", "2026-09-10", QUOTE + ";REASON=REPAIR_DUTY", jurisdiction="EU-DE", delivered_on="2022-09-01"),
    ],
    "EU-OTHER-001/1": [
        c("", "", "2025-06-16", "NO_REASON_RETURN;REJECT_UNTIL=2025-06-16", jurisdiction="EU-DE", fault="unknown", delivered_on="2025-06-02",
          distance_sale=True, wants="return"),
    ],
    "UK-CRA-001": [
        c("", "", "2025-07-02", "CHOICE(REJECT_FULL_REFUND|EXCHANGE_FREE|REPAIR_FREE);REJECT_UNTIL=2025-07-02", jurisdiction="UK",
          delivered_on="2025-06-02"),
        c("", "", "2025-07-09", "CHOICE(REJECT_FULL_REFUND|EXCHANGE_FREE|REPAIR_FREE|PRICE_REDUCTION);REJECT_UNTIL=2025-07-15",
          jurisdiction="UK", delivered_on="2025-06-02", repairs=repaired("2025-06-28 2025-07-08")),
    ],
    "UK-CRA-002": [
        c("", "", "2025-10-02", "CHOICE(REJECT_FULL_REFUND|PRICE_REDUCTION);USE_DEDUCTION=NO;BURDEN=SELLER", jurisdiction="UK",
          delivered_on="2025-06-02", repairs=repaired("2025-08-28 2025-09-08")),
    ],
    "US-MMWA-001": [
        c("", "2025-01-02", "2025-06-02", FREE, jurisdiction="US", fault="other", exclusion="INDEPENDENT_SERVICE", evidence=True,
          promises=YEAR),
    ],
    "US-CA-001": [
        c("", "2025-01-02", "2025-06-02", FREE + ";EXPIRY=2026-01-22;FIX_BY=2025-07-02", jurisdiction="US-CA", today="2025-06-22",
          promises=[{"months": 12, "suspends": False}], repairs=in_repair("2025-06-02")),
    ],
    "AU-ACL-001": [
        c("", "2024-02-01", "2025-06-02", "CHOICE(REFUND_FULL|EXCHANGE_FREE|KEEP_AND_COMPENSATION)", jurisdiction="AU", price="2400.00",
          severity="major", reasonable_months=60, promises=YEAR),
    ],
    "JP-001": [
        c("", "2025-01-02", "2025-06-10", "CHOICE(EXCHANGE_FREE|REPAIR_FREE|PRICE_REDUCTION);LIMIT=2026-06-02", jurisdiction="JP",
          found_on="2025-06-02", non_conforming=True),
    ],
    "KR-001": [
        c("", "2025-06-02", "2025-06-11", BACK, jurisdiction="KR"), c("", "2025-06-02", "2025-06-28", TWO, jurisdiction="KR"),
    ],
}
# fmt: on
