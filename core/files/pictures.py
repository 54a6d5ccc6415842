"""Pictures made small and anonymous: without the place, time and camera that a phone writes into them."""

import struct
from io import BytesIO

from PIL import ExifTags, Image, UnidentifiedImageError

from core.files.errors import PictureBroken
from core.files.rules import PIXELS_MOST, SIDE_MOST, SMALL_SIDE_MOST, Kept

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
# How the camera was held -> what makes the picture upright.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def redraw(content: bytes, media_type: str) -> Kept:
    """The picture drawn anew, at most SIDE_MOST high and wide, with its thumbnail; raises PictureBroken.

    Takes the processor for some 100 ms: call it in a thread.
    """
    try:
        with Image.open(BytesIO(content), formats=[_FORMATS[media_type]]) as opened:
            if opened.width * opened.height > PIXELS_MOST:
                raise PictureBroken
            opened.draft("RGB", (SIDE_MOST, SIDE_MOST))
            turn = _turn_of(opened)
            opened.thumbnail((SIDE_MOST, SIDE_MOST))
            picture = opened.transpose(turn) if turn is not None else opened
            kept_as = "PNG" if picture.has_transparency_data else "JPEG"
            whole = _written(picture, kept_as)
            picture.thumbnail((SMALL_SIDE_MOST, SMALL_SIDE_MOST))
            return Kept(f"image/{kept_as.lower()}", whole, _written(picture, kept_as))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as wrong:
        raise PictureBroken from wrong


def _turn_of(opened: Image.Image) -> Image.Transpose | None:
    """What makes it upright. What a camera says wrongly about itself turns nothing, and refuses nothing."""
    try:
        held: object = opened.getexif().get(ExifTags.Base.Orientation)
    except (SyntaxError, TypeError, ValueError, struct.error):
        return None
    return _TURNS.get(held) if isinstance(held, int) else None


def _written(picture: Image.Image, kept_as: str) -> bytes:
    """Its pixels alone."""
    mode = "RGBA" if kept_as == "PNG" else "RGB"
    bare = Image.new(mode, picture.size)
    bare.paste(picture.convert(mode))
    into = BytesIO()
    bare.save(into, kept_as, quality=82, optimize=True)
    return into.getvalue()
