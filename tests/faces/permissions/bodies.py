"""A body that every operation takes, made from its schema, so that only permission is left to refuse."""

from __future__ import annotations

from functools import cache
from typing import Any

from baoxiu.faces.api import openapi

DOCUMENT = openapi.document()
SAID = {
    "call_at": "2026-11-03T09:00:00+08:00",
    "starts_at": "2026-11-03T09:00:00+08:00", "ends_at": "2026-11-03T11:00:00+08:00", "from_date": "2026-11-03",
    "until_date": "2026-11-04", "purchase_date": "2026-10-04", "name": "刘总", "email": "x@example.com",
}  # fmt: skip


@cache
def operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """operationId → method, path, operation."""
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, methods in DOCUMENT["paths"].items()
        for method, operation in methods.items()
    }


@cache
def body_of(name: str) -> Any:
    """The body for an operationId; None where none is taken."""
    operation = operations()[name][2]
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return _value("", content["schema"]) if content else None


def _value(name: str, schema: dict[str, Any]) -> Any:
    if "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return _value(name, schema["anyOf"][0])
    if "allOf" in schema:
        return _value(name, schema["allOf"][0])
    kind = schema.get("type")
    if kind == "object":
        needed = schema.get("required", [])
        if "problem" in needed:  # a registration needs somebody
            needed = [*needed, "name"]
        if {"item", "price"} <= set(schema.get("properties", ())):  # a quote's line written by hand
            needed = [*needed, "text", "price"]
        return {n: _value(n, schema["properties"][n]) for n in needed}
    if kind == "array":
        return [_value(name, schema["items"])]
    if kind in ("integer", "number"):
        return schema.get("minimum", 1) or 1
    return SAID.get(name, True if kind == "boolean" else "words")
