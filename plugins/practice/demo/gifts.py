"""Sample gifts to the first two foundations, paid at each provider, so that every page of money shows some.

The way of real life: order, the provider's page, its notification (twice), what was booked, refunds, a
dispute, payouts. Sums and donors are invented, as a sample.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.demo import PASSWORD
from core.files.rules import Upload
from core.funds import services as funds
from core.funds.rules import NICKNAME, Promise
from core.language import mark
from core.manifest import DemoAccount
from core.payments import queries
from core.payments import services as payments
from core.payments.rules.statements import JUDGED, MAPPING, guess_columns
from core.people import queries as people
from core.people.rules import Actor
from core.people.services import grant_role, register_household, register_person
from core.reference import Ref
from plugins.practice.errors import CashierSessionOver
from plugins.practice.rules import Told, arrivals_statement
from plugins.practice.services import act_at_cashier, act_on_phone, pay_out, withdraw
from workers.drain import run_due_jobs

TREASURER = DemoAccount(
    phone="13800003750", password=PASSWORD, name="丁样收", role=mark("基金会出纳：对账、退款、争议、银行到账")
)
SECOND = DemoAccount(
    phone="13800003751", password=PASSWORD, name="卢样核", role=mark("基金会另一位出纳：同意大额收退款")
)
ACCOUNTS = (TREASURER, SECOND)
STRIPE, WECHAT, CASH = "stripe", "wechatpay", "cash"
WHOLE, PART, DISPUTED = "whole", "part", "disputed"
_REASON = "样例：捐赠人填错了金额"
StandIns = Callable[[], AbstractContextManager[list[Told] | None]]


@dataclass(frozen=True)
class _Sample:
    """A gift at the `place`-th foundation to its `fund`-th fund, so many days ago; what became of it."""

    days: int
    way: str
    place: int
    fund: int
    fen: int
    then: str = ""


@dataclass(frozen=True)
class _ToBank:
    """What a foundation has at a provider goes to its bank; of WeChat's so much."""

    days: int
    way: str
    place: int
    fen: int = 0


# In the order of their days. The second payout of Stripe is the one that the bank has not seen.
_WORLD: tuple[_Sample | _ToBank, ...] = (
    _Sample(12, STRIPE, 0, 4, 30000),
    _Sample(12, WECHAT, 0, 5, 20000),
    _Sample(12, WECHAT, 1, 1, 16600),
    _Sample(12, CASH, 0, 6, 10000),
    _ToBank(11, STRIPE, 0),
    _Sample(11, WECHAT, 0, 7, 8800),
    _Sample(10, STRIPE, 0, 8, 12000),
    _ToBank(9, STRIPE, 0),
    _ToBank(9, WECHAT, 0, 20000),
    _ToBank(9, WECHAT, 1, 16000),
    _Sample(4, STRIPE, 0, 9, 9900, WHOLE),
    _Sample(4, STRIPE, 0, 10, 18800, PART),
    _Sample(4, STRIPE, 0, 11, 6600, DISPUTED),
    _Sample(4, WECHAT, 0, 12, 5200, WHOLE),
    _Sample(4, WECHAT, 1, 2, 13100, PART),
    _Sample(3, CASH, 0, 13, 5000, WHOLE),
    _Sample(3, CASH, 1, 3, 6000, PART),
    _Sample(1, STRIPE, 0, 14, 25000),
    _Sample(1, WECHAT, 1, 4, 9900),
)


async def build_gifts(report: Callable[[int, int], None], *, stand_ins: StandIns) -> None:
    """What is missing of them; nothing where no stand-in can be had."""
    places = [
        row["id"]
        for row in await fetch("select id from organization where kind = 'foundation' order by id limit 2")
    ]
    with stand_ins() as told:
        if told is None or len(places) < 2:
            return
        merchants = [one.id for one in await queries.merchants(organization_ids=places)]
        for merchant_id in merchants:
            await payments.check_merchant(merchant_id)
        for account in ACCOUNTS:
            await _build_account(account, places)
        world = _World(places, told, await _actor(TREASURER))
        for number, one in enumerate(_WORLD, 1):
            with _noon(one.days):
                await (world.give(number, one) if isinstance(one, _Sample) else world.to_bank(one))
            report(number, len(_WORLD) + 1)
        with _noon(2):
            await world.send_statement()
        for merchant_id in merchants:  # not all jobs that are due: those of other steps are the worker's
            await payments.reconcile(merchant_id)
        report(len(_WORLD) + 1, len(_WORLD) + 1)


@contextmanager
def _noon(days: int) -> Iterator[None]:
    """What is done inside happened at noon, so many days ago."""
    with clock.frozen(clock.begin_of(clock.today() - timedelta(days=days)) + timedelta(hours=12)):
        yield


async def _build_account(account: DemoAccount, places: list[int]) -> None:
    if await fetch_value("select exists (select from person where phone = $1)", account.phone):
        return
    region_id = await fetch_value("select region from organization where id = $1", places[0])
    person_id = await register_person(account.name, phone=account.phone, password=account.password)
    await register_household(region_id, person_ids=[person_id])
    for place in places:
        await grant_role(person_id, "core.treasurer", Ref("organization", place), actor_id=None)


async def _actor(account: DemoAccount) -> Actor:
    person_id = await fetch_value("select id from person where phone = $1", account.phone)
    found = await people.actor(person_id)
    assert found is not None, "an account of the demo is never deleted"
    return found


