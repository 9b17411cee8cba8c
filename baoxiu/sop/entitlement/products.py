"""C3.3: the products with a statutory rule: periods, main parts, daily depreciation.

Rows believed rather than read are unverified (marked wherever they decide); the weakest ship switched
off. Source of every row: the annexes of the Three Guarantees rules (三包规定), as named at the rules.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from baoxiu.sop.entitlement.rules import Confidence
from baoxiu.sop.text import Text as T

FLAT_TV = dt.date(2011, 3, 1)


@dataclass(frozen=True, slots=True)
class Product:
    """One row. Months; `rate` is per cent of the price a day, None where none is known well enough."""

    code: str
    name: T
    family: str
    months: int
    part_months: int = 0
    parts: frozenset[str] = frozenset()  # empty with part_months: the parts named on the card
    rate: Decimal | None = None
    confidence: Confidence = "high"
    valid_from: dt.date | None = None
    from_installation: bool = False
    durable: bool = False  # Consumer Law 23: the business proves for six months
    accessory: bool = False
    id: str = field(init=False)  # what the row is switched on or off by
    verified: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", f"row/{self.code}")
        object.__setattr__(self, "verified", self.confidence == "high")


def _row(
    code: str, en: str, zh: str, family: str, months: int, part_months: int, parts: str, rate: str,
    confidence: Confidence = "high", valid_from: dt.date | None = None, marks: str = "",
) -> Product:  # fmt: skip
    return Product(
        code, T(en, zh), family, months, part_months, frozenset(parts.split()), Decimal(rate) if rate else None,
        confidence, valid_from, "installation" in marks, "durable" in marks, "accessory" in marks,
    )  # fmt: skip


_COLD = "compressor thermostat evaporator condenser capillary"
_HOST = "mainboard cpu memory disk_drive power_supply display_card"
_LAPTOP = "mainboard cpu memory display disk_drive keyboard power_adapter"
# one row, one line: this is read as a table
# fmt: off
ROWS = (
    _row("bicycle", "bicycle", "自行车", "household", 12, 24, "frame gear_changer", "0.05"),
    _row("crt_tv", "CRT television", "显像管电视机", "household", 12, 36, "picture_tube line_transformer tuner ic", "0.10", marks="durable"),
    _row("bw_tv", "black-and-white television", "黑白电视机", "household", 12, 36, "picture_tube line_transformer tuner ic", "0.05", marks="durable"),
    _row("video_recorder", "video recorder", "家用录像机", "household", 12, 12, "drum_motor capstan_motor loading_motor ic", "0.10"),
    _row("plasma_tv", "plasma television", "等离子电视机", "household", 12, 36, "display_panel drive_assembly logic_assembly tuner", "0.10", "high", FLAT_TV, "installation durable"),
    _row("lcd_tv", "LCD television", "液晶电视机", "household", 12, 36, "display_panel backlight_assembly logic_assembly tuner", "0.10", "high", FLAT_TV, "installation durable"),
    _row("camcorder", "camcorder", "摄像机", "household", 12, 12, "motor ic", "0.10", "medium"),
    _row("radio_cassette", "radio-cassette recorder", "收录机", "household", 6, 12, "motor ic", "0.10", "low"),
    _row("electronic_keyboard", "electronic keyboard", "电子琴", "household", 6, 12, "ic", "0.10", "low"),
    _row("refrigerator", "refrigerator", "家用电冰箱", "household", 12, 36, _COLD, "0.10", "medium", marks="durable"),
    _row("washing_machine", "washing machine", "洗衣机", "household", 12, 36, "motor timer", "0.10", "medium", marks="durable"),
    _row("electric_fan", "electric fan", "电风扇", "household", 12, 36, "motor", "0.10", "low"),
    _row("microwave_oven", "microwave oven", "微波炉", "household", 12, 24, "magnetron timer", "0.10", "medium"),
    _row("vacuum_cleaner", "vacuum cleaner", "吸尘器", "household", 12, 36, "motor", "0.10", "low"),
    _row("air_conditioner", "room air conditioner", "家用空调器", "household", 12, 36, "compressor thermostat motor", "0.10", "medium", marks="durable"),
    _row("range_hood", "range hood", "吸排油烟机", "household", 12, 36, "motor", "0.10", "low"),
    _row("gas_water_heater", "gas water heater", "燃气热水器", "household", 12, 36, "water_gas_valve", "0.05", "low"),
    _row("sewing_machine", "sewing machine", "缝纫机", "household", 12, 36, "head", "0.05", "low"),
    _row("watch", "clock or watch", "钟表", "household", 6, 12, "movement", "0.10", "low"),
    _row("mobile_phone", "mobile phone", "移动电话机", "mobile", 12, 0, "", "0.50", marks="durable"),
    _row("phone_battery", "phone battery", "手机电池", "mobile", 6, 0, "", "", marks="accessory"),
    _row("phone_charger", "phone charger", "手机充电器", "mobile", 12, 0, "", "", marks="accessory"),
    _row("phone_headset", "wired headset", "有线耳机", "mobile", 3, 0, "", "", marks="accessory"),
    _row("phone_data_card", "data card or cable", "数据接口卡（线）", "mobile", 12, 0, "", "", marks="accessory"),
    _row("fixed_phone", "fixed telephone", "固定电话机", "fixed", 12, 0, "", ""),
    _row("desktop_pc", "desktop computer", "台式计算机主机", "pc", 12, 24, _HOST, "0.25", "medium", marks="durable"),
    _row("laptop", "laptop", "便携式计算机", "pc", 12, 24, _LAPTOP, "0.25", "medium", marks="durable"),
    _row("disc_player", "disc player", "激光视盘机", "av", 12, 24, "spindle_motor servo_motor laser_head ic", ""),
    _row("amplifier", "amplifier", "功率放大器", "av", 12, 24, "", "", "medium"),
    _row("loudspeaker", "loudspeaker", "音箱", "av", 12, 0, "", "", "medium"),
    _row("family_car", "family car", "家用汽车", "car", 36, 0, "", "", marks="durable"),
    _row("diesel_engine", "multi-cylinder diesel engine", "多缸柴油机", "farm", 12, 24, "", ""),
    _row("diesel_engine_single", "single-cylinder diesel engine", "单缸柴油机", "farm", 9, 18, "", ""),
    _row("petrol_engine_2stroke", "two-stroke petrol engine", "二冲程汽油机", "farm", 3, 6, "", ""),
    _row("petrol_engine", "four-stroke petrol engine", "四冲程汽油机", "farm", 6, 12, "", ""),
    _row("tractor", "tractor of 18 kW and more", "18千瓦及以上拖拉机", "farm", 12, 24, "", ""),
    _row("tractor_small", "tractor below 18 kW", "18千瓦以下拖拉机", "farm", 9, 18, "", ""),
    _row("combine_harvester", "combine harvester", "联合收割机", "farm", 12, 24, "", ""),
    _row("rice_transplanter", "rice transplanter", "插秧机", "farm", 12, 24, "", "", "medium"),
    _row("farm_machine", "other farm machine", "其他农机产品", "farm", 12, 0, "", ""),
)
# fmt: on
PRODUCTS = {row.code: row for row in ROWS}
# for forms: accessories are not sold as models of their own
NAMES = {"": T("No national rule", "无国家三包规定"), **{r.code: r.name for r in ROWS if not r.accessory}}
_TRACTOR = re.compile(r"tractor_(\d{1,4})kw$")


@lru_cache(1024)
def find(code: str) -> Product | None:
    """The row of a product class; None where there is no national rule. `tractor_20kw` names its power."""
    if power := _TRACTOR.match(code):
        code = "tractor" if int(power[1]) >= 18 else "tractor_small"
    return PRODUCTS.get(code)
