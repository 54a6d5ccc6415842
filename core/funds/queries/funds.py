"""Funds as lists and pages show them, what they hold, and who has an interest in a request."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.funds import rules
from core.funds.errors import FundNotFound
from core.funds.rules import changes, leaving, states
from core.language import mark
from core.manifest import Conflict, Difference, Thing
from core.organizations import queries as organizations
from core.parameters import queries as parameters
from core.people import queries as people
from core.reference import Ref


@dataclass(frozen=True)
class FundView:
    """A fund; `state` is opening, open, closing or closed."""

    id: int
    organization_id: int
    organization: str
    region: str
    name: str
    summary: str
    state: str

    @property
    def foundation(self) -> Ref:
        """Where its treasurer and its compliance officer hold their roles."""
        return Ref(organizations.OWNER, self.organization_id)


@dataclass(frozen=True)
class FundLine:
    """A fund in a list; the balance includes what is set aside."""

    id: int
    name: str
    state: str
    organization_id: int
    balance_fen: int


@dataclass(frozen=True)
class Purpose:
    """A purpose, and how much of the fund's money is bound to it."""

    id: int
    title: str
    bound_fen: int


_FUND = """
select f.id, f.organization as organization_id, o.name as organization, r.name as region, f.name, f.summary,
    f.state
from fund f join organization o on o.id = f.organization join region r on r.id = f.region"""
# What a fund holds and what is set aside for its requests.
_HOLDS = """
    coalesce((select b.balance from ledger_balance b
        where b.owner_kind = 'fund' and b.owner_id = f.id and b.kind = 'core.fund'), 0)
    + coalesce((select sum(r.amount_fen) from fund_request r
        where r.fund = f.id and r.state in ('held', 'prepared')), 0)"""


async def fund(fund_id: int, *, lock: bool = False, stays: bool = False) -> FundView:
    """The fund, raises FundNotFound. Until COMMIT `lock` lets nobody else change it or rely on its state;
    `stays` lets everybody rely on it together, and whoever would end it wait.
    """
    how = " for no key update of f" if lock else " for share of f" if stays else ""
    row = await fetch_row(f"{_FUND} where f.id = $1{how}", fund_id)
    if row is None:
        raise FundNotFound
    return FundView(**dict(row))


async def funds_of(foundation_id: int, *, stay: bool = False) -> dict[int, FundView]:
    """All funds of a foundation, by id; `stay`: nobody ends one until COMMIT."""
    how = " order by f.id for share of f" if stay else ""
    rows = await fetch(f"{_FUND} where f.organization = $1{how}", foundation_id)
    return {row["id"]: FundView(**dict(row)) for row in rows}


async def listed(
    words: str, *, offset: int, limit: int, organization_id: int | None = None
) -> list[FundLine]:
    """Funds whose names contain `words`, by id; of one foundation if asked."""
    rows = await fetch(
        f"select f.id, f.name, f.state, f.organization as organization_id, ({_HOLDS})::bigint as balance_fen"
        " from fund f where strpos(f.name, $1) > 0 and ($2::bigint is null or f.organization = $2)"
        " order by f.id offset $3 limit $4",
        words,
        organization_id,
        offset,
        limit,
    )
    return [FundLine(**dict(row)) for row in rows]


async def holdings(fund_id: int) -> tuple[int, int]:
    """(what may still be set aside, what is set aside and not paid yet), in fen."""
    row = await fetch_row(
        "select coalesce((select b.balance from ledger_balance b where b.owner_kind = 'fund'"
        " and b.owner_id = $1 and b.kind = 'core.fund'), 0)::bigint as free,"
        " coalesce((select sum(aside - paid) from fund_flows(array[$1::bigint])), 0)::bigint as held",
        fund_id,
    )
    assert row is not None
    return row["free"], row["held"]


async def purposes(fund_id: int) -> list[Purpose]:
    """The fund's purposes, by id, each with what is bound to it and not used."""
    rows = await fetch(
        """
        select p.id, p.title, coalesce(f.bound_fen, 0)::bigint as bound_fen
        from fund_purpose p left join (
            select restriction, sum(came - went - aside) as bound_fen from fund_flows(array[$1::bigint])
            group by restriction) f on f.restriction = 'purpose:' || p.id
        where p.fund = $1 order by p.id limit $2""",
        fund_id,
        rules.PURPOSES_MOST,
    )
    return [Purpose(**dict(row)) for row in rows]


async def available(fund_id: int, purpose_id: int | None) -> int:
    """What may be set aside for the purpose: what is bound to it, and what is free."""
    return int(
        await fetch_value(
            "select coalesce(sum(came - went - aside), 0)::bigint from fund_flows(array[$1::bigint])"
            " where restriction = any($2)",
            fund_id,
            ["", rules.restriction(purpose_id)],
        )
    )


