"""What a child process does besides its work."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
M_ARENA_MAX = -8


def end_with_parent() -> None:
    """A worker whose parent is killed is killed too, so that the next start finds the port free (Linux).

    Nothing is lost by it: what was answered is on disk, what was not is rolled back.
    """
    parent = multiprocessing.parent_process()
    if parent and parent.pid:
        end_with(parent.pid)


def end_with(parent: int) -> None:
    """The same for the process with that number."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), signal.SIGKILL)


def share_heap() -> None:
    """Before a fork: threads of the children allocate from one heap, and what is free goes back first (glibc)."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):
        libc.mallopt(M_ARENA_MAX, 1)
        libc.malloc_trim(0)
