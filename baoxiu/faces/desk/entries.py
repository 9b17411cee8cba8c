"""C4, C9: journal entries as staff read them – names instead of numbers, contacts masked. Nothing here is ever saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baoxiu.cases import queries
from baoxiu.sop.confidentiality import mask_email, mask_phone

# what a panel of the page already says
ELSEWHERE = {"register": frozenset({"name", "phone", "email", "company", "address", "language", "customer_id", "unit_id", "brand",
                                    "product", "product_class", "serial", "purchase_date", "model", "kind", "reference", "subject"}),
             **dict.fromkeys(("quote", "submit_quote"), frozenset({"lines", "valid_days"}))}  # fmt: skip


def readable(line: queries.Timeline) -> queries.Timeline:
    """The same timeline with its entries' bodies and words made fit to show."""
    names = {"engineer": line.staff, "owner": line.staff, "station": line.stations}
    for entry in line.entries:
        data = entry.body.get("data", {})
        named = {k: v.get(data[k], str(data[k])) for k, v in names.items() if isinstance(data.get(k), int)}
        hidden = ELSEWHERE.get(entry.step, frozenset())
        entry.body = {**entry.body, "data": {k: v for k, v in {**data, **named}.items() if k not in hidden}}
        if entry.content_hash and hasattr(entry, "content") and entry.content.words:
            entry.content.words = _words(entry.content.words, hidden)
    return line


def _words(words: Mapping[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    shown = {k: v for k, v in words.items() if k not in hidden and k != "case"}
    if shown.get("phone"):
        shown["phone"] = mask_phone(str(shown["phone"]))
    if shown.get("email"):
        shown["email"] = mask_email(str(shown["email"]))
    return shown
