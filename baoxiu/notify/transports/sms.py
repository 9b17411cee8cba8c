"""Text messages by a provider's signed HTTP interface, the way Aliyun's SendSms takes them.

`BAOXIU_SMS_URL=aliyun://KEY:SECRET@host?sign=NAME`; with `aliyun+http` instead of `aliyun` the connection is
not encrypted (tests, a relay on this machine). The text is the provider's own: we give its number and the values.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from urllib.parse import parse_qs, quote, unquote, urlsplit

from django.conf import settings

from baoxiu.cases.models import Outgoing
from baoxiu.notify import wording
from baoxiu.notify.messages import Letter, one_line
from baoxiu.notify.transports import Refused, TryLater, Unreachable

TIMEOUT_SECONDS, MOST_BYTES = 10, 65_536
# answers that another try may change; every other code but OK is final
PASSING = (
    "isv.BUSINESS_LIMIT_CONTROL",
    "isv.AMOUNT_NOT_ENOUGH",
    "isv.OUT_OF_SERVICE",
    "isp.",
    "Throttling",
    "ServiceUnavailable",
)


class _Straight(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: object) -> None:
        return None  # whoever answers must be whom we asked


class Post:
    def __init__(self) -> None:
        self._opener = urllib.request.build_opener(_Straight)

    def send(self, row: Outgoing, letter: Letter) -> None:
        if not letter.template.code:
            raise Refused("no_code")
        address = request(
            settings.SMS_URL,
            recipient=row.recipient,
            code=letter.template.code,
            values={name: letter.values.get(name, "") for name in wording.named(letter.template.body)},
            reference=letter.message_id.strip("<>").split("@")[0],
            at=dt.datetime.now(dt.UTC),
        )
        try:
            with self._opener.open(address, timeout=TIMEOUT_SECONDS) as answer:
                _judge(answer.read(MOST_BYTES))
        except urllib.error.HTTPError as problem:
            with problem:
                if problem.code >= 500:
                    raise Unreachable("down", f"HTTP {problem.code}") from problem
                _judge(problem.read(MOST_BYTES), problem.code)
        except OSError as problem:
            raise Unreachable("unreachable", one_line(f"{type(problem).__name__}: {problem}")) from problem

    def close(self) -> None:
        self._opener.close()


def _judge(content: bytes, status: int = 200) -> None:
    try:
        told = json.loads(content)
        code, words = str(told["Code"]), str(told.get("Message", ""))
    except (ValueError, KeyError, TypeError) as problem:
        raise TryLater("unreadable", f"HTTP {status}") from problem
    if code == "OK" and status == 200:
        return
    passing = any(code.startswith(start) for start in PASSING)
    said = one_line(f"{code}: {words}")
    raise TryLater("put_off", said) if passing else Refused("refused", said)


def request(
    url: str, *, recipient: str, code: str, values: Mapping[str, str], reference: str, at: dt.datetime
) -> str:
    """The signed address that sends one message."""
    where = urlsplit(url)
    parameters = {
        "AccessKeyId": unquote(where.username or ""),
        "Action": "SendSms",
        "Format": "JSON",
        "OutId": reference,
        "PhoneNumbers": recipient.removeprefix("+86")
        if recipient.startswith("+86")
        else recipient.lstrip("+"),
        "RegionId": "cn-hangzhou",
        "SignName": parse_qs(where.query).get("sign", [""])[0],
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": hashlib.sha256(f"{reference}{at.isoformat()}".encode()).hexdigest()[:32],
        "SignatureVersion": "1.0",
        "TemplateCode": code,
        "TemplateParam": json.dumps(dict(values), ensure_ascii=False),
        "Timestamp": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "Version": "2017-05-25",
    }
    said = "&".join(f"{_escaped(k)}={_escaped(v)}" for k, v in sorted(parameters.items()))
    signed = f"Signature={_escaped(signature(said, unquote(where.password or '')))}&{said}"
    scheme = "http" if where.scheme.endswith("+http") else "https"
    port = f":{where.port}" if where.port else ""
    return f"{scheme}://{where.hostname}{port}/?{signed}"


def signature(said: str, secret: str) -> str:
    """HMAC-SHA1 over the method, the path and the sorted parameters (the provider's signature 1.0)."""
    text = f"GET&{_escaped('/')}&{_escaped(said)}"
    return base64.b64encode(hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha1).digest()).decode()


def _escaped(text: str) -> str:
    return quote(text, safe="-_.~")
