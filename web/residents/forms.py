"""What a worker's pages send."""

from typing import Annotated, Literal

import msgspec

from core.language import mark
from web.forms import PHONE, said
from web.households.forms import HOUSEHOLD, PLACE
from web.registration.forms import NAME


class CodeForm(msgspec.Struct):
    """For whom, and what for."""

    phone: Annotated[str, PHONE]
    purpose: Annotated[Literal["register", "reset"], said(mark("请选择用途"))]


class ResidentForm(msgspec.Struct):
    """Who stands before the worker, with or without a phone; into a new household, or one that is there."""

    name: Annotated[str, NAME]
    agreed: bool
    phone: Annotated[str, PHONE] | None = None
    region_id: Annotated[int, PLACE] | None = None
    household_id: Annotated[int, HOUSEHOLD] | None = None
