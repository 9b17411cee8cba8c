"""Which faces somebody may use, and where signing in leads."""

from __future__ import annotations

from dataclasses import dataclass

from baoxiu.faces.common.audience import DESK
from baoxiu.people.actors import Actor
from baoxiu.sop.text import Text as T


@dataclass(frozen=True, slots=True)
class Face:
    name: str
    path: str
    icon: str
    title: T
    roles: tuple[str, ...]


FACES = (
    Face("desk", "/desk/", icon="headset", title=T("Desk", "客服台"), roles=DESK),
    Face("field", "/field/", icon="route", title=T("Field", "上门"), roles=("engineer",)),
    Face("bench", "/bench/", icon="building-warehouse", title=T("Bench", "维修站"), roles=("station_head", "stock_keeper", "engineer")),
    Face("office", "/office/", icon="chart-bar", title=T("Office", "管理"), roles=(*DESK, "administrator")),
)  # fmt: skip


def faces_for(actor: Actor) -> list[Face]:
    return [face for face in FACES if actor.has(*face.roles)]


def home(actor: Actor) -> str:
    """Where this person's day starts."""
    faces = faces_for(actor)
    return faces[0].path if faces else "/accounts/login/"
