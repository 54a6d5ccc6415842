"""Pictures made small and anonymous: without the place, time and camera that a phone writes into them."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from core.files.errors import PictureBroken
from core.files.rules import PIXELS_MOST, SIDE_MOST, SMALL_SIDE_MOST, Kept

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


def redraw(content: bytes, media_type: str) -> Kept:
    """The picture drawn anew, at most SIDE_MOST high and wide, with its thumbnail; raises PictureBroken.

    Takes the processor for some 100 ms: call it in a thread.
    """
    try:
        with Image.open(BytesIO(content), formats=[_FORMATS[media_type]]) as opened:
            if opened.width * opened.height > PIXELS_MOST:
                raise PictureBroken
            opened.draft("RGB", (SIDE_MOST, SIDE_MOST))
            picture = ImageOps.exif_transpose(opened)
            picture.thumbnail((SIDE_MOST, SIDE_MOST))
            kept_as = "PNG" if picture.has_transparency_data else "JPEG"
            whole = _written(picture, kept_as)
            picture.thumbnail((SMALL_SIDE_MOST, SMALL_SIDE_MOST))
            return Kept(f"image/{kept_as.lower()}", whole, _written(picture, kept_as))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as wrong:
        raise PictureBroken from wrong


def _written(picture: Image.Image, kept_as: str) -> bytes:
    """Its pixels alone."""
    mode = "RGBA" if kept_as == "PNG" else "RGB"
    bare = Image.new(mode, picture.size)
    bare.paste(picture.convert(mode))
    into = BytesIO()
    bare.save(into, kept_as, quality=82, optimize=True)
    return into.getvalue()
