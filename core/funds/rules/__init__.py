"""What funds decide: names, gifts, budgets, who stands in the way of whom, days. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from core import money
from core.approvals.rules import Question, Rule
from core.funds.errors import (
    AskedTooMuch,
    ChecksMissing,
    DonorNameMissing,
    FundNotEmpty,
    FundNotOpenForGifts,
    FundNotOpenForRequests,
    GiftAmountWrong,
    GiftDayInFuture,
    LineMalformed,
    NameWithoutFoundation,
    NicknameMissing,
    NoKeeperOfFunds,
    OwnGift,
    OwnPayment,
    OwnRequest,
    ReasonMissing,
    RequestsUnderWay,
    TooManyLines,
    TooManyPromises,
)
from core.funds.errors.purposes import TooManyPurposes
from core.funds.rules import states
from core.funds.rules.fiscal import Wish, check_wish
from core.language import mark
from core.manifest import Parameter
from core.reference import Ref

FUND, GIFT, REQUEST = states.FUNDS.code, states.GIFTS.code, states.REQUESTS.code
VOUCHER_DAYS, VOTE_DAYS = "core.fund_voucher_days", "core.fund_vote_days"
QUORUM, ALONE = "core.fund_quorum_percent", "core.fund_gift_alone_fen"
PROMISES = "core.fund_promises_per_address"
PARAMETERS = (
    Parameter(
        code=VOUCHER_DAYS,
        title=mark("付款后几天内交凭证"),
        default=30,
        minimum=1,
        maximum=365,
        unit=mark("天"),
    ),
    Parameter(
        code=VOTE_DAYS, title=mark("管委会表决的天数"), default=7, minimum=1, maximum=90, unit=mark("天")
    ),
    Parameter(
        code=QUORUM,
        title=mark("管委会至少百分之几的成员投票才有效"),
        default=50,
        minimum=1,
        maximum=100,
    ),
    Parameter(code=ALONE, title=mark("一个人登记就入账的捐赠最多多少"), default=500000, minimum=0, unit="分"),
    Parameter(
        code=PROMISES,
        title=mark("同一网络地址一小时内最多几笔没有登录的捐赠"),
        default=30,
        minimum=1,
        maximum=1000,
    ),
)
# Two thirds are no whole percentage, and the field knows no other share.
SHARE = Fraction(2, 3)
NAME, NICKNAME, ANONYMOUS = "name", "nickname", "anonymous"
DISPLAYS = {NAME: mark("实名"), NICKNAME: mark("昵称"), ANONYMOUS: mark("匿名")}
CASH, BANK, ONLINE, MATCH = "cash", "bank", "online", "match"
METHODS = {CASH: mark("现金"), BANK: mark("银行转账")}
# `match`: out of an account of a sponsor, because of another gift.
ALL_METHODS = METHODS | {ONLINE: mark("在线付款"), MATCH: mark("配捐")}
# How long a promise waits for its payment, and in which time the promises of one address are counted.
PAY_WITHIN, PROMISES_WITHIN = timedelta(hours=2), timedelta(hours=1)
CHECKS = {
    "restriction": mark("用途符合捐赠人的限定"),
    "related": mark("受益方不是捐赠人指定的关联方"),
    "registered": mark("申请组织登记有效，没有失信记录"),
    "budget": mark("预算每一项都合理"),
}
# The kinds of organizations under which there can be funds.
KEEPERS = ("foundation", "committee")
LINES_MOST, AMOUNT_MOST, PURPOSES_MOST = 20, 10**11, 50


@dataclass(frozen=True, kw_only=True)
class GiftDraft:
    """A gift as it is recorded. `purpose_id` None: for whatever is needed."""

    amount_fen: int
    purpose_id: int | None
    donor_id: int | None
    donor_name: str
    nickname: str
    display: str
    method: str
    receipt_no: str
    received_on: date
    fiscal: Wish | None = None


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A gift that somebody wants to pay online. `purpose_id` None: for whatever is needed."""

    amount_fen: int
    purpose_id: int | None = None
    display: str = ANONYMOUS
    donor_name: str = ""
    nickname: str = ""
    fiscal: Wish | None = None


