"""What one has given oneself, for programs."""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody, QueryParameter

from core.funds.queries import gifts, traces
from core.funds.queries.gifts import Wanted
from core.funds.queries.given import given, given_sum
from core.funds.services.exports import ask_for_gifts
from web.access import SIGNED_IN
from web.funds.api.fiscal import JobOut
from web.funds.api.funds import TAGS
from web.funds.api.gifts import TracedGift, traced_out
from web.funds.pages.gifts import PAGE_SIZE, with_parts
from web.parameters import Before, MaybeId
from web.visit import current_actor

Year = Annotated[int | None, QueryParameter(ge=2000, le=2099)]


class GivenOut(msgspec.Struct):
    """What was given to a fund in a year; what went back later is in it."""

    year: int
    fund_id: int
    fund: str
    count: int
    amount_fen: int


class GivenSums(msgspec.Struct):
    """Own gifts together; what is paid, held (set aside), left and returned adds up to all that was given."""

    count: int
    amount_fen: int
    paid_fen: int
    held_fen: int
    left_fen: int
    returned_fen: int
    given: list[GivenOut]


class MineIn(msgspec.Struct):
    """`csv`, `xlsx` or `json`; of a year or for a fund alone, if asked."""

    format: Annotated[str, msgspec.Meta(max_length=10)]
    year: Annotated[int, msgspec.Meta(ge=2000, le=2099)] | None = None
    fund_id: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)] | None = None


@get("/gifts/mine", summary="我的捐赠", tags=TAGS, access=SIGNED_IN)
async def list_mine(before: Before = None, year: Year = None, fund_id: MaybeId = None) -> list[TracedGift]:
    """Twenty of one's own gifts, newest first, and what became of each."""
    found = await gifts.gifts_of_person(
        current_actor().person_id, Wanted(year, fund_id), before_id=before, limit=PAGE_SIZE
    )
    return await traced_out(await with_parts(found))


@get("/gifts/mine/sums", summary="我的捐赠合计", tags=TAGS, access=SIGNED_IN)
async def sum_mine(year: Year = None, fund_id: MaybeId = None) -> GivenSums:
    """One's own gifts together, by year and fund, and what became of them."""
    person_id, wanted = current_actor().person_id, Wanted(year, fund_id)
    count, amount_fen = await given_sum(person_id, wanted)
    became = await traces.trace_sums(person_id, wanted)
    return GivenSums(
        count=count,
        amount_fen=amount_fen,
        given=[GivenOut(**vars(one)) for one in await given(person_id, wanted)],
        **{f"{kind}_fen": amount_fen for kind, amount_fen in became.items()},
    )


@post("/gifts/mine/exports", summary="导出我的捐赠", tags=TAGS, access=SIGNED_IN, status_code=202)
async def export_mine(data: JSONBody[MineIn]) -> JobOut:
    """Ask for one's own gifts as a file."""
    wanted = Wanted(data.year, data.fund_id)
    return JobOut(await ask_for_gifts(wanted, data.format, actor=current_actor()))


HANDLERS = [list_mine, sum_mine, export_mine]
