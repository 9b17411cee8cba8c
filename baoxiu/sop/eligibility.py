"""C4.3: who may do which planned job, and why not – hard rules only; wishes are prices, not rules.

Parts and tools: what is not in the van must be fetched at a stockroom on the way. An engineer without the goods
is barred only if his stockroom has not got them either.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from baoxiu.sop.text import Text


@dataclass(frozen=True, slots=True)
class Needs:
    """What a job asks of whoever does it."""

    skills: tuple[tuple[str, int], ...] = ()  # code, lowest level
    certificates: tuple[str, ...] = ()
    region: str = ""  # empty: anywhere
    tools: tuple[str, ...] = ()
    parts: tuple[tuple[str, int], ...] = ()  # part number, pieces; used up


@dataclass(frozen=True, slots=True)
class Abilities:
    """What an engineer brings."""

    skills: tuple[tuple[str, int], ...] = ()  # code, level
    certificates: tuple[tuple[str, dt.date | None], ...] = ()  # code, last day it is valid; None: for ever
    regions: frozenset[str] = frozenset()  # empty: everywhere
    tools: frozenset[str] = frozenset()
    van: tuple[tuple[str, int], ...] = ()  # part number, pieces
    has_stockroom: bool = False  # may pass by a stockroom
    stock: tuple[tuple[str, int], ...] | None = None  # part number, pieces there; None: every tool and part


@dataclass(frozen=True, slots=True)
class Bar:
    """One reason why an engineer may not do a job. `code` is stable, `text` is for people."""

    code: str
    text: Text


def bars(needs: Needs, able: Abilities, day: dt.date) -> tuple[Bar, ...]:
    """Every reason against, in a fixed order; empty: he may. `day` is the day of the work."""
    return (
        *_skill_bars(needs, dict(able.skills)),
        *_certificate_bars(needs, dict(able.certificates), day),
        *_region_bars(needs, able),
        *_goods_bars(needs, able),
    )


def pair_bars(
    engineer: str,
    *,
    only: frozenset[str] = frozenset(),
    never: frozenset[str] = frozenset(),
    locked: str = "",
) -> tuple[Bar, ...]:
    """Reasons that name engineers: the dedicated ones, the excluded ones, the one a dispatcher fixed."""
    found = []
    if locked and engineer != locked:
        found.append(Bar("locked", Text("the job is fixed to another engineer", "该工单已锁定给其他工程师")))
    if only and engineer not in only:
        found.append(
            Bar("dedicated", Text("the job is for a dedicated engineer", "该工单须由专属工程师承担"))
        )
    if engineer in never:
        found.append(Bar("excluded", Text("excluded for this customer or job", "该客户或工单不派此工程师")))
    return tuple(found)


def missing_goods(needs: Needs, able: Abilities) -> bool:
    """Whether the job alone asks for a tool or a part that is not in the engineer's van."""
    van = dict(able.van)
    return not set(needs.tools) <= able.tools or any(van.get(part, 0) < n for part, n in needs.parts)


def _skill_bars(needs: Needs, held: dict[str, int]) -> Iterator[Bar]:
    for code, level in needs.skills:
        mine = held.get(code, 0)
        if mine == 0:
            yield Bar("skill", Text(f"not trained in {code}", f"无技能“{code}”"))
        elif mine < level:
            yield Bar(
                "level",
                Text(
                    f"{code} at level {mine}, level {level} is needed",
                    f"“{code}”为{mine}级，需要{level}级",
                ),
            )


def _certificate_bars(needs: Needs, held: dict[str, dt.date | None], day: dt.date) -> Iterator[Bar]:
    for code in needs.certificates:
        if code not in held:
            yield Bar("certificate", Text(f"no certificate {code}", f"无证书“{code}”"))
            continue
        last = held[code]
        if last is not None and last < day:
            yield Bar(
                "expired",
                Text(f"the certificate {code} ended on {last}", f"证书“{code}”已于{last}到期"),
            )


def _region_bars(needs: Needs, able: Abilities) -> Iterator[Bar]:
    if needs.region and able.regions and needs.region not in able.regions:
        yield Bar("region", Text(f"does not work in {needs.region}", f"不负责“{needs.region}”区域"))


def _goods_bars(needs: Needs, able: Abilities) -> Iterator[Bar]:
    if able.has_stockroom and able.stock is None:
        return
    for tool in needs.tools:
        if tool not in able.tools and not able.has_stockroom:
            yield Bar("tool", Text(f"has no {tool} and no stockroom", f"无工具“{tool}”，也无可取仓库"))
    yield from part_bars(needs.parts, able)


def part_bars(parts: tuple[tuple[str, int], ...], able: Abilities) -> Iterator[Bar]:
    """Parts that neither the van nor the stockroom nor both together have."""
    if able.has_stockroom and able.stock is None:
        return
    van, room = dict(able.van), dict(able.stock or ()) if able.has_stockroom else {}
    for part, n in parts:
        if van.get(part, 0) + room.get(part, 0) >= n:
            continue
        en, zh = f"{n} × {part} not in the van and no stockroom", f"车上缺备件“{part}”×{n}，也无可取仓库"
        if able.has_stockroom:
            en, zh = (
                f"{n} × {part} neither in the van nor in the stockroom",
                f"车上和仓库均缺备件“{part}”×{n}",
            )
        yield Bar("part", Text(en, zh))
