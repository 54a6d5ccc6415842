"""What households hold and why, what expires, what a scheme has given, and what stands against the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.database import fetch, fetch_row, fetch_value
from core.ledger import queries as ledger
from core.manifest import Difference
from core.reference import Ref
from plugins.greencoin import rules
from plugins.greencoin.queries.schemes import SchemeView

LINES_A_PAGE, LAPSE_MOST, BOARD_MOST = 20, 2000, 10


@dataclass(frozen=True)
class Holding:
    """What a household has: `usable` points, `held` ones in reservations, and a `debt`.

    `expires`: the next days on which some of it ends, with how much.
    """

    usable: int
    held: int
    debt: int
    expires: list[tuple[date, int]]


async def holding(scheme: SchemeView, household_id: int, today: date) -> Holding:
    """What the household has in the scheme today."""
    balances = await _balances(scheme, household_id)
    rows = await fetch(
        """
        select l.expires_on, sum(p.amount)::bigint as amount
        from ledger_account a join ledger_lot_part p on p.account = a.id join ledger_lot l on l.id = p.lot
        where a.owner_kind = 'household' and a.owner_id = $1 and a.kind = $2 and a.unit = $3
            and l.expires_on >= $4
        group by l.expires_on order by l.expires_on""",
        household_id,
        rules.POINTS,
        scheme.unit,
        today,
    )
    return Holding(
        usable=sum(row["amount"] for row in rows),
        held=balances["held"],
        debt=-balances["debt"],
        expires=[(row["expires_on"], row["amount"]) for row in rows[:3]],
    )


async def _balances(scheme: SchemeView, household_id: int) -> dict[str, int]:
    row = await fetch_row(
        """
        select coalesce((select balance from ledger_balance where owner_kind = 'household' and owner_id = $1
                and kind = $2 and unit = $3), 0)::bigint as debt,
            coalesce((select sum(d.cost) from greencoin_redemption d
                join greencoin_passbook k on k.id = d.passbook
                where k.household = $1 and d.state = 'reserved' and d.scheme = $4), 0)::bigint as held""",
        household_id,
        rules.DEBT,
        scheme.unit,
        scheme.id,
    )
    assert row is not None
    return dict(row)


async def debts(unit: str, household_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Household -> (debt account, what it owes), of those that owe something."""
    rows = await fetch(
        "select owner_id, id, -balance as debt from ledger_balance where owner_kind = 'household'"
        " and owner_id = any($1) and kind = $2 and unit = $3 and balance < 0",
        list(household_ids),
        rules.DEBT,
        unit,
    )
    return {row["owner_id"]: (row["id"], int(row["debt"])) for row in rows}


@dataclass(frozen=True)
class Why:
    """What a line of a passbook comes from: a claim with its rule, or a redemption with its item."""

    claim_id: int | None
    behaviour: str
    redemption_id: int | None
    item: str
    quantity: int | None


@dataclass(frozen=True)
class PassbookPage:
    """Lines of a passbook, newest first, each with its why."""

    lines: list[tuple[ledger.Line, Why | None]]
    lines_total: int
    pages: int


