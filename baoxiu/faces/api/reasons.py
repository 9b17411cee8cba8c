"""Why a value was not taken, in both languages: pydantic's error types with our words."""

from __future__ import annotations

from typing import Any

from baoxiu.sop.text import Text as T

# {…}: from the error's own context
REASONS: dict[str, T] = {
    "missing": T("This is needed.", "必填。"),
    "extra_forbidden": T("There is no such field.", "没有这个字段。"),
    "string_too_short": T("At least {min_length} characters.", "至少 {min_length} 个字符。"),
    "string_too_long": T("At most {max_length} characters.", "最多 {max_length} 个字符。"),
    "string_pattern_mismatch": T("Not in the form that is expected.", "格式不正确。"),
    "string_type": T("Must be text.", "须为文本。"),
    "string_unicode": T("Must be valid text.", "须为有效文本。"),
    "bool_type": T("Must be true or false.", "须为 true 或 false。"),
    "bool_parsing": T("Must be true or false.", "须为 true 或 false。"),
    "int_type": T("Must be a whole number.", "须为整数。"),
    "int_parsing": T("Must be a whole number.", "须为整数。"),
    "int_from_float": T("Must be a whole number.", "须为整数。"),
    "int_parsing_size": T("The number is too large.", "数字过大。"),
    "float_type": T("Must be a number.", "须为数字。"),
    "float_parsing": T("Must be a number.", "须为数字。"),
    "decimal_type": T("Must be a number.", "须为数字。"),
    "decimal_parsing": T("Must be a number.", "须为数字。"),
    "finite_number": T("Must be a finite number.", "须为有限数字。"),
    "decimal_max_places": T("At most {decimal_places} decimal places.", "最多 {decimal_places} 位小数。"),
    "decimal_max_digits": T("At most {max_digits} digits.", "最多 {max_digits} 位数字。"),
    "decimal_whole_digits": T("At most {whole_digits} digits before the point.", "整数部分最多 {whole_digits} 位。"),
    "greater_than": T("Must be more than {gt}.", "须大于 {gt}。"),
    "greater_than_equal": T("Must be at least {ge}.", "不能小于 {ge}。"),
    "less_than": T("Must be less than {lt}.", "须小于 {lt}。"),
    "less_than_equal": T("Must be at most {le}.", "不能大于 {le}。"),
    "too_short": T("At least {min_length} entries.", "至少 {min_length} 项。"),
    "too_long": T("At most {max_length} entries.", "最多 {max_length} 项。"),
    "list_type": T("Must be a list.", "须为列表。"),
    "literal_error": T("Must be one of: {expected}.", "须为其中之一：{expected}。"),
    "model_type": T("Must be an object.", "须为对象。"),
    "model_attributes_type": T("Must be an object.", "须为对象。"),
    "dict_type": T("Must be an object.", "须为对象。"),
    "timezone_aware": T("The time needs its zone, as in 2026-11-22T16:00:00+08:00.", "时间须带时区，例如 2026-11-22T16:00:00+08:00。"),
    # our own sentences, raised as ValueError by payloads
    "control characters are not allowed": T("Control characters are not allowed.", "不能包含控制字符。"),
    "must be one line": T("Must be one line.", "只能填一行。"),
    "a phone number, an e-mail address or a name is needed": T(
        "A phone number, an e-mail address or a name is needed.", "电话、邮箱、姓名至少填一项。"
    ),
    "the window must end after it starts, within 24 hours": T(
        "The window must end after it starts, within 24 hours.", "结束时间须晚于开始时间，且不超过 24 小时。"
    ),
}
_DATE = T("Must be a date, as in 2026-11-22.", "须为日期，例如 2026-11-22。")
_TIME = T("Must be a time with its zone, as in 2026-11-22T16:00:00+08:00.", "须为带时区的时间，例如 2026-11-22T16:00:00+08:00。")
_ONE_OF = "must be one of: "
_OTHER = T("This value is not taken.", "无法接受这个值。")


def of(errors: list[dict[str, Any]]) -> list[tuple[str, T]]:
    """(field, why) for each error of pydantic or ninja; nothing of the value sent is repeated."""
    return [(_field(error["loc"]), reason(error)) for error in errors[:50]]


def _field(loc: tuple[Any, ...]) -> str:
    """`("body", "payload", "lines", 0, "price")` → `lines.0.price`; `("query", "wanted", "owner", …)` → `owner`."""
    source, *path = [str(part) for part in loc] or [""]
    parts = path[1:] if source == "body" else path[1:2] or path
    return ".".join(parts).encode("utf-8", "replace").decode()


def reason(error: dict[str, Any]) -> T:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        said = str(context.get("error", ""))
        if said.startswith(_ONE_OF):
            kind, context = "literal_error", {"expected": said.removeprefix(_ONE_OF)}
        else:
            kind = said
    text = REASONS.get(kind) or (_DATE if kind.startswith("date_") else _TIME if kind.startswith("datetime_") else _OTHER)
    return T(_filled(text.en, context), _filled(text.zh, context))


def _filled(words: str, context: dict[str, Any]) -> str:
    for name, value in context.items():
        words = words.replace("{" + name + "}", str(value))
    return words
