"""C4.1: the steps that belong to no room: hold, correction, merge, withdrawal, ownership."""

from baoxiu.cases.operations.conversation import correct, hold, merge, withdraw, withdraw_return
from baoxiu.cases.operations.objections import concede, contest, uphold
from baoxiu.cases.operations.ownership import take_over, take_over_many

__all__ = [
    "concede",
    "contest",
    "uphold",
    "correct",
    "hold",
    "merge",
    "take_over",
    "take_over_many",
    "withdraw",
    "withdraw_return",
]
