"""The process beside `chat`: a line of JSON in, a line of JSON out. Loads only the plug-in that is asked for."""

from __future__ import annotations

import json
import sys
from functools import cache
from importlib import import_module
from typing import Any

# what an address may begin with → plug-in. Their servers are fixed: an address cannot lead to a host of one's choice.
PLUG_INS = {
    "wecombot": ("wecombot", "NotifyWeComBot"),
    "dingtalk": ("dingtalk", "NotifyDingTalk"),
    "feishu": ("feishu", "NotifyFeishu"),
    "lark": ("lark", "NotifyLark"),
    "schan": ("serverchan", "NotifyServerChan"),
    "pushplus": ("pushplus", "NotifyPushplus"),
    "wxpusher": ("wxpusher", "NotifyWxPusher"),
    "tgram": ("telegram", "NotifyTelegram"),
    "slack": ("slack", "NotifySlack"),
    "discord": ("discord", "NotifyDiscord"),
}


@cache
def _plug_in(scheme: str) -> Any:
    module, name = PLUG_INS[scheme]
    return getattr(import_module(f"apprise.plugins.{module}"), name)


def answer(question: dict[str, str]) -> dict[str, bool]:
    scheme = question["address"].partition("://")[0]
    if scheme not in PLUG_INS:
        return {"unfit": True}
    plug_in = _plug_in(scheme)
    parsed = plug_in.parse_url(question["address"])
    if not parsed:
        return {"unfit": True}
    try:
        made = plug_in(**parsed)
    except TypeError:  # Apprise's way of saying that a part is wrong
        return {"unfit": True}
    return {"sent": bool(made.notify(title=question["title"], body=question["body"]))}


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
