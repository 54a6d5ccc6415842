"""What holds however it came about, once everybody has been asked and the providers' books have come."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from core import clock
from core.database import fetch
from core.ledger.queries import differences
from core.payments import queries, services
from core.settings import load
from plugins.practice.rules import stand_in_key
from tests.core.payments.stand_in import Cashier, wechat_of
from workers.drain import run_due_jobs


@dataclass
class Closing:
    """What is to be checked when a test is over."""

    left_open: str = ""

    def leave_open(self, why: str) -> None:
        """The test ends with something that a person has to look at."""
        self.left_open = why


async def check_closing(stand_in: Cashier) -> None:
    """Books balanced, clearing equals the stand-in's lines, nobody paid twice."""
    await _ask_about_everything()
    assert await differences() == []
    assert await _ours() == await _theirs(stand_in)
    assert await fetch(_PAID_TWICE) == []


_PAID_TWICE = """
select subject_id from event where name = 'order_paid' group by subject_id having count(*) > 1
union all
select cause_id from ledger_transfer where cause_kind = 'order' and key like 'payment:%:captured:%'
group by cause_id, key having count(*) > 1
union all
select attempt from payment_fact group by attempt, kind, external_id having count(*) > 1"""


async def _ask_about_everything() -> None:
    """By the very timetable of the product, which is at noon of the next day."""
    await run_due_jobs()
    for row in await fetch("select id from payment_attempt where external_id is not null order by id"):
        await services.settle(row["id"])
    await run_due_jobs()
    tomorrow = clock.local(clock.now()) + timedelta(days=1)
    with clock.frozen(tomorrow.replace(hour=12)):
        for row in await fetch("select id from payment_merchant where is_active order by id"):
            await services.reconcile(row["id"])


async def _ours() -> dict[tuple[int, str], int]:
    """(payee, currency) -> what our clearing says that the providers hold."""
    payees = [
        row["organization"] for row in await fetch("select distinct organization from payment_merchant")
    ]
    found = await queries.clearings(payees)
    return {(one.organization_id, one.currency): one.ours for one in found if one.ours}


async def _theirs(stand_in: Cashier) -> dict[tuple[int, str], int]:
    """The same, as the stand-ins count it."""
    held: Counter[tuple[int, str]] = Counter()
    for row in await fetch("select organization, provider from payment_merchant"):
        payee = row["organization"]
        if row["provider"] == "wechatpay":
            held[payee, "cny"] += stand_in.wechat.books._held(wechat_of(payee)["mchid"])
            continue
        key = stand_in_key(payee, load().secret)
        for line in stand_in.books.statement.kept["lines"]:
            if line["account"] == key:
                held[payee, line["currency"]] += line["net"]
    return {place: fen for place, fen in held.items() if fen}
