"""What payees did not use and sent back."""

from dataclasses import dataclass
from datetime import datetime

from core.database import fetch, fetch_row, fetch_value
from core.language import mark
from core.manifest import Todo


@dataclass(frozen=True)
class PaybackView:
    """Money that came back; `state` is prepared, returned or dropped."""

    id: int
    request_id: int
    amount_fen: int
    slip_no: str
    reason: str
    state: str
    prepared_by: int
    signed_by: int | None
    signed_at: datetime | None


_PAYBACK = """
select id, request as request_id, amount_fen, slip_no, reason, state, prepared_by, signed_by, signed_at
from fund_payback"""


async def paybacks_of(request_id: int) -> list[PaybackView]:
    """Those of a request that were not dropped, in order."""
    rows = await fetch(
        f"{_PAYBACK} where request = $1 and state <> 'dropped' order by id limit 50", request_id
    )
    return [PaybackView(**dict(row)) for row in rows]


async def last_payback(request_id: int) -> PaybackView | None:
    """The newest that was not dropped, its row locked."""
    row = await fetch_row(
        f"{_PAYBACK} where request = $1 and state <> 'dropped' order by id desc limit 1 for no key update",
        request_id,
    )
    return PaybackView(**dict(row)) if row else None


async def payment_of(request_id: int) -> int:
    """The transfer by which it is paid now."""
    return int(
        await fetch_value(
            "select t.id from ledger_transfer t where t.cause_kind = 'fund_request' and t.cause_id = $1"
            " and t.reason in ('core.fund_payment', 'core.fund_rest') and t.reverses is null"
            " and not exists (select from ledger_transfer r where r.reverses = t.id)",
            request_id,
        )
    )


async def todos(organization_ids: list[int], person_id: int) -> list[Todo]:
    """Paybacks to these foundations that wait for a second person."""
    rows = await fetch(
        "select request from fund_payback where state = 'prepared' and prepared_by <> $2"
        " and foundation = any($1) order by id limit 5",
        organization_ids,
        person_id,
    )
    return [
        Todo(title=mark("有一笔退回的用款等您确认"), path=f"/funds/requests/{row['request']}") for row in rows
    ]
