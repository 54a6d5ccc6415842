"""Matching pools for programs."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.files.rules import Upload
from core.funds.rules import AMOUNT_MOST
from core.funds.rules import states as fund_states
from plugins.foundation.forms.pools import sponsor_id
from plugins.foundation.queries import calendar
from plugins.foundation.queries import pools as queries
from plugins.foundation.queries.pools import PoolView
from plugins.foundation.rules import PAGE_SIZE
from plugins.foundation.rules import pools as rules
from plugins.foundation.rules.pools import Plan, Terms
from plugins.foundation.services import pools as services
from plugins.foundation.services.pools import Slip
from web.access import PUBLIC, SIGNED_IN
from web.forms import PHONE, WITH_FILE_MOST, clean
from web.funds.api.funds import Id, Number, Short
from web.parameters import Before, RowId
from web.visit import VISIT, current_actor

Fen = Annotated[int, msgspec.Meta(ge=1, le=AMOUNT_MOST)]
Part = Annotated[int, msgspec.Meta(ge=1, le=rules.RATIO_MOST)]


class PoolOut(msgspec.Struct):
    """A pool: `numerator` fen for every `denominator` given; `left_fen` can still be added; null: no cap."""

    id: int
    organization_id: int
    title: str
    sponsor_name: str
    state: str
    numerator: int
    denominator: int
    per_gift_fen: int | None
    per_donor_day_fen: int | None
    per_fund_fen: int | None
    whole_fen: int
    matched_fen: int
    left_fen: int
    begins_on: date
    ends_on: date
    rest: str


class PoolFundOut(msgspec.Struct):
    """A fund whose gifts it matches, and what it has added there."""

    fund_id: int
    fund: str
    matched_fen: int


class PoolDetail(PoolOut):
    """A pool with its funds."""

    funds: list[PoolFundOut]


class MatchOut(msgspec.Struct):
    """What was added to a gift; `limited_by` says what cut it (gift, donor, fund, pool) or forbade it."""

    id: int
    fund_id: int
    gift_fen: int
    amount_fen: int
    returned_fen: int
    limited_by: str
    matched_at: datetime


class PoolIn(msgspec.Struct):
    """A pool to be set up. `sponsor_phone` only where the sponsor has an account here."""

    title: Short
    sponsor_name: Short
    numerator: Part
    denominator: Part
    whole_fen: Fen
    begins_on: date
    ends_on: date
    fund_ids: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=rules.FUNDS_MOST)]
    rest: Literal["sponsor", "fund"]
    rest_fund_id: Id | None = None
    sponsor_phone: Annotated[str, PHONE] | None = None
    per_gift_fen: Fen | None = None
    per_donor_day_fen: Fen | None = None
    per_fund_fen: Fen | None = None

    async def plan(self) -> Plan:
        """The pool that is meant; raises SponsorUnknown."""
        return Plan(
            title=clean(self.title),
            sponsor_name=clean(self.sponsor_name),
            sponsor_person=await sponsor_id(self.sponsor_phone or "", clean(self.sponsor_name)),
            terms=Terms(
                numerator=self.numerator,
                denominator=self.denominator,
                per_gift_fen=self.per_gift_fen,
                per_donor_day_fen=self.per_donor_day_fen,
                per_fund_fen=self.per_fund_fen,
            ),
            whole_fen=self.whole_fen,
            begins_on=self.begins_on,
            ends_on=self.ends_on,
            fund_ids=tuple(sorted(set(self.fund_ids))),
            rest=self.rest,
            rest_fund=self.rest_fund_id,
        )


class SlipIn(msgspec.Struct):
    """The sponsor's payment, as the bank shows it."""

    amount_fen: Fen
    receipt_no: Number
    received_on: date
    file: Upload | None = None


class RestIn(msgspec.Struct):
    """The number of the bank's payment order, or of our own where the rest stays with us."""

    payment_no: Number


class PoolStepIn(msgspec.Struct):
    """What is done with a pool."""

    step: Literal["open", "end", "drop_rest", "settle_rest"]


class MoneyStepIn(msgspec.Struct):
    """What is done with money that waits."""

    step: Literal["confirm", "drop"]


class MoneyOut(msgspec.Struct):
    """Money of the sponsor, once written down."""

    id: int


def _shown(pool: PoolView) -> PoolOut:
    return PoolOut(**{name: getattr(pool, name) for name in PoolOut.__struct_fields__})


