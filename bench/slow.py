"""Slow uploads: several at 20 kB/s while somebody else reads pages."""

from __future__ import annotations

import socket
import threading
import time
import urllib.request

from bench.server import Server

RATE_BYTES = 20_000


def upload(port: int, seconds: float) -> None:
    """A form body that trickles in."""
    total = int(RATE_BYTES * seconds)
    with socket.create_connection(("127.0.0.1", port)) as line:
        head = f"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: text/plain\r\nContent-Length: {total}\r\n\r\n"
        line.sendall(head.encode())
        for _ in range(int(seconds * 10)):
            line.sendall(b"x" * (RATE_BYTES // 10))
            time.sleep(0.1)
        line.recv(1000)


def stall_ms(server: Server, uploads: int, seconds: float = 5.0) -> tuple[float, float]:
    """(median, worst) milliseconds for a page while the uploads trickle in."""
    threads = [
        threading.Thread(target=upload, args=(server.port, seconds + 1), daemon=True) for _ in range(uploads)
    ]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    times, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        with urllib.request.urlopen(f"{server.address}/accounts/login/", timeout=60) as answer:
            answer.read()
        times.append((time.monotonic() - began) * 1000)
        time.sleep(0.02)
    for thread in threads:
        thread.join(seconds + 10)
    times.sort()
    return times[len(times) // 2], times[-1]
