"""QR codes, drawn on the server."""

import segno
from markupsafe import Markup

from core.settings import load


def absolute(path: str) -> str:
    """The address that a phone can open."""
    return f"{load().public_url}{path}"


def draw_qr(address: str) -> Markup:
    """The QR code of an address; black on white also in the dark, because cameras want it so."""
    code = segno.make(address, micro=False, error="m")
    return Markup(code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, svgclass=None))
