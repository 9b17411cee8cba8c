"""The switch for outgoing messages. A restored installation starts with it off, or old reminders go out twice."""

from __future__ import annotations

from baoxiu.cases.models import Sequence

SWITCH = "outgoing-off"  # a kept counter of 1: off


def is_off() -> bool:
    return Sequence.objects.filter(name=SWITCH, value=1).exists()


def switch_off() -> None:
    Sequence.objects.update_or_create(name=SWITCH, defaults={"value": 1})


def switch_on() -> bool:
    """Lets messages out; returns whether they were held."""
    return bool(Sequence.objects.filter(name=SWITCH).delete()[0])
