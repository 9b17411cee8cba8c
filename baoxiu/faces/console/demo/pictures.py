"""Photos for the demo: drawn here, so that nobody's picture is needed."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from functools import lru_cache

from PIL import Image, ImageDraw

BACKS = ((226, 232, 240), (241, 234, 222), (222, 236, 228), (235, 226, 236))
MARKS = ("E21", "E3", "P4", "F0", "--", "88")


class Upload:
    """Bytes that look like an uploaded file."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name, self.data = name, data

    def chunks(self) -> Iterator[bytes]:
        yield self.data


@lru_cache(maxsize=128)
def photo(kind: str, number: int) -> Upload:
    """A picture of a thing of this class with a mark where it hurts; the same for the same number."""
    chance = random.Random(f"{kind}-{number}")
    image = Image.new("RGB", (640, 480), BACKS[number % len(BACKS)])
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 380, 640, 480), fill=(203, 196, 186))
    {"electronics": _screen, "machinery": _machine}.get(kind, _appliance)(draw, chance)
    x, y = chance.randint(200, 430), chance.randint(150, 330)
    draw.ellipse((x - 34, y - 34, x + 34, y + 34), outline=(200, 40, 40), width=5)
    out = io.BytesIO()
    image.quantize(24, Image.Quantize.FASTOCTREE).save(out, "PNG")
    return Upload(f"IMG_{2000 + number}.png", out.getvalue())


def _appliance(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    draw.rounded_rectangle((190, 60, 450, 410), 14, fill=(250, 250, 250), outline=(150, 158, 168), width=4)
    draw.rectangle((190, 60, 450, 120), fill=(225, 229, 235), outline=(150, 158, 168), width=3)
    draw.ellipse((235, 165, 405, 335), fill=(120, 140, 160), outline=(90, 100, 112), width=8)
    draw.rectangle((350, 75, 430, 105), fill=(28, 34, 40))
    draw.text((368, 82), chance.choice(MARKS), fill=(255, 90, 70))


def _screen(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    draw.rounded_rectangle((120, 80, 520, 340), 10, fill=(30, 34, 40), outline=(90, 96, 104), width=6)
    draw.rectangle((140, 100, 500, 320), fill=(52, 78, 110))
    for _ in range(chance.randint(2, 7)):
        x = chance.randint(145, 495)
        draw.line(
            (x, 100, x, 320), fill=chance.choice(((240, 240, 90), (230, 90, 200), (20, 20, 20))), width=2
        )
    draw.rectangle((250, 340, 390, 380), fill=(70, 76, 84))


def _machine(draw: ImageDraw.ImageDraw, chance: random.Random) -> None:
    draw.rectangle((100, 140, 540, 400), fill=(84, 120, 140), outline=(50, 70, 84), width=5)
    draw.rectangle((130, 170, 300, 300), fill=(210, 220, 226), outline=(50, 70, 84), width=4)
    draw.rectangle((340, 170, 510, 230), fill=(24, 30, 34))
    draw.text((360, 190), f"ALARM {chance.randint(100, 999)}", fill=(255, 170, 40))
    for i in range(4):
        draw.ellipse(
            (350 + i * 40, 260, 374 + i * 40, 284), fill=((60, 180, 90), (200, 60, 50))[chance.random() < 0.3]
        )


def signature(number: int) -> str:
    """A few strokes as the signature pad stores them: strokes of points."""
    chance = random.Random(f"signature-{number}")
    strokes = []
    for i in range(chance.randint(2, 4)):
        x, y = 30 + 70 * i, chance.randint(50, 90)
        points = []
        for _ in range(chance.randint(8, 16)):
            x, y = x + chance.randint(2, 9), y + chance.randint(-14, 14)
            points.append(f"[{x},{y}]")
        strokes.append("[" + ",".join(points) + "]")
    return "[" + ",".join(strokes) + "]"
