"""What becomes of money that came in at the bank: which order it pays, or why a person must look. Pure."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core import money
from core.approvals.rules import Question, Rule
from core.language import mark
from core.payments.errors import OrderHeld
from core.payments.errors.bank import (
    LineOrderOwn,
    LineOrderUnknown,
    LineSumDiffers,
    SecondNeeded,
    SentBackNumberMissing,
)
from core.payments.rules.orders import APPROVE, CANCELLED, CONFIRM, OPEN, PAID, Order, is_own
from core.payments.rules.statements import Credit
from core.payments.rules.transfers import codes_in
from core.people.rules import Actor
from core.reference import Ref
from core.workflow import SYSTEM, State, Transition, Workflow

WAITING, LINE_ASKED, BOOKED = "waiting", "asked", "booked"
NOT_OURS, RETURNING, RETURNED = "not_ours", "returning", "returned"
ARRIVED = "arrived"
_DECIDE_WITHIN = timedelta(days=7)
_SENT_BACK_NO_MOST = 40

LINES = Workflow(
    code="bank_line",
    title=mark("银行到账"),
    table="payment_bank_line",
    states=(
        State(code=WAITING, title=mark("待处理")),
        State(code=LINE_ASKED, title=mark("等另一位同意")),
        State(code=BOOKED, title=mark("已入账")),
        State(code=NOT_OURS, title=mark("与缴费无关")),
        State(code=ARRIVED, title=mark("收款平台的提现")),
        State(code=RETURNING, title=mark("待退回")),
        State(code=RETURNED, title=mark("已退回")),
    ),
    transitions=(
        Transition(
            code="bank_line.booked",
            title=mark("记到缴费单"),
            sources=(WAITING, LINE_ASKED),
            target=BOOKED,
            by=CONFIRM,
        ),
        Transition(
            code="bank_line.asked",
            title=mark("请另一位同意"),
            sources=(WAITING,),
            target=LINE_ASKED,
            by=CONFIRM,
        ),
        Transition(
            code="bank_line.refused", title=mark("没有同意"), sources=(LINE_ASKED,), target=WAITING, by=SYSTEM
        ),
        Transition(
            code="bank_line.not_ours",
            title=mark("与缴费无关"),
            sources=(WAITING,),
            target=NOT_OURS,
            by=CONFIRM,
        ),
        Transition(
            code="bank_line.arrived",
            title=mark("是收款平台的提现"),
            sources=(WAITING,),
            target=ARRIVED,
            by=CONFIRM,
        ),
        Transition(
            code="bank_line.returning", title=mark("要退回"), sources=(WAITING,), target=RETURNING, by=CONFIRM
        ),
        Transition(
            code="bank_line.returned",
            title=mark("已退回付款人"),
            sources=(RETURNING,),
            target=RETURNED,
            by=CONFIRM,
        ),
        Transition(
            code="bank_line.undone",
            title=mark("更正"),
            sources=(BOOKED, NOT_OURS, RETURNING, ARRIVED),
            target=WAITING,
            by=CONFIRM,
        ),
    ),
)

LINE_REASONS = {
    "name": mark("金额和付款人都对得上，请核对后确认"),
    "unknown": mark("附言里没有缴费单的转账编号"),
    "payout": mark("金额与收款平台的一笔提现相同"),
    "code": mark("附言里的转账编号写错了"),
    "ambiguous": mark("附言里有几张缴费单的编号"),
    "amount": mark("金额与缴费单不符"),
    "second": mark("这张缴费单已经付过"),
    "order_over": mark("缴费单已经取消"),
    "held": mark("柜台已经收到这张缴费单的钱，在等另一位确认"),
    "late": mark("过了缴费时间才到账"),
    "own": mark("是自己家的缴费单，请另一位出纳确认"),
    "not_agreed": mark("另一位没有同意"),
    "changed": mark("同意的时候，缴费单已经付过或取消"),
    "undone": mark("原来记错了，已经更正"),
}


@dataclass(frozen=True)
class Owed:
    """An order as a bank's line may pay it."""

    order: Order
    payer: str
    due_on: date


