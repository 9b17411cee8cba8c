"""C3, I3: the jurisdiction a place lies in."""

from __future__ import annotations

_PROVINCES = (
    "北京 BJ 天津 TJ 河北 HE 山西 SX 内蒙 NM 辽宁 LN 吉林 JL 黑龙 HL 上海 SH 江苏 JS 浙江 ZJ 安徽 AH 福建 FJ 江西 JX 山东 SD 河南 HA "
    "湖北 HB 湖南 HN 广东 GD 广西 GX 海南 HI 重庆 CQ 四川 SC 贵州 GZ 云南 YN 西藏 XZ 陕西 SN 甘肃 GS 青海 QH 宁夏 NX 新疆 XJ "
    "beijing BJ shanghai SH zhejiang ZJ shandong SD"
).split()
PROVINCES = dict(zip(_PROVINCES[::2], _PROVINCES[1::2], strict=True))
EU = frozenset("AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split())


def jurisdiction(country: str, province: str = "") -> str:
    """`("CN", "浙江省")` → CN-ZJ, `("DE", "")` → EU-DE, `("GB", "")` → UK, `("US", "CA")` → US-CA; else the country."""
    name = province.strip()
    if country == "CN":
        code = PROVINCES.get(name[:2]) or PROVINCES.get(name.lower().split(" ")[0])
        return f"CN-{code}" if code else "CN"
    if country in EU:
        return f"EU-{country}"
    if country == "US" and name.lower() in ("ca", "california"):
        return "US-CA"
    return {"GB": "UK"}.get(country, country)
