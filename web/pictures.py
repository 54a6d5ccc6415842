"""What is drawn on the server for pages of several areas: QR codes."""

import segno
from markupsafe import Markup

from core.settings import load


def absolute(path: str) -> str:
    """The address that a phone can open."""
    return f"{load().public_url}{path}"


def draw_qr(content: str) -> Markup:
    """A QR code; black on white also in the dark, because cameras want it so."""
    code = segno.make(content, micro=False, error="m")
    return Markup(code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, svgclass=None))
