"""What is recorded about a foundation's year beside its funds: entries, and the figures of its beginning."""

from dataclasses import dataclass
from datetime import date, datetime

from core.database import fetch, fetch_row, fetch_value
from core.funds.rules import states
from core.language import mark
from core.manifest import Difference, Todo
from core.people.rules import Actor
from core.reference import Ref
from plugins.foundation.errors.years import EntryNotFound
from plugins.foundation.rules import calendar as calendar_rules
from plugins.foundation.rules import years
from plugins.foundation.rules.ratios import Opening

_LISTED = 200


@dataclass(frozen=True)
class EntryView:
    """Income or cost beside the funds, as those who keep the books see it."""

    id: int
    organization_id: int
    kind: str
    what: str
    amount_fen: int
    occurred_on: date
    voucher_no: str
    state: str
    recorded_by: int
    counted_at: datetime | None
    reason: str


@dataclass(frozen=True)
class OpeningView:
    """Figures of a year's beginning."""

    id: int
    organization_id: int
    year: int
    kind: str
    is_public: bool
    net_assets_fen: int
    income_1_fen: int | None
    income_2_fen: int | None
    income_3_fen: int | None
    note: str
    state: str
    recorded_by: int
    reviewed_at: datetime | None

    @property
    def facts(self) -> Opening:
        """What the table of ratios asks."""
        incomes = (self.income_1_fen, self.income_2_fen, self.income_3_fen)
        return Opening(
            kind=self.kind, is_public=self.is_public, net_assets_fen=self.net_assets_fen, incomes=incomes
        )


_OPENING = """
select id, organization as organization_id, year, kind, is_public, net_assets_fen, income_1_fen, income_2_fen,
    income_3_fen, note, state, recorded_by, reviewed_at
from foundation_opening"""
_ENTRY = """
select id, organization as organization_id, kind, what, amount_fen, occurred_on, voucher_no, state,
    recorded_by, counted_at, reason
from foundation_entry"""


async def opening(opening_id: int, *, lock: bool = False) -> OpeningView:
    """Figures of a year's beginning; raises EntryNotFound."""
    row = await fetch_row(f"{_OPENING} where id = $1" + (" for no key update" if lock else ""), opening_id)
    if row is None:
        raise EntryNotFound
    return OpeningView(**dict(row))


async def opening_of(organization_id: int, year: int) -> OpeningView | None:
    """The reviewed figures of a year's beginning."""
    row = await fetch_row(
        f"{_OPENING} where organization = $1 and year = $2 and state = 'reviewed'", organization_id, year
    )
    return OpeningView(**dict(row)) if row else None


async def openings(organization_id: int, year: int) -> list[OpeningView]:
    """All that was recorded about a year's beginning, the latest first."""
    rows = await fetch(
        f"{_OPENING} where organization = $1 and year = $2 order by id desc limit 20", organization_id, year
    )
    return [OpeningView(**dict(row)) for row in rows]


async def entry(entry_id: int, *, lock: bool = False) -> EntryView:
    """An entry; raises EntryNotFound."""
    row = await fetch_row(f"{_ENTRY} where id = $1" + (" for no key update" if lock else ""), entry_id)
    if row is None:
        raise EntryNotFound
    return EntryView(**dict(row))


async def entries(organization_id: int, year: int) -> list[EntryView]:
    """A year's entries, the latest first."""
    rows = await fetch(
        f"{_ENTRY} where organization = $1 and occurred_on between $2 and $3"
        f" order by occurred_on desc, id desc limit {_LISTED}",
        organization_id,
        date(year, 1, 1),
        date(year, 12, 31),
    )
    return [EntryView(**dict(row)) for row in rows]


async def entry_by_voucher(organization_id: int, kind: str, voucher_no: str) -> EntryView | None:
    """The entry with this voucher."""
    row = await fetch_row(
        f"{_ENTRY} where organization = $1 and kind = $2 and voucher_no = $3",
        organization_id,
        kind,
        voucher_no,
    )
    return EntryView(**dict(row)) if row else None


async def transfer_of(entry_id: int) -> int:
    """The transfer by which an entry was counted."""
    return int(
        await fetch_value("select id from ledger_transfer where key = $1", f"{years.ENTRY}:{entry_id}")
    )


async def waiting(organization_id: int, year: int) -> int:
    """How many entries of the year wait for a second person."""
    return int(
        await fetch_value(
            "select count(*) from foundation_entry where organization = $1 and state = 'waiting'"
            " and occurred_on between $2 and $3",
            organization_id,
            date(year, 1, 1),
            date(year, 12, 31),
        )
    )


def keeps_books(actor: Actor | None, organization_id: int) -> bool:
    """Does the person see single entries and their vouchers?"""
    at = Ref("organization", organization_id)
    codes = (states.RECORD, states.CONFIRM, states.CHECK, calendar_rules.PUBLISH)
    return actor is not None and any(actor.may(code, at) for code in codes)


async def may_see_file(actor: Actor, kind: str, subject_id: int) -> bool | None:
    """Of a voucher or an audited report: whoever keeps the books. None for other things."""
    if kind not in (years.ENTRY, years.OPENING):
        return None
    try:
        found = await (entry if kind == years.ENTRY else opening)(subject_id)
    except EntryNotFound:
        return False
    return keeps_books(actor, found.organization_id)


async def todos(actor: Actor) -> list[Todo]:
    """Entries and figures that wait for the person as the second one."""
    rows = await fetch(
        """
        (select organization, extract(year from occurred_on)::int as year, what from foundation_entry
            where organization = any($1) and state = 'waiting' and recorded_by <> $3 order by id limit 5)
        union all
        (select organization, year, '' from foundation_opening
            where organization = any($2) and state = 'waiting' and recorded_by <> $3 order by id limit 5)""",
        [scope.id for scope in actor.scopes(states.CONFIRM)],
        [scope.id for scope in actor.scopes(states.CHECK)],
        actor.person_id,
    )
    return [
        Todo(
            title=_ENTRY_WAITS if row["what"] else _OPENING_WAITS,
            params={"what": row["what"], "year": row["year"]},
            path=f"/foundation/{row['organization']}/years/{row['year']}/books",
        )
        for row in rows
    ]


_ENTRY_WAITS = mark("等您确认入账：%(what)s")
_OPENING_WAITS = mark("等您复核 %(year)s 年的年初数")


async def differences() -> list[Difference]:
    """Entries that the ledger does not have as they stand here."""
    rows = await fetch(
        """
        select f.id, case f.state when 'counted' then f.amount_fen else 0 end as expected,
            coalesce(sum(n.amount * case when t.reverses is null then 1 else -1 end), 0)::bigint as found
        from foundation_entry f
        left join ledger_transfer t on t.cause_kind = 'foundation.entry' and t.cause_id = f.id
        left join ledger_entry n on n.transfer = t.id and n.amount > 0
        group by f.id
        having coalesce(sum(n.amount * case when t.reverses is null then 1 else -1 end), 0)
            <> case f.state when 'counted' then f.amount_fen else 0 end
        order by f.id limit 100"""
    )
    return [
        Difference(
            subject=f"foundation entry {row['id']}", expected=str(row["expected"]), found=str(row["found"])
        )
        for row in rows
    ]
