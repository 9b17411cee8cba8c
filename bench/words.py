"""Invented requests for measuring: our own words, the same for the same number."""

from __future__ import annotations

import random
from dataclasses import dataclass

PRODUCTS = (
    "滚筒洗衣机",
    "变频空调",
    "对开门冰箱",
    "燃气热水器",
    "扫地机器人",
    "笔记本电脑",
    "智能门锁",
    "螺杆空压机",
)
BRANDS = ("海清", "北辰", "云岭", "启明", "柏韵")
TROUBLES = (
    "不排水",
    "不制冷",
    "异响很大",
    "打不着火",
    "回不了充电座",
    "频繁黑屏",
    "指纹没反应",
    "排气温度高",
    "漏水",
    "按键失灵",
)
DETAILS = (
    "上周开始时好时坏", "重启以后只好一会儿", "面板显示故障代码", "家里有老人和孩子，比较着急", "说明书上的办法都试过", "插座换过，电压正常",
    "白天都有人在家", "请提前半小时打电话", "购买凭证还在", "之前没有修过", "声音越来越大", "邻居已经来提醒了",
)  # fmt: skip
ANSWERS = (
    "您好，已经收到，正在为您安排。",
    "请问方便拍一张照片吗？",
    "工程师会提前与您联系。",
    "配件已经到站点。",
    "给您添麻烦了，我们尽快处理。",
)
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = ("伟", "芳", "敏", "静", "强", "磊", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "霞", "平")
CITIES = (
    ("上海市", "上海市", "徐汇区"),
    ("北京市", "北京市", "朝阳区"),
    ("广东省", "广州市", "天河区"),
    ("四川省", "成都市", "武侯区"),
)
RARE, RARE_EVERY = "QX-7043", 200  # the code that one case in 200 carries


@dataclass(frozen=True, slots=True)
class Request:
    name: str
    phone: str
    email: str
    subject: str
    problem: str
    product: str
    brand: str
    serial: str
    city: tuple[str, str, str]
    street: str


def request(number: int, length: int = 0) -> Request:
    """`length`: how long the problem is made, in characters (0: one to four sentences)."""
    chance = random.Random(number * 7919 + 17)
    brand, product, trouble = chance.choice(BRANDS), chance.choice(PRODUCTS), chance.choice(TROUBLES)
    parts = chance.sample(DETAILS, chance.randint(1, 4))
    problem = f"{brand}{product}{trouble}，" + "，".join(parts) + "。"
    while len(problem) < length:
        problem += chance.choice(DETAILS) + "，"
    if number % RARE_EVERY == 0:
        problem = f"型号{RARE}，{problem}"
    return Request(
        name=chance.choice(SURNAMES) + chance.choice(GIVEN),
        phone=f"+861990{number % 10_000_000:07d}",
        email=f"c{number}@example.com",
        subject=f"{product}{trouble}",
        problem=problem[:length] if length else problem,
        product=product,
        brand=brand,
        serial=f"SN{number:08d}",
        city=chance.choice(CITIES),
        street=f"{chance.choice('东西南北')}园路{chance.randint(1, 300)}号",
    )
