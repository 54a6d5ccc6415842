"""Payments to related parties of a year, for everybody: kinds of relation, no names of persons."""

from decimal import Decimal

from litestar import Response, get

from core import clock
from core.documents.sheets import open_sheet
from core.funds.rules.warnings import warning_words
from core.language import mark, translate
from plugins.foundation.forms.years import Year
from plugins.foundation.queries import related as queries
from plugins.foundation.queries.calendar import foundation
from plugins.foundation.rules import years as rules
from web.access import PUBLIC
from web.forms import Answer
from web.parameters import RowId
from web.templates import page

_PATH = "/{organization_id:int}/years/{year:int}/related"


@get(_PATH, include_in_schema=False, access=PUBLIC)
async def show_related(organization_id: RowId, year: Year) -> Answer:
    """Who was paid though close to donors, committee or foundation, and what was a false alarm."""
    found, today = await foundation(organization_id), clock.today()
    rules.check_year(year, today)
    payments = await queries.related_payments(organization_id, year)
    return page(
        "foundation/related.html",
        foundation=found,
        year=year,
        is_present=year == today.year,
        payments=payments,
        total_fen=queries.sum_of(payments),
        titles=warning_words(found.kind),
    )


@get(f"{_PATH}.csv", include_in_schema=False, access=PUBLIC)
async def download_related(organization_id: RowId, year: Year) -> Answer:
    """The same as a table for spreadsheets."""
    found = await foundation(organization_id)
    rules.check_year(year, clock.today())
    words, sheet = warning_words(found.kind), open_sheet("csv")
    titles = (
        mark("付款日期"),
        mark("收款组织"),
        mark("用途"),
        mark("金额 (元)"),
        mark("关联"),
        mark("误报的说明"),
    )
    try:
        sheet.append([translate(title) for title in titles])
        for one in await queries.related_payments(organization_id, year):
            sheet.append(
                [
                    str(clock.local(one.paid_at).date()),
                    one.organization,
                    one.title,
                    Decimal(one.amount_fen) / 100,
                    "；".join(words[code] for code in one.codes),
                    "；".join(one.explained),
                ]
            )
        content = sheet.finish()
    finally:
        sheet.close()
    name = f'attachment; filename="related-{organization_id}-{year}.csv"'
    return Response(content, media_type=sheet.media_type, headers={"content-disposition": name})


HANDLERS = [show_related, download_related]
