"""The worker's desk for programs. Moves are answered at `/household/requests`."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.households import queries as households
from core.households.services import register_resident
from core.people.rules import SERVE
from core.registration import queries
from core.registration.services import issue_code
from core.registration.services.codes import digits
from web.forms import PHONE
from web.households.api import Made, RequestOut
from web.households.forms import HOUSEHOLD, PLACE
from web.registration.forms import NAME
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


HANDLERS = [post_code, post_resident, list_moves]