async def lines(scheme: SchemeView, household_id: int, page: int) -> PassbookPage:
    """A page of the household's points, from 1."""
    found = await ledger.statement(
        Ref("household", household_id),
        kind=rules.POINTS,
        unit=scheme.unit,
        page=page,
        size=LINES_A_PAGE,
    )
    if found is None:
        return PassbookPage([], 0, 1)
    why = await _why([line.transfer_id for line in found.lines])
    return PassbookPage(
        [(line, why.get(line.transfer_id)) for line in found.lines],
        found.lines_total,
        max(1, -(-found.lines_total // LINES_A_PAGE)),
    )


async def _why(transfer_ids: Sequence[int]) -> dict[int, Why]:
    rows = await fetch(
        """
        select t.id, c.id as claim_id, coalesce(r.behaviour, '') as behaviour, d.id as redemption_id,
            coalesce(i.name, '') as item, coalesce(c.quantity, d.quantity) as quantity
        from ledger_transfer t
        left join greencoin_claim c on c.evidence = t.evidence
            or t.cause_kind = 'greencoin.claim' and c.id = t.cause_id
        left join greencoin_rule r on r.id = c.rule
        left join greencoin_redemption d on t.cause_kind = 'greencoin.redemption' and d.id = t.cause_id
        left join greencoin_item i on i.id = d.item
        where t.id = any($1)""",
        list(transfer_ids),
    )
    return {
        row["id"]: Why(row["claim_id"], row["behaviour"], row["redemption_id"], row["item"], row["quantity"])
        for row in rows
        if row["claim_id"] or row["redemption_id"]
    }


@dataclass(frozen=True)
class Award:
    """What became of an award: its transfer, the points of it still `there`, those that have `lapsed`."""

    transfer_id: int
    there: int
    lapsed: int


async def award_of(claim: Ref, account_id: int) -> Award:
    """The award of a credited claim, and what of it is on the household's account."""
    transfer_id = await fetch_value(
        "select id from ledger_transfer where key = $1", f"greencoin:awarded:{claim.id}"
    )
    uses = await ledger.lot_uses(claim)
    return Award(
        transfer_id=transfer_id,
        there=sum(use.amount for use in uses if use.account_id == account_id),
        lapsed=sum(use.amount for use in uses if use.account_id is None and use.reason == rules.LAPSE),
    )


@dataclass(frozen=True)
class Lapsed:
    """Points of a household whose last day is over."""

    account: int
    unit: str
    scheme_id: int
    passbook_id: int
    amount: int


async def lapsed(today: date) -> list[Lapsed]:
    """What has to be taken off passbooks, by account."""
    rows = await fetch(
        """
        select a.id as account, a.unit, k.scheme as scheme_id, k.id as passbook_id,
            sum(p.amount)::bigint as amount
        from ledger_lot l join ledger_lot_part p on p.lot = l.id join ledger_account a on a.id = p.account
        join greencoin_passbook k on k.household = a.owner_id and a.unit = 'GREEN:' || k.scheme
        where a.kind = $1 and l.expires_on < $2
        group by a.id, k.id order by a.id limit $3""",
        rules.POINTS,
        today,
        LAPSE_MOST,
    )
    return [Lapsed(**dict(row)) for row in rows]


@dataclass(frozen=True)
class Ending:
    """Points that a person's household loses soon, and the first day on which it does."""

    person_id: int
    amount: int
    expires_on: date


async def ending(unit: str, after: date, until: date) -> list[Ending]:
    """Who is to be told of points whose last day lies in (`after`, `until`]."""
    rows = await fetch(
        """
        select m.person as person_id, x.amount, x.expires_on from (
            select a.owner_id, sum(p.amount)::bigint as amount, min(l.expires_on) as expires_on
            from ledger_account a join ledger_lot_part p on p.account = a.id
            join ledger_lot l on l.id = p.lot
            where a.kind = $1 and a.unit = $2 and l.expires_on > $3 and l.expires_on <= $4
            group by a.owner_id) x
        join household_member m on m.household = x.owner_id and m.left_on is null
        order by m.person""",
        rules.POINTS,
        unit,
        after,
        until,
    )
    return [Ending(**dict(row)) for row in rows]


@dataclass(frozen=True)
class Figures:
    """A scheme in numbers; points in hundredths. `stock_points`: what is on the shelf, at its cost."""

    households: int
    issued: int
    outstanding: int
    redeemed: int
    lapsed: int
    debt: int
    stock_points: int


async def figures(scheme: SchemeView) -> Figures:
    """What a scheme has given out, what is outstanding, and what stands on its shelf against it."""
    row = await fetch_row(
        """
        select (select count(*) from greencoin_passbook where scheme = $1) as households,
            coalesce(-sum(balance) filter (where kind = $3), 0)::bigint as issued,
            coalesce(sum(balance) filter (where kind in ($4, $5)), 0)::bigint as outstanding,
            coalesce(sum(balance) filter (where kind = $6), 0)::bigint as redeemed,
            coalesce(sum(balance) filter (where kind = $7), 0)::bigint as lapsed,
            coalesce(-sum(balance) filter (where kind = $8), 0)::bigint as debt,
            (select coalesce(sum(b.balance * i.cost), 0) from greencoin_item i
                join ledger_balance b on b.owner_kind = 'greencoin.item' and b.owner_id = i.id
                    and b.kind = $9
                where i.scheme = $1)::bigint as stock_points
        from ledger_balance where unit = $2""",
        scheme.id,
        scheme.unit,
        rules.ISSUED,
        rules.POINTS,
        rules.HELD,
        rules.REDEEMED,
        rules.LAPSED,
        rules.DEBT,
        rules.STOCK,
    )
    assert row is not None
    return Figures(**dict(row))


@dataclass(frozen=True)
class Praised:
    """A household on the board: it agreed to be there, and `person`'s name is masked before it is shown."""

    number: int
    person: str
    points: int


async def board(scheme_id: int, year: int) -> list[Praised]:
    """Who earned most in a year, of those that agreed to be named."""
    rows = await fetch(
        """
        select k.number, p.name as person, sum(c.points)::bigint as points
        from greencoin_passbook k join person p on p.id = k.shown_by
        join greencoin_claim c on c.passbook = k.id and c.state = 'credited'
            and c.happened_on between $2 and $3
        where k.scheme = $1 and k.is_shown
        group by k.id, p.id order by points desc, k.number limit $4""",
        scheme_id,
        date(year, 1, 1),
        date(year, 12, 31),
        BOARD_MOST,
    )
    return [Praised(**dict(row)) for row in rows]


_PIECES = {
    "greencoin item %s: pieces on the shelf": """
        select i.id, coalesce(s.n, 0) - coalesce(r.n, 0) as expected, coalesce(b.balance, 0) as found
        from greencoin_item i
        left join (select item, sum(change) as n from greencoin_stocking group by item) s on s.item = i.id
        left join (select item, sum(quantity) as n from greencoin_redemption
            where state in ('reserved', 'handed_over') group by item) r on r.item = i.id
        left join ledger_balance b on b.owner_kind = 'greencoin.item' and b.owner_id = i.id
            and b.kind = 'greencoin.stock'
        where coalesce(s.n, 0) - coalesce(r.n, 0) <> coalesce(b.balance, 0)""",
    "greencoin redemption %s: points and pieces held": """
        select d.id, case d.state when 'reserved' then d.cost || ' ' || d.quantity else '0 0' end as expected,
            coalesce(p.balance, 0) || ' ' || coalesce(g.balance, 0) as found
        from greencoin_redemption d
        left join ledger_balance p on p.owner_kind = 'greencoin.redemption' and p.owner_id = d.id
            and p.kind = 'greencoin.held'
        left join ledger_balance g on g.owner_kind = 'greencoin.redemption' and g.owner_id = d.id
            and g.kind = 'greencoin.set_aside'
        where case d.state when 'reserved' then d.cost || ' ' || d.quantity else '0 0' end
            <> coalesce(p.balance, 0) || ' ' || coalesce(g.balance, 0)""",
    "greencoin claim %s: points awarded": """
        select c.id, case when c.state in ('credited', 'reversed') then c.points else 0 end as expected,
            coalesce(-e.amount, 0) as found
        from greencoin_claim c
        left join ledger_transfer t on t.key = 'greencoin:awarded:' || c.id
        left join ledger_entry e on e.transfer = t.id and e.leg = 1
        where case when c.state in ('credited', 'reversed') then c.points else 0 end
            <> coalesce(-e.amount, 0)""",
    "greencoin claim %s: taken back": """
        select c.id, (c.state = 'reversed')::int as expected, count(t.id) as found
        from greencoin_claim c
        left join ledger_transfer t on t.reason = 'greencoin.correction'
            and t.cause_kind = 'greencoin.claim' and t.cause_id = c.id
        group by c.id having (c.state = 'reversed')::int <> count(t.id)""",
}


async def differences() -> list[Difference]:
    """Where the shop and the claims say something else than the ledger."""
    found: list[Difference] = []
    for subject, sql in _PIECES.items():
        found += [
            Difference(subject=subject % row["id"], expected=str(row["expected"]), found=str(row["found"]))
            for row in await fetch(f"{sql} order by 1 limit 100")
        ]
    return found