async def lock_accounts(account_ids: Sequence[int]) -> None:
    """Let whoever would move their lots wait until COMMIT, so that what is read of them stays true."""
    await fetch(
        "select from ledger_account where id = any($1) order by id for no key update", list(account_ids)
    )


async def under_way(fund_id: int) -> int:
    """How many requests are not at their end."""
    return int(
        await fetch_value(
            "select count(*) from fund_request where fund = $1 and state = any($2)",
            fund_id,
            list(states.UNDER_WAY),
        )
    )


async def seats(fund_id: int) -> list[people.GrantView]:
    """The seats of its committee that are held today, fifty at most."""
    found = await people.grants_in(Ref(rules.FUND, fund_id), before_id=None, limit=50)
    return [seat for seat in found if seat.holds_on(clock.today())]


async def is_voting(fund_id: int) -> bool:
    """Does its committee vote on a request, or on what is left at its end?"""
    return bool(
        await fetch_value(
            "select exists (select from fund_request where fund = $1 and state = $2)"
            " or exists (select from fund_leftover where fund = $1 and state = $3)",
            fund_id,
            states.VOTING,
            leaving.VOTING,
        )
    )


async def terms(foundation_id: int) -> dict[str, int]:
    """The numbers of the rules that hold at a foundation today."""
    scopes = await organizations.parameter_scopes(foundation_id)
    codes = [p.code for p in (*rules.PARAMETERS, *changes.PARAMETERS)]
    return await parameters.effective(codes, scopes, clock.today())


async def conflicts(request_id: int, person_ids: Sequence[int]) -> list[Conflict]:
    """Who of them holds a role at the organization that asks, or lives with somebody who does."""
    rows = await fetch(
        f"with {CLOSE} select person, how from close where person = any($3) order by person, how",
        request_id,
        clock.today(),
        list(person_ids),
    )
    return [_CONFLICTS[row["how"]](row["person"]) for row in rows]


# Who is close to the organization that asks in the request $1, on the day $2.
CLOSE = """
    works as (
        select distinct g.person from fund_request r
        join role_grant g on g.scope_kind = 'organization' and g.scope_id = r.organization
            and g.revoked_at is null and (g.ends_on is null or g.ends_on >= $2)
        where r.id = $1),
    close as (
        select person, 'role' as how from works
        union
        select a.person, 'family' from works join household_member b using (person)
        join household_member a on a.household = b.household and a.person <> b.person and a.left_on is null
        where b.left_on is null)"""


def _conflict(code: str, title: str) -> Callable[[int], Conflict]:
    return lambda person_id: Conflict(person_id=person_id, code=code, title=title)


_CONFLICTS = {
    "role": _conflict("core.fund_member", mark("在申请用款的组织任职")),
    "family": _conflict("core.fund_household", mark("家人在申请用款的组织任职")),
}


async def things(after_id: int, limit: int) -> list[Thing]:
    """Funds as search finds them."""
    rows = await fetch("select id, name from fund where id > $1 order by id limit $2", after_id, limit)
    return [Thing(id=row["id"], name=row["name"], path=f"/funds/{row['id']}") for row in rows]


