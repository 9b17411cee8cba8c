"""One typed payload per step: form, API schema and validation derive from it. Titles are message ids."""

from __future__ import annotations

from typing import Any

from baoxiu.sop.payloads.base import *  # noqa: F403
from baoxiu.sop.payloads.base import Address, NeededPart, Payload
from baoxiu.sop.payloads.followups import *  # noqa: F403
from baoxiu.sop.payloads.followups import Answer
from baoxiu.sop.payloads.intake import *  # noqa: F403
from baoxiu.sop.payloads.repair import *  # noqa: F403
from baoxiu.sop.payloads.repair import PartLine, QuoteLine
from baoxiu.sop.payloads.venue import *  # noqa: F403


def _name(cls: type[Payload]) -> str:
    return "".join(("_" if c.isupper() and i else "") + c.lower() for i, c in enumerate(cls.__name__))


_PARTS = {Address, Answer, NeededPart, QuoteLine, PartLine}
PAYLOADS: dict[str, type[Payload]] = {
    _name(cls): cls
    for cls in list(globals().values())
    if isinstance(cls, type) and issubclass(cls, Payload) and cls is not Payload and cls not in _PARTS
}


def is_personal(field: Any) -> bool:
    """Whether a model field holds personal words (kept outside the hashed body)."""
    extra = field.json_schema_extra
    if isinstance(extra, dict) and extra.get("personal"):
        return True
    return any(
        isinstance(getattr(m, "json_schema_extra", None), dict) and m.json_schema_extra.get("personal")
        for m in field.metadata
    )


def split(payload: Payload) -> tuple[dict[str, Any], dict[str, Any]]:
    """(body, personal): JSON-ready values; nested models follow their own fields' marks."""
    body: dict[str, Any] = {}
    personal: dict[str, Any] = {}
    dumped = payload.model_dump(mode="json")
    for name, field in type(payload).model_fields.items():
        value = getattr(payload, name)
        nested = isinstance(value, Payload) or (
            isinstance(value, list) and value and isinstance(value[0], Payload)
        )
        if value in ("", None, [], ()):
            continue
        (personal if nested or is_personal(field) else body)[name] = dumped[name]
    return body, personal
