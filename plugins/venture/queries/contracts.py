"""Reads of contracts, their tranches and reports; the proof; what waits for somebody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.database import fetch, fetch_row
from core.manifest import Difference
from core.people.rules import REPRESENT, Actor
from core.reference import Ref
from plugins.venture import rules
from plugins.venture.errors import ContractNotFound, ReportNotFound


@dataclass(frozen=True)
class ContractView:
    """A contract between the funder of a call and an organization."""

    id: int
    application_id: int
    title: str
    summary: str
    call_id: int
    call: str
    funder_id: int
    funder: str
    organization_id: int
    organization: str
    region_id: int
    amount_fen: int
    plan: tuple[int, int, int]
    state: str
    funder_person: int | None
    grantee_person: int | None
    signed_at: datetime | None
    project: int | None

    @property
    def ref(self) -> Ref:
        """As others point at it."""
        return Ref(rules.CONTRACT, self.id)

    def is_managed_by(self, actor: Actor) -> bool:
        """Is the person an officer of the funder?"""
        return actor.may(rules.MANAGE, Ref("organization", self.funder_id))

    def is_paid_by(self, actor: Actor) -> bool:
        """May the person pay for the funder?"""
        return actor.may(rules.PAY, Ref("organization", self.funder_id))

    def is_of(self, actor: Actor) -> bool:
        """May the person act for the organization?"""
        return actor.may(REPRESENT, Ref("organization", self.organization_id))


_CONTRACTS = """
select k.id, a.id as application_id, a.title, a.need as summary, c.id as call_id, c.title as call,
    c.organization as funder_id, f.name as funder, k.organization as organization_id, o.name as organization,
    o.region as region_id, k.amount_fen, array[c.first_bp, c.second_bp, c.last_bp] as plan, k.state,
    k.funder_person, k.grantee_person, k.signed_at, k.project
from venture_contract k
join venture_application a on a.id = k.application
join venture_call c on c.id = a.call
join organization f on f.id = c.organization
join organization o on o.id = k.organization"""


def _contract(row: Any) -> ContractView:
    return ContractView(**{**dict(row), "plan": tuple(row["plan"])})


async def contract(contract_id: int, *, lock: bool = False) -> ContractView:
    """The contract, its row locked until COMMIT if asked; raises ContractNotFound."""
    row = await fetch_row(
        f"{_CONTRACTS} where k.id = $1" + (" for no key update of k" if lock else ""), contract_id
    )
    if row is None:
        raise ContractNotFound
    return _contract(row)


async def visible_contract(contract_id: int, actor: Actor, *, lock: bool = False) -> ContractView:
    """The contract for both of its sides; ContractNotFound for anybody else."""
    found = await contract(contract_id, lock=lock)
    if not (found.is_managed_by(actor) or found.is_paid_by(actor) or found.is_of(actor)):
        raise ContractNotFound
    return found


async def contracts_of(organization_ids: list[int], *, limit: int = 100) -> list[ContractView]:
    """Those of some organizations, newest first."""
    rows = await fetch(
        f"{_CONTRACTS} where k.organization = any($1) order by k.id desc limit $2", organization_ids, limit
    )
    return [_contract(row) for row in rows]


@dataclass(frozen=True)
class TrancheView:
    """A part of the sum, and how far it is."""

    id: int
    number: int
    amount_fen: int
    state: str
    asked_by: int | None
    asked_at: datetime | None
    paid_at: datetime | None
    slip: str


async def tranches(contract_id: int) -> list[TrancheView]:
    """By number; none before the contract is signed."""
    rows = await fetch(
        "select id, number, amount_fen, state, asked_by, asked_at, paid_at, slip"
        " from venture_tranche where contract = $1 order by number",
        contract_id,
    )
    return [TrancheView(**dict(row)) for row in rows]


@dataclass(frozen=True)
class Paid:
    """What an awarded organization has got so far."""

    application_id: int
    amount_fen: int
    paid_fen: int
    paid_tranches: int


async def paid_by_application(call_id: int) -> dict[int, Paid]:
    """Application id -> how far its contract is paid."""
    rows = await fetch(
        """
        select a.id as application_id, k.amount_fen,
            coalesce(sum(t.amount_fen) filter (where t.state = 'paid'), 0)::bigint as paid_fen,
            count(t.id) filter (where t.state = 'paid') as paid_tranches
        from venture_application a join venture_contract k on k.application = a.id
        left join venture_tranche t on t.contract = k.id
        where a.call = $1 group by a.id, k.id""",
        call_id,
    )
    return {row["application_id"]: Paid(**dict(row)) for row in rows}


@dataclass(frozen=True)
class ReportView:
    """What an organization reported at a node of its contract."""

    id: int
    contract_id: int
    kind: str
    state: str
    made_by: int
    made_at: datetime
    answer: str
    story: int
    text: str


_REPORTS = """
select r.id, r.contract as contract_id, r.kind, r.state, r.made_by, r.made_at, r.answer, r.story, s.text
from venture_report r join project_report s on s.id = r.story"""


async def reports(contract_id: int, *, limit: int = 100) -> list[ReportView]:
    """Newest first."""
    rows = await fetch(f"{_REPORTS} where r.contract = $1 order by r.id desc limit $2", contract_id, limit)
    return [ReportView(**dict(row)) for row in rows]


async def report(report_id: int, *, lock: bool = False) -> ReportView:
    """One; raises ReportNotFound."""
    row = await fetch_row(
        f"{_REPORTS} where r.id = $1" + (" for no key update of r" if lock else ""), report_id
    )
    if row is None:
        raise ReportNotFound
    return ReportView(**dict(row))


_DIFFERENCES = """
with booked as (
    select k.id, k.state, k.amount_fen, a.call,
        coalesce(sum(t.amount_fen) filter (where t.state = 'paid'), 0) as paid,
        coalesce(sum(t.amount_fen), 0) as planned,
        coalesce((select b.balance from ledger_balance b where b.kind = 'venture.held'
            and b.owner_kind = 'venture.contract' and b.owner_id = k.id), 0) as held
    from venture_contract k join venture_application a on a.id = k.application
    left join venture_tranche t on t.contract = k.id group by k.id, a.call)
select 'venture contract ' || id || ': held' as subject,
    (case state when 'offered' then 0 else amount_fen - paid end)::text as expected, held::text as found
from booked where held <> case state when 'offered' then 0 else amount_fen - paid end
union all
select 'venture contract ' || id || ': tranches', amount_fen::text, planned::text
from booked where state <> 'offered' and planned <> amount_fen
union all
select 'venture call ' || c.id || ': awards', c.budget_fen::text, sum(a.award_fen)::text
from venture_call c join venture_application a on a.call = c.id where a.state in ('proposed', 'awarded')
group by c.id having sum(a.award_fen) > c.budget_fen
order by 1 limit 100"""


async def differences() -> list[Difference]:
    """Contracts whose account or tranches say another sum, and calls that awarded more than they have."""
    return [Difference(**dict(row)) for row in await fetch(_DIFFERENCES)]
