"""One's household for programs."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.households import queries
from core.households.queries import RequestView
from core.households.services import (
    agree,
    ask_to_join,
    ask_to_merge,
    ask_to_move,
    ask_to_split,
    found_household,
    hand_over,
    invite,
    join,
    leave,
    refuse,
    withdraw,
)
from core.regions.queries import communities
from web.access import PUBLIC, SIGNED_IN
from web.forms import clean
from web.households.forms import HOUSEHOLD, INVITATION, PERSON, PLACE
from web.households.pages import PLACES_MOST, WORDS_MOST
from web.parameters import RowId, Words
from web.visit import current_actor


class MemberOut(msgspec.Struct):
    """Somebody of one's household."""

    person_id: int
    name: str
    joined_on: date
    is_head: bool


class InvitationOut(msgspec.Struct):
    """A code that nobody has used yet."""

    code: str
    expires_at: datetime


class HouseholdOut(msgspec.Struct):
    """One's household; `invitations` are for its head."""

    id: int
    region_id: int
    members: list[MemberOut]
    invitations: list[InvitationOut]


class RequestOut(msgspec.Struct):
    """Something asked; `kind` is join, move, merge or split, and says which of the others are there."""

    id: int
    kind: str
    household_id: int
    person_id: int | None
    other_id: int | None
    region_id: int | None
    members: list[int]
    asked_at: datetime

    @classmethod
    def of(cls, one: RequestView) -> "RequestOut":
        """From what the query gives."""
        return cls(
            one.id,
            one.kind,
            one.household_id,
            one.person_id,
            one.other_id,
            one.region_id,
            list(one.members),
            one.asked_at,
        )


class RequestsOut(msgspec.Struct):
    """What one has to answer, and what one has asked."""

    to_answer: list[RequestOut]
    asked: list[RequestOut]


class PlaceOut(msgspec.Struct):
    """A community or an estate, its name with those of the places above."""

    id: int
    name: str


class PlaceIn(msgspec.Struct):
    """Where."""

    region_id: Annotated[int, PLACE]


class CodeIn(msgspec.Struct):
    """What a head has given."""

    code: Annotated[str, INVITATION]


class CodeOut(msgspec.Struct):
    """One person may join with it, within seven days."""

    code: str


class WhichIn(msgspec.Struct):
    """Which household."""

    household_id: Annotated[int, HOUSEHOLD]


class WhoIn(msgspec.Struct):
    """Which member."""

    person_id: Annotated[int, PERSON]


class SplitIn(msgspec.Struct):
    """Who leaves, and who of them is the new household's head."""

    members: Annotated[list[int], msgspec.Meta(min_length=1, max_length=50)]
    person_id: Annotated[int, PERSON]


class Made(msgspec.Struct):
    """The id of what was made."""

    id: int


@get("/places", summary="社区和小区", tags=["people"], access=PUBLIC)
async def list_places(words: Words = "") -> list[PlaceOut]:
    """Where households can be; thirty at most, by name."""
    found = await communities(clean(words)[:WORDS_MOST], limit=PLACES_MOST)
    return [PlaceOut(place.id, place.name) for place in found]


@get("/household", summary="我的家庭户", tags=["people"], access=SIGNED_IN)
async def get_household() -> HouseholdOut:
    """Who lives with one."""
    actor = current_actor()
    found = await queries.household(actor.require_household())
    members = [MemberOut(m.person_id, m.name, m.joined_on, m.is_head) for m in found.members]
    codes = await queries.invitations(found.id) if found.head_id == actor.person_id else []
    invitations = [InvitationOut(one.code, one.expires_at) for one in codes]
    return HouseholdOut(found.id, found.region_id, members, invitations)


@post("/household", summary="建立家庭户", tags=["people"], access=SIGNED_IN)
async def post_household(data: JSONBody[PlaceIn]) -> Made:
    """Found a household of oneself."""
    return Made(await found_household(data.region_id, actor=current_actor()))


@post("/household/invitations", summary="邀请入户", tags=["people"], access=SIGNED_IN)
async def post_invitation() -> CodeOut:
    """A code for one person."""
    return CodeOut(await invite(actor=current_actor()))


@post("/household/join", summary="用邀请码入户", tags=["people"], access=SIGNED_IN)
async def post_joining(data: JSONBody[CodeIn]) -> Made:
    """Join; returns the household's id."""
    return Made(await join(data.code, actor=current_actor()))


@post("/household/leave", summary="离开家庭户", tags=["people"], access=SIGNED_IN, status_code=204)
async def post_leaving() -> None:
    """Leave; the last one closes it."""
    await leave(actor=current_actor())


@post("/household/head", summary="更换户主", tags=["people"], access=SIGNED_IN, status_code=204)
async def post_head(data: JSONBody[WhoIn]) -> None:
    """Hand it over."""
    await hand_over(data.person_id, actor=current_actor())


@get("/household/requests", summary="家庭户的申请", tags=["people"], access=SIGNED_IN)
async def list_requests() -> RequestsOut:
    """What waits."""
    person_id = current_actor().person_id
    to_answer = [RequestOut.of(one) for one in await queries.waiting_for(person_id)]
    return RequestsOut(to_answer, [RequestOut.of(one) for one in await queries.asked_by(person_id)])


@post("/household/requests/join", summary="申请入户", tags=["people"], access=SIGNED_IN)
async def post_application(data: JSONBody[WhichIn]) -> Made:
    """Ask the head; returns the request's id."""
    return Made(await ask_to_join(data.household_id, actor=current_actor()))


@post("/household/requests/move", summary="申请搬家", tags=["people"], access=SIGNED_IN)
async def post_move(data: JSONBody[PlaceIn]) -> Made:
    """Ask the workers of another place."""
    return Made(await ask_to_move(data.region_id, actor=current_actor()))


@post("/household/requests/merge", summary="申请并户", tags=["people"], access=SIGNED_IN)
async def post_merger(data: JSONBody[WhichIn]) -> Made:
    """Ask another head to take one's household in."""
    return Made(await ask_to_merge(data.household_id, actor=current_actor()))


@post("/household/requests/split", summary="申请分户", tags=["people"], access=SIGNED_IN)
async def post_split(data: JSONBody[SplitIn]) -> Made:
    """Ask a member to found a household with some others."""
    return Made(await ask_to_split(data.members, data.person_id, actor=current_actor()))


@post(
    "/household/requests/{request_id:int}/agree",
    summary="同意申请",
    tags=["people"],
    access=SIGNED_IN,
    status_code=204,
)
async def post_yes(request_id: RowId) -> None:
    """Agree."""
    await agree(request_id, actor=current_actor())


@post(
    "/household/requests/{request_id:int}/refuse",
    summary="不同意申请",
    tags=["people"],
    access=SIGNED_IN,
    status_code=204,
)
async def post_no(request_id: RowId) -> None:
    """Do not."""
    await refuse(request_id, actor=current_actor())


@post(
    "/household/requests/{request_id:int}/withdraw",
    summary="撤回申请",
    tags=["people"],
    access=SIGNED_IN,
    status_code=204,
)
async def post_withdrawal(request_id: RowId) -> None:
    """Ask no longer."""
    await withdraw(request_id, actor=current_actor())


HANDLERS = [
    list_places, get_household, post_household, post_invitation, post_joining, post_leaving, post_head,
    list_requests, post_application, post_move, post_merger, post_split, post_yes, post_no, post_withdrawal,
]  # fmt: skip
