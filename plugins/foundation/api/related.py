"""Payments to related parties of a year, for programs."""

from datetime import datetime

import msgspec
from litestar import get

from core import clock
from plugins.foundation.forms.years import Year
from plugins.foundation.queries import related as queries
from plugins.foundation.queries.calendar import foundation
from plugins.foundation.rules import years as rules
from web.access import PUBLIC
from web.parameters import RowId


class RelatedPaymentOut(msgspec.Struct):
    """A payment to somebody close. `open_codes` empty: each warning was a false alarm, as `explained`."""

    request_id: int
    organization: str
    title: str
    amount_fen: int
    paid_at: datetime
    codes: list[str]
    open_codes: list[str]
    explained: list[str]


@get(
    "/foundations/{organization_id:int}/years/{year:int}/related",
    summary="付给关联方的款",
    access=PUBLIC,
)
async def list_related(organization_id: RowId, year: Year) -> list[RelatedPaymentOut]:
    """Of a year, in the order in which they were paid; false alarms stay in it."""
    await foundation(organization_id)
    rules.check_year(year, clock.today())
    return [
        RelatedPaymentOut(**{name: getattr(one, name) for name in RelatedPaymentOut.__struct_fields__})
        for one in await queries.related_payments(organization_id, year)
    ]


HANDLERS = [list_related]
