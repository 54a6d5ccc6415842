"""Who is paid, and to whom they are close: computed from what is on record, and kept once it was found."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core import clock
from core.database import fetch
from core.funds.queries.funds import CLOSE
from core.funds.queries.requests import RequestView
from core.funds.rules import warnings as rules
from core.funds.rules.warnings import PayeeWarning

_MOST = 50
_COUNTED = "g.organization = r.foundation and g.state = 'counted' and g.amount_fen > g.returned_fen"
_HOLDS = "h.revoked_at is null and (h.ends_on is null or h.ends_on >= $2)"
_FACTS = f"""
with {CLOSE}, r as (
    select q.fund, q.foundation, q.organization, o.name from fund_request q
    join organization o on o.id = q.organization where q.id = $1),
gave as (
    select g.donor as person, sum(g.amount_fen - g.returned_fen) as amount from r
    join fund_gift g on {_COUNTED} and g.donor in (select person from close) group by g.donor),
facts as (
    select 'donor_' || c.how as code, c.person, gave.amount from close c join gave using (person)
    union all
    select 'donor_name', p.id, sum(g.amount_fen - g.returned_fen) from r cross join works w
    join person p on p.id = w.person
    join fund_gift g on {_COUNTED} and g.donor is null and g.donor_name = p.name group by p.id
    union all
    select 'donor_self', null, sum(g.amount_fen - g.returned_fen) from r
    join fund_gift g on {_COUNTED} and g.donor is null and g.donor_name = r.name having count(*) > 0
    union
    select 'committee_' || c.how, c.person, 0 from close c cross join r
    join role_grant h on h.person = c.person and h.scope_kind = 'fund' and h.scope_id = r.fund
        and h.role = 'core.fund_committee' and {_HOLDS}
    union
    select 'staff_' || c.how, c.person, 0 from close c join r on r.foundation <> r.organization
    join role_grant h on h.person = c.person and h.scope_kind = 'organization' and h.scope_id = r.foundation
        and {_HOLDS}
    union
    select 'account', null, 0 from r
    join organization_payee a on a.organization = r.organization and a.state = 'confirmed'
    join organization_payee b on b.bank = a.bank and b.last4 = a.last4 and b.state = 'confirmed'
        and b.organization <> a.organization)
select f.code, f.person as person_id, coalesce(p.name, '') as name, f.amount::bigint as amount_fen
from facts f left join person p on p.id = f.person order by f.code, f.person limit {_MOST}"""
_KEPT = f"""
select w.code, w.person as person_id, coalesce(p.name, '') as name, w.amount_fen, w.found_at, w.explained
from fund_warning w left join person p on p.id = w.person where w.request = $1 order by w.id limit {_MOST}"""


async def found_now(request_id: int) -> list[PayeeWarning]:
    """What speaks for a relation at this moment."""
    rows = await fetch(_FACTS, request_id, clock.today())
    return [PayeeWarning(**dict(row), found_at=None) for row in rows]


async def warnings_about(request: RequestView) -> list[PayeeWarning]:
    """All that was ever found and, as long as the money is not out, what would be found now."""
    kept = [PayeeWarning(**dict(row)) for row in await fetch(_KEPT, request.id)]
    if request.state not in rules.GOES_ON:
        return kept
    known = {one.key for one in kept}
    return kept + [one for one in await found_now(request.id) if one.key not in known]


@dataclass(frozen=True)
class Aware:
    """Who went on although there were warnings."""

    step: str
    reason: str
    name: str
    said_at: datetime


async def said_about(request_id: int) -> list[Aware]:
    """Each step at which somebody went on, and why."""
    rows = await fetch(
        "select a.step, a.reason, p.name, a.said_at from fund_aware a join person p on p.id = a.person"
        " where a.request = $1 order by a.id limit 20",
        request_id,
    )
    return [Aware(**dict(row)) for row in rows]


@dataclass(frozen=True)
class Earlier:
    """What the foundation has paid the same organization in the year before."""

    count: int
    amount_fen: int


async def earlier_payments(request: RequestView) -> Earlier:
    """Of the 365 days until now, this request aside."""
    (row,) = await fetch(
        "select count(*)::int as count, coalesce(sum(amount_fen), 0)::bigint as amount_fen from fund_request"
        " where organization = $1 and foundation = $2 and id <> $3 and paid_at >= $4",
        request.organization_id,
        request.foundation_id,
        request.id,
        clock.now() - timedelta(days=365),
    )
    return Earlier(**dict(row))
