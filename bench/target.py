"""Our pages as a target of an outside load client: `load.py bench/target.py --base http://127.0.0.1:8000`.

The client brings `Bad` and one aiohttp session a connection; it wants a class `Target` with login, prepare and
W1 … W5. `--opt email=agent{}@example.com --opt password=…` name the six who sign in; else those that `bench.seed` makes.
"""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from load import Bad

from bench.client import NUMBER, PASSWORD, User, Wrong

PAGES = 40  # of the list, from which cases are chosen
OLDER = re.compile(r'href="\?([^"]*after=[^"]+)"')


class Target:
    name = "baoxiu"

    def __init__(self, base: str, opts: dict[str, str]) -> None:
        self.base, self.opts = base, opts
        self.users: dict[int, User] = {}
        self.numbers: list[str] = []

    async def login(self, session: Any) -> None:
        user = User(self.base, len(self.users), self.numbers, session)
        await user.sign_in(self.opts.get("email", "agent{}@example.com"), self.opts.get("password", PASSWORD))
        self.users[id(session)] = user

    async def prepare(self, session: Any) -> None:
        """Numbers of open cases being talked about, some pages back."""
        user, query = self.users[id(session)], "stage=triage"
        for _ in range(PAGES):
            page = await user.get(f"/desk/cases/?{query}")
            self.numbers += NUMBER.findall(page)
            older = OLDER.search(page)
            if not older:
                break
            query = older[1].replace("&amp;", "&")

    async def _act(self, session: Any, name: str, chance: random.Random) -> None:
        try:
            await getattr(self.users[id(session)], name)(chance)
        except Wrong as wrong:
            raise Bad(str(wrong)) from wrong

    async def W1(self, session: Any, chance: random.Random, n: int) -> None:
        await self._act(session, "create", chance)

    async def W2(self, session: Any, chance: random.Random, n: int) -> None:
        await self._act(session, "queue", chance)

    async def W3(self, session: Any, chance: random.Random, n: int) -> None:
        await self._act(session, "case", chance)

    async def W4(self, session: Any, chance: random.Random, n: int) -> None:
        await self._act(session, "reply", chance)

    async def W5(self, session: Any, chance: random.Random, n: int) -> None:
        await self._act(session, "search", chance)
