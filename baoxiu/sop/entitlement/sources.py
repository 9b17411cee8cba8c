"""C3: where a rule stands – the laws by their Chinese and English names, and how a place in one is cited.

A rule names its source in English, in one line: `Consumer Law 24(2); 1995 rule 15–16`. The Chinese citation follows from
it, 《消费者权益保护法》第24条第2款; what is no law of China is cited as its own country does.
"""

from __future__ import annotations

import re

from baoxiu.sop.text import Text

LAWS = {
    "Civil Code": "《民法典》",
    "Consumer Law": "《消费者权益保护法》",
    "Product Quality Law": "《产品质量法》",
    "State Council Order 778 (2024)": "《消费者权益保护法实施条例》",
    "SPC [2022]8": "《最高人民法院关于审理网络消费纠纷案件适用法律若干问题的规定（一）》",
    "Order 73": "《侵害消费者权益行为处罚办法》",
    "1995 rule": "《部分商品修理更换退货责任规定》",
    "Order 4 (2001)": "《移动电话机商品修理更换退货责任规定》",
    "fixed-phone rule (2001)": "《固定电话机商品修理更换退货责任规定》",
    "fixed-phone rule": "《固定电话机商品修理更换退货责任规定》",
    "Order 24 (2002)": "《微型计算机商品修理更换退货责任规定》",
    "AV rule (2002)": "《家用视听商品修理更换退货责任规定》",
    "Order 126 (2010)": "《农业机械产品修理、更换、退货责任规定》",
    "SAMR Order 43 (2021)": "《家用汽车产品修理更换退货责任规定》",
    "Order 43": "《家用汽车产品修理更换退货责任规定》",
    "Motor Vehicle Maintenance Provisions": "《机动车维修管理规定》",
    "Zhejiang Measures (2017)": "《浙江省实施〈中华人民共和国消费者权益保护法〉办法》",
    "Shandong Regulation (2017)": "《山东省消费者权益保护条例》",
    "Shanghai Regulation": "《上海市消费者权益保护条例》",
    "Beijing Measures (1997)": "《北京市实施〈中华人民共和国消费者权益保护法〉办法》",
}
# what is said of a place beside its articles
PLACES = {
    " and its twins": "（其他商品的规定同）",
    " and catalogue": "及《实施三包的部分商品目录》",
    " and table": "及附表",
    " annex": "附件",
    " annex, rate from memory": "附件（折旧率凭记忆，待核实）",
    ", period from memory": "（期限凭记忆，待核实）",
    " (from memory)": "（凭记忆，待核实）",
}
# no law: what is cited instead
OTHERS = {"convention": "惯例"}
_CLAUSE = re.compile(r"C\d+(\.\d+)?")
_ARTICLE = re.compile(r"(\d+(?:–\d+)?)(?:\((\d+)\))?")


def cite(source: str, jurisdiction: str = "CN") -> Text:
    """The place `source` in both languages. Raises ValueError for one of China that cannot be said in Chinese."""
    source = source.strip()
    if source in OTHERS:
        return Text(source, OTHERS[source])
    if _CLAUSE.fullmatch(source) or jurisdiction[:2] not in ("", "CN"):
        return Text(source, source)
    return Text(source, "；".join(_chinese(place) for place in source.split("; ")))


def _chinese(place: str) -> str:
    law = max((name for name in LAWS if place.startswith(name)), key=len, default="")
    said, rest = LAWS.get(law, ""), place.removeprefix(law)
    after = ""
    for words, chinese in PLACES.items():
        if rest.endswith(words):
            rest, after = rest.removesuffix(words), chinese
            break
    found = [_ARTICLE.fullmatch(article) for article in rest.strip().split(", ") if article]
    if not said or not all(found):
        raise ValueError(f"the source “{place}” has no Chinese name")
    articles = "、".join(f"{m[1]}条第{m[2]}款" if m[2] else m[1] for m in found if m)
    ends = "" if not articles or articles.endswith("款") else "条"
    return f"{said}{'第' if articles else ''}{articles}{ends}{after}"
