"""Calls: read, drafted, funded, published, scored, decided."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.people import queries as people
from plugins.venture import rules
from plugins.venture.forms import PAGE, WORDS_MOST
from plugins.venture.queries import applications, calls
from plugins.venture.rules import flows
from plugins.venture.rules.scores import Criterion
from plugins.venture.services import calls as services
from plugins.venture.services import decisions, reviews
from plugins.venture.services.calls import Terms
from web.access import PUBLIC, SIGNED_IN
from web.forms import PHONE, clean
from web.parameters import PageNumber, RowId, Words
from web.visit import VISIT, current_actor

Fen = Annotated[int, msgspec.Meta(ge=1, le=rules.BUDGET_MOST_FEN)]
BasisPoints = Annotated[int, msgspec.Meta(ge=1, le=9998)]


class CriterionOut(msgspec.Struct):
    """What is scored, and its weight in a hundred."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=30)]
    weight: Annotated[int, msgspec.Meta(ge=1, le=100)]


class CallOut(msgspec.Struct):
    """A call; `state` is draft, published, closed, scoring, publicity or decided; `plan` in basis points."""

    id: int
    organization_id: int
    organization: str
    title: str
    summary: str
    state: str
    budget_fen: int
    cap_fen: int
    plan: list[int]
    closes_at: datetime
    publicity_until: date | None


class PlaceOut(msgspec.Struct):
    """A place in the ranking; `score` in hundredths of a point."""

    rank: int
    application_id: int
    title: str
    organization: str
    score: int
    state: str
    award_fen: int
    project_id: int | None


class WholeCallOut(CallOut):
    """A call with its criteria, its money and, once published, its ranking."""

    criteria: list[CriterionOut]
    free_fen: int
    held_fen: int
    paid_fen: int
    ranking: list[PlaceOut]


class CallIn(msgspec.Struct):
    """A call to be drafted. Weights are 100 together, instalments 10,000 basis points."""

    organization_id: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    summary: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    budget_fen: Fen
    cap_fen: Fen
    plan: tuple[BasisPoints, BasisPoints, BasisPoints]
    closes_on: date
    criteria: Annotated[list[CriterionOut], msgspec.Meta(min_length=1, max_length=rules.CRITERIA_MOST)]


class CallMade(msgspec.Struct):
    """The new call."""

    call_id: int


class FundsIn(msgspec.Struct):
    """Money that came, with the number of its voucher."""

    amount_fen: Fen
    slip: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class ExpertIn(msgspec.Struct):
    """Whom to appoint."""

    phone: Annotated[str, PHONE]
    name: Annotated[str, msgspec.Meta(max_length=40)]


