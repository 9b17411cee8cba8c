"""A payment gateway on the loopback: a page with the order, a button, and a signed notice to the shop."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

SECRET = "shared-secret"


def signature(text: str, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def notice(
    case: str, amount: str, *, reference: str = "GW-1", at: dt.datetime, currency: str = "CNY", **more: Any
) -> str:
    told = {
        "reference": reference,
        "case": case,
        "currency": currency,
        "amount": amount,
        "status": "paid",
        "at": at.isoformat(),
        **more,
    }
    return json.dumps(told)


class _Page(BaseHTTPRequestHandler):
    """GET: what is to be paid, believed only with its signature."""

    def do_GET(self) -> None:
        order = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        sign = order.pop("sign", "")
        text = json.dumps(order, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        good = hmac.compare_digest(sign, signature(text))
        self.server.orders.append(order if good else None)  # type: ignore[attr-defined]
        self.send_response(200 if good else 400)
        self.end_headers()
        self.wfile.write(f"Pay {order.get('amount')} {order.get('currency')}".encode())

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@contextmanager
def running() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    server.orders = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
