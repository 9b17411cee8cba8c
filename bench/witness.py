"""The outside witness: sends writes, notes what was sent and what was acknowledged, believes nothing else."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import random
import threading
import time
import uuid
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

GIVE_UP_SECONDS = 60.0


@dataclass
class Write:
    """One write: its mark is in its text, so that its effect can be counted."""

    mark: str
    kind: str  # register | reply | note | triage | file
    key: str = ""
    acknowledged: bool = False
    tries: int = 0
    sha256: str = ""
    number: str = ""
    entry_no: int = 0


@dataclass
class Witness:
    """One client with a log of its own; several run side by side."""

    port: int
    token: str
    log: Path
    seed: int
    stop: threading.Event = field(default_factory=threading.Event)
    writes: list[Write] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    untriaged: list[str] = field(default_factory=list)
    acknowledged: int = 0

    def run(self) -> None:
        chance = random.Random(self.seed)
        with self.log.open("w", encoding="utf-8") as out:
            while not self.stop.is_set():
                kind = chance.choices(("register", "reply", "note", "triage", "file"), (30, 25, 15, 15, 15))[
                    0
                ]
                self._act(kind if self.cases else "register", chance, out)

    def _act(self, kind: str, chance: random.Random, out: Any) -> None:
        mark = f"mark-{uuid.uuid4().hex}"
        key = uuid.uuid4().hex if chance.random() < 0.6 else ""
        if kind == "triage" and not self.untriaged:
            kind = "reply"
        write = Write(mark, kind, key)
        self.writes.append(write)
        if kind == "register":
            answer = self._post("/api/cases", write, out, _request(mark))
            if answer:
                self.cases.append(answer["number"])
                self.untriaged.append(answer["number"])
        elif kind == "triage":
            number = self.untriaged.pop()
            self._post(
                f"/api/cases/{number}/triage",
                write,
                out,
                {"symptom": "leak", "fault": "quality", "text": mark},
            )
        elif kind == "reply":
            self._post(f"/api/cases/{chance.choice(self.cases)}/reply", write, out, {"text": mark})
        else:
            self._note(write, chance, out)

    def _note(self, write: Write, chance: random.Random, out: Any) -> None:
        body: dict[str, Any] = {"text": write.mark}
        if write.kind == "file":
            content = f"{write.mark}\n".encode() * chance.randint(50, 3000)
            upload = Write(write.mark + "-file", "upload", uuid.uuid4().hex)
            answer = self._post("/api/attachments", upload, out, content)
            if not answer:
                self.writes.remove(write)
                return
            write.sha256, body["files"] = hashlib.sha256(content).hexdigest(), [answer["id"]]
        self._post(f"/api/cases/{chance.choice(self.cases)}/note", write, out, body)

    def _post(self, path: str, write: Write, out: Any, body: Any) -> dict[str, Any] | None:
        """Sends; with a key again and again until there is an answer, without one a single time."""
        began = time.monotonic()
        while time.monotonic() - began < GIVE_UP_SECONDS:
            write.tries += 1
            print(json.dumps({"sent": asdict(write)}), file=out, flush=True)
            try:
                status, answer = self._send(path, write.key, body)
            except (OSError, http.client.HTTPException, ValueError):
                if not write.key or self.stop.is_set():
                    return None
                time.sleep(0.05)
                continue
            if status == 409 and write.key:
                time.sleep(0.1)
                continue
            if status not in (200, 201):
                raise AssertionError(f"{path}: {status} {answer}")
            write.acknowledged = True
            self.acknowledged += 1
            write.number, write.entry_no = str(answer.get("number", "")), int(answer.get("entry_no", 0))
            print(json.dumps({"acknowledged": asdict(write)}), file=out, flush=True)
            return answer
        return None

    def _send(self, path: str, key: str, body: Any) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.token}"}
        if key:
            headers["Idempotency-Key"] = key
        if isinstance(body, bytes):
            edge = uuid.uuid4().hex
            head = (
                f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'.encode()
            )
            data = head + body + f"\r\n--{edge}--\r\n".encode()
            headers["Content-Type"] = f"multipart/form-data; boundary={edge}"
        else:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        with contextlib.closing(connection):
            connection.request("POST", path, data, headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read())


def _request(mark: str) -> dict[str, Any]:
    return {
        "channel": "phone", "problem": f"漏水 {mark}", "name": "Witness", "phone": "+86 19900000123",
        "product": "洗衣机", "email": "witness@example.com",
    }  # fmt: skip
