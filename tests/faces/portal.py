"""What the portal's tests start from: a form filled in by hand, links of a case, pictures."""

from __future__ import annotations

import io
import re
import time
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from baoxiu.cases import attachments, links
from baoxiu.cases.models import Case
from baoxiu.catalogue.models import Registration
from baoxiu.catalogue.records import RegistrationRecord
from baoxiu.faces.portal.links import address
from baoxiu.people.actors import ANONYMOUS
from baoxiu.registrations import operations as registrations
from tests.conftest import Cast

CANARY = "CANARY-7f3a"
CONTROL = "线\x00路\x1b[31m"
LONG = "长" * 50_000


class Earlier(signing.TimestampSigner):
    """Signs as the form would have `ago` seconds earlier."""

    ago = 60.0

    def timestamp(self) -> str:
        return signing.b62_encode(int(time.time() - self.ago))


def form_key(ago: float = 60.0) -> str:
    signer = Earlier(salt="request-key")
    signer.ago = ago
    return signer.sign_object(f"n{time.monotonic_ns()}")


def filled(**more: Any) -> dict[str, Any]:
    """王女士's request, as the browser sends it."""
    return {
        "key": form_key(), "website": "", "kind": "repair", "product_class": "appliance", "product": "洗衣机", "brand": "海清",
        "serial": "", "purchase_date": "", "problem": "洗衣机不排水，屏幕显示 E21。", "name": "王女士", "phone": "138 0013 8001",
        "email": "", "address-province": "上海市", "address-city": "上海市", "address-district": "徐汇区",
        "address-street": "天钥桥路10号", "consent": "yes", **more,
    }  # fmt: skip


def browser(language: str = "zh-CN") -> Client:
    """A customer's browser: no account, no script."""
    return Client(headers={"accept-language": language})


def page_of(case: Case, purpose: str = "track") -> str:
    return address(links.issue(case, purpose, now=timezone.now()))


def key_in(html: str, action: str) -> str:
    """The idempotency key of the form with this action."""
    form = html[html.index(f'action="{action}"') :]
    found = re.search(r'name="key" value="([^"]+)"', form)
    assert found
    return found[1]


def picture(name: str = "铭牌.jpg", colour: str = "red") -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(made, "JPEG")
    return SimpleUploadedFile(name, made.getvalue(), "image/jpeg")


def registered(cast: Cast, **more: Any) -> Registration:
    """孙某 says to own 王女士's machine, with a photo of an invoice."""
    now = timezone.now()
    kept = attachments.store(picture("发票.jpg"), by=ANONYMOUS, now=now)
    said = {
        "serial": cast.unit.serial,
        "purchase_date": now.date(),
        "name": "孙某",
        "phone": "13800138003",
        "files": [kept.pk],
    }
    record = RegistrationRecord(**{**said, **more})
    return registrations.submit(record, by=ANONYMOUS, now=now, today=now.date(), channel="web")
