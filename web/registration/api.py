"""Registration for programs."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.language import translate
from core.registration import queries, rules
from core.registration.services import (
    ask_for_code,
    change_phone,
    give_consent,
    register,
    reset_password,
    state_identity,
    withdraw_consent,
)
from web.access import PUBLIC, SIGNED_IN
from web.account.pages import NAME, NEW_PASSWORD
from web.forms import PHONE
from web.parameters import Word
from web.people.api import Token
from web.registration.forms import CODE, IDENTITY_NUMBER
from web.registration.pages import CONSENTS_MOST
from web.visit import VISIT, current_actor

TOKEN = msgspec.Meta(min_length=1, max_length=43)


class CodeIn(msgspec.Struct):
    """Which phone, and what for."""

    phone: Annotated[str, PHONE]
    purpose: Literal["register", "reset"]


class NewPhoneIn(msgspec.Struct):
    """The phone from now on."""

    phone: Annotated[str, PHONE]


class CodeOut(msgspec.Struct):
    """Send it back with the code that came by SMS."""

    token: str


class AccountIn(msgspec.Struct):
    """A new account."""

    token: Annotated[str, TOKEN]
    code: Annotated[str, CODE]
    name: Annotated[str, NAME]
    password: Annotated[str, NEW_PASSWORD]
    agreed: bool


class ResetIn(msgspec.Struct):
    """A new password."""

    token: Annotated[str, TOKEN]
    code: Annotated[str, CODE]
    password: Annotated[str, NEW_PASSWORD]


class ProofIn(msgspec.Struct):
    """That the new phone is one's own."""

    token: Annotated[str, TOKEN]
    code: Annotated[str, CODE]


class ParagraphOut(msgspec.Struct):
    """A part of the privacy notice."""

    title: str
    text: str


class PrivacyOut(msgspec.Struct):
    """What is kept, for what, and how long."""

    version: str
    parts: list[ParagraphOut]


class ConsentOut(msgspec.Struct):
    """A decision about one purpose; of a purpose, the first in the list counts."""

    purpose: str
    is_given: bool
    version: str
    decided_at: datetime


@get("/privacy", summary="隐私说明", tags=["people"], access=PUBLIC)
async def get_privacy() -> PrivacyOut:
    """The text that `agreed` speaks of."""
    parts = [ParagraphOut(translate(title), translate(text)) for title, text in rules.NOTICE]
    return PrivacyOut(rules.NOTICE_VERSION, parts)


@post("/codes", summary="获取验证码", tags=["people"], access=PUBLIC)
async def post_code(data: JSONBody[CodeIn]) -> CodeOut:
    """Have a code sent; the answer is the same whether the phone is registered or not."""
    return CodeOut(await ask_for_code(data.phone, purpose=data.purpose, address=VISIT.get().address))


@post("/registrations", summary="注册", tags=["people"], access=PUBLIC)
async def post_registration(data: JSONBody[AccountIn]) -> Token:
    """Make an account and sign in; the token lasts 90 days."""
    return Token(
        await register(
            data.token,
            data.code,
            name=data.name,
            password=data.password,
            agreed=data.agreed,
            door="api",
            language=VISIT.get().language,
        )
    )


@post("/password-resets", summary="用验证码重设密码", tags=["people"], access=PUBLIC)
async def post_reset(data: JSONBody[ResetIn]) -> Token:
    """Replace the password; all sessions end but the one whose token this returns."""
    return Token(
        await reset_password(
            data.token, data.code, password=data.password, door="api", language=VISIT.get().language
        )
    )


@post("/me/phone/codes", summary="更换手机号", tags=["people"], access=SIGNED_IN)
async def post_phone_code(data: JSONBody[NewPhoneIn]) -> CodeOut:
    """Have a code sent to one's new phone."""
    actor = current_actor()
    return CodeOut(
        await ask_for_code(
            data.phone, purpose=rules.CHANGE, address=VISIT.get().address, person_id=actor.person_id
        )
    )


@post("/me/phone", summary="确认新手机号", tags=["people"], access=SIGNED_IN, status_code=204)
async def post_phone(data: JSONBody[ProofIn]) -> None:
    """The new phone counts from now on."""
    await change_phone(data.token, data.code, actor=current_actor())


@get("/consents", summary="我的同意记录", tags=["people"], access=SIGNED_IN)
async def list_consents() -> list[ConsentOut]:
    """What one has agreed to or withdrawn, newest first."""
    found = await queries.consents(current_actor().person_id, limit=CONSENTS_MOST)
    return [ConsentOut(one.purpose, one.is_given, one.version, one.decided_at) for one in found]


@post("/consents/{purpose:str}/give", summary="同意", tags=["people"], access=SIGNED_IN, status_code=204)
async def post_consent(purpose: Word) -> None:
    """Agree to one use of one's data."""
    await give_consent(purpose, actor=current_actor())


@post(
    "/consents/{purpose:str}/withdraw", summary="撤回同意", tags=["people"], access=SIGNED_IN, status_code=204
)
async def post_withdrawal(purpose: Word) -> None:
    """Take it back; what an account cannot do without stays until the account ends."""
    await withdraw_consent(purpose, actor=current_actor())


class IdentityIn(msgspec.Struct):
    """One's own number, and that it may be kept."""

    identity_number: Annotated[str, IDENTITY_NUMBER]
    agreed: bool


class IdentityOut(msgspec.Struct):
    """First and last character of the number; `verified_at` is null until a worker has seen the card."""

    masked: str | None
    verified_at: datetime | None


@get("/me/identity", summary="我的实名", tags=["people"], access=SIGNED_IN)
async def get_identity() -> IdentityOut:
    """Is there a number, and has anybody seen the card?"""
    own = await queries.own_identity(current_actor().person_id)
    return IdentityOut(own.masked, own.verified_at) if own else IdentityOut(None, None)


@post("/me/identity", summary="填写身份证号", tags=["people"], access=SIGNED_IN, status_code=204)
async def post_identity(data: JSONBody[IdentityIn]) -> None:
    """Give one's own number; five times a day at most."""
    await state_identity(data.identity_number, agreed=data.agreed, actor=current_actor())


HANDLERS = [
    get_privacy, post_code, post_registration, post_reset, post_phone_code, post_phone, list_consents,
    post_consent, post_withdrawal, get_identity, post_identity,
]  # fmt: skip
