"""QR codes as drawings."""

from __future__ import annotations

import io


def svg(text: str, *, border: int = 0, dark: str = "#000") -> str:
    """An SVG element as large as its box, without style or script: dark modules on nothing.

    `border`: modules of quiet zone; readers want four where nothing else keeps a distance.
    """
    import segno  # here: few processes ever draw one, and all would hold its tables

    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", border=border, dark=dark, xmldecl=False, omitsize=True, nl=False
    )
    return out.getvalue().decode()
