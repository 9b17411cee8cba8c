"""Phone numbers: stored in E.164, shown the national way."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import timezone

_SERVICE = re.compile(r"^(400\d{7}|800\d{7}|95\d{3,4}|1[012]\d{3})$")  # CN service numbers


def normalise(text: str, region: str = "CN") -> str:
    """E.164 ("+8613800138000"). Raises ValueError naming the number when it cannot be one."""
    raw = text.strip()
    try:
        number = phonenumbers.parse(raw, region)
    except phonenumbers.NumberParseException:
        raise ValueError(f"not a phone number: {raw[:40]}") from None
    digits = re.sub(r"\D", "", raw)
    if region == "CN" and _SERVICE.match(digits):
        return f"+86{digits}"
    if not phonenumbers.is_possible_number(number):
        raise ValueError(f"not a phone number: {raw[:40]}")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown(e164: str) -> str:
    """The international way with spaces; unchanged when it is no number."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def zone(e164: str) -> str:
    """The time zone a number belongs to; "" where it may be in several, or is no number."""
    try:
        found = timezone.time_zones_for_number(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        return ""
    return found[0] if len(found) == 1 and found[0] != timezone.UNKNOWN_TIMEZONE else ""
