"""What a payload does not accept, said in the visitor's language: never pydantic's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from pydantic import ValidationError

from baoxiu.sop.payloads import Payload

Path = tuple[str | int, ...]

_SENTENCES: Mapping[str, str] = {
    "missing": N_("“%(field)s” is needed."),
    "string_too_short": N_("“%(field)s” is needed."),
    "string_too_long": N_("“%(field)s” may have at most %(max_length)s characters."),
    "string_type": N_("“%(field)s” must be text."),
    "string_unicode": N_("“%(field)s” holds characters that cannot be stored."),
    "string_pattern_mismatch": N_("“%(field)s” is not written the right way."),
    "greater_than_equal": N_("“%(field)s” must be at least %(ge)s."),
    "greater_than": N_("“%(field)s” must be more than %(gt)s."),
    "less_than_equal": N_("“%(field)s” may be at most %(le)s."),
    "less_than": N_("“%(field)s” must be less than %(lt)s."),
    "decimal_max_places": N_("“%(field)s” may have at most %(decimal_places)s decimal places."),
    "decimal_max_digits": N_("“%(field)s” has too many digits."),
    "decimal_whole_digits": N_("“%(field)s” has too many digits."),
    "int": N_("“%(field)s” must be a whole number."),
    "decimal": N_("“%(field)s” must be a number."),
    "float": N_("“%(field)s” must be a number."),
    "finite_number": N_("“%(field)s” must be a number."),
    "date": N_("“%(field)s” must be a date, such as 2026-11-02."),
    "datetime": N_("“%(field)s” must be a date and a time, such as 2026-11-02 14:00."),
    "timezone": N_("“%(field)s” must be a date and a time, such as 2026-11-02 14:00."),
    "bool": N_("“%(field)s” must be yes or no."),
    "literal_error": N_("“%(field)s”: please choose one of the answers."),
    "choice": N_("“%(field)s”: please choose one of the answers."),
    "too_short": N_("“%(field)s” needs at least %(min_length)s."),
    "too_long": N_("“%(field)s” may have at most %(max_length)s."),
    "list_type": N_("“%(field)s” must be a list."),
    "model_type": N_("“%(field)s” is not written the right way."),
    "extra_forbidden": N_("“%(field)s” is not a field of this step."),
}
_OTHER = N_("“%(field)s” is not right; please check it.")
# what the payloads raise themselves
OWN: Mapping[str, str] = {
    "control characters are not allowed": N_("“%(field)s” holds signs that cannot be stored; type it again."),
    "must be one line": N_("“%(field)s” must be one line."),
    "a phone number, an e-mail address or a name is needed": N_("Give a phone number, an e-mail address or a name."),
    "the window must end after it starts, within 24 hours": N_("The appointment must end after it starts, within 24 hours."),
    "a line needs words or an item of the price list": N_("“%(field)s”: describe it, or choose it from the price list."),
    "a line needs a price or an item of the price list": N_("“%(field)s”: give it a price, or choose it from the price list."),
    "the price of an item is the price list's": N_("“%(field)s”: its price is the price list's; leave the price empty."),
    "free and charged lines have reasons of their own": N_("“%(field)s”: this reason does not fit; free lines and charged lines have reasons of their own."),
    "a quality fault is not excluded; say what it is": N_("A quality fault is not excluded from the warranty; say what kind of fault it is."),
    "what is damaged or missing needs words": N_("Say what is damaged or missing."),
    "a transfer, and nothing else, has a place to go to": N_("Moving to another place needs that place; nothing else has one."),
    "one place to go to": N_("Choose a stockroom or a van, not both."),
    "say for which case": N_("Say for which case."),
    "what comes in or is written off belongs to no case": N_("What comes in or is written off belongs to no case; leave the case empty."),
    "say why it is written off": N_("Say in the remark why it is written off."),
    "an exclusion needs evidence: findings in words, or photos": N_("An exclusion needs evidence: write down the findings or add photos."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Invalid:
    """`path`: ("lines", 0, "price"); empty when the whole is wrong. `text`: the sentence."""

    path: Path
    text: str


def invalid(error: ValidationError, payload: type[Payload]) -> list[Invalid]:
    """One sentence for each thing wrong, in the order of the fields."""
    found = []
    for detail in error.errors(include_url=False, include_input=False):
        path: Path = tuple(detail["loc"])
        found.append(Invalid(path, sentence(detail, title(payload, path))))
    return found


def sentence(detail: Mapping[str, Any], field: str) -> str:
    """One error of pydantic in the visitor's language; `field` is what the visitor calls it."""
    return _(_template(detail)) % {"field": field, **detail.get("ctx", {})}


def _template(detail: Mapping[str, Any]) -> str:
    kind = detail["type"]
    if detail.get("ctx", {}).get("field_type") == "Value":  # text whose length is checked after cleaning
        kind = {"too_short": "string_too_short", "too_long": "string_too_long"}.get(kind, kind)
    if kind == "value_error":
        said = str(detail["msg"]).removeprefix("Value error, ")
        if said.startswith("must be one of"):
            return _SENTENCES["choice"]
        return OWN.get(said, _OTHER)
    if kind.startswith(("date_from_datetime", "date_")):
        return _SENTENCES["date"]
    return _SENTENCES.get(kind) or _SENTENCES.get(kind.split("_")[0], _OTHER)


def title(payload: type[Payload], path: Path) -> str:
    """The name of a field as the form shows it, with the row where there is one: "Lines 2: Unit price"."""
    schema = schema_of(payload)
    names: list[str] = []
    node: Mapping[str, Any] = schema
    for part in path:
        if isinstance(part, int):
            names[-1:] = [f"{names[-1]} {part + 1}"] if names else []
            node = flat(node.get("items", {}), schema)
            continue
        node = flat(node.get("properties", {}).get(part, {}), schema)
        shown = node.get("title")
        names.append(_(shown) if shown else str(part)[:60])
    return ": ".join(names)


@cache
def schema_of(payload: type[Payload]) -> dict[str, Any]:
    return payload.model_json_schema()


def flat(node: Mapping[str, Any], root: Mapping[str, Any]) -> dict[str, Any]:
    """A property with its reference followed and its `or null` dropped."""
    merged: dict[str, Any] = {}
    parts = [p for p in node.get("anyOf", ()) if p.get("type") != "null"]
    if len(parts) < len(node.get("anyOf", ())):
        merged["nullable"] = True
    for part in (*parts, node):
        if "$ref" in part:
            target = root["$defs"][part["$ref"].rsplit("/", 1)[-1]]
            merged.update({k: v for k, v in target.items() if k != "title"})
        if part.get("type") == "number" and any(p.get("type") == "string" for p in parts):
            merged["decimal"] = True
        merged.update({k: v for k, v in part.items() if k not in ("$ref", "anyOf")})
    if merged.get("decimal"):
        merged["type"] = "number"
        merged.pop("pattern", None)
    return merged