@dataclass(frozen=True)
class Line:
    """A line of a request's budget."""

    title: str
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A request for money, as it is put forward."""

    organization_id: int
    title: str
    purpose_id: int | None
    project_id: int | None = None
    lines: Sequence[Line]

    @property
    def amount_fen(self) -> int:
        """What the lines add up to."""
        return sum(line.amount_fen for line in self.lines)


def restriction(purpose_id: int | None) -> str:
    """What binds a lot of the ledger to a purpose; "" is free."""
    return f"purpose:{purpose_id}" if purpose_id else ""


def check_keeper(kind: str) -> None:
    """Raise NoKeeperOfFunds. Mutual help inside a community needs no charity (慈善法 122)."""
    if kind not in KEEPERS:
        raise NoKeeperOfFunds


def check_name(name: str, foundation: str) -> None:
    """Raise NameWithoutFoundation: a fund's name begins with its foundation's and goes on."""
    if not name.startswith(foundation) or name.strip() == foundation:
        raise NameWithoutFoundation(foundation=foundation)


def check_purposes(count: int) -> None:
    """Raise TooManyPurposes for one more than there may be."""
    if count >= PURPOSES_MOST:
        raise TooManyPurposes(most=PURPOSES_MOST)


def check_takes_gifts(state: str) -> None:
    """Raise FundNotOpenForGifts."""
    if state != states.OPEN:
        raise FundNotOpenForGifts


def check_takes_requests(state: str) -> None:
    """Raise FundNotOpenForRequests: what is closing may still use what it has."""
    if state not in (states.OPEN, states.CLOSING):
        raise FundNotOpenForRequests


def check_draft(draft: GiftDraft, today: date) -> None:
    """Raise GiftDayInFuture, DonorNameMissing or NicknameMissing."""
    if draft.received_on > today:
        raise GiftDayInFuture
    check_display(draft)


def check_display(draft: GiftDraft | Promise) -> None:
    """Raise DonorNameMissing, NicknameMissing, FiscalTitleMissing or TaxNumberWrong."""
    if draft.display != ANONYMOUS and not draft.donor_name:
        raise DonorNameMissing
    if draft.display == NICKNAME and not draft.nickname:
        raise NicknameMissing
    if draft.fiscal is not None:
        check_wish(draft.fiscal.title, draft.fiscal.tax_no)


def check_amount(amount_fen: int) -> None:
    """Raise GiftAmountWrong."""
    if not 0 < amount_fen <= AMOUNT_MOST:
        raise GiftAmountWrong


def check_promises(promised_at: Sequence[datetime], most: int, now: datetime) -> None:
    """Raise TooManyPromises, with the seconds until there is room again; `promised_at` of the last hour."""
    if len(promised_at) >= most:
        opens_at = sorted(promised_at)[-most] + PROMISES_WITHIN
        raise TooManyPromises(max(1, -(-(opens_at - now) // timedelta(seconds=1))))


def needs_second(amount_fen: int, alone_fen: int) -> bool:
    """Exactly the limit is still recorded by one person."""
    return amount_fen > alone_fen


def check_second(person_id: int, recorded_by: int | None) -> None:
    """Raise OwnGift."""
    if person_id == recorded_by:
        raise OwnGift


def typed_lines(text: str) -> list[Line]:
    """A budget as people type it, `what amount` a line; raises LineMalformed, TooManyLines."""
    typed = [line.strip() for line in text.splitlines() if line.strip()]
    if len(typed) > LINES_MOST:
        raise TooManyLines(most=LINES_MOST)
    return [_typed_line(number, line) for number, line in enumerate(typed, 1)]


def _typed_line(number: int, text: str) -> Line:
    title, _, amount = text.replace("\u3000", " ").replace("\t", " ").rpartition(" ")
    try:
        amount_fen = money.parse_yuan(amount)
    except ValueError:
        raise LineMalformed(number=number) from None
    if not 1 <= len(title.strip()) <= 60 or amount_fen <= 0:
        raise LineMalformed(number=number)
    return Line(title.strip(), amount_fen)


def check_lines(lines: Sequence[Line]) -> None:
    """Raise LineMalformed or TooManyLines for what came from a program."""
    if len(lines) > LINES_MOST:
        raise TooManyLines(most=LINES_MOST)
    for number, line in enumerate(lines, 1):
        if not 1 <= len(line.title) <= 60 or not 0 < line.amount_fen <= AMOUNT_MOST:
            raise LineMalformed(number=number)
    if not lines:
        raise LineMalformed(number=1)


def check_available(amount_fen: int, available_fen: int) -> None:
    """Raise AskedTooMuch; the ledger holds the same when the money is set aside."""
    if amount_fen > available_fen:
        raise AskedTooMuch(available=money.format_yuan(available_fen))


def check_checks(ticked: Sequence[str]) -> None:
    """Raise ChecksMissing unless every point was looked at."""
    if set(ticked) != set(CHECKS):
        raise ChecksMissing


def check_outsider(person_id: int, asked_by: int) -> None:
    """Raise OwnRequest."""
    if person_id == asked_by:
        raise OwnRequest


def check_payer(person_id: int, prepared_by: int | None) -> None:
    """Raise OwnPayment: who writes the order does not sign it."""
    if person_id == prepared_by:
        raise OwnPayment


def check_reason(reason: str) -> None:
    """Raise ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing


def check_end(balance_fen: int, under_way: int) -> None:
    """Raise RequestsUnderWay or FundNotEmpty."""
    if under_way:
        raise RequestsUnderWay(n=under_way)
    if balance_fen:
        raise FundNotEmpty(left=money.format_yuan(balance_fen))


def committee_question(
    request_id: int, ask: Ask, *, members: int, maker_id: int, quorum_percent: int, deadline: datetime
) -> Question:
    """What the committee is asked: a part of it must vote, and two thirds of those say yes."""
    return Question(
        subject=Ref(REQUEST, request_id),
        purpose=states.VOTE,
        maker_id=maker_id,
        title=mark("%(organization)s申请 %(sum)s 元：%(what)s"),
        params={
            "organization": ask.organization_id,
            "sum": money.format_yuan(ask.amount_fen),
            "what": ask.title,
        },
        path=f"/funds/requests/{request_id}",
        rule=Rule(needed=1, quorum=max(1, -(-members * quorum_percent // 100)), share=SHARE),
        deadline=deadline,
    )


def voucher_day(paid_on: date, days: int) -> date:
    """The last day on which the voucher is in time."""
    return paid_on + timedelta(days=days)


def is_late(state: str, due_on: date | None, today: date) -> bool:
    """Paid, and the voucher should have come yesterday or before."""
    return state == states.PAID and due_on is not None and today > due_on
