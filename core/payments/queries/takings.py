"""Reads of what was taken at a counter and waits, or waited, for a second person."""

from collections.abc import Sequence

from core.database import fetch, fetch_row, fetch_value
from core.language import mark
from core.manifest import Conflict
from core.payments.errors import TakingNotFound
from core.payments.rules import Taking, takings
from core.people.rules import Actor

_TAKING = (
    'select id, "order" as order_id, payee as payee_id, channel, amount_fen, receipt_no, state, problem,'
    " asked_by, asked_at, ended_at from payment_taking"
)


async def taking(taking_id: int, *, lock: bool = False) -> Taking:
    """Its row locked until COMMIT if asked; raises TakingNotFound."""
    row = await fetch_row(f"{_TAKING} where id = $1" + (" for no key update" if lock else ""), taking_id)
    if row is None:
        raise TakingNotFound
    return Taking(**dict(row))


async def taking_for(taking_id: int, actor: Actor) -> Taking:
    """The taking for whoever may see it; TakingNotFound for others."""
    found = await taking(taking_id)
    if not takings.may_see_taking(found.payee_id, actor):
        raise TakingNotFound
    return found


async def may_see_evidence(taking_id: int, actor: Actor) -> bool:
    """Does `taking_for` show it?"""
    try:
        return bool(await taking_for(taking_id, actor))
    except TakingNotFound:
        return False


async def is_held(order_id: int) -> bool:
    """Does a second person have to say yet that the order's money is there?"""
    found = await latest_taking(order_id)
    return found is not None and found.state == takings.TAKING_ASKED


async def latest_taking(order_id: int) -> Taking | None:
    """The last one of the order that a second person was, or is, asked about."""
    row = await fetch_row(f'{_TAKING} where "order" = $1 order by id desc limit 1', order_id)
    return Taking(**dict(row)) if row else None


async def taking_approval(taking_id: int) -> int | None:
    """The approval that a second person was asked for."""
    found: int | None = await fetch_value(
        "select id from approval where subject_kind = $1 and subject_id = $2 order by id desc limit 1",
        takings.TAKINGS.code,
        taking_id,
    )
    return found


async def is_receipt_taken(payee_id: int, receipt_no: str, *, but_for: int = 0) -> bool:
    """Does a payment, or a taking that waits, carry the receipt number? `but_for`: not this taking."""
    return bool(
        await fetch_value(
            "select exists (select from payment where payee = $1 and receipt_no = $2"
            " union all select from payment_taking"
            " where payee = $1 and receipt_no = $2 and state = 'asked' and id <> $3)",
            payee_id,
            receipt_no,
            but_for,
        )
    )


_CONFLICT = mark("缴费单是自己或家人的")


async def taking_conflicts(taking_id: int, person_ids: Sequence[int]) -> list[Conflict]:
    """Who of them has paid it, alone or with the household."""
    rows = await fetch(
        """
        select p.id as person from unnest($2::bigint[]) as p (id)
        join payment_taking t on t.id = $1 join payment_order o on o.id = t."order"
        where o.payer = p.id or exists (select from household_member m
            where m.person = p.id and m.household = o.household and m.left_on is null)""",
        taking_id,
        list(person_ids),
    )
    return [Conflict(person_id=row["person"], code="core.taking_own", title=_CONFLICT) for row in rows]
