"""What people send to a foundation's page."""

from typing import Annotated

import msgspec

from core.language import mark
from web.forms import said


class PublishForm(msgspec.Struct):
    """A quarter, as `2026-3`."""

    quarter: Annotated[str, said(mark("季度写成 2026-3 这样"), pattern=r"^20[0-9]{2}-[1-4]$")]
