"""Bodies arrive side by side, answers are made one at a time: what lets a slow upload harm nobody.

A server thread that reads from a slow line waits; with one such thread per process two slow uploads
would stop everybody. So there are many, and each hands its request, once it is whole, to the one
thread that works. One working thread is what SQLite and Python like best (see bench/README.md).

A browser keeps its connection, and with it the process that once accepted it: a few users can meet in one
process while another has nothing to do. So a process where somebody waits while another is idle ends the
connection it has just answered; the next request opens a new one, to whoever accepts first.
"""

from __future__ import annotations

import contextlib
import fcntl
import mmap
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
PROCESSES = 64  # whose idleness is told; more work as well
IDLE, BUSY = 0, 1


class Idleness:
    """Which of the processes forked from the one that made this have nothing to do: a byte each, in a shared file."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (shared as long as anybody lives)
        self._file.write(bytes([BUSY]) * PROCESSES)
        self._file.flush()
        self._bytes = mmap.mmap(self._file.fileno(), PROCESSES)
        self._mine: int | None = None

    def join(self) -> None:
        """Takes a byte of a process that is gone or never was: its lock says so."""
        for place in range(PROCESSES):
            with contextlib.suppress(OSError):
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
                self._mine = place
                return

    def tell(self, what: int) -> None:
        if self._mine is not None:
            self._bytes[self._mine] = what

    def anybody(self) -> bool:
        return self._bytes.find(IDLE.to_bytes()) >= 0


class Turns:
    """A WSGI application around another. `largest_bytes`: longer bodies are refused with 413."""

    def __init__(self, application: Application, largest_bytes: int, idleness: Idleness) -> None:
        self.application, self.largest_bytes, self.idleness = application, largest_bytes, idleness
        self.waiting: SimpleQueue[_Turn] = SimpleQueue()
        idleness.join()
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

    def _start(self, start: Start) -> Start:
        """Who waits here while another process is idle is better served there."""

        def begin(status: str, headers: list[tuple[str, str]], *error: object) -> object:
            if self.waiting.qsize() and self.idleness.anybody():
                headers = [*headers, ("Connection", "close")]
            return start(status, headers, *error)

        return begin

    def _work(self) -> None:
        while True:
            if self.waiting.empty():
                self.idleness.tell(IDLE)
            turn = self.waiting.get()
            self.idleness.tell(BUSY)
            try:
                turn.answer = self.application(turn.environ, self._start(turn.start))
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
