"""What the pages of registration send."""

from typing import Annotated

import msgspec

from core.language import mark
from web.account.pages import NAME, NEW_PASSWORD
from web.forms import PHONE, said, tidy_line

CODE = said(mark("验证码是 6 位数字"), tidy=tidy_line, pattern=r"^[0-9]{6}$")

IDENTITY_NUMBER = said(mark("身份证号是 18 位"), min_length=15, max_length=40)


class PhoneForm(msgspec.Struct):
    """Where the code goes."""

    phone: Annotated[str, PHONE]


class AccountForm(msgspec.Struct):
    """The code that came, and who one is."""

    code: Annotated[str, CODE]
    name: Annotated[str, NAME]
    password: Annotated[str, NEW_PASSWORD]
    agreed: bool


class ResetForm(msgspec.Struct):
    """The code that came, and the password from now on."""

    code: Annotated[str, CODE]
    password: Annotated[str, NEW_PASSWORD]


class IdentityForm(msgspec.Struct):
    """One's own number."""

    identity_number: Annotated[str, IDENTITY_NUMBER]
    agreed: bool


class CodeForm(msgspec.Struct):
    """The code that came to the new phone."""

    code: Annotated[str, CODE]
