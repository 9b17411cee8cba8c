"""The people of the demo: everybody of the procedure's cast, engineers in several cities, stations, models.

Addresses end in demo.baoxiu.example, a name that can never belong to anybody; nobody has a password.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from baoxiu.catalogue.models import ProductModel
from baoxiu.faces.console.demo.requests import Row
from baoxiu.people.actors import Actor
from baoxiu.people.models import Absence, Skill, Staff, StaffSkill, Station, Team, WorkingHours

DOMAIN = "demo.baoxiu.example"
# code: name, region, address, latitude, longitude
STATIONS = {
    "SH1": ("上海徐汇站", "上海市", "上海市徐汇区漕宝路12号", 31.17, 121.43),
    "BJ1": ("北京海淀站", "北京市", "北京市海淀区学院南路30号", 39.96, 116.34),
    "GZ1": ("广州天河站", "广东省", "广州市天河区体育东路88号", 23.13, 113.33),
    "CD1": ("成都武侯站", "四川省", "成都市武侯区科华北路55号", 30.64, 104.08),
    "LDN": ("London station", "London", "4 Mill Lane, Camden, London", 51.54, -0.14),
    "UTR": ("Station Utrecht", "Utrecht", "Molenstraat 9, Utrecht", 52.09, 5.13),
}
SKILLS = {
    "washing": ("Washing machines", "洗衣机"),
    "cooling": ("Air conditioners and refrigerators", "空调冰箱"),
    "gas": ("Water heaters and gas", "热水器燃气"),
    "small": ("Small appliances", "小家电"),
    "electronics": ("Electronics", "电子产品"),
    "machinery": ("Machinery", "机械设备"),
    "online": ("Online services", "在线服务"),
}
# a word in the product's name decides which skill it asks for
WORDS = {
    "washing": ("洗衣机", "干衣机", "洗碗机"),
    "cooling": ("空调", "冰箱", "酒柜", "冷水机"),
    "gas": ("热水器", "燃气灶", "油烟机", "净水器", "橱柜电器"),
}
# key: name, roles, station, language, level by skill
# the procedure's own cast first: the front page shows them in this order
STAFF = {
    "li": ("李客服", "agent", "", "zh-hans", {}),
    "zhou": ("周调度", "dispatcher", "", "zh-hans", {}),
    "zhang": ("张工", "engineer", "SH1", "zh-hans", {"washing": 3, "cooling": 2, "gas": 2, "small": 3, "electronics": 1}),
    "zhao": ("赵站长", "station_head", "SH1", "zh-hans", {}),
    "wucang": ("吴仓管", "stock_keeper", "SH1", "zh-hans", {}),
    "lin": ("林经理", "account_manager", "", "zh-hans", {}),
    "chen": ("陈主管", "manager", "", "zh-hans", {}),
    "he": ("何管理员", "administrator", "", "zh-hans", {}),
    "tang": ("唐客服", "agent", "", "zh-hans", {}),
    "helen": ("Helen Marsh", "agent", "", "en", {}),
    "qian": ("钱工", "engineer", "SH1", "zh-hans", {"electronics": 3, "small": 2, "online": 3, "machinery": 1}),
    "xu": ("许工", "engineer", "SH1", "zh-hans", {"machinery": 3, "cooling": 2}),
    "sun": ("孙工", "engineer", "BJ1", "zh-hans", {"cooling": 3, "washing": 2, "gas": 2, "small": 2}),
    "han": ("韩工", "engineer", "BJ1", "zh-hans", {"electronics": 3, "machinery": 2, "small": 2, "online": 2}),
    "wu": ("吴工", "engineer", "GZ1", "zh-hans", {"cooling": 3, "gas": 3, "washing": 2, "small": 1}),
    "zheng": ("郑工", "engineer", "GZ1", "zh-hans", {"machinery": 3, "electronics": 2, "online": 2, "small": 2}),
    "wang": ("王工", "engineer", "CD1", "zh-hans", {"washing": 2, "cooling": 2, "gas": 2, "small": 2}),
    "feng": ("冯工", "engineer", "CD1", "zh-hans", {"electronics": 2, "machinery": 2, "small": 2, "online": 1}),
    "emma": ("Emma Hughes", "engineer", "LDN", "en", {"small": 3, "electronics": 3, "washing": 2, "machinery": 2, "cooling": 1, "gas": 1, "online": 1}),
    "joris": ("Joris de Vries", "engineer", "UTR", "en", {"small": 3, "electronics": 2, "machinery": 2, "washing": 1, "cooling": 1, "gas": 1, "online": 1}),
    "jin": ("金站长", "station_head", "BJ1", "zh-hans", {}),
    "liang": ("梁站长", "station_head", "GZ1", "zh-hans", {}),
    "deng": ("邓站长", "station_head", "CD1", "zh-hans", {}),
    "olivia": ("Olivia Grant", "station_head", "LDN", "en", {}),
    "sanne": ("Sanne Bakker", "station_head", "UTR", "en", {}),
}  # fmt: skip
TEAMS = {"agent": "客服组", "dispatcher": "调度组", "engineer": "工程师组"}


@dataclass
class Cast:
    staff: dict[str, Staff]
    stations: dict[str, Station]
    actors: dict[str, Actor] = field(default_factory=dict)
    by_id: dict[int, Actor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.actors = {key: staff.actor() for key, staff in self.staff.items()}
        self.by_id = {staff.pk: staff.actor() for staff in self.staff.values()}

    def agent(self, language: str, number: int) -> Actor:
        return self.actors[("li", "tang")[number % 2] if language == "zh" else "helen"]

    def head_of(self, station_id: int | None) -> Actor:
        return next(a for k, a in self.actors.items() if a.station_id == station_id and a.has("station_head"))

    def engineers_of(self, station_id: int | None) -> list[Staff]:
        return [s for s in self.staff.values() if s.station_id == station_id and "engineer" in s.role_set]


def gather(now: dt.datetime) -> Cast:
    """Makes everybody."""
    stations = {
        code: Station.objects.create(
            code=code, name=name, region=region, address=address, lat=lat, lon=lon,
            phone=f"+86 19900000{i:03d}" if code not in ("LDN", "UTR") else f"+44 7700 9009{i:02d}",
        )
        for i, (code, (name, region, address, lat, lon)) in enumerate(STATIONS.items(), 990)
    }  # fmt: skip
    skills = {
        code: Skill.objects.create(code=code, name_en=en, name_zh=zh) for code, (en, zh) in SKILLS.items()
    }
    teams = {role: Team.objects.create(name=name) for role, name in TEAMS.items()}
    staff = {}
    for i, (key, (name, role, station, language, levels)) in enumerate(STAFF.items()):
        home = stations.get(station)
        staff[key] = Staff.objects.create_staff(
            f"{key}@{DOMAIN}", name, [role], station=home, team=teams.get(role), language=language,
            region=home.region if home else "", phone=f"+86 199000008{i:02d}",
            lat=home.lat + 0.01 * (i % 5) if home and home.lat else None,
            lon=home.lon - 0.01 * (i % 4) if home and home.lon else None,
        )  # fmt: skip
        if role == "engineer":
            WorkingHours.objects.bulk_create(
                WorkingHours(staff=staff[key], weekday=day, from_minute=540, until_minute=1260)
                for day in range(1, 8)
            )
        StaffSkill.objects.bulk_create(
            StaffSkill(staff=staff[key], skill=skills[code], level=level) for code, level in levels.items()
        )
    # somebody is away, so that the suggestions have something to say
    Absence.objects.create(
        staff=staff["wu"], from_date=now.date(), until_date=now.date() + dt.timedelta(days=3), reason="年假"
    )
    return Cast(staff, stations)


def stock(rows: list[Row]) -> None:
    """The product models that the requests name."""
    skills = {s.code: s for s in Skill.objects.all()}
    seen = {}
    for row in rows:
        if row.model and row.model not in seen:
            seen[row.model] = ProductModel(
                code=row.model, name=row.product, brand=row.brand, product_class=row.product_class,
                skill=skills[skill_of(row)], warranty_months=24 if row.product_class == "bespoke" else None, law_class=law_class_of(row.product),
            )  # fmt: skip
    ProductModel.objects.bulk_create(seen.values())


LAW_CLASSES = {
    "洗衣机": "washing_machine", "空调": "air_conditioner", "冰箱": "refrigerator", "笔记本": "laptop", "手机": "mobile_phone",
    "电视": "lcd_tv", "微波炉": "microwave_oven", "台式": "desktop_pc", "Mobile": "mobile_phone", "Flat screen": "lcd_tv",
}  # fmt: skip


def law_class_of(product: str) -> str:
    """The class under the Three Guarantees that a product's name says; "" for the others."""
    return next((code for word, code in LAW_CLASSES.items() if word in product), "")


def skill_of(row: Row) -> str:
    for code, words in WORDS.items():
        if any(word in row.product for word in words):
            return code
    return row.product_class if row.product_class in SKILLS else "small"
