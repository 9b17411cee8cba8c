"""Stored codes with their words: lower-case codes, label in both languages beside them."""

from __future__ import annotations

from collections.abc import Mapping

from baoxiu.sop.text import Text as T

Codes = Mapping[str, T]

# one row, one line: this is read as a table
# fmt: off
CHANNELS: Codes = {
    "phone": T("Phone", "电话"),
    "email": T("E-mail", "邮件"),
    "chat": T("Live chat", "在线客服"),
    "web": T("Web form", "网页"),
    "qr": T("QR code", "扫码"),
    "walk_in": T("Walk-in", "到店"),
    "api": T("API", "接口"),
    "import": T("Import", "导入"),
}
REVEAL_REASONS: Codes = {
    "call": T("To call the customer", "联系客户"),
    "check": T("To check the record", "核对信息"),
    "other": T("Other", "其他"),
    "api": T("Read over the API", "通过接口读取"),
}
LINK_PURPOSES: Codes = {
    "track": T("Tracking", "进度查询"),
    "quote": T("Quote", "报价"),
    "rate": T("Rating", "评价"),
}
REGISTRATION_STATES: Codes = {
    "waiting": T("Being checked", "核对中"),
    "accepted": T("On record", "已登记"),
    "refused": T("Not taken", "未通过"),
}
# why somebody has to look at a registration (C2): never shown to whoever sent it
REGISTRATION_FINDINGS: Codes = {
    "owned": T("The serial number is on record for another customer", "该序列号已登记在其他客户名下"),
    "also_waiting": T("Somebody else has sent this serial number too", "另有一份该序列号的登记在等待核对"),
    "unknown": T("There is no such serial number on record", "系统中没有该序列号"),
    "ambiguous": T("Several products have this serial number", "有多件产品使用该序列号"),
    "exchanged": T("The product was exchanged for another", "该产品已被更换"),
    "other_model": T("The product with this number is another model", "该序列号对应的是其他型号"),
    "date_unproven": T("No purchase date is on record: read it off the proof", "系统中没有购买日期，请以凭证为准"),
    "date_differs": T("Another purchase date is on record", "与系统中的购买日期不同"),
    "before_made": T("Bought before it was made", "购买日期早于生产日期"),
    "no_label": T("Sent without scanning the label", "未扫描产品标签，仅填写了序列号"),
    "no_proof": T("There is no proof of purchase", "没有购买凭证"),
}
EARLIER_OWNERS: Codes = {
    "": T("nobody before", "此前无登记"),
    "passed_on": T("It changed hands: the warranty runs on from the first sale", "产品已转让：保修仍按首次购买起算"),
    "mistaken": T("The earlier registration was a mistake", "此前的登记有误"),
}
KINDS: Codes = {
    "repair": T("Repair", "维修"),
    "installation": T("Installation", "安装"),
    "consultation": T("Consultation", "咨询"),
    "complaint": T("Complaint", "投诉"),
    "return_exchange": T("Return or exchange", "退换货"),
}
PRIORITIES: Codes = {
    "1": T("Urgent", "紧急"),
    "2": T("High", "高"),
    "3": T("Normal", "普通"),
    "4": T("Low", "低"),
}
PRODUCT_CLASSES: Codes = {
    "appliance": T("Household appliance", "家用电器"),
    "electronics": T("Electronics", "电子产品"),
    "machinery": T("Machinery", "机械设备"),
    "online": T("Online service", "在线服务"),
    "bespoke": T("Bespoke goods", "定制高端"),
    "international": T("Sold abroad", "国际销售"),
}
FAULTS: Codes = {
    "unknown": T("Not known yet", "尚不清楚"),
    "quality": T("Quality fault", "质量问题"),
    "other": T("Not a quality fault (misuse, accident, wear)", "非质量问题（人为、意外、损耗）"),
}
SERVICES: Codes = {
    "repair": T("Repair", "维修"),
    "replacement": T("Replacement", "更换"),
    "other": T("Other service", "其他服务"),
}
VENUES: Codes = {"onsite": T("On site", "上门"), "depot": T("Depot (mail-in or carry-in)", "寄修/送修")}
CARRIED_BY: Codes = {
    "ours": T("Our engineer takes it along", "工程师带回"),
    "customer": T("The customer sends it", "客户寄送"),
}
CONSENT_WAYS: Codes = {
    "link": T("Personal link", "专属链接"),
    "phone": T("By phone", "电话"),
    "on_site": T("In person", "当面"),
    "device": T("On the engineer's device", "在工程师设备上"),
    "api": T("API", "接口"),
}
HOLD_REASONS: Codes = {
    "customer": T("Waiting for the customer", "等待客户"),
    "parts": T("Waiting for parts", "待料"),
    "supplier": T("Waiting for a supplier", "等待供应商"),
    "force_majeure": T("Force majeure", "不可抗力"),
    "other": T("Other", "其他"),
}
DECLINE_REASONS: Codes = {
    "skill": T("Not my skill", "不会修"),
    "overloaded": T("No time left", "排不开"),
    "too_far": T("Too far", "太远"),
    "absent": T("Absent", "请假"),
    "parts": T("Parts missing", "缺备件"),
    "other": T("Other", "其他"),
}
SYMPTOMS: Codes = {
    "no_power": T("Does not power on", "不通电/不开机"),
    "no_start": T("Does not start", "无法启动"),
    "noise": T("Noise", "异响"),
    "leak": T("Leaks", "漏水/漏液"),
    "no_cool_heat": T("Does not cool or heat", "不制冷/不制热"),
    "display": T("Display fault", "屏幕/显示故障"),
    "battery": T("Battery or charging", "电池/充电故障"),
    "connection": T("Connection fault", "连接故障"),
    "drain": T("Does not drain", "不排水"),
    "mechanical": T("Stuck or broken part", "机械卡住/破损"),
    "overheating": T("Overheats or smells burnt", "过热/焦味"),
    "electric_shock": T("Electric leakage", "漏电"),
    "software": T("Software fault", "软件故障"),
    "performance": T("Weak performance", "性能下降"),
    "other": T("Other", "其他"),
}
CAUSES: Codes = {
    "component": T("Component failed", "元件失效"),
    "assembly": T("Assembly fault", "装配不良"),
    "design": T("Design fault", "设计缺陷"),
    "firmware": T("Firmware", "固件"),
    "wear": T("Wear", "正常磨损"),
    "misuse": T("Misuse", "使用不当"),
    "accident": T("Accident", "意外损坏"),
    "installation": T("Installation", "安装不当"),
    "environment": T("Environment", "环境因素"),
    "no_fault": T("No fault found", "未发现故障"),
    "other": T("Other", "其他"),
}
PARTS: Codes = {
    "": T("Not one of these", "不属于以下部件"),
    "compressor": T("Compressor", "压缩机"),
    "motor": T("Motor", "电动机"),
    "timer": T("Timer or programme controller", "程控器/定时器"),
    "thermostat": T("Thermostat", "温控器"),
    "evaporator": T("Evaporator", "蒸发器"),
    "condenser": T("Condenser", "冷凝器"),
    "capillary": T("Capillary tube", "毛细管"),
    "magnetron": T("Magnetron", "磁控管"),
    "display_panel": T("Display panel", "显示屏"),
    "backlight_assembly": T("Backlight assembly", "背光组件"),
    "drive_assembly": T("Drive assembly", "驱动组件"),
    "logic_assembly": T("Logic assembly", "逻辑组件"),
    "tuner": T("Tuner", "高频调谐器"),
    "ic": T("Integrated circuit", "集成电路"),
    "mainboard": T("Mainboard", "主板"),
    "cpu": T("Processor", "处理器"),
    "memory": T("Memory", "内存"),
    "disk_drive": T("Disk drive", "硬盘驱动器"),
    "power_supply": T("Power supply", "电源"),
    "display_card": T("Display card", "显示卡"),
    "display": T("Display", "显示屏"),
    "keyboard": T("Keyboard", "键盘"),
    "power_adapter": T("Power adapter", "电源适配器"),
    "laser_head": T("Laser head", "激光头"),
    "spindle_motor": T("Spindle motor", "主轴电机"),
    "servo_motor": T("Servo motor", "伺服电机"),
    "engine": T("Engine", "发动机"),
    "gearbox": T("Gearbox", "变速器"),
    "traction_battery": T("Traction battery", "动力蓄电池"),
    "drive_motor": T("Drive motor", "驱动电机"),
    "steering": T("Steering", "转向系统"),
    "brakes": T("Brakes", "制动系统"),
    "frame": T("Frame", "车架"),
    "other_main": T("Another main part named on the card", "三包凭证列明的其他主要部件"),
}
EXCLUSIONS: Codes = {
    "": T("None", "无"),
    "MISUSE": T("Wrong use, care or storage", "使用、维护、保管不当"),
    "UNAUTH_OPEN": T("Opened by somebody not authorised", "非授权者拆动"),
    "NO_PROOF": T("Neither card nor invoice", "无三包凭证及有效发票"),
    "PROOF_MISMATCH": T("Card and product do not fit, or altered", "凭证与产品不符或涂改"),
    "FORCE_MAJEURE": T("Force majeure", "不可抗力"),
    "MODIFIED": T("Modified against the manual", "违反说明书改装"),
    "SOFTWARE": T("Virus or software the user installed", "病毒或自行安装的软件"),
}
PROOFS: Codes = {
    "": T("Not seen yet", "尚未查验"),
    "invoice": T("Invoice, receipt or order", "发票、收据或订单"),
    "card": T("Warranty card", "三包凭证"),
    "record": T("Our own record of the sale", "本公司销售记录"),
    "none": T("The customer has none", "客户没有凭证"),
}
PART_WAITS: Codes = {
    "repairer": T("Us: stock or transport", "我方：库存或运输"),
    "producer": T("The maker does not supply it", "厂家未供货"),
}
LOANS: Codes = {
    "lent": T("Lent", "已提供"),
    "declined": T("The customer does not want one", "客户不需要"),
}
LOANER_CONDITIONS: Codes = {
    "good": T("As it was lent", "与借出时一致"),
    "worn": T("Normal wear", "正常磨损"),
    "damaged": T("Damaged", "有损坏"),
    "incomplete": T("Something is missing", "配件缺失"),
    "lost": T("Not returned", "未归还"),
}
LIMIT_CHOICES: Codes = {
    "exchange": T("Exchange", "换货"),
    "refund": T("Refund", "退货退款"),
    "continue": T("Go on with the repair", "继续修理"),
}
REMEDIES: Codes = {
    "replace_part": T("Part replaced", "更换零件"),
    "repair_part": T("Part repaired", "修复零件"),
    "adjust": T("Adjusted", "调整"),
    "clean": T("Cleaned", "清洁"),
    "update": T("Software updated", "升级软件"),
    "instruct": T("Customer instructed", "指导使用"),
    "replace_unit": T("Unit replaced", "整机更换"),
    "install": T("Installed", "安装"),
    "other": T("Other", "其他"),
}
WITHDRAW_REASONS: Codes = {
    "solved": T("Solved by itself", "已自行解决"),
    "changed_mind": T("Not wanted any more", "不需要了"),
    "too_slow": T("Too slow", "等待太久"),
    "elsewhere": T("Repaired elsewhere", "已在别处维修"),
    "other": T("Other", "其他"),
}
LINE_KINDS: Codes = {
    "labour": T("Labour", "工时"),
    "part": T("Part", "配件"),
    "travel": T("Travel", "上门费"),
    "other": T("Other", "其他"),
}
CHARGE_REASONS: Codes = {
    "covered": T("Covered by our promise", "承诺保修范围内"),
    "statute": T("Free by law (main part)", "法定免费（主要部件）"),
    "contract": T("Covered by a contract", "合同约定免费"),
    "goodwill": T("Goodwill", "善意减免"),
    "recall": T("Recall or service action", "召回或服务活动"),
    "not_covered": T("Not covered", "不在保修范围"),
    "expired": T("Warranty is over", "已过保修期"),
    "wear": T("Wearing part", "易损件"),
    "misuse": T("Damaged by use or accident", "人为或意外损坏"),
    "wish": T("Wanted by the customer", "客户自选项目"),
    "minimum": T("Up to the minimum charge", "补足最低收费"),
}
QUOTE_OPTIONS: Codes = {"A": T("Option A", "方案A"), "B": T("Option B", "方案B"), "C": T("Option C", "方案C")}
OBJECTIONS: Codes = {
    "entitlement": T("The decision who pays", "收费判定"),
    "bill": T("The price or the bill", "报价或账单"),
}
PAYMENT_WAYS: Codes = {
    "cash": T("Cash", "现金"),
    "transfer": T("Bank transfer", "银行转账"),
    "card": T("Card", "刷卡"),
    "wallet": T("Wallet code shown on site", "现场扫码"),
    "online": T("Paid online", "在线支付"),
}
BOOKINGS: Codes = {"payment": T("Payment", "收款"), "refund": T("Refund", "退款"), "waiver": T("Waiver", "减免")}
# what a stock keeper does, and what else moves parts
STOCK_ACTS: Codes = {
    "received": T("Taken in", "入库"),
    "transfer": T("Moved to another place", "调拨"),
    "reserve": T("Reserved for a case", "为服务单预留"),
    "release": T("Reservation ended", "取消预留"),
    "written_off": T("Written off", "报废"),
}
STOCK_MOVES: Codes = {
    **STOCK_ACTS,
    "count": T("Counted", "盘点"),
    "fetched": T("Fetched into the van", "领料上车"),
    "used": T("Used in a repair", "维修用料"),
}
PRICE_UNITS: Codes = {
    "job": T("per job", "次"),
    "hour": T("per hour", "小时"),
    "visit": T("per visit", "趟"),
    "km": T("per kilometre", "公里"),
    "piece": T("each", "件"),
}
CURRENCIES = ("CNY", "EUR", "GBP", "USD", "JPY", "AUD", "NOK", "SEK", "DKK", "CAD", "KRW", "HKD")
ROLES: Codes = {
    "agent": T("Agent", "客服"),
    "dispatcher": T("Dispatcher", "调度"),
    "engineer": T("Service engineer", "工程师"),
    "station_head": T("Station head", "站长"),
    "stock_keeper": T("Stock keeper", "仓管"),
    "account_manager": T("Account manager", "客户经理"),
    "manager": T("Manager", "主管"),
    "administrator": T("Administrator", "管理员"),
    "integration": T("Integration key", "接口密钥"),
    "customer": T("Customer", "客户"),
    "system": T("System", "系统"),
}
LANGUAGES: Codes = {
    "zh": T("Chinese", "中文"),
    "en": T("English", "英语"),
    "de": T("German", "德语"),
    "nl": T("Dutch", "荷兰语"),
    "fr": T("French", "法语"),
    "it": T("Italian", "意大利语"),
    "es": T("Spanish", "西班牙语"),
    "no": T("Norwegian", "挪威语"),
    "sv": T("Swedish", "瑞典语"),
}
# what became of a clause on a case, and why it was broken
CONFORMANCE: Codes = {
    "kept": T("kept", "已遵守"),
    "waived": T("waived", "已豁免"),
    "broken": T("broken", "未遵守"),
    "owed": T("still owed", "待办"),
}
BREACHES: Codes = {
    "late": T("done late", "超时完成"),
    "overdue": T("overdue", "超时未办"),
    "skipped": T("left out", "漏办"),
    "unlawful": T("not allowed by the procedure", "不合流程"),
}
