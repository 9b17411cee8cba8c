"""Prove from the test reports that the legs that count really ran: nothing passes by being skipped."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

RESULTS = Path(__file__).resolve().parent.parent / "test-results"


def count(report: Path, leg: str | None = None) -> int:
    """Count the tests of a report that ran, all or those of one leg."""
    if not report.exists():
        return 0
    total = 0
    for case in ElementTree.parse(report).iter("testcase"):
        legs = {item.get("value") for item in case.iter("property") if item.get("name") == "leg"}
        if case.find("skipped") is None and (leg is None or leg in legs):
            total += 1
    return total


def main() -> int:
    ran = {
        "SQLite": count(RESULTS / "sqlite.xml"),
        "PostgreSQL": count(RESULTS / "postgresql.xml")
        if list(RESULTS.glob("database-postgresql-*.txt"))
        else 0,
        "browser": count(RESULTS / "sqlite.xml", "browser"),
    }
    print("ci: tests that ran: " + ", ".join(f"{leg} {number}" for leg, number in ran.items()))
    absent = [leg for leg, number in ran.items() if not number]
    if absent:
        print(f"ci: these legs did not run: {', '.join(absent)}", file=sys.stderr)
    return 1 if absent else 0


if __name__ == "__main__":
    sys.exit(main())
