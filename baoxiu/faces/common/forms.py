"""A form for any step: built from the step's payload, read back into it, errors said field by field.

form = Form("triage", request.POST)
payload = form.payload()        # None: form.errors says why, form.fields carry what was typed
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from pydantic import ValidationError

from baoxiu.faces.common import fields as parts
from baoxiu.faces.common.fields import Choices, Field
from baoxiu.faces.common.invalid import Path, flat, invalid, schema_of
from baoxiu.sop import payloads
from baoxiu.sop.payloads import Payload

WHOLE = ""  # the key of what is wrong with the form as a whole
MAX_ROWS = 100


class Form:
    """`step`: a step's name or a payload class. `choices`: options by field or widget name (engineer, station,
    agent, version). `initial`: what the fields show at first. `files`: ids of uploads stored with this request.
    `only`/`without`: names of the fields to show; the others keep their defaults."""

    def __init__(
        self, step: str | type[Payload], data: parts.Typed | None = None, *, files: Sequence[int] = (),
        choices: Choices | None = None, initial: Mapping[str, Any] | None = None,
        only: Iterable[str] = (), without: Iterable[str] = (), prefix: str = "",
    ) -> None:  # fmt: skip
        self.model = payloads.PAYLOADS[step] if isinstance(step, str) else step
        self.step = step if isinstance(step, str) else ""
        self.data, self.choices, self.files = data, dict(choices or {}), list(files)
        self.root = schema_of(self.model)
        self.errors: dict[str, list[str]] = {}
        needed, chosen, left = self.root.get("required", ()), set(only), set(without)
        self.fields: list[Field] = []
        for name, node in self.root.get("properties", {}).items():
            made = parts.make(
                name, node, self.root, required=name in needed, choices=self.choices, prefix=prefix
            )
            if made.widget != "const" and (not chosen or name in chosen) and name not in left:
                self.fields.append(made)
        self._fill(initial or {})

    def __getitem__(self, name: str) -> Field:
        return next(f for f in self.fields if f.name == name)

    @property
    def is_bound(self) -> bool:
        return self.data is not None

    @property
    def is_empty(self) -> bool:
        """A step without anything to fill in is one button."""
        return not self.fields

    @property
    def has_files(self) -> bool:
        return any(f.widget == "files" for f in self.fields)

    def photos_first(self) -> Form:
        """As an engineer works: the photo before the words, taken with the camera."""
        for made in self.fields:
            made.camera = made.widget == "files"
        self.fields.sort(key=lambda made: not made.camera)
        return self

    # -- what the fields show ---------------------------------------------------------------

    def _fill(self, initial: Mapping[str, Any]) -> None:
        for made in self.fields:
            self._show(made, initial.get(made.name))

    def _show(self, made: Field, start: Any) -> None:
        if made.widget == "group":
            for child in made.fields:
                self._show(child, (start or {}).get(child.name) if isinstance(start, Mapping) else None)
        elif made.widget == "lines":
            self._show_rows(made, list(start or ()))
        elif made.widget == "checks":
            made.value = [str(v) for v in (self.data.getlist(made.html_name) if self.data else start or ())]
        elif self.data is None:
            made.value = parts.shown(start) if start is not None else made.value
        elif made.widget == "files":
            made.value = [str(v) for v in (*self.data.getlist(made.html_name), *self.files)]
        elif made.widget == "checkbox":
            made.value = made.html_name in self.data
        elif made.html_name in self.data:
            made.value = str(self.data.get(made.html_name))

    def _show_rows(self, made: Field, start: list[Any]) -> None:
        numbers = self._numbers(made) if self.data is not None else range(len(start))
        shown = max(len(list(numbers)), 0)
        empty = parts.EMPTY_ROWS if not shown else 1
        made.rows = []
        for number in [*numbers, *range(max(numbers, default=-1) + 1, max(numbers, default=-1) + 1 + empty)]:
            cells = parts.row(made, self.root, number, self.choices)
            for cell in cells:
                known = start[number].get(cell.name) if number < len(start) else None
                self._show(cell, known)
            made.rows.append(cells)

    def _numbers(self, made: Field) -> list[int]:
        """The row numbers that were sent and hold something."""
        pattern = re.compile(re.escape(made.html_name) + r"-(\d{1,4})-")
        sent = sorted({int(m[1]) for key in self.data or () if (m := pattern.match(key))})[: MAX_ROWS + 1]
        return [n for n in sent if self._row(made, n) is not None]

    # -- what was sent ----------------------------------------------------------------------

    def _row(self, made: Field, number: int) -> dict[str, Any] | None:
        """One line as sent; None when it says no more than an empty one."""
        assert self.data is not None
        cells = parts.row(made, self.root, number, self.choices)
        given = {cell.name: parts.read(cell, self.data) for cell in cells}
        preset = {cell.name: str(cell.schema.get("default", "")) for cell in cells}
        said = {n: v for n, v in given.items() if v not in (None, "", False) and str(v) != preset[n]}
        return {n: v for n, v in given.items() if v is not None} if said else None

    def sent(self) -> dict[str, Any]:
        """The request as the payload takes it. Fields not shown keep their defaults."""
        assert self.data is not None
        values: dict[str, Any] = {}
        for made in self.fields:
            if made.widget == "lines":
                rows = [row for n in self._numbers(made) if (row := self._row(made, n)) is not None]
                values[made.name] = rows
            elif made.widget == "files":
                values[made.name] = [*parts.read(made, self.data), *self.files]
            elif (value := parts.read(made, self.data)) is not None:
                values[made.name] = value
        return values

    def payload(self, **known: Any) -> Payload | None:
        """The payload, or None with `errors` filled. `known`: what the face decides, not the visitor."""
        if self.data is None:
            self.data = QueryDict()
        self.errors = {}
        try:
            return self.model.model_validate({**self.sent(), **known})
        except ValidationError as error:
            for wrong in invalid(error, self.model):
                self.add_error(wrong.path, wrong.text)
            return None

    def add_error(self, path: Path | str, text: str) -> None:
        """Puts a sentence beside its field; what has no field stands above the form."""
        parts_of_path: Path = (path,) if isinstance(path, str) and path else tuple(path)
        made = self._at(parts_of_path)
        key = made.html_name if made else WHOLE
        if made:
            made.errors.append(text)
        if text not in self.errors.setdefault(key, []):
            self.errors[key].append(text)

    def _at(self, path: Path) -> Field | None:
        fields, found = self.fields, None
        for i, part in enumerate(path):
            if isinstance(part, int):
                continue
            found = next((f for f in fields if f.name == part), None)
            if found is None:
                return None
            fields = found.fields
            if found.rows and i + 1 < len(path) and isinstance(n := path[i + 1], int) and n < len(found.rows):
                fields = found.rows[n]
                if i + 2 >= len(path):
                    return found
        return found


def titles(step: str) -> dict[str, str]:
    """Field titles of a step's payload, for lists and documents."""
    root = schema_of(payloads.PAYLOADS[step])
    return {
        name: str(flat(node, root).get("title", name)) for name, node in root.get("properties", {}).items()
    }
