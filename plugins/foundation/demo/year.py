"""A foundation's years: the last one closed, the present one measured by the table."""

from collections.abc import Callable
from datetime import date, timedelta

from core import clock
from core.database import fetch_value
from core.files.rules import Upload
from plugins.foundation import demo
from plugins.foundation.queries import entries as records
from plugins.foundation.queries import years as queries
from plugins.foundation.rules import years
from plugins.foundation.rules.disclosures import ANNUAL, TRANSACTION
from plugins.foundation.rules.ratios import FOUNDATION
from plugins.foundation.rules.years import EntryDraft, OpeningDraft
from plugins.foundation.services import entries, openings
from plugins.foundation.services.disclosures import disclose, record_duty
from plugins.foundation.services.years import close_year

Report = Callable[[int, int], None]
_LINK = "https://example.org/annual-report"
# Kind, what, fen, voucher: the last one is above the limit and waits for a second person.
_ENTRIES = (
    (years.INCOME, "存款利息 (样例)", 18600, "LX-1"),
    (years.PROGRAMME, "社区论坛 (样例)", 120000, "LT-1"),
    (years.MANAGEMENT, "秘书处工资 (样例)", 360000, "GZ-1"),
    (years.MANAGEMENT, "审计费 (样例)", 600000, "SJ-1"),
)


async def build_years(report: Report) -> None:
    """Last year is closed and public; this year's figures are reviewed, and four entries recorded."""
    foundation = await fetch_value("select id from organization where name = '锦样基金会'")
    year = clock.today().year
    await _open(foundation, year - 1, income_1_fen=2_000_000)
    head = await demo.actor_at(demo.HEAD)
    await close_year(foundation, year - 1, actor=head)
    await disclose(foundation, ANNUAL, str(year - 1), link=_LINK, note="样例", actor=head)
    await record_duty(foundation, TRANSACTION, "购买理财产品 (样例)", clock.today(), actor=head)
    report(1, 2)
    await _open(foundation, year, income_1_fen=3_000_000)
    day = max(clock.today() - timedelta(days=10), date(year, 1, 1))
    for kind, what, amount_fen, voucher_no in _ENTRIES:
        draft = EntryDraft(
            kind=kind, what=what, amount_fen=amount_fen, occurred_on=day, voucher_no=f"{voucher_no}-{year}"
        )
        if await records.entry_by_voucher(foundation, kind, draft.voucher_no) is None:
            upload = Upload("样例凭证.pdf", b"%PDF-1.4\n% sample " + voucher_no.encode())
            treasurer = await demo.actor_at(demo.TREASURER)
            await entries.record_entry(foundation, year, draft, upload, actor=treasurer)
    report(2, 2)


async def _open(foundation: int, year: int, *, income_1_fen: int) -> None:
    if await records.opening_of(foundation, year) or await queries.closing(foundation, year):
        return
    draft = OpeningDraft(
        kind=FOUNDATION,
        is_public=True,
        net_assets_fen=50_000_000,
        income_1_fen=income_1_fen,
        income_2_fen=None,
        income_3_fen=None,
        note="样例",
    )
    upload = Upload("样例审计报告.pdf", b"%PDF-1.4\n% sample report")
    opening_id = await openings.record_opening(
        foundation, year, draft, upload, actor=await demo.actor_at(demo.TREASURER)
    )
    await openings.review_opening(opening_id, actor=await demo.actor_at(demo.CHECKER))
