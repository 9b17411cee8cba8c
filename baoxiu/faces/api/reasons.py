"""Why a value was not taken: the sentences of the forms, with the field named as it was sent."""

from __future__ import annotations

from typing import Any

from baoxiu.faces.common.invalid import sentence


def of(errors: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """(field, why) for each error of ninja; nothing of the value sent is repeated."""
    fields = [_field(error["loc"]) for error in errors[:50]]
    return [(field, sentence(error, field)) for field, error in zip(fields, errors, strict=False)]


def _field(loc: tuple[Any, ...]) -> str:
    """`("body", "payload", "lines", 0, "price")` → `lines.0.price`; `("query", "wanted", "owner", …)` → `owner`."""
    source, *path = [str(part) for part in loc] or [""]
    parts = path[1:] if source == "body" else path[1:2] or path
    return ".".join(parts).encode("utf-8", "replace").decode()[:200]
