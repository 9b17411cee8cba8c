"""What a server's worker process does besides answering."""

from __future__ import annotations

import ctypes
import multiprocessing
import signal
import sys

PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """A worker whose parent is killed ends as well, so that its port is free for the next start (Linux)."""
    if multiprocessing.parent_process() is None or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
