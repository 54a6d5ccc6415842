"""Stars for programs."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.people.rules import SERVE
from core.privacy.rules import SEEN_STAR
from core.privacy.services import note_seen
from core.volunteers.queries import stars
from core.volunteers.queries.stars import ReviewView, StarView
from core.volunteers.rules import stars as rules
from core.volunteers.services.star_reviews import answer_appeal, appeal_star, decide_review
from core.volunteers.services.stars import apply_for_star, readable_star, refuse_star
from web.access import PUBLIC, SIGNED_IN
from web.households.api import Made
from web.parameters import Before, RowId
from web.visit import current_actor
from web.volunteers.api.shapes import ReasonIn
from web.volunteers.pages.stars import PAGE, WAITING_MOST

_ALL, _ONE = "/volunteers/stars", "/volunteers/stars/{star_id:int}"


class StarOut(msgspec.Struct):
    """A star as everybody sees it; `number`: the last four digits of the volunteer's."""

    id: int
    name: str
    number: str
    region: str
    stars: int
    minutes: int
    state: str
    published_until: date
    held_on: date | None

    @classmethod
    def of(cls, one: StarView) -> "StarOut":
        """Without what is not public."""
        return cls(
            one.id, one.shown_name, one.shown_number, one.region, one.stars, one.minutes, one.state,
            one.published_until, one.held_on,
        )  # fmt: skip


class StarsOut(msgspec.Struct):
    """Who is to get one, and who has one."""

    published: list[StarOut]
    holders: list[StarOut]


class ReviewOut(msgspec.Struct):
    """A year of a star; `ground` is idle, absences, or "" where nobody had to decide."""

    due_on: date
    ground: str
    last_served_on: date | None
    absences: int
    keeps: bool | None
    reason: str
    appeal: str
    restores: bool | None
    answer: str

    @classmethod
    def of(cls, one: ReviewView) -> "ReviewOut":
        """As it is read."""
        return cls(*(getattr(one, name) for name in cls.__struct_fields__))


class WholeStarOut(msgspec.Struct):
    """A star with its years, for the holder, a guardian and the staff."""

    star: StarOut
    review_on: date | None
    reason: str
    reviews: list[ReviewOut]


class StarIn(msgspec.Struct):
    """`agreed` to publicity; `child_id`: a guardian asks for a minor."""

    agreed: bool
    child_id: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)] | None = None


class VerdictIn(msgspec.Struct):
    """Does the star stay, and why (not)?"""

    keeps: bool
    reason: Annotated[str, msgspec.Meta(max_length=200)]


@get(_ALL, summary="志愿者星级：公示和名单", tags=["volunteers"], access=PUBLIC)
async def list_stars(before: Before = None, published_before: Before = None) -> StarsOut:
    """Thirty that are published, and thirty holders, each from the newest, with ids below those given."""
    published = await stars.published(before_id=published_before, limit=PAGE)
    holders = await stars.holders(before_id=before, limit=PAGE)
    return StarsOut([StarOut.of(one) for one in published], [StarOut.of(one) for one in holders])


@post(_ALL, summary="申请授星", tags=["volunteers"], access=SIGNED_IN)
async def post_application(data: JSONBody[StarIn]) -> Made:
    """Ask for the star of one's hours; repeating it returns the same."""
    actor = current_actor()
    return Made(await apply_for_star(agreed=data.agreed, actor=actor, child_id=data.child_id))


@get(f"{_ALL}/desk", summary="待决定的星级", tags=["volunteers"], access=SERVE)
async def list_waiting() -> list[StarOut]:
    """What staff have to decide about in their places."""
    found = [
        one
        for state in (rules.REVIEWED, rules.APPEALED, rules.PUBLISHED)
        for one in await stars.for_staff(current_actor(), state, limit=WAITING_MOST)
    ]
    return [StarOut.of(one) for one in found]


@get(_ONE, summary="一次授星", tags=["volunteers"], access=SIGNED_IN)
async def get_star(star_id: RowId) -> WholeStarOut:
    """With its years."""
    found, is_staff = await readable_star(star_id, current_actor())
    if is_staff:
        await note_seen([found.person_id], SEEN_STAR, viewer=current_actor())
    years = [ReviewOut.of(one) for one in await stars.reviews(star_id)]
    return WholeStarOut(StarOut.of(found), found.review_on, found.reason, years)


@post(f"{_ONE}/refuse", summary="公示不通过", tags=["volunteers"], access=SERVE, status_code=204)
async def post_refusal(star_id: RowId, data: JSONBody[ReasonIn]) -> None:
    """Say no during publicity."""
    await refuse_star(star_id, data.reason, actor=current_actor())


@post(f"{_ONE}/decide", summary="决定年度复核", tags=["volunteers"], access=SERVE, status_code=204)
async def post_decision(star_id: RowId, data: JSONBody[VerdictIn]) -> None:
    """Keep or withdraw what is reviewed."""
    await decide_review(star_id, keeps=data.keeps, reason=data.reason, actor=current_actor())


@post(f"{_ONE}/appeal", summary="对星级取消申诉", tags=["volunteers"], access=SIGNED_IN, status_code=204)
async def post_appeal(star_id: RowId, data: JSONBody[ReasonIn]) -> None:
    """Say why it should stay."""
    await appeal_star(star_id, data.reason, actor=current_actor())


@post(f"{_ONE}/answer", summary="答复星级申诉", tags=["volunteers"], access=SERVE, status_code=204)
async def post_answer(star_id: RowId, data: JSONBody[VerdictIn]) -> None:
    """Give it back or not."""
    await answer_appeal(star_id, restores=data.keeps, answer=data.reason, actor=current_actor())


HANDLERS = [
    list_stars, post_application, list_waiting, get_star, post_refusal, post_decision, post_appeal,
    post_answer,
]  # fmt: skip
