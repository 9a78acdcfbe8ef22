"""QR codes as SVG, by segno (ISO/IEC 18004:2015)."""

from __future__ import annotations

from io import BytesIO

import segno
from markupsafe import Markup


def qr_svg(text: str, *, border: int = 4) -> Markup:
    """An `<svg>` element that fills its box, dark on light by its own colours so that every camera reads it.

    `border` is the quiet zone in modules; the standard asks for 4. Raises `ValueError` for more than a QR code
    can hold (2,331 bytes).
    """
    made, out = segno.make_qr(text, error="m"), BytesIO()
    made.save(
        out,
        kind="svg",
        border=border,
        dark="#111",
        light="#fff",
        xmldecl=False,
        svgns=True,
        omitsize=True,
        nl=False,
        svgclass="qr",
        lineclass=None,
    )
    return Markup(out.getvalue().decode("ascii"))  # noqa: S704 - paths only; the text is not in it
