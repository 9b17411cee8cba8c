"""Decisions on one core: claims of many kinds, read from JSON, decided, written as JSON."""

from __future__ import annotations

import datetime as dt
import gc
import json
import random
import time

import orjson

from baoxiu.faces.console.entitling import decided
from baoxiu.lib.workdays import shipped
from baoxiu.sop.entitlement.claim import Claim
from baoxiu.sop.entitlement.engine import WEAK, decide
from baoxiu.sop.entitlement.products import PRODUCTS

DECISIONS = 50_000


def lines(count: int) -> list[bytes]:
    """Claims as they come: a year's promise, every fourth with a repair behind it, all classes and provinces."""
    pick = random.Random(1)
    found = []
    for n in range(count):
        sold = dt.date(2018, 1, 1) + dt.timedelta(pick.randrange(2800))
        claimed = sold + dt.timedelta(pick.randrange(600))
        claim = {
            "id": f"c{n}",
            "product_class": pick.choice(["", *PRODUCTS]),
            "jurisdiction": pick.choice(["CN", "CN", "CN-ZJ", "CN-SH", "EU-DE"]),
            "sold_on": sold.isoformat(),
            "claim_on": claimed.isoformat(),
            "fault": pick.choice(["quality", "quality", "unknown", "other"]),
            "price": "2999.00",
            "promises": [{"months": 12}],
        }
        if n % 4 == 0:
            claim["repairs"] = [{"handed_in_on": claimed.isoformat(), "ready_on": claimed.isoformat()}]
        found.append(json.dumps(claim).encode())
    return found


def row() -> str:
    """One line: decisions a second of processor time, reading and writing included, and without."""
    table, claims = shipped("CN"), lines(DECISIONS)
    for line in claims[:2000]:
        decide(Claim.model_validate_json(line), table)
    gc.freeze()
    began = time.process_time()
    for no, _, verdict in decided(enumerate(claims, 1), table, WEAK):
        assert verdict
        orjson.dumps({"line": no, **verdict.to_json()})
    whole = time.process_time() - began
    read = [Claim.model_validate_json(line) for line in claims]
    began = time.process_time()
    for claim in read:
        decide(claim, table)
    alone = time.process_time() - began
    gc.unfreeze()
    return f"entitlement: {DECISIONS / whole:,.0f} decisions/s from JSON to JSON, {DECISIONS / alone:,.0f} without"
