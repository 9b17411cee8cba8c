"""Notices to groups in chats, through Apprise in a process of its own: 40 MB that the worker need not keep."""

from __future__ import annotations

import json
import select
import subprocess
import sys
from typing import Any

from baoxiu.cases.models import Outgoing
from baoxiu.notify.messages import Letter
from baoxiu.notify.models import Target
from baoxiu.notify.transports import Refused, TryLater, Unreachable
from baoxiu.people import sealed
from baoxiu.people.models import Reach

ANSWER_SECONDS = 30
COMMAND = [sys.executable, "-m", "baoxiu.notify.chat_process"]


def _whom(recipient: str) -> tuple[str, str]:
    """(name, sealed address) of a group or a colleague. Raises Refused."""
    kind, _, pk = recipient.partition(":")
    if kind == "staff":
        reach = Reach.objects.select_related("staff").filter(pk=int(pk), staff__is_active=True).first()
        if reach is None or not reach.chat_address:
            raise Refused("colleague_off")
        return reach.staff.name, reach.chat_address
    target = Target.objects.filter(pk=int(pk), is_on=True).first()
    if target is None:
        raise Refused("group_off")
    return target.name, target.address


class Post:
    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def send(self, row: Outgoing, letter: Letter) -> None:
        name, kept = _whom(row.recipient)
        try:
            address = sealed.unseal(kept)
        except sealed.Broken:
            raise Refused("other_key", name) from None
        told = self._ask({"address": address, "title": letter.subject, "body": letter.body})
        if told.get("unfit"):
            raise Refused("unfit", name)
        if not told.get("sent"):
            raise TryLater("not_taken", name)

    def _ask(self, question: dict[str, str]) -> dict[str, Any]:
        process = self._process or subprocess.Popen(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self._process = process
        if process.stdin is None or process.stdout is None:
            raise Unreachable("no_chat")
        try:
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], ANSWER_SECONDS)
            answer: dict[str, Any] = json.loads(process.stdout.readline()) if ready else {}
        except (OSError, ValueError) as problem:
            self.close()
            raise Unreachable("no_chat") from problem
        if not answer:
            self.close()
            raise TryLater("no_answer", str(ANSWER_SECONDS))
        return answer

    def close(self) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None