# Subject -> what funds say of it (expected) and what the ledger says (found).
_DIFFERENCES = {
    "fund gift %s: its lot": """
        select g.id, case when g.state = 'counted' then g.amount_fen else 0 end as expected,
            coalesce(l.amount, 0) as found
        from fund_gift g left join (select lot.origin_id, sum(lot.amount) as amount from ledger_lot lot
            join ledger_transfer t on t.id = lot.transfer and t.reason = 'core.fund_gift'
            where lot.origin_kind = 'fund_gift' group by lot.origin_id) l on l.origin_id = g.id
        where coalesce(l.amount, 0) <> case when g.state = 'counted' then g.amount_fen else 0 end""",
    "fund gift %s: where it is": """
        select g.id, g.amount_fen as expected, coalesce(s.found, 0) as found
        from fund_gift g left join (select l.origin_id, sum(x.amount) as found
            from ledger_lot l join (
                select lot, amount from ledger_lot_part
                union all
                select m.lot, m.amount from ledger_lot_move m join ledger_transfer t on t.id = m.transfer
                    and t.reason in ('core.fund_payment', 'core.fund_rest', 'core.fund_refund',
                        'core.payment_refund', 'core.payment_dispute')
                where m.to_account is null
                    and not exists (select from ledger_transfer r where r.reverses = t.id)) x on x.lot = l.id
            where l.origin_kind = 'fund_gift' group by l.origin_id) s on s.origin_id = g.id
        where g.state = 'counted' and coalesce(s.found, 0) <> g.amount_fen""",
    "fund request %s: set aside": """
        select r.id, case when r.state in ('held', 'prepared') then r.amount_fen else 0 end as expected,
            coalesce(b.balance, 0) as found
        from fund_request r left join ledger_balance b
            on b.owner_kind = 'fund_request' and b.owner_id = r.id and b.kind = 'core.fund_held'
        where coalesce(b.balance, 0) <> case when r.state in ('held', 'prepared') then r.amount_fen
            else 0 end""",
    "fund request %s: paid": """
        select r.id, case when r.state in ('paid', 'reported') then r.amount_fen - r.returned_fen else 0
            end as expected,
            coalesce(t.paid, 0) as found
        from fund_request r left join (select t.cause_id, sum(e.amount) as paid from ledger_transfer t
            join ledger_entry e on e.transfer = t.id and e.amount > 0
            where t.reason in ('core.fund_payment', 'core.fund_rest')
                and not exists (select from ledger_transfer b where b.reverses = t.id)
            group by t.cause_id) t on t.cause_id = r.id
        where coalesce(t.paid, 0) <> case when r.state in ('paid', 'reported')
            then r.amount_fen - r.returned_fen else 0 end""",
    "fund refund %s: sent back": """
        select r.id, case when r.state = 'refunded' then r.amount_fen else 0 end as expected,
            coalesce(t.sent, 0) as found
        from fund_refund r left join (select t.cause_id, sum(e.amount) as sent from ledger_transfer t
            join ledger_entry e on e.transfer = t.id and e.amount > 0
            where t.reason = 'core.fund_refund' and t.cause_kind = 'fund_refund'
            group by t.cause_id) t on t.cause_id = r.id
        where coalesce(t.sent, 0) <> case when r.state = 'refunded' then r.amount_fen else 0 end""",
    "fund leftover %s: moved": """
        select l.id, coalesce(l.moved_fen, 0) as expected, coalesce(t.moved, 0) as found
        from fund_leftover l left join (select t.cause_id, sum(e.amount) as moved from ledger_transfer t
            join ledger_entry e on e.transfer = t.id and e.amount > 0
            where t.reason = 'core.fund_taken_over' and t.cause_kind = 'fund_leftover'
            group by t.cause_id) t on t.cause_id = l.id
        where coalesce(t.moved, 0) <> coalesce(l.moved_fen, 0)""",
    "fund change %s: bound anew": """
        select c.id, coalesce(c.moved_fen, 0) as expected, coalesce(m.moved, 0) as found
        from fund_change c left join (select t.cause_id, l.restriction, sum(l.amount) as moved
            from ledger_transfer t join ledger_lot l on l.transfer = t.id
            where t.reason = 'core.fund_taken_over' and t.cause_kind = 'fund_change'
            group by t.cause_id, l.restriction) m
            on m.cause_id = c.id and m.restriction = 'purpose:' || c.to_purpose
        where coalesce(m.moved, 0) <> coalesce(c.moved_fen, 0)""",
    "fund %s: its flows": """
        select coalesce(s.fund, f.fund) as id, s.sums::text as expected, f.sums::text as found
        from (select fund, (sum(came), sum(went), sum(aside), sum(paid), sum(gifts)::numeric) as sums
            from fund_move
            where id <= (select move from fund_flow_upto) group by fund) s
        full join (select fund, (sum(came), sum(went), sum(aside), sum(paid), sum(gifts)) as sums
            from fund_flow group by fund) f on f.fund = s.fund
        where s.sums is distinct from f.sums""",
    "fund request %s: from which purposes": """
        select coalesce(s.request, u.request) as id, s.aside as expected, u.aside as found
        from (select request, restriction, sum(aside) as aside from fund_move
            where id <= (select move from fund_flow_upto) and aside <> 0 group by request, restriction) s
        full join fund_flow_use u on u.request = s.request and u.restriction = s.restriction
        where s.aside is distinct from u.aside""",
    "fund request %s: its lines": """
        select r.id, r.amount_fen as expected, coalesce(sum(l.amount_fen), 0) as found
        from fund_request r left join fund_request_line l on l.request = r.id
        group by r.id having coalesce(sum(l.amount_fen), 0) <> r.amount_fen""",
}


async def differences() -> list[Difference]:
    """Gifts, holds and payments that are not in the ledger as they stand here."""
    return [
        Difference(subject=subject % row["id"], expected=str(row["expected"]), found=str(row["found"]))
        for subject, sql in _DIFFERENCES.items()
        for row in await fetch(f"{sql} order by 1 limit 100")
    ]
