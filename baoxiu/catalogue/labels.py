"""C2: the QR code on a unit: whoever scans it can ask for service without typing what it is."""

from __future__ import annotations

import io

import segno


def qr_svg(address: str, scale: int = 4) -> str:
    """An SVG element without style or script: dark modules on nothing, 4 modules of quiet zone."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", scale=scale, border=4, xmldecl=False, svgns=True, omitsize=True, nl=False
    )
    return out.getvalue().decode()
