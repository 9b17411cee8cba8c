"""The worked examples of our collection of law, by rule: what the engine says, and which it does not say, and why.

An example is named by its rule; `/2` is the second of a rule with several. It is written once for every
day it speaks of. Expected is a result in the grammar: the options exactly, extras and keys at least.
"""

from __future__ import annotations

from tests.sop.law_examples_abroad import ABROAD
from tests.sop.law_words import (
    ALL,
    BACK,
    CAR,
    EXCHANGE,
    FREE,
    HOURS,
    PHONE,
    QUOTE,
    REFUND,
    TV,
    TWICE,
    TWO,
    WASHER,
    YEAR,
    Facts,
    c,
    in_repair,
    repaired,
)

# one example, one block: this is read as a table
# fmt: off
CHINA: dict[str, list[tuple[Facts, str]]] = {
    "CN-DAY-001/1": [c(WASHER, "2025-03-03", "2025-03-10", ALL), c(WASHER, "2025-03-03", "2025-03-11", TWO)],
    "CN-DAY-001/2": [c(WASHER, "2025-03-03", "2025-03-18", TWO), c(WASHER, "2025-03-03", "2025-03-19", FREE)],
    "CN-DAY-002/1": [c("", "2025-03-03", "2025-09-01", FREE + ";EXPIRY=2026-03-03", promises=YEAR)],
    "CN-DAY-002/2": [
        # 2026-02-28 was a make-up working day
        c("", "2025-08-31", "2026-02-28", FREE + ";EXPIRY=2026-02-28", promises=[{"months": 6}]),
    ],
    "CN-DAY-003/1": [
        c("phone_battery", "2025-04-01", "2025-10-09", EXCHANGE + ";EXPIRY=2025-10-09"),
        c("phone_battery", "2025-04-01", "2025-10-10", QUOTE),
    ],
    "CN-DAY-003/2": [c(WASHER, "2025-09-29", "2025-10-09", ALL), c(WASHER, "2025-09-29", "2025-10-10", TWO)],
    "CN-DAY-004/1": [c(CAR, "2024-09-02", "2025-09-22", FREE + ";REPLY_BY=2025-10-11", requested_on="2025-09-22")],
    "CN-DAY-004/2": [
        c("tractor_20kw", "2024-09-02", "2025-04-01", FREE + ";LIMIT=2025-05-16", repairs=in_repair("2025-04-01")),
    ],
    "CN-DAY-005/1": [
        c(WASHER, "2025-01-15", "2025-08-01", FREE + ";EXPIRY=2026-02-04", repairs=repaired("2025-05-06 2025-05-26")),
    ],
    "CN-DAY-005/2": [
        c(WASHER, "2025-01-15", "2025-08-01", FREE + ";EXPIRY=2026-01-15", repairs=repaired("2025-05-06 2025-05-06")),
    ],
    "CN-DAY-006/1": [
        c(CAR, "2025-01-02", "2025-07-01", FREE + ";CUM_DAYS=3",
          repairs=repaired("2025-06-02 2025-06-04", finished_at="2025-06-04T10:00", **HOURS)),
    ],
    "CN-DAY-006/2": [
        c(CAR, "2025-01-02", "2025-07-01", "CHOICE(EXCHANGE_FREE|REFUND_LESS_DEP);CUM_DAYS=31;REASON=DAYS",
          repairs=[
              *repaired("2025-02-01 2025-02-11", started_at="2025-02-01T00:00", finished_at="2025-02-11T03:00"),
              *repaired("2025-03-01 2025-03-13", started_at="2025-03-01T00:00", finished_at="2025-03-13T00:00"),
              *repaired("2025-04-01 2025-04-08", started_at="2025-04-01T00:00", finished_at="2025-04-08T01:00"),
          ]),
    ],
    "CN-DAY-007": [
        c(WASHER, "2025-05-01", "2025-07-01", FREE, today="2025-09-29", repairs=in_repair("2025-07-01", "wait_part_producer")),
        c(WASHER, "2025-05-01", "2025-07-01", EXCHANGE, today="2025-09-30", repairs=in_repair("2025-07-01", "wait_part_producer")),
    ],
    "CN-LAYER-001": [
        c("refrigerator", "2023-05-12", "2025-11-10", "PART_FREE", part="compressor", promises=YEAR),
        c("refrigerator", "2023-05-12", "2025-11-10", QUOTE, part="door_shelf", promises=YEAR),
    ],
    "CN-LAYER-002": [
        c(TV, "2023-01-05", "2025-12-30", "PART_FREE;EXPIRY=2026-01-05", part="display_panel", promises=YEAR),
    ],
    "CN-LAYER-004": [
        c("desk_lamp", "", "2025-05-19", ALL, delivered_on="2025-05-12"),
        c("desk_lamp", "", "2025-05-26", TWO, delivered_on="2025-05-12", non_conforming=True),
        c("desk_lamp", "", "2025-05-26", ALL, delivered_on="2025-05-12", non_conforming=True, rescission=True),
    ],
    "CN-LAYER-005/1": [
        c(WASHER, "2025-01-15", "2025-06-02", FREE + "+LOANER", jurisdiction="CN-ZJ", today="2025-06-08",
          repairs=in_repair("2025-06-02")),
        c(WASHER, "2025-01-15", "2025-06-02", FREE, jurisdiction="CN-ZJ", today="2025-06-07", repairs=in_repair("2025-06-02")),
    ],
    "CN-LAYER-005/2": [
        c(WASHER, "2025-01-15", "2025-08-01", BACK + ";FEE=0.00;REFUND=2999.00;CUM_DAYS=36", jurisdiction="CN-ZJ", price="2999.00",
          repairs=repaired("2025-05-06 2025-06-11", same_fault=False)),
    ],
    "CN-LAYER-006": [
        c(WASHER, "2025-01-15", "2025-05-06", BACK, jurisdiction="CN-SD", today="2025-06-06",
          repairs=in_repair("2025-05-06", "wait_part_producer")),
        c(WASHER, "2025-01-15", "2025-05-06", FREE, jurisdiction="CN-SD", today="2025-06-05",
          repairs=in_repair("2025-05-06", "wait_part_producer")),
    ],
    "CN-LAYER-007/1": [c("desk_lamp", "2025-01-10", "2025-06-20", FREE, jurisdiction="CN-SH")],
    "CN-LAYER-007/2": [
        c("desk_lamp", "2025-01-10", "2025-04-10", FREE, jurisdiction="CN-BJ", promises=[{"months": 1}]),
        c("desk_lamp", "2025-01-10", "2025-04-11", QUOTE, jurisdiction="CN-BJ", promises=[{"months": 1}]),
    ],
    "CN-LAYER-008": [
        c(WASHER, "2025-05-01", "2025-07-01", EXCHANGE + ";PAYER=PRODUCER", today="2025-09-30",
          repairs=in_repair("2025-07-01", "wait_part_producer")),
        c(WASHER, "2025-05-01", "2025-07-01", EXCHANGE + ";PAYER=REPAIRER", today="2025-08-01", repairs=in_repair("2025-07-01")),
    ],
    "CN-3BAO-95-001": [c(WASHER, "2025-03-03", "2025-03-10", ALL), c(WASHER, "2025-03-03", "2025-03-11", TWO)],
    "CN-3BAO-95-002": [c(WASHER, "2025-03-03", "2025-03-18", TWO), c(WASHER, "2025-03-03", "2025-03-19", FREE)],
    "CN-3BAO-95-003": [
        c("refrigerator", "2023-05-12", "2026-04-20", "PART_FREE", part="compressor"),
        c("refrigerator", "2023-05-12", "2026-04-20", QUOTE, part="door_shelf"),
    ],
    "CN-3BAO-95-004/1": [
        c(WASHER, "2025-01-15", "2026-02-04", FREE + ";EXPIRY=2026-02-04", repairs=repaired("2025-05-06 2025-05-26")),
        c(WASHER, "2025-01-15", "2026-02-05", QUOTE, repairs=repaired("2025-05-06 2025-05-26")),
    ],
    "CN-3BAO-95-004/2": [
        c(TV, "2025-02-06", "2025-02-17", ALL + ";EXPIRY=2026-02-10", installed_on="2025-02-10"),
        c(TV, "2025-02-06", "2025-02-18", TWO, installed_on="2025-02-10"),
    ],
    "CN-3BAO-95-005": [
        c(WASHER, "2025-01-15", "2025-06-20", EXCHANGE, repairs=TWICE),
        c(WASHER, "2025-01-15", "2025-06-20", FREE, repairs=TWICE[:1]),
    ],
    "CN-3BAO-95-006/1": [
        c(WASHER, "2025-01-15", "2025-07-01", FREE, today="2025-09-29", repairs=in_repair("2025-07-01", "wait_part_producer")),
        c(WASHER, "2025-01-15", "2025-07-01", EXCHANGE, today="2025-09-30", repairs=in_repair("2025-07-01", "wait_part_producer")),
    ],
    "CN-3BAO-95-006/2": [
        c(WASHER, "2025-01-15", "2025-07-01", EXCHANGE + ";PAYER=REPAIRER", today="2025-08-01", repairs=in_repair("2025-07-01")),
        c(WASHER, "2025-01-15", "2025-07-01", FREE, today="2025-07-31", repairs=in_repair("2025-07-01")),
    ],
    "CN-3BAO-95-007": [
        c(TV, "2025-02-06", "2025-06-20", REFUND + ";REFUND=4999.00", price="4999.00", repairs=TWICE, wants="refund",
          same_model_available=False),
    ],
    "CN-3BAO-95-008/1": [
        c(TV, "2025-02-06", "2025-06-20", "REFUND_LESS_DEP;DAYS=122;FEE=609.88;REFUND=4389.12", price="4999.00", wants="refund",
          same_model_available=True, repairs=repaired("2025-03-03 2025-03-09", "2025-05-02 2025-05-08")),
    ],
    "CN-3BAO-95-008/2": [
        c(TV, "2025-02-06", "2025-03-08", "REFUND_LESS_DEP;DAYS=30;FEE=150.00;REFUND=4850.00", price="5000.00", wants="refund",
          same_model_available=True, repairs=repaired("2025-02-20", "2025-02-25")),
    ],
    "CN-3BAO-95-009": [
        c(WASHER, "2025-01-15", "2026-01-22", FREE + ";START=2025-01-25;EXPIRY=2026-01-26", exchanged_on="2025-01-25"),
    ],
    "CN-3BAO-95-010": [
        c(WASHER, "2025-03-03", "2026-03-20", FREE, repairs=repaired("2026-03-01")),
        c(WASHER, "2025-03-03", "2026-04-01", QUOTE, repairs=repaired("2026-03-01")),
    ],
    "CN-3BAO-95-011": [
        c(WASHER, "2025-03-03", "2025-06-20", QUOTE + ";EXCLUSION=UNAUTH_OPEN", fault="other", exclusion="UNAUTH_OPEN", evidence=True),
        c(WASHER, "2025-03-03", "2025-06-20", FREE, fault="other", exclusion="UNAUTH_OPEN", evidence=False),
    ],
    "CN-3BAO-95-013": [c("laptop", "2025-03-03", "2025-06-20", FREE + ";FREIGHT=TRADER")],
    "CN-3BAO-MP-001": [
        c(PHONE, "2025-06-03", "2025-06-10", ALL), c(PHONE, "2025-06-03", "2025-06-11", TWO),
        c(PHONE, "2025-06-03", "2025-06-18", TWO), c(PHONE, "2025-06-03", "2025-06-19", FREE),
    ],
    "CN-3BAO-MP-002": [
        c(PHONE, "2025-03-01", "2026-03-16", FREE + ";EXPIRY=2026-03-16", repairs=repaired("2025-05-06 2025-05-21")),
        c(PHONE, "2025-03-01", "2026-03-17", QUOTE, repairs=repaired("2025-05-06 2025-05-21")),
    ],
    "CN-3BAO-MP-003": [c(PHONE, "2025-03-01", "2025-07-01", EXCHANGE, repairs=repaired("2025-05-02", "2025-06-01"))],
    "CN-3BAO-MP-004": [
        c(PHONE, "2025-03-01", "2025-06-02", FREE + "+LOANER", today="2025-08-01", repairs=in_repair("2025-06-02", "wait_part_producer")),
        c(PHONE, "2025-03-01", "2025-06-02", EXCHANGE + "+LOANER", today="2025-08-02", repairs=in_repair("2025-06-02", "wait_part_producer")),
    ],
    "CN-3BAO-MP-005": [
        c(PHONE, "2025-03-01", "2025-08-01", FREE, today="2025-08-08", repairs=in_repair("2025-08-01")),
        c(PHONE, "2025-03-01", "2025-08-01", FREE + "+LOANER", today="2025-08-09", repairs=in_repair("2025-08-01")),
    ],
    "CN-3BAO-MP-006/1": [
        c(PHONE, "2025-03-01", "2025-06-09", "REFUND_LESS_DEP;DAYS=88;FEE=1320.00;REFUND=1680.00", price="3000.00", wants="refund",
          same_model_available=True, repairs=repaired("2025-04-02 2025-04-08", "2025-05-02 2025-05-08")),
    ],
    "CN-3BAO-MP-006/2": [
        c(PHONE, "2025-03-15", "2025-10-11", "REFUND_LESS_DEP;DAYS=210;FEE=2750.00;REFUND=0.00", price="2750.00", wants="refund",
          same_model_available=True, repairs=TWICE),
    ],
    "CN-3BAO-MP-007/1": [c("phone_battery", "2025-04-01", "2025-09-20", EXCHANGE)],
    "CN-3BAO-MP-007/2": [c("phone_headset", "2025-04-01", "2025-08-10", QUOTE)],
    "CN-3BAO-MP-008": [
        c(PHONE, "", "2026-05-20", FREE + ";START=2025-06-08;EXPIRY=2026-06-08", factory_on="2025-03-10", proof="none"),
    ],
    "CN-3BAO-MP-009": [
        c(PHONE, "2025-03-01", "2025-06-01", QUOTE + ";EXCLUSION=MISUSE", fault="other", exclusion="MISUSE", evidence=True),
    ],
    "CN-3BAO-FP-001": [
        c("fixed_phone", "2025-03-01", "2025-06-02", FREE, today="2025-06-05", repairs=in_repair("2025-06-02")),
        c("fixed_phone", "2025-03-01", "2025-06-02", FREE + "+LOANER", today="2025-06-06", repairs=in_repair("2025-06-02")),
    ],
    "CN-3BAO-PC-001": [c("laptop", "2025-05-12", "2025-05-19", ALL), c("laptop", "2025-05-12", "2025-05-22", TWO)],
    "CN-3BAO-PC-002": [
        c("laptop", "2024-03-04", "2025-11-10", "PART_FREE", part="mainboard"),
        c("laptop", "2024-03-04", "2025-11-10", QUOTE, part="lid"),
    ],
    "CN-3BAO-PC-003": [
        c("laptop", "2025-03-04", "2025-11-10", FREE, fault="other", exclusion="NO_PROOF", evidence=True, proof="record"),
    ],
    "CN-3BAO-PC-004": [c("laptop", "2025-03-01", "2025-07-01", EXCHANGE, repairs=repaired("2025-05-02", "2025-06-01"))],
    "CN-3BAO-PC-005": [
        c("laptop", "2025-03-01", "2025-06-02", FREE, today="2025-08-01", repairs=in_repair("2025-06-02", "wait_part_producer")),
        c("laptop", "2025-03-01", "2025-06-02", EXCHANGE, today="2025-08-02", repairs=in_repair("2025-06-02", "wait_part_producer")),
    ],
    "CN-3BAO-PC-006": [
        # switched off until the annex has been read: nothing is deducted
        c("laptop", "2025-03-03", "2025-04-12", REFUND + ";FEE=0.00;REFUND=6000.00", price="6000.00", wants="refund",
          same_model_available=True, repairs=repaired("2025-03-20", "2025-03-28")),
    ],
    "CN-3BAO-PC-007": [
        c("laptop", "2025-03-03", "2025-06-20", QUOTE + ";EXCLUSION=SOFTWARE", fault="other", exclusion="SOFTWARE", evidence=True),
    ],
    "CN-3BAO-AV-001": [
        c("disc_player", "2024-05-14", "2026-04-10", "PART_FREE", part="laser_head"),
        c("disc_player", "2024-05-14", "2026-04-10", QUOTE, part="tray"),
    ],
    "CN-3BAO-AV-002": [
        c("disc_player", "2025-03-03", "2025-03-10", ALL), c("disc_player", "2025-03-03", "2025-03-18", TWO),
        c("disc_player", "2025-01-15", "2025-06-20", EXCHANGE, repairs=TWICE),
    ],
    "CN-3BAO-AV-003": [
        c("amplifier", "2024-03-04", "2027-11-19", "PART_FREE;NEW_EXPIRY=2027-11-19", part="power_board", part_class="main_part",
          repairs=repaired("2025-11-19", replaced_part="power_board")),
    ],
    "CN-3BAO-CAR-001/1": [
        c(CAR, "2024-05-10", "2025-05-10", FREE + ";START=2024-05-20;RETURN_UNTIL=2026-05-20", delivered_on="2024-05-20"),
    ],
    "CN-3BAO-CAR-001/2": [
        c(CAR, "2024-05-20", "2025-06-24", FREE, km=50_001, repairs=repaired(*["2025-03-03"] * 5)),
        c(CAR, "2024-05-20", "2025-06-24", QUOTE, km=60_001),
    ],
    "CN-3BAO-CAR-002": [
        c(CAR, "2025-06-03", "2025-06-09", "CHOICE(REFUND_FULL|EXCHANGE_FREE|ASSEMBLY_EXCHANGE)", part="gearbox"),
    ],
    "CN-3BAO-CAR-003": [
        c(CAR, "2025-03-03", "2025-04-17", BACK, km=2800, safety="brakes"),
        c(CAR, "2025-03-03", "2025-04-17", FREE, km=3001, safety="brakes"),
    ],
    "CN-3BAO-CAR-004": [c(CAR, "2025-03-03", "2025-04-02", "ASSEMBLY_EXCHANGE", km=1900, part="engine", part_class="main_part")],
    "CN-3BAO-CAR-005/1": [
        c(CAR, "2025-01-02", "2025-09-01", "CHOICE(EXCHANGE_FREE|REFUND_LESS_DEP);REASON=REPAIRS", km=18_000,
          repairs=repaired(*["2025-03-03"] * 5)),
        c(CAR, "2025-01-02", "2025-09-01", FREE, km=18_000, repairs=repaired(*["2025-03-03"] * 4)),
    ],
    "CN-3BAO-CAR-005/2": [
        c(CAR, "2025-01-02", "2025-09-01", FREE + ";CUM_DAYS=29", repairs=repaired("2025-03-01 2025-04-01", excluded_days=2)),
        c(CAR, "2025-01-02", "2025-09-01", "CHOICE(EXCHANGE_FREE|REFUND_LESS_DEP);CUM_DAYS=31", repairs=repaired("2025-03-01 2025-04-01")),
    ],
    "CN-3BAO-CAR-006/1": [
        c(CAR, "2025-01-02", "2025-09-01", "CHOICE(EXCHANGE_FREE|REFUND_LESS_DEP);FEE=14256.00;REFUND=183744.00", km=18_000,
          price="198000.00", use_rate_percent="0.4", repairs=repaired(*["2025-03-03"] * 5)),
    ],
    "CN-3BAO-CAR-006/2": [
        c(CAR, "2025-01-02", "2025-09-01", "CHOICE(EXCHANGE_FREE|REFUND_LESS_DEP);FEE=12000.00;REFUND=188000.00", km=12_000,
          price="200000.00", use_rate_percent="0.5", repairs=repaired(*["2025-03-03"] * 5)),
    ],
    "CN-3BAO-CAR-007": [
        c(CAR, "2024-09-02", "2025-09-22", FREE + ";REPLY_BY=2025-10-11;FIX_BY=2025-10-24", requested_on="2025-09-22"),
    ],
    "CN-3BAO-CAR-008": [
        c(CAR, "2025-01-02", "2025-06-02", FREE, now="2025-06-07T09:00", today="2025-06-07", repairs=in_repair("2025-06-02", **HOURS)),
        c(CAR, "2025-01-02", "2025-06-02", FREE + "+LOANER", now="2025-06-07T09:01", today="2025-06-07",
          repairs=in_repair("2025-06-02", **HOURS)),
    ],
    "CN-3BAO-CAR-009": [c(CAR, "2025-01-02", "2025-06-02", FREE, fault="other", exclusion="INDEPENDENT_SERVICE", evidence=True)],
    "CN-3BAO-CAR-011": [
        c(CAR, "2020-01-02", "2025-06-12", FREE, repairs=repaired("2025-06-02", covered=False, job="small")),
        c(CAR, "2020-01-02", "2025-06-13", QUOTE, repairs=repaired("2025-06-02", covered=False, job="small")),
    ],
    "CN-3BAO-AGR-001": [
        c("tractor_20kw", "2025-03-12", "2027-02-10", "PART_FREE", part="gearbox", part_class="main_part"),
        c("tractor_20kw", "2025-03-12", "2026-03-20", QUOTE, part="seat"),
        c("tractor_15kw", "2025-03-12", "2026-01-20", QUOTE, part="seat"),
    ],
    "CN-3BAO-AGR-002": [
        c("tractor_20kw", "2025-03-12", "2025-04-01", FREE + ";LIMIT=2025-05-16", today="2025-05-16", repairs=in_repair("2025-04-01")),
        c("tractor_20kw", "2025-03-12", "2025-04-01", "CHOICE(EXCHANGE_FREE|CONTINUE_REPAIR)", today="2025-05-19",
          repairs=in_repair("2025-04-01")),
    ],
    "CN-3BAO-AGR-003": [
        c("combine_harvester", "2025-03-12", "2025-06-08", FREE + ";FIX_BY=2025-06-11", part="gearbox", part_class="main_part",
          repair_reported_on="2025-06-08", peak_season=True),
        c("combine_harvester", "2025-03-12", "2025-06-08", FREE + ";FIX_BY=2025-06-09", part="knife", part_class="wear_part",
          repair_reported_on="2025-06-08", peak_season=True),
    ],
    "CN-3BAO-AGR-004": [
        c("tractor_20kw", "2025-01-15", "2025-06-20", "ASSEMBLY_EXCHANGE", severity="major", repairs=TWICE),
        c("tractor_20kw", "2025-01-15", "2025-06-20", EXCHANGE, severity="major", part="gearbox",
          repairs=[*TWICE, *repaired("2025-05-20", replaced_part="gearbox")]),
        c("tractor_20kw", "2025-01-15", "2025-06-20", REFUND, severity="major", exchanges=1, repairs=TWICE),
    ],
    "CN-3BAO-AGR-005": [
        c("tractor_20kw", "2024-01-15", "2027-07-01", "PART_FREE;NEW_EXPIRY=2027-07-01", part="gearbox",
          repairs=repaired("2025-07-01", replaced_part="gearbox")),
    ],
    "CN-3BAO-AGR-006": [
        c("tractor_20kw", "2025-03-12", "2025-09-22", FREE + ";REPLY_BY=2025-10-11", wants="card", requested_on="2025-09-22"),
    ],
    "CN-CPL-001/1": [
        c("book", "", "2025-06-10", "NO_REASON_RETURN", fault="unknown", delivered_on="2025-06-03", distance_sale=True, wants="return"),
        c("book", "", "2025-06-11", "DENY_NO_REASON_RETURN", fault="other", delivered_on="2025-06-03", distance_sale=True, wants="return"),
    ],
    "CN-CPL-001/2": [
        c("watch", "", "2025-06-05", "DENY_NO_REASON_RETURN", fault="unknown", delivered_on="2025-06-03", distance_sale=True,
          wants="return", no_return="made_to_order"),
    ],
    "CN-CPL-002": [
        c("book", "", "2025-06-10", "NO_REASON_RETURN;REFUND_BY=2025-06-20;FREIGHT=CONSUMER", fault="unknown", delivered_on="2025-06-03",
          distance_sale=True, wants="return", today="2025-06-13", returned_on="2025-06-13"),
    ],
    "CN-CPL-003": [
        c(WASHER, "2025-01-15", "2025-06-03", FREE + ";LIMIT=2025-06-18;REASON=DELAY", requested_on="2025-06-03", today="2025-06-19"),
        c(WASHER, "2025-01-15", "2025-06-03", FREE + ";LIMIT=2025-06-18", requested_on="2025-06-03", today="2025-06-18"),
    ],
    "CN-CPL-004": [
        c("air_conditioner", "", "2025-07-20", FREE + ";BURDEN=BUSINESS", delivered_on="2025-02-03"),
        c("air_conditioner", "", "2025-08-15", FREE + ";BURDEN=CONSUMER", delivered_on="2025-02-03"),
    ],
    "CN-CPL-005": [
        c(WASHER, "2025-01-15", "2025-06-03", FREE + ";EXTRA=500.00", fraud=True, paid="120.00"),
        c(WASHER, "2025-01-15", "2025-06-03", FREE + ";EXTRA=2400.00", fraud=True, paid="800.00"),
    ],
    "CN-CPL-008": [
        c("pump_B2B", "", "2025-06-02", QUOTE + ";REASON=LATE_NOTICE", buyer="business", delivered_on="2023-06-01"),
        c("pump_B2B", "", "2025-06-02", FREE, buyer="business", delivered_on="2023-06-01", promises=[{"months": 36}]),
    ],
    "CN-CPL-009": [
        c(CAR, "", "2025-06-02", QUOTE + ";CLAIM_UNTIL=2026-01-10", delivered_on="2016-01-10", safety="other"),
    ],
    "CN-CPL-011": [
        c(PHONE, "2025-06-01", "2025-06-09", "NO_REASON_RETURN", fault="unknown", delivered_on="2025-06-03", distance_sale=True,
          wants="return", no_return="by_nature"),
    ],
}
# fmt: on
EXPRESSED = {**CHINA, **ABROAD}
