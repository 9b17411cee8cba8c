"""`baoxiu verify`: every case derived from its journal; attachments by their bytes."""

from __future__ import annotations

from django.utils import timezone

from baoxiu.cases import verify
from baoxiu.cases.models import Case
from baoxiu.faces.console.progress import counting
from baoxiu.faces.console.start import Trouble, need_database, say
from baoxiu.supervision import checking
from baoxiu.terms import queries as terms

SHOWN = 200


def run(numbers: list[str]) -> None:
    """Raises Trouble when anything differs; each difference is printed with its place."""
    need_database()
    numbers = [number.upper() for number in numbers]
    unknown = set(numbers) - set(Case.objects.filter(number__in=numbers).values_list("number", flat=True))
    if unknown:
        raise Trouble(f"there is no case {', '.join(sorted(unknown))}.")
    looked_at = different = shown = 0
    total = len(numbers) or Case.objects.count()
    with counting("verifying", total) as count:
        for _number, found in verify.verify(numbers or None):
            looked_at += 1
            different += bool(found)
            for difference in found:
                shown += 1
                if shown <= SHOWN:
                    say(str(difference))
            if looked_at % 50 == 0:
                count(looked_at)
    missing = [] if numbers else list(verify.missing_files())
    for name in missing[:SHOWN]:
        say(f"attachment {name}: its bytes are not there")
    gone = [] if numbers else list(verify.missing_cases())
    for difference in gone[:SHOWN]:
        say(str(difference))
    texts = [] if numbers else terms.changed_texts()
    for version in texts:
        say(f"warranty terms v{version}: the text is not the one its hash names")
    figures = [] if numbers or different else list(checking.differences(now=timezone.now()))
    for line in figures[:SHOWN]:
        say(line)
    if different or missing or gone or texts or figures:
        raise Trouble(
            f"{different:,} of {looked_at:,} cases differ, {len(missing):,} attachments lack their bytes, {len(gone):,} cases are gone, "
            f"{len(texts):,} published terms were changed, {len(figures):,} figures differ."
        )
    say(
        f"{looked_at:,} cases agree with their journals"
        + ("." if numbers else ", every attachment is there.")
    )