class ObjectionIn(msgspec.Struct):
    """What is wrong with a proposed award."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class ObjectionMade(msgspec.Struct):
    """The objection."""

    objection_id: int


class AnswerIn(msgspec.Struct):
    """What becomes of an objection, and why."""

    outcome: Literal["upheld", "dismissed"]
    answer: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


def _out(call: calls.CallView) -> CallOut:
    return CallOut(
        call.id,
        call.organization_id,
        call.organization,
        call.title,
        call.summary,
        call.shown_state,
        call.budget_fen,
        call.cap_fen,
        list(call.plan),
        call.closes_at,
        call.publicity_until,
    )


def _place(one: applications.ApplicationView) -> PlaceOut:
    return PlaceOut(
        one.rank or 0,
        one.id,
        one.title,
        one.organization,
        one.score or 0,
        one.state,
        one.award_fen,
        one.project,
    )


@get("/calls", summary="公益创投列表", access=PUBLIC)
async def list_calls(words: Words = "", page_number: PageNumber = 1) -> list[CallOut]:
    """Twenty calls, the newest first; drafts for their officers only."""
    found = await calls.calls(
        VISIT.get().actor, words=clean(words)[:WORDS_MOST], offset=(page_number - 1) * PAGE, limit=PAGE
    )
    return [_out(call) for call in found]


@get("/calls/{call_id:int}", summary="公益创投", access=PUBLIC)
async def get_call(call_id: RowId) -> WholeCallOut:
    """One call; its ranking from publicity on."""
    call = await calls.visible_call(call_id, VISIT.get().actor)
    money = await calls.money(call_id)
    is_ranked = call.state in (flows.PUBLICITY, flows.DECIDED)
    ranked = await applications.applications_of(call_id) if is_ranked else []
    return WholeCallOut(
        **msgspec.structs.asdict(_out(call)),
        criteria=[CriterionOut(one.title, one.weight) for one in await calls.criteria(call_id)],
        free_fen=money.free_fen,
        held_fen=money.held_fen,
        paid_fen=money.paid_fen,
        ranking=[_place(one) for one in ranked],
    )


@post("/calls", summary="起草公益创投", access=rules.MANAGE)
async def draft_call(data: JSONBody[CallIn]) -> CallMade:
    """Draft a call of an organization whose officer one is."""
    terms = Terms(
        organization_id=data.organization_id,
        title=clean(data.title),
        summary=clean(data.summary),
        budget_fen=data.budget_fen,
        cap_fen=data.cap_fen,
        plan=data.plan,
        closes_on=data.closes_on,
        criteria=tuple(Criterion(clean(one.title), one.weight) for one in data.criteria),
    )
    return CallMade(await services.draft_call(terms, actor=current_actor()))


@post("/calls/{call_id:int}/funds", summary="登记到账", access=rules.PAY, status_code=204)
async def fund_call(call_id: RowId, data: JSONBody[FundsIn]) -> None:
    """Book money that came for the call. The same voucher with the same sum changes nothing."""
    await services.fund_call(
        call_id, amount_fen=data.amount_fen, slip=clean(data.slip), actor=current_actor()
    )


@post("/calls/{call_id:int}/publish", summary="发布", access=rules.MANAGE, status_code=204)
async def publish_call(call_id: RowId) -> None:
    """Let organizations apply; the whole budget must have come."""
    await services.publish_call(call_id, actor=current_actor())


@post("/calls/{call_id:int}/experts", summary="聘请专家", access=rules.MANAGE, status_code=204)
async def appoint_expert(call_id: RowId, data: JSONBody[ExpertIn]) -> None:
    """Put a person on the panel."""
    person_id = await people.person_id_of(data.phone, clean(data.name))
    await services.appoint_expert(call_id, person_id, actor=current_actor())


@post("/calls/{call_id:int}/scoring", summary="开始评审", access=rules.MANAGE, status_code=204)
async def begin_scoring(call_id: RowId) -> None:
    """Open the applications to the experts, after the deadline."""
    await reviews.begin_scoring(call_id, actor=current_actor())


@post("/calls/{call_id:int}/ranking", summary="公布排名", access=rules.MANAGE, status_code=204)
async def publish_ranking(call_id: RowId) -> None:
    """Open the seals when all scores have come, and begin publicity."""
    await decisions.publish_ranking(call_id, actor=current_actor())


@post("/calls/{call_id:int}/decision", summary="定标", access=rules.MANAGE, status_code=204)
async def decide_call(call_id: RowId) -> None:
    """After publicity: award, and offer the contracts."""
    await decisions.decide_call(call_id, actor=current_actor())


@post("/applications/{application_id:int}/objections", summary="提异议", access=SIGNED_IN)
async def object_to(application_id: RowId, data: JSONBody[ObjectionIn]) -> ObjectionMade:
    """Object to a proposed award during publicity. Repeating it returns the first objection."""
    return ObjectionMade(await decisions.object_to(application_id, clean(data.text), actor=current_actor()))


@post("/objections/{objection_id:int}/answer", summary="答复异议", access=rules.MANAGE, status_code=204)
async def answer_objection(objection_id: RowId, data: JSONBody[AnswerIn]) -> None:
    """Answer an objection; upheld, the application is excluded."""
    await decisions.answer_objection(
        objection_id,
        clean(data.answer),
        is_upheld=data.outcome == decisions.UPHELD,
        actor=current_actor(),
    )


HANDLERS = [
    list_calls,
    get_call,
    draft_call,
    fund_call,
    publish_call,
    appoint_expert,
    begin_scoring,
    publish_ranking,
    decide_call,
    object_to,
    answer_objection,
]
