"""C4.1: the steps that belong to no room: hold, correction, merge, withdrawal."""

from baoxiu.cases.operations.conversation import correct, hold, merge, withdraw, withdraw_return

__all__ = ["correct", "hold", "merge", "withdraw", "withdraw_return"]
