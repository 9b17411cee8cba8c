"""What the demo's people say, in Chinese and in English; by occasion."""

from __future__ import annotations

import random

ZH: dict[str, tuple[str, ...]] = {
    "first_reply": (
        "您好，您的报修已收到，我先了解一下情况，稍后给您回电确认。",
        "您好，{name}，已为您登记。请问故障是每次都出现，还是偶尔出现？",
        "收到，给您添麻烦了。请先断开电源，我们尽快安排。",
        "您好，资料已齐全，正在为您核对保修信息。",
    ),
    "reply": ("已经催过同事了，今天下班前给您准信。", "好的，已按您说的时间备注。", "照片收到了，很清楚，谢谢。", "可以的，到时候工程师会提前半小时联系您。"),
    "message": ("请问什么时候能安排？", "补充一下：插座换过一个，还是一样。", "我周末都在家，周一到周五要晚上七点以后。", "刚才又出现一次，录了视频，怎么发给你们？"),
    "chase": ("三天了还没有消息，请尽快处理。", "家里有老人孩子，实在等不了，麻烦催一下。", "说好昨天回复的。"),
    "note": ("客户情绪着急，优先跟进。", "同小区上月有同样故障，建议带电脑板。", "已核对发票，购买日期无误。", "楼下停车要登记车牌，请提前报备。"),
    "call": ("电话确认：故障稳定复现，客户同意先检测。", "客户来电补充地址门牌，已登记。", "与客户核对了型号和购买渠道。"),
    "cause": ("进水阀或水位传感器", "电源板", "风道堵塞", "密封件老化", "软件版本旧", "安装位置不当"),
    "advice": ("按电话指导断电十分钟后复位，客户确认恢复正常。", "指导客户清理过滤网并重新配网，问题解决。", "已发送说明书链接并逐步讲解，客户表示清楚了。"),
    "packing": ("请用原包装或厚泡沫包好，附上联系方式，不要寄遥控器以外的附件。", "请先备份资料并退出账号，电池保持三成电量。"),
    "decline": ("当天已排满，赶不过去。", "手上没有这个型号的电脑板。"),
    "absent": ("按约到达，敲门无人应，电话未接，门口拍照留证。",),
    "receipt": ("外观完好，右侧有轻微划痕，附件齐全。", "外壳有磕碰，屏幕无裂纹，通电前已拍照。", "包装完整，整机及电源线一根。"),
    "finding": ("实测复现故障，{part}失效，其余正常。", "拆机检查，{part}烧蚀发黑，线束正常。", "{part}磨损超限，建议更换。"),
    "misuse": ("内部有进液痕迹，{part}腐蚀。", "检测为外力磕碰造成{part}断裂，非质量问题。"),
    "part": ("主控板", "进水阀", "风机", "电源模块", "传感器", "密封圈", "电池组", "排水泵"),
    "work": ("更换{part}，清洁风道，通电试运行三十分钟正常。", "更换{part}并升级程序，各功能测试正常。", "修复{part}焊点，紧固接线，运行平稳。"),
    "install": ("按标准完成安装，试机、检漏合格，向客户讲解使用与保养。",),
    "replace": ("同一故障两次返修，按规定更换新机。", "主板停产无法修复，更换同型号新机。"),
    "pass": ("满载运行三十分钟，电流、温度正常。", "功能逐项测试通过。", "绝缘、接地测试合格。"),
    "fail": ("试运行二十分钟后故障重现，继续检查。",),
    "condemn": ("箱体腐蚀穿孔，维修成本高于整机价值，与客户沟通后不再维修。",),
    "quote": ("含检测费；配件保三个月。同意后当天开工。", "旧件可带走。如有疑问请回复本信息。"),
    "quote_no": ("价格超出预期，先不修了。", "准备换新的。"),
    "hold": ("客户出差，下周才能配合。", "等待物业开具动火许可。"),
    "withdraw": ("重启以后好了，暂时不用了。", "已经在附近修好了。", "等太久，不修了。"),
    "follow": ("使用正常，客户问保养周期，已答复每半年一次。", "设备运转正常，客户满意。", "有轻微声响属正常，已解释。"),
    "missed": ("响铃无人接听。", "占线，稍后再拨。"),
    "waive": ("三次均未接通，短信已告知，记录备查。",),
    "final": ("产品使用正常，无其他需求。", "客户表示修后一直正常，感谢。"),
    "reopen": ("用了两天同样的毛病又出来了。", "噪声比修之前还大。", "只好了一个晚上，又不行了。"),
    "good": ("师傅很专业，讲得清楚，还把地擦干净了。", "响应快，准时上门，满意。", "价格透明，先报价再修，放心。"),
    "fair": ("修好了，就是等配件等了一周。", "态度可以，预约改了一次时间。"),
    "bad": ("等了太久，催了两次才有人管。", "收费和电话里说的不一样，体验一般。", "第一次没修好，又跑了一趟。"),
    "to_depot": ("现场无专用检测台，需带回站点处理。",),
    "carrier": ("顺行快递", "通途速运"),
    "override": ("老客户，距保修到期仅两天，按善意免费处理。",),
}  # fmt: skip
EN: dict[str, tuple[str, ...]] = {
    "first_reply": (
        "Thank you, {name}, we have your request. Does it happen every time, or now and then?",
        "Good day, your request is registered. Please leave the appliance unplugged until we have spoken.",
        "Thank you for the clear description. We are checking your warranty and come back to you shortly.",
    ),
    "reply": ("I asked my colleague again; you will hear from us before the end of the day.", "Thank you, noted.", "The photos are clear, thank you."),
    "message": ("When can I expect to hear about this?", "Just to add: I tried another socket and it is the same.", "Do you need the original box?"),
    "chase": ("It has been three days and I have heard nothing.", "Could somebody please look at this? We use it every day."),
    "note": ("Third request of this customer this year: be quick.", "Receipt checked, purchase date is right.", "Known weak spot of this series."),
    "call": ("Customer confirmed the fault is always there and agrees to an inspection.", "Went through model and purchase details with the customer."),
    "cause": ("power supply", "worn gear", "blocked air path", "battery", "loose connector", "thermostat"),
    "advice": ("Talked the customer through a reset; it works again.", "Customer cleaned the filter as explained and the fault is gone."),
    "packing": ("Please wrap it well, use the original box if you have it, and enclose your name. No accessories needed.",),
    "decline": ("The day is full already.", "No spare part for this one in the van."),
    "absent": ("Rang twice at the agreed time, nobody answered; card left.",),
    "receipt": ("Scratches on the lid, otherwise complete.", "Box damaged, product looks fine, mains lead included."),
    "finding": ("Fault reproduced: the {part} has failed, the rest tests fine.", "The {part} is worn beyond its limit."),
    "misuse": ("Traces of liquid inside; the {part} is corroded.", "The {part} is broken by a fall; not a quality fault."),
    "part": ("power board", "motor brush", "heating element", "switch", "battery", "drive belt", "thermal cut-out"),
    "work": ("Replaced the {part}, cleaned inside, ran it for half an hour.", "Replaced the {part} and re-soldered the connector; all functions work."),
    "install": ("Installed, tested, and explained to the customer.",),
    "replace": ("Second return with the same fault: exchanged for a new one.",),
    "pass": ("Ran for 30 minutes under load, current and temperature normal.", "All functions tested."),
    "fail": ("The fault came back after twenty minutes; going on.",),
    "condemn": ("The housing is cracked through and no spare is made any more; agreed with the customer to stop.",),
    "quote": ("The inspection is included; three months' warranty on the part.", "We start the day you agree."),
    "quote_no": ("More than it is worth to me, thank you.", "I would rather buy a new one."),
    "hold": ("Customer is travelling and will be back next week.",),
    "withdraw": ("It works again, no need any more.", "A neighbour mended it.", "This takes too long."),
    "follow": ("Works well; customer asked how often to descale: every three months.", "All fine, customer is happy."),
    "missed": ("No answer.", "Voicemail, no message left."),
    "waive": ("Three calls without an answer; told by e-mail.",),
    "final": ("Still works, nothing else needed.", "Customer is pleased with the repair."),
    "reopen": ("It failed again after two days, exactly as before.", "It is louder than it was before the repair."),
    "good": ("Friendly, quick, and explained what was wrong.", "Excellent service from start to end.", "Clear quote before any work. Would use again."),
    "fair": ("Fixed, but the part took a week.", "Fine in the end."),
    "bad": ("I had to chase twice before anything happened.", "It came back with a new scratch.", "Not fixed the first time."),
    "to_depot": ("Needs the test bench at the station.",),
    "carrier": ("Parcel Express", "Northern Couriers"),
    "override": ("Two days after the end of the warranty, loyal customer: free as goodwill.",),
}  # fmt: skip


def say(occasion: str, language: str, chance: random.Random, **more: str) -> str:
    """One of the sentences for the occasion; languages other than Chinese are served in English."""
    words = ZH if language == "zh" else EN
    if occasion in ("finding", "misuse", "work"):
        more.setdefault("part", chance.choice(words["part"]))
    return chance.choice(words[occasion]).format(**more)
