"""What a guardian sends."""

from datetime import date
from typing import Annotated

import msgspec

from core.language import mark
from web.account.pages import NAME
from web.forms import said

BORN_ON = said(mark("请填写出生日期，例如 2015-06-01"))


class ChildForm(msgspec.Struct):
    """A minor of one's household, and what one agrees to."""

    name: Annotated[str, NAME]
    born_on: Annotated[date, BORN_ON]
    minor_volunteering: bool
    minor_points: bool
    agreed: bool

    @property
    def purposes(self) -> list[str]:
        """Codes of what was agreed to besides what an account cannot be without."""
        chosen = {"minor_volunteering": self.minor_volunteering, "minor_points": self.minor_points}
        return [code for code, is_chosen in chosen.items() if is_chosen]
