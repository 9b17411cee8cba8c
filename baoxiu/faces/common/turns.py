"""Bodies arrive side by side, answers are made one at a time: what lets a slow upload harm nobody.

A server thread that reads from a slow line waits; with one such thread per process two slow uploads
would stop everybody. So there are many, and each hands its request, once it is whole, to the one
thread that works. One working thread is what SQLite and Python like best (see bench/README.md).
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterable
from queue import SimpleQueue
from typing import IO, Any

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]

MEMORY_BYTES = 1_000_000  # of a body; more goes to a temporary file
BLOCK = 65_536


class Turns:
    """A WSGI application around another. `largest_bytes`: longer bodies are refused with 413."""

    def __init__(self, application: Application, largest_bytes: int) -> None:
        self.application, self.largest_bytes = application, largest_bytes
        self.waiting: SimpleQueue[_Turn] = SimpleQueue()
        threading.Thread(target=self._work, name="turns", daemon=True).start()

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        body = self._body(environ)
        if body is None:
            start("413 Content Too Large", [("Content-Type", "text/plain"), ("Connection", "close")])
            return [b"The request is too large.\n"]
        environ["wsgi.input"] = body
        turn = _Turn(environ, start)
        self.waiting.put(turn)
        turn.over.acquire()
        if turn.error:
            raise turn.error
        return turn.answer

    def _body(self, environ: Environ) -> IO[bytes] | None:
        """The whole body, rewound; None when it is too long."""
        length = environ.get("CONTENT_LENGTH") or ""
        chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        if length.isdecimal() and int(length) > self.largest_bytes:
            return None
        body: IO[bytes] = tempfile.SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115 (closed with the request)
        if length in ("", "0") and not chunked:
            return body
        read, size = environ["wsgi.input"].read, 0
        while block := read(BLOCK):
            size += len(block)
            if size > self.largest_bytes:
                body.close()
                return None
            body.write(block)
        body.seek(0)
        environ["CONTENT_LENGTH"] = str(size)
        return body

    def _work(self) -> None:
        while True:
            turn = self.waiting.get()
            try:
                turn.answer = self.application(turn.environ, turn.start)
            except BaseException as error:  # handed to the thread that waits for it
                turn.error = error
            turn.over.release()


class _Turn:
    __slots__ = ("answer", "environ", "error", "over", "start")

    def __init__(self, environ: Environ, start: Start) -> None:
        self.environ, self.start = environ, start
        self.answer: Iterable[bytes] = ()
        self.error: BaseException | None = None
        self.over = threading.Lock()
        self.over.acquire()
