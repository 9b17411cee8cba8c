"""Keep the lock files free of addresses: they name what to install, never from where.

`funding` fields of npm packages are sponsors' pages that `npm ci` does not need, so they go; anything else that looks
like an address is an error.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def lock_files() -> list[Path]:
    return [*sorted((ROOT / "requirements").glob("*")), ROOT / "frontend" / "package-lock.json"]


def addresses(text: str) -> list[str]:
    """Return the lines that hold an address."""
    return [line.strip() for line in text.splitlines() if "://" in line]


def drop_funding(text: str) -> str:
    lock = json.loads(text)
    for package in lock["packages"].values():
        package.pop("funding", None)
    return json.dumps(lock, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    npm = ROOT / "frontend" / "package-lock.json"
    npm.write_text(drop_funding(npm.read_text(encoding="utf-8")), encoding="utf-8")
    found = [
        f"{path.name}: {line}"
        for path in lock_files()
        for line in addresses(path.read_text(encoding="utf-8"))
    ]
    for line in found:
        print(f"lock: address in {line}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
