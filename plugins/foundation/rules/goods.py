"""Goods beside money (慈善法 36): what is taken, how it is valued, and what leaves. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.funds.rules import AMOUNT_MOST
from core.funds.rules import states as fund_states
from core.language import mark
from core.manifest import Parameter
from core.reference import Ref
from core.workflow import State, Transition, Workflow
from plugins.foundation.errors import goods as errors

GOODS, MOVE = "foundation.goods", "foundation.goods_move"
FOOD, MEDICINE = "food", "medicine"
KINDS = {
    FOOD: mark("食品"),
    MEDICINE: mark("药品"),
    "clothes": mark("衣被"),
    "books": mark("图书文具"),
    "equipment": mark("设备用具"),
    "other": mark("其他物资"),
}
PERISHABLE = (FOOD, MEDICINE)
# By what non-cash gifts are valued, in the order in which the accounting rule asks for them.
UNVALUED = "none"
VALUED = {
    "invoice": mark("发票或其他凭据"),
    "customs": mark("报关单"),
    "appraisal": mark("评估"),
    "fair": mark("同类物资的市场价格"),
    UNVALUED: mark("不知道价值"),
}
HANDED, WRITTEN = "handed", "written"
MOVES = {HANDED: mark("发放"), WRITTEN: mark("核销")}
WAITING, COUNTED, DROPPED, REVERSED = "waiting", "counted", "dropped", "reversed"
QUANTITY_MOST = 1_000_000
ALONE, SOON_DAYS = "foundation.goods_alone_fen", "foundation.goods_soon_days"
PARAMETERS = (
    Parameter(
        code=ALONE,
        title=mark("多少价值以内的物资一个人登记就算 (样例)"),
        default=500_000,
        maximum=AMOUNT_MOST,
        unit=mark("分"),
    ),
    Parameter(
        code=SOON_DAYS,
        title=mark("物资到期前多少天提醒 (样例)"),
        default=30,
        maximum=365,
        unit=mark("天"),
        scopes=("platform",),
    ),
)


def _step(code: str, title: str, source: str, target: str, by: str) -> Transition:
    return Transition(code=f"foundation.goods_{code}", title=title, sources=(source,), target=target, by=by)


FLOW = Workflow(
    code=GOODS,
    title=mark("物资"),
    table="foundation_goods",
    states=(
        State(code=WAITING, title=mark("等第二人确认")),
        State(code=COUNTED, title=mark("已入库")),
        State(code=DROPPED, title=mark("作废")),
        State(code=REVERSED, title=mark("已冲正")),
    ),
    transitions=(
        _step("counted", mark("确认入库"), WAITING, COUNTED, fund_states.CONFIRM),
        _step("dropped", mark("登记有误，作废"), WAITING, DROPPED, fund_states.RECORD),
        _step("reversed", mark("冲正"), COUNTED, REVERSED, fund_states.CONFIRM),
    ),
)


def key_of(subject: Ref) -> str:
    """Under which a receipt or a move of goods is booked, once."""
    return f"{subject.kind}:{subject.id}"


@dataclass(frozen=True, kw_only=True)
class GoodsDraft:
    """What came. `slip_no`: the slip on which it was received, one of its kind at the foundation."""

    fund_id: int | None
    campaign_id: int | None
    donor_name: str
    is_anonymous: bool
    kind: str
    what: str
    quantity: int
    unit: str
    value_fen: int
    valued: str
    condition: str
    expires_on: date | None
    received_on: date
    slip_no: str


@dataclass(frozen=True, kw_only=True)
class MoveDraft:
    """What leaves: handed out to somebody for something, or written off for a reason."""

    kind: str
    quantity: int
    receiver_id: int | None
    receiver_name: str
    request_id: int | None
    why: str
    happened_on: date
    slip_no: str


def check_draft(draft: GoodsDraft, today: date) -> None:
    """Raise what goods can be refused for when they come."""
    if not draft.is_anonymous and not draft.donor_name:
        raise errors.GoodsDonorMissing
    if not 1 <= draft.quantity <= QUANTITY_MOST:
        raise errors.QuantityOutOfRange
    if not draft.condition:
        raise errors.ConditionMissing
    if draft.received_on > today:
        raise errors.GoodsDayInFuture
    _check_value(draft)
    _check_expiry(draft)


def _check_value(draft: GoodsDraft) -> None:
    if draft.valued == UNVALUED and draft.value_fen:
        raise errors.ValueUnfounded
    if draft.valued != UNVALUED and not 0 < draft.value_fen <= AMOUNT_MOST:
        raise errors.GoodsValueOutOfRange


def _check_expiry(draft: GoodsDraft) -> None:
    if draft.expires_on is None:
        if draft.kind in PERISHABLE:
            raise errors.ExpiryMissing
    elif draft.expires_on < draft.received_on:
        raise errors.AlreadyExpired


def needs_second(value_fen: int, alone_fen: int) -> bool:
    """Is it more than one person may record?"""
    return value_fen > alone_fen


def check_second(person_id: int, recorded_by: int) -> None:
    """Raise OwnGoods."""
    if person_id == recorded_by:
        raise errors.OwnGoods


def check_move(draft: MoveDraft, *, received_on: date, expires_on: date | None, today: date) -> None:
    """Raise what handing out or writing off can be refused for, whatever is left."""
    if not 1 <= draft.quantity <= QUANTITY_MOST:
        raise errors.QuantityOutOfRange
    if not draft.why:
        raise errors.PurposeMissing
    if draft.happened_on > today:
        raise errors.GoodsDayInFuture
    if draft.happened_on < received_on:
        raise errors.GoodsDayTooEarly
    if draft.kind == HANDED:
        if draft.receiver_id is None and not draft.receiver_name:
            raise errors.ReceiverMissing
        if expires_on is not None and draft.happened_on > expires_on:
            raise errors.GoodsExpired


def check_left(quantity: int, left: int, unit: str) -> None:
    """Raise TooFewLeft."""
    if quantity > left:
        raise errors.TooFewLeft(left=left, unit=unit)


def is_soon(expires_on: date | None, left: int, today: date, soon_days: int) -> bool:
    """Does something of it expire soon, or has it?"""
    return left > 0 and expires_on is not None and expires_on <= today + timedelta(days=soon_days)
