"""Schemes, rules and passbooks for programs. Points are hundredths: 150 is 1.5."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core import clock
from core.ledger.queries import Line
from plugins.greencoin import rules
from plugins.greencoin.errors import RuleNotFound, SchemeNotFound
from plugins.greencoin.queries import points, schemes
from plugins.greencoin.queries.points import Why
from plugins.greencoin.queries.schemes import RuleView, SchemeView
from plugins.greencoin.rules.claims import CATEGORIES, RuleText
from plugins.greencoin.rules.shop import coverage_percent
from plugins.greencoin.services import schemes as services
from web.access import PUBLIC, SIGNED_IN
from web.parameters import PageNumber, RowId
from web.visit import current_actor

_Points = Annotated[int, msgspec.Meta(ge=1, le=10**8)]


class SchemeOut(msgspec.Struct):
    """A village's 绿币. `is_sample`: its figures are invented."""

    id: int
    name: str
    organization_id: int
    is_sample: bool


class FiguresOut(msgspec.Struct):
    """A scheme in numbers. `coverage_percent`: what is on the shelf against what households hold."""

    households: int
    issued: int
    outstanding: int
    redeemed: int
    lapsed: int
    debt: int
    stock_points: int
    coverage_percent: int | None


class RuleOut(msgspec.Struct):
    """A version of a rule; without `effective_to` it still holds."""

    id: int
    code: str
    behaviour: str
    category: str
    unit: str
    points: int
    day_cap: int | None
    month_cap: int | None
    needs_photo: bool
    effective_from: date
    effective_to: date | None


class RuleIn(msgspec.Struct):
    """A rule as it shall hold from a day on."""

    behaviour: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    category: Annotated[str, msgspec.Meta(pattern=rf"^({'|'.join(CATEGORIES)})$(?!\n)")]
    unit: Annotated[str, msgspec.Meta(min_length=1, max_length=10)]
    points: _Points
    effective_from: date
    day_cap: _Points | None = None
    month_cap: _Points | None = None
    needs_photo: bool = False

    def text(self) -> RuleText:
        """As the verbs want it."""
        return RuleText(**msgspec.structs.asdict(self))


class Made(msgspec.Struct):
    """The id of what was made."""

    id: int


class LineOut(msgspec.Struct):
    """A line of a passbook; the claim or the redemption tells why it is there."""

    number: int
    occurred_at: datetime
    reason: str
    amount: int
    balance: int
    claim_id: int | None
    redemption_id: int | None


class EndingOut(msgspec.Struct):
    """Points that end on a day, unless they are used before."""

    last_day: date
    points: int


class PassbookOut(msgspec.Struct):
    """What one's household has, a page of its lines, newest first, and what ends next."""

    scheme_id: int
    number: int | None
    is_shown: bool
    usable: int
    held: int
    debt: int
    lines_total: int
    lines: list[LineOut]
    ending: list[EndingOut]


class BoardIn(msgspec.Struct):
    """Whether one's household may stand on the board, its name masked."""

    shown: bool


@get("/schemes", summary="绿币列表", access=PUBLIC)
async def list_schemes() -> list[SchemeOut]:
    """All schemes by name."""
    return [SchemeOut(s.id, s.name, s.organization_id, s.is_sample) for s in await schemes.schemes()]


@get("/schemes/{scheme_id:int}", summary="本村总账", access=PUBLIC)
async def read_scheme(scheme_id: RowId) -> FiguresOut:
    """What was given, used and is outstanding, and what is on the shelf against it."""
    found = await points.figures(await schemes.scheme(scheme_id))
    return FiguresOut(
        households=found.households,
        issued=found.issued,
        outstanding=found.outstanding,
        redeemed=found.redeemed,
        lapsed=found.lapsed,
        debt=found.debt,
        stock_points=found.stock_points,
        coverage_percent=coverage_percent(found.stock_points, found.outstanding),
    )


@get("/schemes/{scheme_id:int}/rules", summary="绿币规则", access=PUBLIC)
async def list_rules(scheme_id: RowId) -> list[RuleOut]:
    """All versions of all rules, the latest of each first."""
    await schemes.scheme(scheme_id)
    return [_rule_out(rule) for rule in await schemes.rule_versions(scheme_id)]


def _rule_out(rule: RuleView) -> RuleOut:
    return RuleOut(**{name: getattr(rule, name) for name in RuleOut.__struct_fields__})


def _managed(scheme: SchemeView, refusal: type[RuleNotFound] | type[SchemeNotFound]) -> None:
    if not current_actor().may(rules.MANAGE, scheme.owner):
        raise refusal


@post("/schemes/{scheme_id:int}/rules", summary="加一条规则", access=rules.MANAGE)
async def add_rule(scheme_id: RowId, data: JSONBody[RuleIn]) -> Made:
    """Write a new rule."""
    _managed(await schemes.scheme(scheme_id), SchemeNotFound)
    return Made(await services.add_rule(scheme_id, data.text(), actor=current_actor()))


@post("/rules/{rule_id:int}/versions", summary="修改规则", access=rules.MANAGE)
async def change_rule(rule_id: RowId, data: JSONBody[RuleIn]) -> Made:
    """Let other words hold from a day on; the old version is kept."""
    rule = await schemes.rule(rule_id)
    _managed(await schemes.scheme(rule.scheme_id), RuleNotFound)
    return Made(await services.change_rule(rule_id, data.text(), actor=current_actor()))


@post("/rules/{rule_id:int}/end", summary="停用规则", access=rules.MANAGE, status_code=204)
async def end_rule(rule_id: RowId) -> None:
    """Let a rule hold for the last time today."""
    rule = await schemes.rule(rule_id)
    _managed(await schemes.scheme(rule.scheme_id), RuleNotFound)
    await services.end_rule(rule_id, actor=current_actor())


@get("/passbook", summary="我的绿币", access=SIGNED_IN)
async def read_passbook(page_number: PageNumber = 1) -> PassbookOut:
    """The passbook of one's household in its own village."""
    household_id = current_actor().require_household()
    scheme = await schemes.scheme_of(household_id)
    if scheme is None:
        raise SchemeNotFound
    passbook = await schemes.passbook(scheme.id, household_id)
    has = await points.holding(scheme, household_id, clock.today())
    found = await points.lines(scheme, household_id, page_number)
    return PassbookOut(
        scheme_id=scheme.id,
        number=passbook.number if passbook else None,
        is_shown=passbook is not None and passbook.is_shown,
        usable=has.usable,
        held=has.held,
        debt=has.debt,
        lines_total=found.lines_total,
        lines=[_line_out(line, why) for line, why in found.lines],
        ending=[EndingOut(day, amount) for day, amount in has.expires],
    )


def _line_out(line: Line, why: Why | None) -> LineOut:
    return LineOut(
        number=line.number,
        occurred_at=line.occurred_at,
        reason=line.reason,
        amount=line.amount,
        balance=line.balance,
        claim_id=why.claim_id if why else None,
        redemption_id=why.redemption_id if why else None,
    )


@post("/schemes/{scheme_id:int}/board", summary="是否上红榜", access=SIGNED_IN, status_code=204)
async def choose_board(scheme_id: RowId, data: JSONBody[BoardIn]) -> None:
    """Agree, or no longer, that one's household stands on the village's board."""
    await services.show_on_board(scheme_id, data.shown, actor=current_actor())


HANDLERS = [
    list_schemes,
    read_scheme,
    list_rules,
    add_rule,
    change_rule,
    end_rule,
    read_passbook,
    choose_board,
]
