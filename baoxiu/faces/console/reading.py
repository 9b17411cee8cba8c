"""`baoxiu sop`: the standard procedure in words; with --check, the proof that it keeps its laws."""

from __future__ import annotations

from baoxiu.faces.console.start import MISUSED, Trouble, say
from baoxiu.sop import check as laws
from baoxiu.sop import clauses, readable
from baoxiu.sop.payloads import PAYLOADS
from baoxiu.sop.standard import STANDARD

LANGUAGES = {"zh": "zh", "zh-hans": "zh", "en": "en"}


def run(clause: str, lang: str, check: bool) -> None:
    language = LANGUAGES.get(lang.lower())
    if language is None:
        raise Trouble(f"--lang is zh or en, not {lang}.", MISUSED)
    if clause and not clauses.find(clause):
        raise Trouble(f"there is no clause {clause}; there are {' '.join(clauses.CLAUSES)}.", MISUSED)
    if check:
        prove()
    else:
        say(readable.text(STANDARD, language, clause or None).rstrip())


def prove() -> None:
    """Raises Trouble when a law is broken."""
    findings = laws.check(STANDARD, payloads=PAYLOADS)
    for finding in findings:
        say(str(finding))
    if findings:
        raise Trouble(f"{len(findings)} findings: this procedure may not be published.")
    size = laws.explore(STANDARD)
    say(
        f"{STANDARD.name} {STANDARD.sha256[:12]}: {size.stages} stages, {size.steps} steps, {size.duties} duties, "
        f"{size.facts} facts; {size.states:,} states and {size.moves:,} moves looked at, every law kept."
    )
