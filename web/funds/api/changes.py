"""Changes of purpose for programs."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.funds import services
from core.funds.queries import changes as queries
from core.funds.rules import states
from web.access import PUBLIC, SIGNED_IN
from web.forms import clean
from web.funds.api.funds import TAGS, Created, Id, Text
from web.parameters import RowId
from web.visit import current_actor


class ChangeIn(msgspec.Struct):
    """From which purpose of the fund to which."""

    from_purpose_id: Id
    to_purpose_id: Id
    reason: Text


class AnswerIn(msgspec.Struct):
    """What a donor says."""

    answer: Literal["consent", "objection"]


class CodeAnswerIn(AnswerIn):
    """What whoever has the acknowledgement says."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class TallyOut(msgspec.Struct):
    """Gifts asked about; `answer` null: not answered yet."""

    answer: str | None
    gifts: int
    amount_fen: int


class ChangeOut(msgspec.Struct):
    """A change of purpose; `state` is asking, done or dropped; `silence_counts`: no answer is consent."""

    id: int
    fund_id: int
    from_purpose: str
    to_purpose: str
    reason: str
    state: str
    silence_counts: bool
    answers_until: date
    moved_fen: int | None
    done_at: datetime | None


class ChangeDetail(ChangeOut):
    """The same with what was answered so far."""

    answers: list[TallyOut]


async def _detail(change_id: int) -> ChangeDetail:
    found = await queries.change(change_id)
    tallies = queries.tallies(await queries.asked(change_id))
    return ChangeDetail(
        **{name: getattr(found, name) for name in ChangeOut.__struct_fields__},
        answers=[TallyOut(one.answer, one.gifts, one.amount_fen) for one in tallies],
    )


@post("/funds/{fund_id:int}/changes", summary="提出改变用途", tags=TAGS, access=states.RUN)
async def propose_change(fund_id: RowId, data: JSONBody[ChangeIn]) -> Created:
    """Ask the donors whose gifts are bound to the purpose and not used."""
    change_id = await services.propose_change(
        fund_id,
        from_purpose_id=data.from_purpose_id,
        to_purpose_id=data.to_purpose_id,
        reason=clean(data.reason),
        actor=current_actor(),
    )
    return Created(change_id)


@get("/funds/changes/{change_id:int}", summary="用途改变", tags=TAGS, access=PUBLIC)
async def get_change(change_id: RowId) -> ChangeDetail:
    """What is asked, until when, and what was answered so far."""
    return await _detail(change_id)


@post(
    "/funds/changes/{change_id:int}/answer",
    summary="捐赠人回答",
    tags=TAGS,
    access=SIGNED_IN,
    status_code=200,
)
async def answer_change(change_id: RowId, data: JSONBody[AnswerIn]) -> ChangeDetail:
    """Answer for all own gifts about which is asked; until the last day it can be changed."""
    await services.answer_change(change_id, answer=data.answer, actor=current_actor())
    return await _detail(change_id)


@post("/gifts/trace/answer", summary="凭查询码回答", tags=TAGS, access=PUBLIC, status_code=204)
async def answer_with_code(data: JSONBody[CodeAnswerIn]) -> None:
    """Answer for the gift whose acknowledgement carries the code."""
    await services.answer_with_code(clean(data.code), answer=data.answer)


@post(
    "/funds/changes/{change_id:int}/carry-out",
    summary="办完用途改变",
    tags=TAGS,
    access=states.RUN,
    status_code=200,
)
async def carry_out_change(change_id: RowId) -> ChangeDetail:
    """The days are over, or all have answered."""
    await services.carry_out_change(change_id, actor=current_actor())
    return await _detail(change_id)


@post(
    "/funds/changes/{change_id:int}/drop",
    summary="不改变用途了",
    tags=TAGS,
    access=states.RUN,
    status_code=200,
)
async def drop_change(change_id: RowId) -> ChangeDetail:
    """It is not needed any more."""
    await services.drop_change(change_id, actor=current_actor())
    return await _detail(change_id)


HANDLERS = [
    propose_change, get_change, answer_change, answer_with_code, carry_out_change, drop_change,
]  # fmt: skip
