"""Pictures to send, made when they are needed."""

from io import BytesIO

from PIL import Image

GPS, MAKER = 0x8825, 0x010F


def photo(width: int = 40, height: int = 30, colour: str = "green", kind: str = "JPEG") -> bytes:
    """A picture of one colour, with the camera and place that a phone writes into it."""
    exif = Image.Exif()
    exif[MAKER] = "Phone"
    exif.get_ifd(GPS)[1] = "N"
    into = BytesIO()
    Image.new("RGB", (width, height), colour).save(into, kind, exif=exif)
    return into.getvalue()
