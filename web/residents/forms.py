"""What a worker's pages send."""

from typing import Annotated, Literal

import msgspec

from core.language import mark
from web.account.pages import NAME
from web.forms import PHONE, said
from web.households.forms import HOUSEHOLD, PLACE
from web.registration.forms import IDENTITY_NUMBER


class CodeForm(msgspec.Struct):
    """For whom, and what for."""

    phone: Annotated[str, PHONE]
    purpose: Annotated[Literal["register", "reset"], said(mark("请选择用途"))]


GUARDIAN = said(mark("请选择监护人"), ge=1, le=2**53 - 1)


class IdentityForm(msgspec.Struct):
    """What stands on the card that the worker sees."""

    name: Annotated[str, NAME]
    identity_number: Annotated[str, IDENTITY_NUMBER]
    agreed: bool


class GuardianForm(msgspec.Struct):
    """Who of the household is the guardian."""

    guardian_id: Annotated[int, GUARDIAN]


class ResidentForm(msgspec.Struct):
    """Who stands before the worker, with or without a phone; into a new household, or one that is there."""

    name: Annotated[str, NAME]
    agreed: bool
    phone: Annotated[str, PHONE] | None = None
    region_id: Annotated[int, PLACE] | None = None
    household_id: Annotated[int, HOUSEHOLD] | None = None
