"""Papers of the first foundation: agreements with donors, receipts, and lists from a platform."""

from collections.abc import Callable
from datetime import timedelta

from core import clock
from core.database import fetch_value
from core.files.rules import Upload
from core.funds.services.receipts import issue_receipt
from plugins.foundation import demo
from plugins.foundation.queries.campaigns import purposes_of
from plugins.foundation.rules.agreements import GOODS, MONEY, AgreementDraft
from plugins.foundation.rules.platforms import Payout
from plugins.foundation.services import agreements, platforms
from workers.drain import run_due_jobs

Report = Callable[[int, int], None]
_CAMPAIGN = "平台上的助学 (样例)"
_RECEIPTS = 3
# Donor, kind, what, quantity, quality, value, and how far it goes.
_AGREEMENTS = (
    ("样里商会", MONEY, "助学款 (样例)", "", "", 5_000_000, True),
    ("样里小食品厂", GOODS, "杂粮礼盒 (样例)", "200 盒", "有出厂检验报告，保质期六个月", 1_200_000, False),
)
# Order number, days ago, sum, nickname, fee; a list each.
_LISTS = (
    (("P-0001", 12, "50.00", "小桔灯", "0.30"), ("P-0002", 11, "120.00", "匿名", "0.72")),
    (("P-0003", 3, "66.00", "早起的鸟", "0.40"), ("P-0004", 2, "10.00", "", "0.06")),
)


async def build_papers(report: Report) -> None:
    """Each only if it has not been made."""
    place = await fetch_value("select id from organization where name = '锦样基金会'")
    fund_id = await fetch_value("select min(id) from fund where organization = $1", place)
    for one in _AGREEMENTS:
        if not await fetch_value("select exists (select from foundation_agreement where what = $1)", one[2]):
            await _agree(fund_id, *one)
    report(1, 3)
    await _print_receipts()
    report(2, 3)
    await _import_lists()
    report(3, 3)


async def _agree(
    fund_id: int, name: str, kind: str, what: str, quantity: str, quality: str, value_fen: int, holds: bool
) -> None:
    with demo.days_ago(20):
        draft = AgreementDraft(
            donor_id=None,
            donor_name=name,
            kind=kind,
            what=what,
            quantity=quantity,
            quality=quality,
            value_fen=value_fen,
            uses="四点半课堂和助老餐，按季公开 (样例)",
            deliver_by=clock.today() + timedelta(days=120),
            beneficiary_id=None,
            is_unrelated=True,
        )
        made = await agreements.draft_agreement(fund_id, draft, actor=await demo.actor_at(demo.TREASURER))
    if holds:
        with demo.days_ago(18):
            upload = Upload("样例捐赠协议.pdf", b"%PDF-1.4\n% sample agreement")
            checker = await demo.actor_at(demo.CHECKER)
            await agreements.sign_agreement(made, signed_on=clock.today(), upload=upload, actor=checker)


async def _print_receipts() -> None:
    """Those of the demo's donor; a receipt that is there is given again."""
    donor = await demo.actor_at(demo.DONOR)
    for number in range(_RECEIPTS):
        gift_id = await fetch_value(
            "select id from fund_gift where donor = $1 and state = 'counted' order by id offset $2 limit 1",
            donor.person_id,
            number,
        )
        if gift_id is not None:
            await issue_receipt(gift_id, actor=donor)


async def _import_lists() -> None:
    """The first is booked, the second waits for the payout."""
    campaign_id = await fetch_value("select id from foundation_campaign where title = $1", _CAMPAIGN)
    target = (await purposes_of(campaign_id))[0].target
    keeper = await demo.actor_at(demo.TREASURER)
    for number, rows in enumerate(_LISTS, 1):
        name = f"样例平台清单{number}.csv"
        known = "select exists (select from foundation_platform_list where name = $1)"
        if await fetch_value(known, name):
            continue
        list_id = await platforms.upload_list(campaign_id, target, Upload(name, _sheet(rows)), actor=keeper)
        if number == 1:
            slip = Upload("样例回单.pdf", b"%PDF-1.4\n% sample payout")
            payout = Payout(payout_fen=16898, payout_no="PT-0001", paid_out_on=clock.today())
            await platforms.settle_list(list_id, payout, slip, actor=keeper)
            await run_due_jobs()


def _sheet(rows: tuple[tuple[str, int, str, str, str], ...]) -> bytes:
    """As a platform exports it."""
    lines = ["订单号,捐赠时间,捐赠金额,昵称,手续费"]
    for order_no, days, amount, name, fee in rows:
        day = clock.today() - timedelta(days=days)
        lines.append(f"{order_no},{day.isoformat()},{amount},{name},{fee}")
    return "\n".join(lines).encode()
