"""When an order may be paid, and with what. Pure."""

from dataclasses import dataclass
from datetime import datetime

from core import money
from core.language import mark
from core.manifest import Role
from core.payments.errors import (
    AmountDiffers,
    OrderHeld,
    OrderNotOpen,
    OrderNotPaid,
    OrderPaidAlready,
    OwnOrder,
    ReceiptNumberMalformed,
)
from core.people.rules import Actor
from core.reference import Ref
from core.workflow import SYSTEM, Guard, State, Transition, Workflow

OPEN, PAID, CANCELLED = "open", "paid", "cancelled"
CONFIRM, APPROVE = "core.payments.confirm", "core.payments.approve_refund"
RECEIPT_NO_MOST = 40
# Begins the numbers that we give ourselves to what came in at the bank.
BANK_RECEIPT = "BANK-"
TREASURER = Role(
    code="core.treasurer",
    title=mark("出纳"),
    scope_kind="organization",
    permissions=(CONFIRM, APPROVE),
    needs_approval=True,
)


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    """What is owed and where it goes: `account_id` receives `amount_fen` for `reason`.

    With `given` it is a lot of that origin, bound to `restriction`; what goes back is drawn from this lot.
    """

    reason: str
    account_id: int
    amount_fen: int
    note: str
    given: Ref | None = None
    restriction: str = ""


@dataclass(frozen=True, kw_only=True)
class Order:
    """An order as its rules see it. `payer_id` None: a stranger, who comes by `page`, the cause's own.

    `is_held`: its money was taken at the counter, and waits for a second person.
    """

    id: int
    payee_id: int
    payer_id: int | None
    household_id: int | None
    cause: Ref
    state: str
    total_fen: int
    expires_at: datetime
    page: str = ""
    is_held: bool = False

    @property
    def address(self) -> str:
        """Where its payer sees it."""
        return self.page or f"/orders/{self.id}"


def _is_due(order: Order, now: datetime) -> bool:
    """At `expires_at` itself it is too late."""
    return order.state == OPEN and now < order.expires_at


ORDERS = Workflow(
    code="order",
    title=mark("缴费单"),
    table="payment_order",
    states=(
        State(code=OPEN, title=mark("待缴费")),
        State(code=PAID, title=mark("已缴费")),
        State(code=CANCELLED, title=mark("已取消")),
    ),
    transitions=(
        Transition(
            code="order.paid",
            title=mark("柜台收款"),
            sources=(OPEN,),
            target=PAID,
            by=CONFIRM,
            guards=(
                Guard(
                    title=mark("还没有缴过费"),
                    holds=lambda order, _now: order.state != PAID,
                    refusal=OrderPaidAlready,
                ),
                Guard(
                    title=mark("没有在等另一位确认的柜台收款"),
                    holds=lambda order, _now: not order.is_held,
                    refusal=OrderHeld,
                ),
                Guard(title=mark("没有取消，也没有过缴费时间"), holds=_is_due, refusal=OrderNotOpen),
            ),
        ),
        Transition(
            code="order.paid_by_transfer",
            title=mark("银行转账到账"),
            sources=(OPEN,),
            target=PAID,
            by=CONFIRM,
        ),
        Transition(code="order.paid_online", title=mark("在线收款"), sources=(OPEN,), target=PAID, by=SYSTEM),
        Transition(
            code="order.cancelled",
            title=mark("放弃或过时"),
            sources=(OPEN,),
            target=CANCELLED,
            by=SYSTEM,
        ),
    ),
)


def check_payable(order: Order, now: datetime) -> None:
    """Raise OrderPaidAlready, OrderHeld or OrderNotOpen."""
    ORDERS.check("order.paid", order, now)


def check_receipt_no(receipt_no: str) -> None:
    """Raise ReceiptNumberMalformed unless it is 1 to 40 characters that can be seen, no blank around them."""
    is_seen = receipt_no.isprintable() and receipt_no == receipt_no.strip()
    is_seen = is_seen and not receipt_no.startswith(BANK_RECEIPT)
    if not 1 <= len(receipt_no) <= RECEIPT_NO_MOST or not is_seen:
        raise ReceiptNumberMalformed


def is_own(order: Order, person: Actor) -> bool:
    """Is it the order of this person or household?"""
    return order.payer_id == person.person_id or (
        order.household_id is not None and order.household_id == person.household_id
    )


def may_see(order: Order, person: Actor) -> bool:
    """An order is for its household and for the payee's treasurers."""
    return is_own(order, person) or person.may(CONFIRM, Ref("organization", order.payee_id))


def check_receipt(order: Order) -> None:
    """Raise OrderNotPaid."""
    if order.state != PAID:
        raise OrderNotPaid


def check_counter(order: Order, amount_fen: int, treasurer: Actor) -> None:
    """Raise OwnOrder or AmountDiffers: the counter takes the exact sum, from somebody else."""
    if is_own(order, treasurer):
        raise OwnOrder
    if amount_fen != order.total_fen:
        raise AmountDiffers(expected=money.format_yuan(order.total_fen))
