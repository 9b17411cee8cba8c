"""The worked examples of our collection of law that no entitlement is made of, each with where it belongs instead.

`FUNCTIONS`: said by a plain function of the package, tested beside the engine. The rest is not a
question of what a customer is owed for one unit.
"""

from __future__ import annotations

FUNCTIONS = frozenset({"CN-3BAO-95-012", "EU-OTHER-001/2", "CN-CPL-010"})

_ELSEWHERE = {
    "terms as published (lint, highlighting, forming of the contract), not a claim": (
        "CN-LAYER-003 CN-CPL-012 CN-CPL-013"
    ),
    "quotes and invoices: no line without an accepted quote, validity of a quote": "CN-CPL-006 EU-R2R-003",
    "the states of a repair order and what each party may do in them": "CN-CPL-007",
    "which records are kept, with which fields, how long": "CN-3BAO-MP-010 CN-3BAO-CAR-010 CN-CPL-014",
    "grading the after-sales system; complaint states; survey and availability figures": (
        "STD-27922-001 STD-27922-002/1 STD-27922-002/2 STD-27922-003 STD-27922-004 STD-10002-001 STD-10004-001 "
        "STD-9001-001 STD-20000-001 STD-20000-002"
    ),
    "electronic signatures": (
        "ESIG-CN-001 ESIG-CN-002/1 ESIG-CN-002/2 ESIG-CN-003 ESIG-CN-004 ESIG-CN-005 ESIG-EU-001 ESIG-EU-002"
    ),
    "personal data and security": (
        "PRIV-CN-001 PRIV-CN-002 PRIV-CN-003 PRIV-CN-004 PRIV-CN-005 PRIV-CN-006 PRIV-CN-007 PRIV-CN-008 PRIV-CN-009 "
        "PRIV-CN-010/1 PRIV-CN-010/2 PRIV-CN-011 PRIV-CN-012 PRIV-CN-013 SEC-CN-001 SEC-CN-002 PRIV-EU-001 PRIV-INT-002"
    ),
    "shipping and customs": "LOG-001 LOG-002 LOG-003 LOG-004 LOG-005 LOG-006/1 LOG-006/2 LOG-007 LOG-008",
    "figures about many cases": (
        "KPI-FTFR KPI-REPEAT KPI-FCR KPI-FRT KPI-MTTR KPI-MTBF KPI-SLA KPI-RTAT KPI-CALLBACK KPI-CSAT KPI-NPS KPI-CES "
        "KPI-SL KPI-ABN KPI-PARTS KPI-PMC KPI-WARR"
    ),
    "service levels of hotlines": "SLV-CN-001 SLV-CN-002 SLV-CN-003",
    "maintenance schedules and lifts": "MNT-001 MNT-002 MNT-003 MNT-004 MNT-005",
}
ELSEWHERE = {name: reason for reason, names in _ELSEWHERE.items() for name in names.split()}
# rules without a worked example of their own
WITHOUT = frozenset({"CN-3BAO-AV-004", "STD-18760-001", "STD-16784-001", "SLV-CN-004"})
