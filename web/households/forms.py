"""What the pages of households send."""

from typing import Annotated

import msgspec

from core.language import mark
from web.forms import said, tidy_line

HOUSEHOLD = said(mark("户号是一个数字"), tidy=tidy_line, ge=1, le=2**53 - 1)
PLACE = said(mark("请选择一个社区或小区"), ge=1, le=2**53 - 1)
INVITATION = said(mark("邀请码是 10 个字母和数字"), max_length=40)
PERSON = said(mark("请选择本户的成员"), ge=1, le=2**53 - 1)


class PlaceForm(msgspec.Struct):
    """Where."""

    region_id: Annotated[int, PLACE]


class InvitationForm(msgspec.Struct):
    """The code that a head has given."""

    code: Annotated[str, INVITATION]


class HouseholdForm(msgspec.Struct):
    """Which household, by its number."""

    household_id: Annotated[int, HOUSEHOLD]


class PersonForm(msgspec.Struct):
    """Which member."""

    person_id: Annotated[int, PERSON]
