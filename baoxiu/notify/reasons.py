"""Why a message did not go out: a code of ours and what the other side said, kept as `code: words`. Pure.

Ours are told in the reader's language; another side's words are quoted as they came.
"""

from __future__ import annotations

from collections.abc import Mapping

from baoxiu.sop.text import Text as T

# fmt: off
REASONS: Mapping[str, T] = {
    "off": T("this message is switched off", "该消息已停用"),
    "unsubscribed": T("the customer wants no more of these", "客户已退订此类消息"),
    "no_wording": T("there is no wording for it", "没有对应的消息模板"),
    "no_code": T("this wording has no number of the provider yet", "该模板还没有服务商的编号"),
    "no_address": T("“{said}” is no e-mail address", "“{said}”不是有效的邮箱地址"),
    "unreachable": T("the server cannot be reached: “{said}”", "无法连接服务器：“{said}”"),
    "down": T("the server has a fault of its own: “{said}”", "对方服务器故障：“{said}”"),
    "refused": T("the server refused it: “{said}”", "服务器拒收：“{said}”"),
    "put_off": T("the server put it off: “{said}”", "服务器要求稍后再发：“{said}”"),
    "unreadable": T("the server's answer cannot be read: “{said}”", "无法识别服务器的应答：“{said}”"),
    "no_answer": T("no answer within {said} s", "{said}秒内没有应答"),
    "no_chat": T("Apprise is not installed or ended: install baoxiu[chat]", "Apprise未安装或已退出：请安装baoxiu[chat]"),
    "colleague_off": T("the colleague is not told by chat any more", "该同事已不再接收聊天通知"),
    "group_off": T("the group is not told any more", "该群已停用通知"),
    "other_key": T("the address of {said} was kept under another secret key: enter it again", "{said}的地址是用另一把密钥保存的，请重新填写"),
    "unfit": T("the address of {said} cannot be used", "{said}的地址无法使用"),
    "not_taken": T("{said} did not take it", "{said}没有接收"),
}
# fmt: on


def kept(code: str, said: str = "") -> str:
    """How a reason stands in the row."""
    return f"{code}: {said}" if said else code


def told(error: str) -> T:
    """The reason in both languages; what is none of ours stays as it was written."""
    code, _, said = error.partition(": ")
    known = REASONS.get(code)
    if known is None:
        return T(error, error)
    return T(known.en.replace("{said}", said), known.zh.replace("{said}", said))
