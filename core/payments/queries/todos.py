"""What waits for a payer, and for a treasurer."""

from collections.abc import Sequence
from datetime import datetime

from core import money
from core.database import fetch
from core.language import mark
from core.manifest import Todo
from core.payments.queries.bank import waiting_bank_lines
from core.payments.queries.payouts import payouts
from core.payments.queries.settlements import waiting_lines
from core.payments.rules import CONFIRM
from core.people.rules import Actor

_PAYOUTS_MOST = 50
# Nobody has taken its money at the counter yet.
_FREE = """not exists (select from payment_taking k where k."order" = o.id and k.state = 'asked')"""


async def todos(actor: Actor, now: datetime) -> list[Todo]:
    """Orders that the person has to pay; what waits at each counter of a treasurer."""
    owed = await fetch(
        "select id, total_fen, expires_at, page from payment_order o"
        f" where payer = $1 and state = 'open' and expires_at > $2 and {_FREE}"
        " order by expires_at, id limit 10",
        actor.person_id,
        now,
    )
    waiting = await fetch(
        f"""
        select org.name, o.orders, o.first from organization org cross join lateral (
            select count(*) as orders, min(expires_at) as first
            from (select expires_at from payment_order o where payee = org.id and state = 'open'
                and expires_at > $2 and {_FREE} order by id limit 1000) o) o
        where org.id = any($1) and o.orders > 0 order by org.name limit 10""",
        [scope.id for scope in actor.scopes(CONFIRM)],
        now,
    )
    scopes = [scope.id for scope in actor.scopes(CONFIRM)]
    return [
        *await _returned(scopes),
        *await _at_bank(scopes, now),
        *(
            Todo(
                title=mark("缴费单 %(order)s 待缴 %(sum)s 元"),
                params={"order": row["id"], "sum": money.format_yuan(row["total_fen"])},
                path=row["page"] or f"/orders/{row['id']}",
                due_at=row["expires_at"],
            )
            for row in owed
        ),
        *(
            Todo(
                title=mark("%(payee)s 柜台待收"),
                params={"payee": row["name"]},
                path="/counter",
                due_at=row["first"],
                count=row["orders"],
            )
            for row in waiting
        ),
    ]


async def _returned(payee_ids: Sequence[int]) -> list[Todo]:
    """Cash to be paid out, refunds that failed; disputes, each with its day; lines that do not agree."""
    refunds = await fetch(
        """
        select org.name, count(*) as refunds from payment_refund r
        join organization org on org.id = r.payee
        where r.payee = any($1) and (r.state = 'sending' and r.attempt is null
            or r.state = 'failed' and not exists (
                select from payment_refund later where later."order" = r."order" and later.id > r.id
                    and later.attempt is not distinct from r.attempt))
        group by org.name order by org.name limit 10""",
        list(payee_ids),
    )
    disputes = await fetch(
        """
        select a."order" as order_id, d.amount_fen, d.due_at from payment_dispute d
        join payment_attempt a on a.id = d.attempt join payment_merchant m on m.id = a.merchant
        where m.organization = any($1) and d.state = 'open' order by d.due_at limit 10""",
        list(payee_ids),
    )
    lines = await waiting_lines(payee_ids)
    return [
        *(
            Todo(
                title=mark("%(payee)s 对账待核对"),
                params={"payee": name},
                path="/counter/settlements",
                count=n,
            )
            for name, n in lines.items()
        ),
        *(
            Todo(
                title=mark("缴费单 %(order)s 的付款有争议，%(sum)s 元"),
                params={"order": row["order_id"], "sum": money.format_yuan(row["amount_fen"])},
                path="/counter/disputes",
                due_at=row["due_at"],
            )
            for row in disputes
        ),
        *(
            Todo(
                title=mark("%(payee)s 退款待办"),
                params={"payee": row["name"]},
                path="/counter/refunds",
                count=row["refunds"],
            )
            for row in refunds
        ),
    ]


async def _at_bank(payee_ids: Sequence[int], now: datetime) -> list[Todo]:
    """What came by bank transfer and paid nothing by itself, and payouts that did not come."""
    overdue: dict[str, list[datetime]] = {}
    for one in await payouts(payee_ids, limit=_PAYOUTS_MOST):
        if one.is_overdue(now):
            overdue.setdefault(one.payee, []).append(one.due_at)
    return [
        *(
            Todo(
                title=mark("%(payee)s 的提现逾期没有到银行"),
                params={"payee": payee},
                path="/counter/settlements",
                due_at=min(since),
                count=len(since),
            )
            for payee, since in overdue.items()
        ),
        *(
            Todo(
                title=mark("%(payee)s 银行到账待处理"), params={"payee": name}, path="/counter/bank", count=n
            )
            for name, n in (await waiting_bank_lines(payee_ids)).items()
        ),
    ]
