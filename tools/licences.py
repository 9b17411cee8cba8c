"""The licence gate: what Baoxiu ships may be shipped under Apache-2.0.

Reads the metadata of every installed distribution that requirements/runtime.txt names, and the npm lock's licence
fields. Copyleft or unknown licences fail unless a person has looked and written the reason below.
"""

from __future__ import annotations

import json
import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PERMISSIVE = re.compile(
    r"\b(MIT(-CMU|-0)?|0?BSD|BSD-[23]-Clause|0BSD|Apache|ISC|PSF|Python Software Foundation|HPND|Zlib|Unlicense|"
    r"CC0|OFL|BlueOak|MPL[- ]?2|Mozilla Public License 2)",
    re.IGNORECASE,
)
COPYLEFT = re.compile(r"\b(A?GPL|GNU|LGPL|EPL|SSPL|BUSL|Commons Clause)", re.IGNORECASE)
CHOICE = re.compile(r"\bOR\b")

# distribution -> why a person let it through
REVIEWED = {
    "psycopg": "LGPL-3.0: an optional extra, used unchanged as a library through its public interface",
    "psycopg-binary": "LGPL-3.0: as psycopg; its libpq is under the PostgreSQL licence",
    "psycopg-pool": "LGPL-3.0: as psycopg",
}


def runtime_names() -> list[str]:
    text = (ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8")
    return sorted(set(re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)))


def stated(distribution: metadata.PackageMetadata) -> str:
    """Return what the metadata says of the licence: expression, classifiers, or a short licence field."""
    if expression := distribution.get("License-Expression"):
        return expression
    classifiers = distribution.get_all("Classifier") or []
    found = [line.split("::")[-1].strip() for line in classifiers if line.startswith("License ::")]
    found = [name for name in found if name != "OSI Approved"]
    field = (distribution.get("License") or "").strip().splitlines()
    return "; ".join(found) or (field[0][:80] if field else "")


def from_file(distribution: metadata.Distribution) -> str:
    """Return the licence's name from the first lines of a licence file, for wheels with no field."""
    for file in distribution.files or []:
        if re.search(r"(^|/)(LICEN[SC]E|COPYING)[^/]*$", str(file), re.IGNORECASE):
            head = " ".join(str(file.read_text(encoding="utf-8")).split())[:600]
            if "Permission is hereby granted, free of charge" in head or "MIT License" in head:
                return "MIT (from the licence file)"
            if "Apache License" in head:
                return "Apache-2.0 (from the licence file)"
            if "Redistribution and use in source and binary forms" in head:
                return "BSD-3-Clause (from the licence file)"
            if "SIL OPEN FONT LICENSE" in head.upper():
                return "OFL-1.1 (from the licence file)"
    return ""


def verdict(name: str, licence: str) -> str | None:
    """Return a complaint about one distribution, or None."""
    if name.lower() in REVIEWED:
        return None
    if not licence:
        return f"{name}: no licence in its metadata"
    copyleft = COPYLEFT.search(licence)
    if copyleft and not (CHOICE.search(licence) and PERMISSIVE.search(licence)):
        return f"{name}: {licence}"
    if not PERMISSIVE.search(licence):
        return f"{name}: unknown licence {licence!r}"
    return None


def complaints() -> tuple[list[str], int]:
    found: list[str | None] = []
    for name in runtime_names():
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # for another system
        found.append(verdict(name, stated(distribution.metadata) or from_file(distribution)))
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))
    for path, package in lock["packages"].items():
        if path and not package.get("dev"):
            found.append(verdict(path.rsplit("node_modules/", 1)[-1], package.get("license", "")))
    return [line for line in found if line], len(found)


def main() -> int:
    found, looked_at = complaints()
    for line in found:
        print(f"licences: {line}", file=sys.stderr)
    if found:
        print("licences: choose another library, or review it and add it to REVIEWED", file=sys.stderr)
        return 1
    print(f"licences: {looked_at} packages, {len(REVIEWED)} reviewed by hand, none in the way")
    return 0


if __name__ == "__main__":
    sys.exit(main())