@dataclass(frozen=True)
class Match:
    """Which order a line is for, if any; without a `reason` it books itself."""

    order_id: int | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line as its rules see it."""

    id: int
    organization_id: int
    state: str
    reason: str
    order_id: int | None
    amount_fen: int
    happened_on: date
    is_kept: bool
    moves: int
    decided_by: int | None
    sent_back_no: str


def match_lines(
    credits: Sequence[Credit], by_id: Mapping[int, Owed], by_sum: Sequence[Owed], importer: Actor
) -> list[Match]:
    """Each line by itself, and after those above it: an order is paid once.

    `by_id`: the orders that the codes name; `by_sum`: open ones of these sums and payers.
    """
    taken: set[int] = set()
    found = []
    for credit in credits:
        match = _match(credit, by_id, by_sum, importer, taken)
        if not match.reason and match.order_id is not None:
            taken.add(match.order_id)
        found.append(match)
    return found


def _match(
    credit: Credit, by_id: Mapping[int, Owed], by_sum: Sequence[Owed], importer: Actor, taken: set[int]
) -> Match:
    named, has_slip = codes_in(credit.remark)
    if len(named) > 1:
        return Match(None, "ambiguous")
    if named and (owed := by_id.get(named[0])):
        return Match(owed.order.id, _why_not(credit, owed, importer, taken))
    alike = [
        owed
        for owed in by_sum
        if owed.order.total_fen == credit.amount_fen
        and is_same_name(owed.payer, credit.payer_name)
        and owed.order.id not in taken
    ]
    if len(alike) == 1:
        return Match(alike[0].order.id, "name")
    return Match(None, "code" if has_slip or named else "unknown")


def _why_not(credit: Credit, owed: Owed, importer: Actor, taken: set[int]) -> str:
    """Why a line with an order's code does not book itself; "": it does."""
    order = owed.order
    if order.state == PAID or order.id in taken:
        return "second"
    if order.state == CANCELLED:
        return "order_over"
    if order.is_held:
        return "held"
    if order.total_fen != credit.amount_fen:
        return "amount"
    if credit.happened_on > owed.due_on:
        return "late"
    return "own" if is_own(order, importer) else ""


def is_same_name(ours: str, banks: str) -> bool:
    """Full-width letters are the same, and blanks mean nothing; no name is nobody's."""
    return _letters(ours) == _letters(banks) != ""


def spellings(name: str) -> set[str]:
    """How a name may stand with us."""
    return {name, _letters(name)} - {""}


def _letters(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


def check_assigned(line: Line, order: Order, actor: Actor) -> None:
    """Raise LineOrderUnknown, OrderHeld, LineSumDiffers or LineOrderOwn."""
    if order.payee_id != line.organization_id or order.state != OPEN:
        raise LineOrderUnknown
    if order.is_held:
        raise OrderHeld
    if order.total_fen != line.amount_fen:
        got, expected = money.format_yuan(line.amount_fen), money.format_yuan(order.total_fen)
        raise LineSumDiffers(got=got, expected=expected)
    if is_own(order, actor):
        raise LineOrderOwn


def check_sent_back(line: Line, number: str, *, actor_id: int, limit_fen: int) -> None:
    """Raise SentBackNumberMissing, or SecondNeeded for much money that one person would send back alone."""
    if not number.strip() or len(number) > _SENT_BACK_NO_MOST or not number.isprintable():
        raise SentBackNumberMissing
    if line.amount_fen > limit_fen and line.decided_by == actor_id:
        raise SecondNeeded(limit=money.format_yuan(limit_fen))


def line_question(line: Line, *, order_id: int, maker_id: int, now: datetime) -> Question:
    """What a second person is asked."""
    return Question(
        subject=Ref(LINES.code, line.id),
        purpose="core.bank_line",
        maker_id=maker_id,
        title=mark("%(organization)s银行到账 %(sum)s 元，记到缴费单 %(order)s"),
        params={
            "organization": line.organization_id,
            "sum": money.format_yuan(line.amount_fen),
            "order": order_id,
        },
        path=f"/counter/bank/lines/{line.id}",
        rule=Rule(needed=1),
        deadline=now + _DECIDE_WITHIN,
    )


def may_see_line(line: Line, actor: Actor) -> bool:
    """For the payee's treasurers, and for whoever agrees."""
    payee = Ref("organization", line.organization_id)
    return actor.may(CONFIRM, payee) or actor.may(APPROVE, payee)