@dataclass(frozen=True)
class _World:
    """The foundations, what the stand-ins have told, and who takes care of the money."""

    places: list[int]
    told: list[Told]
    treasurer: Actor

    async def give(self, number: int, one: _Sample) -> None:
        """The gift, as far as it is not there yet."""
        order_id, code = await self._promised(number, one)
        if (await queries.order(order_id)).state == "open":
            await (self._take_cash(order_id, one) if one.way == CASH else self._pay(order_id, code, one.way))
        if one.then == DISPUTED:
            await self._dispute(order_id, code)
        elif one.then:
            await self._refund(order_id, one)

    async def _promised(self, number: int, one: _Sample) -> tuple[int, str]:
        fund_id = await fetch_value(
            "select id from fund where organization = $1 and state = 'open' order by id offset $2 limit 1",
            self.places[one.place],
            one.fund,
        )
        nickname = f"样例邻居 {number}"
        found = (
            'select g."order" as id, g.trace_code from fund_gift g join payment_order o on o.id = g."order"'
            " where g.nickname = $1 and g.organization = $2"
            " and (o.state = 'paid' or o.state = 'open' and o.expires_at > $3) order by g.id limit 1"
        )
        asked = (nickname, self.places[one.place], clock.now())
        row = await fetch_row(found, *asked)
        if row is None:
            promise = Promise(amount_fen=one.fen, display=NICKNAME, donor_name=nickname, nickname=nickname)
            await funds.begin_gift(fund_id, promise, actor=None, address=f"192.0.2.{number}")
            row = await fetch_row(found, *asked)
        assert row is not None, "it was promised just now"
        return row["id"], row["trace_code"]

    async def _pay(self, order_id: int, code: str, way: str) -> None:
        await funds.pay_gift(code, provider_id=way)
        await run_due_jobs()
        attempt = await queries.latest_attempt(order_id)
        assert attempt is not None
        assert attempt.url is not None, "its page was opened just now"
        with suppress(CashierSessionOver):  # paid before an interruption
            if way == STRIPE:
                await act_at_cashier(attempt.external_id or "", "paid")
            else:
                await act_on_phone(attempt.url.rpartition("/")[2], "paid")
        await self._deliver()
        await funds.ask_about_gift(code)  # the donor is back
        await run_due_jobs()

    async def _deliver(self) -> None:
        """Each notification comes twice, and is looked into."""
        while self.told:
            one = self.told.pop()
            provider_id, place = one.path.split("/")[-2:]
            for _ in range(2):
                await payments.receive_notification(
                    provider_id, int(place), body=one.body, headers=one.headers
                )
        await run_due_jobs()

    async def _take_cash(self, order_id: int, one: _Sample) -> None:
        await payments.take_at_counter(
            order_id, amount_fen=one.fen, receipt_no=f"YL-{order_id}", actor=self.treasurer
        )
        await run_due_jobs()

    async def _refund(self, order_id: int, one: _Sample) -> None:
        (source,) = await queries.sources(order_id)
        refund_id = await fetch_value('select id from payment_refund where "order" = $1', order_id)
        if refund_id is None:
            refund_id = await payments.ask_refund(
                order_id,
                amount_fen=one.fen if one.then == WHOLE else one.fen // 3,
                reason=_REASON,
                actor=self.treasurer,
                attempt_id=source.attempt_id,
            )
        if one.way == CASH:
            await payments.pay_refund_out(refund_id, receipt_no=f"YLT-{order_id}", actor=self.treasurer)
        await run_due_jobs()
        await self._deliver()

    async def _dispute(self, order_id: int, code: str) -> None:
        attempt = await queries.latest_attempt(order_id)
        assert attempt is not None
        with suppress(CashierSessionOver):  # disputed already
            await act_at_cashier(attempt.external_id or "", "disputed")
        await self._deliver()
        await payments.settle(attempt.id)
        await run_due_jobs()

    async def send_statement(self) -> None:
        """The first foundation's bank: a payout, one that only may be one, and something unknown."""
        today = clock.today()
        lines = [
            (today - timedelta(days=9), 28980, "STRIPE PAYMENTS", "PAYOUT"),
            (today - timedelta(days=5), 20000, "样例科技公司", "结算"),
            (today - timedelta(days=3), 888, "样例热心人", "祝好"),
        ]
        upload = Upload("样例银行流水.csv", arrivals_statement(lines).encode())
        statement_id = await payments.ask_for_statement(self.places[0], upload, actor=self.treasurer)
        one = await queries.statement(statement_id)
        if one.state == MAPPING:
            await payments.choose_columns(statement_id, guess_columns(one.head), actor=self.treasurer)
        await run_due_jobs()
        one = await queries.statement(statement_id)
        if one.state == JUDGED and one.credits:
            await payments.confirm_statement(statement_id, credits=one.credits, actor=self.treasurer)
        await run_due_jobs()

    async def to_bank(self, one: _ToBank) -> None:
        """Once: what was read of the provider's books tells."""
        place = self.places[one.place]
        is_there = await fetch_value(
            "select exists (select from payment_settlement_line l"
            " join payment_merchant m on m.id = l.merchant"
            " where m.organization = $1 and m.provider = $2 and l.kind = 'payout'"
            " and l.booked_at::date = $3::timestamptz::date)",
            place,
            one.way,
            clock.now(),
        )
        if is_there:
            return
        if one.way == STRIPE:
            await pay_out(place)
        else:
            await withdraw(place, one.fen)
        with clock.frozen(clock.now() + timedelta(days=1)):  # WeChat's bill of the day is there
            await payments.reconcile((await queries.merchant(place, one.way)).id)
