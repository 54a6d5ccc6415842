"""Lists of gifts from designated platforms: their columns, which rows are gifts, their states. Pure."""

import unicodedata
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from core import money
from core.errors import Invalid
from core.funds.rules import AMOUNT_MOST
from core.funds.rules import states as fund_states
from core.language import mark
from core.payments.errors.bank import SumUnreadable
from core.payments.rules.statements import parse_day, parse_sum
from core.people.masks import mask_name
from core.workflow import SYSTEM, State, Transition, Workflow
from plugins.foundation.errors.platforms import (
    BeforeCampaign,
    ColumnTwice,
    ColumnUnknown,
    FeeWrong,
    GiftSumWrong,
    ListColumnsMissing,
    ListEmpty,
    ListTooLong,
    OrderBooked,
    OrderNoMalformed,
    OrderNoMissing,
    OrderTwice,
    OwnList,
    OwnPayout,
    PayoutDayWrong,
    PayoutDiffers,
    RowsBad,
    UndoReasonMissing,
)

LIST = "foundation.platform_list"
ROWS_MOST, ORDER_NO_MOST, NAME_MOST, TITLE_MOST = 2_000, 64, 40, 100
JUDGED, WAITING, BOOKING = "judged", "waiting", "booking"
BOOKED, UNDONE, DROPPED = "booked", "undone", "dropped"

# Field -> what platforms call the column; the first is what we call it.
COLUMNS = {
    "order_no": (mark("订单号"), "捐赠订单号", "订单编号", "捐款单号", "交易单号", "交易流水号", "流水号"),
    "paid_on": (mark("捐赠时间"), "捐款时间", "支付时间", "交易时间", "捐赠日期", "时间", "日期"),
    "amount": (mark("捐赠金额"), "捐款金额", "支付金额", "交易金额", "订单金额", "金额"),
    "name": (mark("昵称"), "捐赠人昵称", "捐款人昵称", "捐赠人", "捐款人", "捐赠人姓名", "姓名", "用户昵称"),
    "fee": (mark("手续费"), "平台手续费", "支付手续费", "服务费", "平台服务费"),
}
FEE = mark("平台手续费：%(title)s")
NEEDED = ("order_no", "paid_on", "amount")
_SAMPLE_MOST, _CHOICES = 20, 60
_NAMELESS = frozenset(["", "匿名", "匿名用户", "匿名网友", "爱心网友", "爱心人士", "-", "--"])


def _step(code: str, title: str, sources: tuple[str, ...], target: str, by: str) -> Transition:
    return Transition(code=f"foundation.platform_{code}", title=title, sources=sources, target=target, by=by)


LISTS = Workflow(
    code=LIST,
    title=mark("平台捐赠清单"),
    table="foundation_platform_list",
    states=(
        State(code=JUDGED, title=mark("已核对，等登记到账")),
        State(code=WAITING, title=mark("到账已登记，等另一位确认")),
        State(code=BOOKING, title=mark("正在入账")),
        State(code=BOOKED, title=mark("已入账")),
        State(code=UNDONE, title=mark("已撤销")),
        State(code=DROPPED, title=mark("作废")),
    ),
    transitions=(
        _step("settled", mark("登记到账"), (JUDGED,), WAITING, fund_states.RECORD),
        _step("settled_alone", mark("登记到账"), (JUDGED,), BOOKING, fund_states.RECORD),
        _step("confirmed", mark("确认到账"), (WAITING,), BOOKING, fund_states.CONFIRM),
        _step("booked", mark("入账"), (BOOKING,), BOOKED, SYSTEM),
        _step("stopped", mark("情况有变，退回核对"), (BOOKING,), JUDGED, SYSTEM),
        _step("undone", mark("撤销入账"), (BOOKED,), UNDONE, fund_states.CONFIRM),
        _step("dropped", mark("作废"), (JUDGED, WAITING), DROPPED, fund_states.RECORD),
    ),
)


@dataclass(frozen=True)
class Row:
    """A row as it was written; `line` as a spreadsheet counts, the header being 1."""

    line: int
    order_no: str
    paid_on: str
    amount: str
    name: str
    fee: str


@dataclass(frozen=True)
class Judged:
    """A row as a gift, or why it is none."""

    line: int
    order_no: str
    name: str
    amount_fen: int = 0
    fee_fen: int = 0
    paid_on: date | None = None
    refusal: Invalid | None = None


@dataclass(frozen=True)
class Span:
    """When gifts of the campaign can have been given."""

    first: date
    last: date
    today: date


def columns_of(header: Sequence[str], chosen: Mapping[str, str]) -> dict[str, int]:
    """Field -> which column of the list says it; raises ListColumnsMissing.

    `chosen`: field -> the title of its column, as far as somebody has said so; it stands over what
    platforms usually call it.
    """
    exact = _exact(header)
    by_hand = {name: exact.index(title) for name, title in chosen.items() if title in exact}
    taken = set(by_hand.values())
    titles = ["" if at in taken else _title(title) for at, title in enumerate(header)]
    found = {
        name: by_hand.get(name, next((titles.index(one) for one in aliases if one in titles), None))
        for name, aliases in COLUMNS.items()
    }
    if missing := [COLUMNS[name][0] for name in NEEDED if found[name] is None]:
        raise ListColumnsMissing(columns="、".join(missing))
    return {name: at for name, at in found.items() if at is not None}


def _exact(header: Sequence[str]) -> list[str]:
    """By hand `金额 (元)` is chosen, and not `金额 (笔)` beside it."""
    return [title.strip() for title in header]