async def _detail(pool_id: int) -> PoolDetail:
    pool = await queries.pool_for(pool_id, VISIT.get().actor)
    lines = [PoolFundOut(one.fund_id, one.fund, one.matched_fen) for one in await queries.funds_of(pool_id)]
    return PoolDetail(**msgspec.structs.asdict(_shown(pool)), funds=lines)


@get("/foundations/{organization_id:int}/pools", summary="配捐池", access=PUBLIC)
async def list_pools(organization_id: RowId, before: Before = None) -> list[PoolOut]:
    """Twenty pools of a foundation, newest first."""
    await calendar.foundation(organization_id)
    actor = VISIT.get().actor
    works = bool(actor and queries.works_there(organization_id, actor))
    found = await queries.pools(organization_id, with_drafts=works, before_id=before, limit=PAGE_SIZE)
    return [_shown(pool) for pool in found]


@post(
    "/foundations/{organization_id:int}/pools",
    summary="建立配捐池",
    access=fund_states.RUN,
    status_code=201,
)
async def create_pool(organization_id: RowId, data: JSONBody[PoolIn]) -> PoolDetail:
    """Set up a pool, which somebody else opens."""
    pool_id = await services.create_pool(organization_id, await data.plan(), actor=current_actor())
    return await _detail(pool_id)


@get("/pools/{pool_id:int}", summary="配捐池详情", access=PUBLIC)
async def get_pool(pool_id: RowId) -> PoolDetail:
    """One pool."""
    return await _detail(pool_id)


@get("/pools/{pool_id:int}/matches", summary="配捐明细", access=PUBLIC)
async def list_matches(pool_id: RowId, before: Before = None) -> list[MatchOut]:
    """What it has added to which gifts, newest first; nobody is named."""
    pool = await queries.pool_for(pool_id, VISIT.get().actor)
    found = await queries.matches(pool.id, before_id=before, limit=PAGE_SIZE)
    return [MatchOut(**{name: getattr(one, name) for name in MatchOut.__struct_fields__}) for one in found]


@post(
    "/pools/{pool_id:int}/money",
    summary="登记配捐资金",
    access=fund_states.RECORD,
    status_code=201,
    request_max_body_size=WITH_FILE_MOST,
)
async def record_money(pool_id: RowId, data: JSONBody[SlipIn]) -> MoneyOut:
    """Money of the sponsor has come; above the limit somebody else confirms it."""
    slip = Slip(amount_fen=data.amount_fen, receipt_no=clean(data.receipt_no), received_on=data.received_on)
    return MoneyOut(await services.record_money(pool_id, slip, actor=current_actor(), upload=data.file))


@post("/pools/{pool_id:int}/rest", summary="余款制单", access=fund_states.RECORD, status_code=200)
async def prepare_rest(pool_id: RowId, data: JSONBody[RestIn]) -> PoolDetail:
    """What is left goes where it was agreed: the first person writes it down."""
    await services.prepare_rest(pool_id, payment_no=clean(data.payment_no), actor=current_actor())
    return await _detail(pool_id)


@post("/pools/{pool_id:int}/steps", summary="办理配捐池", access=SIGNED_IN, status_code=200)
async def take_step(pool_id: RowId, data: JSONBody[PoolStepIn]) -> PoolDetail:
    """Open it, end it, send the rest or not; who may, the service says."""
    verbs = {
        "open": services.open_pool,
        "end": services.end_pool,
        "drop_rest": services.drop_rest,
        "settle_rest": services.settle_rest,
    }
    await verbs[data.step](pool_id, actor=current_actor())
    return await _detail(pool_id)


@post(
    "/pools/{pool_id:int}/money/{money_id:int}/steps",
    summary="确认配捐资金",
    access=SIGNED_IN,
    status_code=200,
)
async def take_money_step(pool_id: RowId, money_id: RowId, data: JSONBody[MoneyStepIn]) -> PoolDetail:
    """The second person has seen it, or it was a mistake."""
    verbs = {"confirm": services.confirm_money, "drop": services.drop_money}
    await verbs[data.step](money_id, actor=current_actor())
    return await _detail(pool_id)


HANDLERS = [
    list_pools, create_pool, get_pool, list_matches, record_money, prepare_rest, take_step, take_money_step,
]  # fmt: skip
