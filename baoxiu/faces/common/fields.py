"""One field of a form, read from a payload's schema: which widget, which limits, what was typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from baoxiu.faces.common.display import is_chinese
from baoxiu.faces.common.invalid import flat

Option = tuple[str, str]
Choices = Mapping[str, Iterable[tuple[Any, str]]]
EMPTY_ROWS = 3
# few answers are shown at once, many in a list
RADIO_LIMIT = 4
HALF = {"date", "datetime", "number", "select", "time"}


class Typed(Protocol):
    """What a browser sent: Django's QueryDict."""

    def get(self, key: str, default: Any = None, /) -> Any: ...
    def getlist(self, key: str, /) -> list[Any]: ...
    def __contains__(self, key: object, /) -> bool: ...
    def __iter__(self) -> Any: ...


@dataclass
class Field:
    name: str
    html_name: str
    title: str
    widget: str
    schema: Mapping[str, Any]
    is_required: bool = False
    value: Any = ""
    options: list[Option] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)  # of a group
    rows: list[list[Field]] = field(default_factory=list)  # of lines
    camera: bool = False  # files: the camera first, the album second

    @property
    def id(self) -> str:
        return "f-" + self.html_name

    @property
    def head(self) -> str:
        """The heading above it, where a group of fields begins."""
        return str(self.schema.get("section", ""))

    @property
    def is_half(self) -> bool:
        return self.widget in HALF

    @property
    def limits(self) -> dict[str, Any]:
        """HTML attributes that let the browser help before the server decides."""
        s = self.schema
        found: dict[str, Any] = {}
        if "maxLength" in s and self.widget in ("text", "textarea", "given"):
            found["maxlength"] = s["maxLength"]
        if self.widget == "number":
            found["min"] = s.get("minimum", s.get("exclusiveMinimum"))
            found["max"] = s.get("maximum", s.get("exclusiveMaximum"))
            found["step"] = "any" if s.get("type") == "number" else 1
            found["inputmode"] = "decimal" if s.get("type") == "number" else "numeric"
        return {k: v for k, v in found.items() if v is not None}

    @property
    def kind(self) -> str:
        """The type of the HTML input."""
        names = {"phone": "tel", "email": "email"}
        kinds = {"date": "date", "datetime": "datetime-local", "number": "number", "time": "time"}
        return kinds.get(self.widget) or names.get(self.name, "text")


def widget_of(node: Mapping[str, Any], options: Sequence[Option]) -> str:
    named = node.get("widget")
    if named in ("textarea", "stars", "nps", "files", "signature", "lines", "time", "given"):
        return str(named)
    if "const" in node:
        return "const"
    if "properties" in node:
        return "group"
    if node.get("type") == "array":
        return "checks"
    if options or named:
        return "choice" if 0 < len(options) <= RADIO_LIMIT and not named else "select"
    kinds = {"boolean": "checkbox", "integer": "number", "number": "number"}
    formats = {"date": "date", "date-time": "datetime"}
    return formats.get(node.get("format", "")) or kinds.get(node.get("type", ""), "text")


def options_of(name: str, node: Mapping[str, Any], choices: Choices) -> list[Option]:
    """The face's own choices for the field or its widget, else the words of its codes."""
    for key in (name, node.get("widget", "")):
        if key in choices:
            return [(str(value), label) for value, label in choices[key]]
    words = node.get("x-words")
    if words:
        # the enum keeps the table's order, the schema sorts the words
        return [
            (code, words[code][1] if is_chinese() else words[code][0]) for code in node.get("enum", words)
        ]
    if "enum" not in node:
        return []
    literals = {"in": _("Incoming"), "out": _("Outgoing"), "free": _("free of charge"), "paid": _("paid")}
    literals |= {
        "preferred": _("preferred"),
        "dedicated": _("dedicated: nobody else"),
        "excluded": _("excluded: never"),
    }
    return [(str(v), literals.get(str(v), str(v))) for v in node["enum"]]


def make(
    name: str,
    node: Mapping[str, Any],
    root: Mapping[str, Any],
    *,
    required: bool,
    choices: Choices,
    prefix: str = "",
) -> Field:
    node = flat(node, root)
    is_list_of_codes = node.get("type") == "array" and not node.get("widget")
    options = options_of(name, flat(node["items"], root) if is_list_of_codes else node, choices)
    words = node.get("title", "")
    made = Field(
        name, prefix + name, _(words) if words else name, widget_of(node, options), node,
        is_required=required, options=options,
    )  # fmt: skip
    if made.widget == "group":
        made.fields = _all(node, root, choices, f"{made.html_name}-")
    if node.get("default") not in (None, "", []):
        made.value = node["default"]
    return made


def _all(node: Mapping[str, Any], root: Mapping[str, Any], choices: Choices, prefix: str) -> list[Field]:
    needed = node.get("required", ())
    return [
        make(name, child, root, required=name in needed, choices=choices, prefix=prefix)
        for name, child in node["properties"].items()
    ]


def row(of: Field, root: Mapping[str, Any], number: int, choices: Choices) -> list[Field]:
    """The fields of one line of a repeated part."""
    cells = _all(flat(of.schema["items"], root), root, choices, f"{of.html_name}-{number}-")
    for cell in cells:
        cell.is_required = False  # an empty line is no line
    return [cell for cell in cells if cell.schema.get("widget") != "price_item" or cell.options]


def shown(value: Any) -> Any:
    """A Python value as an input shows it: local time without zone, one currency-free number."""
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, dt.date):
        return value.isoformat()
    return "" if value is None else value


def read(of: Field, data: Typed) -> Any:
    """What was typed, as the payload wants it; None where nothing was."""
    if of.widget in ("files", "checks"):
        return [v for v in data.getlist(of.html_name) if str(v).strip()]
    if of.widget == "checkbox":
        return of.html_name in data
    if of.widget == "group":
        return _read_group(of, data)
    text = str(data.get(of.html_name, "") or "").strip()
    if not text:
        is_text = of.schema.get("type") == "string" and not of.options and "format" not in of.schema
        return "" if is_text and not of.is_required and not of.schema.get("nullable") else None
    return _aware(text) if of.widget == "datetime" else text


def _read_group(of: Field, data: Typed) -> dict[str, Any] | None:
    """None when nothing but preset values was given."""
    given = {child.name: read(child, data) for child in of.fields}
    if all(
        v in (None, "") or str(v) == str(child.schema.get("default", ""))
        for child, v in zip(of.fields, given.values(), strict=True)
    ):
        return None
    return {name: value for name, value in given.items() if value not in (None, "")}


def _aware(text: str) -> str:
    """A time typed in a local-time input belongs to the page's time zone; nonsense is left to the payload."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.get_current_timezone())).isoformat()
