"""One user of the real pages: signs in, fills in forms, reads answers. Closed loop, several side by side."""

from __future__ import annotations

import asyncio
import random
import re
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp

from bench import words
from bench.server import Server

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
NUMBER = re.compile(r"BX-\d{4}-\d{6}")
EMAIL, PASSWORD = "agent{}@example.com", "measuring-only-1"


class Wrong(Exception):
    """An answer that is not what the action wanted."""


@dataclass
class Result:
    """Latencies in milliseconds of one action at one concurrency, and what it cost the server."""

    action: str
    concurrency: int
    seconds: float
    latencies: list[float] = field(default_factory=list)
    wrong: dict[str, int] = field(default_factory=dict)
    cpu_ms: float = 0.0
    transferred: int = 0

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


@dataclass
class User:
    """A signed-in agent with one connection. `talked`: numbers of cases with three replies."""

    base: str
    number: int
    talked: list[str]
    session: aiohttp.ClientSession
    token: str = ""
    received: int = 0

    async def sign_in(self, email: str = EMAIL, password: str = PASSWORD) -> None:
        """As one of six agents whose addresses `email` gives with a number put in."""
        page = await self.get("/accounts/login/")
        data = {
            "login": email.format(1 + self.number % 6),
            "password": password,
            "csrfmiddlewaretoken": _token(page),
        }
        async with self.session.post(
            self.base + "/accounts/login/", data=data, allow_redirects=False
        ) as answer:
            if answer.status != 302:
                raise Wrong(f"sign-in {answer.status}")
        self.token = _token(await self.get("/desk/phone/"))

    async def get(self, path: str) -> str:
        async with self.session.get(self.base + path, allow_redirects=False) as answer:
            body = await answer.read()
            self.received = len(body)
            if answer.status != 200:
                raise Wrong(f"{path.split('?')[0]} {answer.status}")
            return body.decode()

    async def post(self, path: str, **data: str) -> str:
        data["csrfmiddlewaretoken"] = self.token
        async with self.session.post(self.base + path, data=data, allow_redirects=False) as answer:
            body = await answer.text()
            if answer.status not in (302, 303):
                raise Wrong(f"POST {answer.status}: {' '.join(re.sub('<[^>]+>', ' ', body).split())[:200]}")
            return answer.headers["Location"]

    # -- the actions of the table -----------------------------------------------------------

    async def create(self, chance: random.Random) -> None:
        """W1: a request typed at the phone desk, 500 characters."""
        asked = words.request(chance.randrange(10**8, 10**9) * 200 + 1, length=500)
        where = await self.post(
            "/desk/phone/", channel="phone", kind="repair", language="zh", problem=asked.problem, name=asked.name,
            phone=asked.phone, email=asked.email, product=asked.product, brand=asked.brand, product_class="appliance",
            key=uuid.uuid4().hex,
        )  # fmt: skip
        if not NUMBER.search(where):
            raise Wrong("no number")

    async def queue(self, chance: random.Random) -> None:
        """W2: the first page of the open cases, newest first."""
        if len(NUMBER.findall(await self.get("/desk/cases/?status=open"))) < 20:
            raise Wrong("rows missing")

    async def inbox(self, chance: random.Random) -> None:
        """W2b: what is owed next."""
        if len(NUMBER.findall(await self.get("/desk/?view=team"))) < 20:
            raise Wrong("rows missing")

    async def case(self, chance: random.Random) -> None:
        """W3: one case with three replies."""
        number = chance.choice(self.talked)
        if number not in await self.get(f"/desk/cases/{number}/"):
            raise Wrong("another case")

    async def reply(self, chance: random.Random) -> None:
        """W4: an answer to the customer."""
        number = chance.choice(self.talked)
        await self.post(
            f"/desk/cases/{number}/reply/", text=chance.choice(words.ANSWERS), key=uuid.uuid4().hex
        )

    async def search(self, chance: random.Random) -> None:
        """W5: the code that one case in 200 carries."""
        if len(NUMBER.findall(await self.get(f"/desk/search/?q={words.RARE}"))) < 20:
            raise Wrong("hits missing")

    async def word(self, chance: random.Random) -> None:
        """W5b: a two-character word that many cases hold."""
        if len(NUMBER.findall(await self.get("/desk/search/?q=漏水"))) < 20:
            raise Wrong("hits missing")


ACTIONS: dict[str, tuple[str, Callable[[User, random.Random], Awaitable[None]]]] = {
    "W1": ("create a case", User.create),
    "W2": ("open cases, first page", User.queue),
    "W2b": ("inbox", User.inbox),
    "W3": ("case page", User.case),
    "W4": ("reply", User.reply),
    "W5": ("search a rare code", User.search),
    "W5b": ("search a frequent word", User.word),
}


def _token(page: str) -> str:
    found = TOKEN.search(page)
    if not found:
        raise Wrong("no token on the page")
    return found[1]


async def run(server: Server, action: str, concurrency: int, seconds: float, talked: list[str]) -> Result:
    """Repeats an action side by side for a time."""
    result, act = Result(action, concurrency, seconds), ACTIONS[action][1]
    async with _users(server, concurrency, talked) as users:
        for i, user in enumerate(users):  # the first answers of a worker are dear
            await act(user, random.Random(i))
        cpu, began = server.cpu_seconds(), time.monotonic()
        await asyncio.gather(*(_repeat(user, act, result, began + seconds) for user in users))
        result.seconds = time.monotonic() - began
        result.cpu_ms = (server.cpu_seconds() - cpu) / max(len(result.latencies), 1) * 1000
        result.transferred = users[0].received
    return result


class _users:
    """Signed-in users, each with a cookie jar and a connection of its own."""

    def __init__(self, server: Server, number: int, talked: list[str]) -> None:
        self.users = [User(server.address, i, talked, _session()) for i in range(number)]

    async def __aenter__(self) -> list[User]:
        for user in self.users:
            await user.sign_in()
        return self.users

    async def __aexit__(self, *_: object) -> None:
        for user in self.users:
            await user.session.close()


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=1),
        cookie_jar=aiohttp.CookieJar(unsafe=True),
        headers={"Accept-Language": "zh-CN", "Accept-Encoding": "gzip"},
        timeout=aiohttp.ClientTimeout(total=60),
    )


async def _repeat(
    user: User, act: Callable[[User, random.Random], Awaitable[None]], result: Result, until: float
) -> None:
    chance = random.Random(user.number * 1000 + hash(result.action) % 1000 + time.time_ns() % 10_000)
    while (began := time.monotonic()) < until:
        try:
            await act(user, chance)
            result.latencies.append((time.monotonic() - began) * 1000)
        except (Wrong, aiohttp.ClientError) as wrong:
            result.wrong[str(wrong)] = result.wrong.get(str(wrong), 0) + 1
