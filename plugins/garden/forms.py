"""What a visitor of the garden may send."""

from typing import Annotated, Literal

import msgspec

from core.language import mark
from plugins.garden.rules import NOTE_MOST
from web.forms import said


class ClaimForm(msgspec.Struct):
    """The tick under the growing agreement."""

    agreed: bool


class ReviewForm(msgspec.Struct):
    """What becomes of a plot whose money has gone back, and why."""

    outcome: Annotated[Literal["kept", "ended"], said(mark("请选择地块怎么办"))]
    note: Annotated[str, said(mark("请写明理由，最多 200 个字"), max_length=NOTE_MOST)]
