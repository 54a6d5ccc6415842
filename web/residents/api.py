"""The worker's desk for programs. Moves are answered at `/household/requests`."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.households import queries as households
from core.households.services import name_guardian, register_resident
from core.people.masks import mask_name, mask_phone
from core.people.rules import SERVE
from core.privacy.queries import Profile, residents
from core.privacy.rules import SEEN_FOUND
from core.privacy.services import note_seen, see_resident
from core.registration import queries
from core.registration.services import issue_code, verify_identity
from core.registration.services.codes import digits
from web.account.pages import NAME
from web.forms import PHONE, clean
from web.households.api import Made, RequestOut
from web.households.forms import HOUSEHOLD, PLACE
from web.parameters import RowId, Words
from web.registration.forms import IDENTITY_NUMBER
from web.residents.forms import GUARDIAN
from web.residents.pages import RESIDENTS_MOST, WORDS_MOST
from web.visit import current_actor


class CodeIn(msgspec.Struct):
    """For whom, and what for."""

    phone: Annotated[str, PHONE]
    purpose: Literal["register", "reset"]


class CodeOut(msgspec.Struct):
    """What the worker tells the resident."""

    digits: str
    expires_at: datetime


class ResidentIn(msgspec.Struct):
    """Who stands before the worker; `household_id` of one that is there, else `region_id` of a new one."""

    name: Annotated[str, NAME]
    agreed: bool
    phone: Annotated[str, PHONE] | None = None
    region_id: Annotated[int, PLACE] | None = None
    household_id: Annotated[int, HOUSEHOLD] | None = None


class IdentityIn(msgspec.Struct):
    """What stands on the card that the worker sees; no answer ever holds the number."""

    name: Annotated[str, NAME]
    identity_number: Annotated[str, IDENTITY_NUMBER]
    agreed: bool


class GuardianIn(msgspec.Struct):
    """Who of the household is the guardian."""

    guardian_id: Annotated[int, GUARDIAN]


class FoundOut(msgspec.Struct):
    """A resident in a list; name and phone are masked until the resident's page is opened."""

    person_id: int
    name: str
    phone: str
    household_id: int | None
    verified_at: datetime | None

    @classmethod
    def of(cls, one: Profile) -> "FoundOut":
        """As a list shows it."""
        phone = mask_phone(one.phone) if one.phone else ""
        return cls(one.id, mask_name(one.name), phone, one.household_id, one.verified_at)


class ResidentOut(msgspec.Struct):
    """A resident; the phone is masked."""

    person_id: int
    name: str
    phone: str
    household_id: int | None
    verified_at: datetime | None
    place: str | None
    born_on: date | None
    guardian_id: int | None
    registered_at: datetime


@get("/residents", summary="查找居民", tags=["people"], access=SERVE)
async def list_residents(words: Words = "") -> list[FoundOut]:
    """Twenty at most, by a part of a name, pinyin, initials, a phone or its end, a household's number."""
    asked = clean(words)[:WORDS_MOST]
    found = await residents(asked, worker=current_actor(), limit=RESIDENTS_MOST)
    await note_seen([one.id for one in found.profiles], SEEN_FOUND, viewer=current_actor())
    return [FoundOut.of(one) for one in found.profiles]


@get("/residents/{person_id:int}", summary="居民资料", tags=["people"], access=SERVE)
async def get_resident(person_id: RowId) -> ResidentOut:
    """What is known of a resident; the resident reads that one has looked."""
    one = await see_resident(person_id, actor=current_actor())
    known = msgspec.structs.asdict(FoundOut.of(one)) | {"name": one.name}
    return ResidentOut(
        **known,
        place=one.place,
        born_on=one.born_on,
        guardian_id=one.guardian_id,
        registered_at=one.registered_at,
    )


@post(
    "/residents/{person_id:int}/identity",
    summary="核验身份证",
    tags=["people"],
    access=SERVE,
    status_code=204,
)
async def post_identity(person_id: RowId, data: JSONBody[IdentityIn]) -> None:
    """One has seen the resident's identity card."""
    await verify_identity(
        person_id, name=data.name, number=data.identity_number, agreed=data.agreed, actor=current_actor()
    )


@post(
    "/residents/{person_id:int}/guardian",
    summary="指定监护人",
    tags=["people"],
    access=SERVE,
    status_code=204,
)
async def post_guardian(person_id: RowId, data: JSONBody[GuardianIn]) -> None:
    """Write down who is a minor's guardian: a grown-up of the same household."""
    await name_guardian(person_id, data.guardian_id, actor=current_actor())


@post("/residents/codes", summary="当面发验证码", tags=["people"], access=SERVE)
async def post_code(data: JSONBody[CodeIn]) -> CodeOut:
    """A code for somebody who gets no SMS."""
    actor = current_actor()
    token = await issue_code(data.phone, purpose=data.purpose, actor=actor)
    code = await queries.issued_code(token, worker_id=actor.person_id)
    return CodeOut(digits(code), code.expires_at)


@post("/residents", summary="当面登记居民", tags=["people"], access=SERVE)
async def post_resident(data: JSONBody[ResidentIn]) -> Made:
    """Register somebody; returns the person's id."""
    return Made(
        await register_resident(
            data.name,
            phone=data.phone,
            agreed=data.agreed,
            region_id=data.region_id,
            household_id=data.household_id,
            actor=current_actor(),
        )
    )


@get("/residents/moves", summary="要搬来的家庭户", tags=["people"], access=SERVE)
async def list_moves() -> list[RequestOut]:
    """Households that want to move to one's places."""
    return [RequestOut.of(one) for one in await households.moves_for(current_actor())]


HANDLERS = [list_residents, get_resident, post_identity, post_guardian, post_code, post_resident, list_moves]
