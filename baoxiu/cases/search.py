"""C4.1: finding a case by any word of it. One index per database, made in migration 0002."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from baoxiu.cases import insertion
from baoxiu.cases.models import Case, SearchText
from baoxiu.lib import bigrams
from baoxiu.people.actors import OFFICE, Actor

_CHUNK, _CHUNKS = 500, 5


def words_of(case: Case, *more: str) -> str:
    """What the case itself says: number, subject, who, which unit."""
    unit = case.unit
    phone = case.contact_phone.lstrip("+")
    return " ".join(
        p
        for p in (
            case.number,
            case.subject,
            case.contact_name,
            phone,
            phone[2:] if phone.startswith("86") else "",
            case.contact_email,
            case.customer.name,
            case.reference or "",
            *((unit.serial, unit.product, unit.brand, unit.model.code if unit.model else "") if unit else ()),
            *more,
        )
        if p
    )


def index(case: Case, text: str, *, fresh: bool = False) -> None:
    """Makes `text` what the case is found by, inside the caller's transaction (`fresh`: it had none)."""
    old = None if fresh else SearchText.objects.filter(pk=case.pk).first()
    tokens = bigrams.tokens(text)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            if old:
                cursor.execute(
                    "INSERT INTO cases_search(cases_search, rowid, tokens) VALUES ('delete', %s, %s)",
                    [case.pk, " ".join(bigrams.tokens(old.text))],
                )
            cursor.execute(
                "INSERT INTO cases_search(rowid, tokens) VALUES (%s, %s)", [case.pk, " ".join(tokens)]
            )
    if old:
        SearchText.objects.filter(pk=case.pk).update(text=text)
    else:
        insertion.insert(SearchText(case=case, text=text))
    if connection.vendor == "postgresql":
        vector = " ".join(f"'{t}':{i}" for i, t in enumerate(tokens, 1))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE cases_searchtext SET vector = %s::tsvector WHERE case_id = %s", [vector, case.pk]
            )


def find(viewer: Actor, query: str, limit: int = 25, before: int | None = None) -> list[int]:
    """Ids of the viewer's cases that hold every word of `query`, newest first, before id `before`.

    A viewer who sees only part is answered from the newest 2,500 hits.
    """
    if not (wanted := bigrams.phrases(query)):
        return []
    if viewer.kind == "system" or viewer.parties & OFFICE:
        return _hits(wanted, limit, before)
    found: list[int] = []
    for _ in range(_CHUNKS):
        hits = _hits(wanted, _CHUNK, before)
        seen = set(Case.objects.visible_to(viewer).filter(pk__in=hits).values_list("pk", flat=True))
        found += [pk for pk in hits if pk in seen]
        if len(hits) < _CHUNK or len(found) >= limit:
            break
        before = hits[-1]
    return found[:limit]


def _hits(wanted: Iterable[tuple[list[str], bool]], limit: int, before: int | None) -> list[int]:
    if connection.vendor == "sqlite":
        match = " AND ".join(f'"{" ".join(tokens)}"{"*" if prefix else ""}' for tokens, prefix in wanted)
        sql = "SELECT rowid FROM cases_search WHERE cases_search MATCH %s AND rowid < %s ORDER BY rowid DESC LIMIT %s"
    else:
        match = " & ".join(
            " <-> ".join(
                f"'{t}'" + (":*" if prefix and i == len(tokens) - 1 else "") for i, t in enumerate(tokens)
            )
            for tokens, prefix in ((t, p) for t, p in wanted)
        )
        sql = (
            "SELECT case_id FROM cases_searchtext WHERE vector @@ %s::tsquery AND case_id < %s "
            "ORDER BY case_id DESC LIMIT %s"
        )
    with connection.cursor() as cursor:
        cursor.execute(sql, [match, before or 2**62, limit])
        return [row[0] for row in cursor.fetchall()]
