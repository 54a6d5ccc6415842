"""Pledges of the first foundation: whole, kept in part and late, of the demo's donor, and ended."""

from collections.abc import Callable
from datetime import timedelta

from core import clock
from core.database import fetch_value
from core.demo import PASSWORD
from core.funds import services as funds
from core.funds.rules import ANONYMOUS, NAME, NICKNAME
from core.language import mark
from core.manifest import DemoAccount
from core.people.services import register_household, register_person
from plugins.foundation import demo
from plugins.foundation.rules.pledges import HARDSHIP, Part, PledgeDraft
from plugins.foundation.services import pledges

Report = Callable[[int, int], None]
PLEDGER = DemoAccount(
    phone="13800003700", password=PASSWORD, name="许样诺", role=mark("认捐人：分期捐，有一期逾期了")
)
ACCOUNTS = (PLEDGER,)
_PROMISED = 100
# Name, shown as, days until each instalment after the promise, sum of each, how many have come.
_PLEDGES = (
    ("样里商会", NAME, (20, 50), 200000, 2),
    (PLEDGER.name, NICKNAME, (10, 60, 160), 60000, 1),
    (demo.DONOR.name, NAME, (70, 101, 131), 10000, 1),
    ("样里小店", ANONYMOUS, (30, 90, 150), 30000, 1),
)


async def build_pledges(report: Report) -> None:
    """Each only if it has not been made."""
    place = await fetch_value("select id from organization where name = '锦样基金会'")
    fund_id = await fetch_value("select min(id) from fund where organization = $1", place)
    await _register()
    for number, (name, display, days, amount_fen, come) in enumerate(_PLEDGES, 1):
        known = "select exists (select from foundation_pledge where fund = $1 and donor_name = $2)"
        if not await fetch_value(known, fund_id, name):
            pledge_id = await _promise(fund_id, name, display, days, amount_fen)
            for part in range(come):
                await _keep(pledge_id, fund_id, name, amount_fen, days[part], f"RJ-{number}-{part + 1}")
            if display == ANONYMOUS:
                await _end(pledge_id)
        report(number, len(_PLEDGES))


async def _register() -> None:
    if await fetch_value("select id from person where phone = $1", PLEDGER.phone) is None:
        region = await fetch_value("select region from organization where name = '锦样基金会'")
        person_id = await register_person(PLEDGER.name, phone=PLEDGER.phone, password=PLEDGER.password)
        await register_household(region, person_ids=[person_id])


async def _donor(name: str) -> int | None:
    found = [one for one in (PLEDGER, demo.DONOR) if one.name == name]
    return (await demo.actor_at(found[0])).person_id if found else None


async def _promise(fund_id: int, name: str, display: str, days: tuple[int, ...], amount_fen: int) -> int:
    with demo.days_ago(_PROMISED):
        today = clock.today()
        draft = PledgeDraft(
            purpose_id=None,
            donor_id=await _donor(name),
            donor_name=name,
            nickname="许家一口" if display == NICKNAME else "",
            display=display,
            is_binding=display != NAME,
            parts=tuple(Part(today + timedelta(days=n), amount_fen) for n in days),
        )
        return await pledges.record_pledge(fund_id, draft, actor=await demo.actor_at(demo.TREASURER))


async def _keep(pledge_id: int, fund_id: int, name: str, amount_fen: int, day: int, receipt_no: str) -> None:
    keeper = await demo.actor_at(demo.TREASURER)
    with demo.days_ago(_PROMISED - day):
        gift = demo.sample_gift(
            3, receipt_no, amount_fen=amount_fen, donor_name=name, donor_id=await _donor(name), display=NAME
        )
        await funds.record_gift(fund_id, gift, actor=keeper)
        await pledges.link_gift(pledge_id, receipt_no, actor=keeper)


async def _end(pledge_id: int) -> None:
    with demo.days_ago(5):
        head = await demo.actor_at(demo.HEAD)
        await pledges.withdraw_pledge(pledge_id, ground=HARDSHIP, reason="小店关了 (样例)", actor=head)