def check_chosen(header: Sequence[str], chosen: Mapping[str, str]) -> None:
    """Raise ColumnUnknown or ColumnTwice."""
    titles = set(_exact(header)) - {""}
    for title in chosen.values():
        if title not in titles:
            raise ColumnUnknown(title=title)
    if len(set(chosen.values())) < len(chosen):
        raise ColumnTwice


def still_there(header: Sequence[str], known: Mapping[str, str]) -> dict[str, str]:
    """Of what was chosen at an earlier list, that which this one has as well."""
    titles = _exact(header)
    return {name: title for name, title in known.items() if name in COLUMNS and title in titles}


def _title(written: str) -> str:
    """`捐赠金额（元）` -> `捐赠金额`."""
    plain = "".join(unicodedata.normalize("NFKC", written).split())
    return plain.partition("(")[0]


def titles_shown(first_rows: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """(title, title with what the first row says there) of the columns that can be chosen."""
    if not first_rows:
        return []
    header, *below = first_rows
    first = below[0] if below else ()
    titles = [title.strip()[:TITLE_MOST] for title in header[:_CHOICES]]
    samples = [_cell(first, at)[:_SAMPLE_MOST] for at in range(len(titles))]
    return [
        (title, f"{title} ({sample})" if sample else title)
        for title, sample in zip(titles, samples, strict=True)
        if title
    ]


def rows_below(header: Sequence[str], rows: Sequence[Sequence[str]], chosen: Mapping[str, str]) -> list[Row]:
    """The rows that say something; raises ListColumnsMissing, ListTooLong or ListEmpty."""
    places = columns_of(header, chosen)
    found = [
        Row(line, **{name: _cell(row, places.get(name)) for name in COLUMNS})
        for line, row in enumerate(rows, 2)
        if any(row)
    ]
    if len(found) > ROWS_MOST:
        raise ListTooLong(most=ROWS_MOST)
    if not found:
        raise ListEmpty
    return found


def _cell(row: Sequence[str], at: int | None) -> str:
    """Platforms put a tab or an apostrophe before long numbers, so that spreadsheets leave them whole."""
    return row[at].strip().strip("'`").strip() if at is not None and at < len(row) else ""


def judge(rows: Sequence[Row], span: Span, booked: Set[str]) -> list[Judged]:
    """Every row by itself, against those above it, and against orders that are booked."""
    seen: dict[str, int] = {}
    return [_judge(row, span, booked, seen) for row in rows]


def _judge(row: Row, span: Span, booked: Set[str], seen: dict[str, int]) -> Judged:
    name = row.name[:NAME_MOST]
    try:
        _check_order(row, booked, seen)
        amount_fen, fee_fen = _sums(row)
        paid_on = parse_day(row.paid_on, span.today)
        if not span.first <= paid_on <= min(span.last, span.today):
            raise BeforeCampaign
    except Invalid as refusal:
        return Judged(row.line, row.order_no[:ORDER_NO_MOST], name, refusal=refusal)
    return Judged(row.line, row.order_no, name, amount_fen, fee_fen, paid_on)


def _check_order(row: Row, booked: Set[str], seen: dict[str, int]) -> None:
    if not row.order_no:
        raise OrderNoMissing
    if len(row.order_no) > ORDER_NO_MOST or "E+" in row.order_no.upper():
        raise OrderNoMalformed
    above = seen.setdefault(row.order_no, row.line)
    if above != row.line:
        raise OrderTwice(line=above)
    if row.order_no in booked:
        raise OrderBooked


def _sums(row: Row) -> tuple[int, int]:
    """(given, fee); some platforms write what they keep as a negative sum."""
    try:
        amount_fen = parse_sum(row.amount)
    except SumUnreadable:
        raise GiftSumWrong(most=money.format_yuan(AMOUNT_MOST)) from None
    if not 0 < amount_fen <= AMOUNT_MOST:
        raise GiftSumWrong(most=money.format_yuan(AMOUNT_MOST))
    fee_fen = abs(parse_sum(row.fee))
    if fee_fen > amount_fen:
        raise FeeWrong
    return amount_fen, fee_fen


def shown_name(written: str) -> str:
    """The name as everybody may see it; "" where the donor wrote none."""
    return "" if written in _NAMELESS else mask_name(written)


@dataclass(frozen=True, kw_only=True)
class Payout:
    """What the platform has paid out for the list, as the bank shows it."""

    payout_fen: int
    payout_no: str
    paid_out_on: date


def check_payout(payout: Payout, sums: Mapping[str, int], bad: int, today: date) -> None:
    """Raise RowsBad, PayoutDiffers or PayoutDayWrong. `sums`: gross_fen and fee_fen of the list."""
    if bad:
        raise RowsBad(n=bad)
    expected = sums["gross_fen"] - sums["fee_fen"]
    if payout.payout_fen != expected:
        raise PayoutDiffers(
            expected=money.format_yuan(expected),
            gross=money.format_yuan(sums["gross_fen"]),
            fee=money.format_yuan(sums["fee_fen"]),
        )
    if payout.paid_out_on > today:
        raise PayoutDayWrong


def check_second(person_id: int, settled_by: int | None) -> None:
    """Raise OwnPayout."""
    if person_id == settled_by:
        raise OwnPayout


def check_undo(person_id: int, settled_by: int | None, reason: str) -> None:
    """Raise UndoReasonMissing or OwnList."""
    if not reason:
        raise UndoReasonMissing
    if person_id == settled_by:
        raise OwnList
