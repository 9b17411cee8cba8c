"""Writes the step tables of the manual from the procedure: `python -m tools.manual` (or `check`).

A page asks for a table with a comment, `<!-- steps C4.6 -->` or `<!-- steps quote accept_quote -->`; what
stands between it and `<!-- /steps -->` is ours.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from baoxiu.sop import readable
from baoxiu.sop.standard import STANDARD

ROOT = Path(__file__).resolve().parents[1]
_TABLE = re.compile(r"(<!-- steps (?P<wanted>[\w. ]+) -->\n).*?(<!-- /steps -->)", re.S)


def filled(page: str, language: str) -> str:
    """The page with its tables as the procedure is now. Raises ValueError for an unknown clause or step."""

    def table(found: re.Match[str]) -> str:
        wanted = found["wanted"].split()
        unknown = [w for w in wanted if not readable.markdown(STANDARD, language, w)]
        if unknown:
            raise ValueError(f"no steps for {', '.join(unknown)}")
        return f"{found[1]}\n{readable.markdown(STANDARD, language, *wanted)}\n\n{found[3]}"

    return _TABLE.sub(table, page)


def stale(root: Path = ROOT) -> dict[Path, str]:
    """Pages whose tables are not what the procedure says now, with what they should be."""
    found = {}
    for language in ("zh", "en"):
        for path in sorted((root / "docs" / language).glob("*.md")):
            page = path.read_text(encoding="utf-8")
            if (wanted := filled(page, language)) != page:
                found[path] = wanted
    return found


def main(arguments: list[str]) -> int:
    pages = stale()
    for path, page in pages.items():
        print(path.relative_to(ROOT))
        if arguments != ["check"]:
            path.write_text(page, encoding="utf-8")
    return int(bool(pages) and arguments == ["check"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
