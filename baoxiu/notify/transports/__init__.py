"""How a rendered message leaves the house: one module a way, each with a `Post` that is opened for one round.

`Post.send(row, letter)` returns when the other side has accepted it, raises Unreachable when nobody answers
(nothing is wrong with the message), Refused when it will never be taken, and TryLater for anything between.
"""

from __future__ import annotations

from typing import Protocol

from baoxiu.cases.models import Outgoing
from baoxiu.notify import reasons
from baoxiu.notify.messages import Letter


class Failed(Exception):
    """As text: the reason as it is kept. `code` is one of `reasons.REASONS`, `said` what the other side said."""

    def __init__(self, code: str, said: str = "") -> None:
        super().__init__(reasons.kept(code, said))


class Unreachable(Failed):
    """The server does not answer: every message of this channel waits, none has used up an attempt."""


class TryLater(Failed):
    """Not now; counts as an attempt."""


class Refused(Failed):
    """Never: a wrong address, a wording the provider does not know."""


class Post(Protocol):
    def send(self, row: Outgoing, letter: Letter) -> None: ...

    def close(self) -> None: ...
