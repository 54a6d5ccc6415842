"""Requests for money: one, what the public sees of a fund's, what waits for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.funds import rules
from core.funds.errors import RequestNotFound
from core.funds.queries import agreements, changes, leftovers, paybacks, refunds
from core.funds.rules import Line, states
from core.language import mark
from core.manifest import ProjectLine, ProjectPart, Todo
from core.people import queries as people
from core.people.rules import Actor
from core.reference import Ref


@dataclass(frozen=True)
class RequestView:
    """A request for money with everything that is on record."""

    id: int
    fund_id: int
    fund: str
    foundation_id: int
    organization_id: int
    organization: str
    purpose_id: int | None
    purpose: str | None
    project_id: int | None
    title: str
    amount_fen: int
    state: str
    approval_id: int | None
    asked_by: int
    asked_at: datetime
    checked_by: int | None
    checked_at: datetime | None
    prepared_by: int | None
    payment_no: str | None
    paid_by: int | None
    paid_at: datetime | None
    voucher_due_on: date | None
    voucher_no: str
    result: str
    reported_at: datetime | None
    reason: str
    returned_fen: int

    @property
    def foundation(self) -> Ref:
        """Where those who check and pay hold their roles."""
        return Ref("organization", self.foundation_id)

    @property
    def asker(self) -> Ref:
        """The organization that asks."""
        return Ref("organization", self.organization_id)

    @property
    def used_fen(self) -> int:
        """What was paid, less what came back."""
        return self.amount_fen - self.returned_fen

    @property
    def is_late(self) -> bool:
        """Has the voucher's day passed?"""
        return rules.is_late(self.state, self.voucher_due_on, clock.today())


_REQUEST = """
select r.id, r.fund as fund_id, f.name as fund, r.foundation as foundation_id,
    r.organization as organization_id, o.name as organization, r.purpose as purpose_id, p.title as purpose,
    r.project as project_id, r.title, r.amount_fen, r.state, r.approval as approval_id,
    r.asked_by, r.asked_at, r.checked_by, r.checked_at, r.prepared_by,
    r.payment_no, r.paid_by, r.paid_at, r.voucher_due_on, r.voucher_no, r.result,
    r.reported_at, r.reason, r.returned_fen
from fund_request r join fund f on f.id = r.fund join organization o on o.id = r.organization
left join fund_purpose p on p.id = r.purpose"""


async def request(request_id: int, *, lock: bool = False) -> RequestView:
    """The request, its row locked until COMMIT if asked; raises RequestNotFound."""
    row = await fetch_row(
        f"{_REQUEST} where r.id = $1" + (" for no key update of r" if lock else ""), request_id
    )
    if row is None:
        raise RequestNotFound
    return RequestView(**dict(row))


async def request_for(request_id: int, actor: Actor | None) -> RequestView:
    """The request: for everybody once money is set aside, before that for those who take part."""
    found = await request(request_id)
    if found.state not in states.PUBLIC_STATES and not (actor and takes_part(found, actor)):
        raise RequestNotFound
    return found


def takes_part(found: RequestView, actor: Actor) -> bool:
    """Does the person ask, decide, check or pay here?"""
    return (
        actor.person_id == found.asked_by
        or actor.may(states.ASK, found.asker)
        or works_at_foundation(found, actor)
        or actor.may(states.VOTE, Ref(rules.FUND, found.fund_id))
    )


def works_at_foundation(found: RequestView, actor: Actor) -> bool:
    """Does the person run the foundation, keep its books, pay or check?"""
    at_foundation = (states.RUN, states.RECORD, states.CONFIRM, states.CHECK)
    return any(actor.may(permission, found.foundation) for permission in at_foundation)


def steps_open(found: RequestView, actor: Actor) -> set[str]:
    """What this person can do with the request now, for a page; the verbs ask again."""
    is_own, state = actor.person_id == found.asked_by, found.state

    def goes_on(needed: str, permission: str) -> bool:
        return state == needed and not is_own and actor.may(permission, found.foundation)

    seat = Ref(rules.FUND, found.fund_id)
    can = {
        "vote": state == states.VOTING and not is_own and actor.may(states.VOTE, seat),
        "withdraw": state == states.VOTING and is_own,
        "check": goes_on(states.APPROVED, states.CHECK),
        "prepare": goes_on(states.HELD, states.RECORD),
        "sign": goes_on(states.PREPARED, states.CONFIRM) and actor.person_id != found.prepared_by,
        "voucher": state == states.PAID and may_report(found, actor),
    }
    return {what for what, holds in can.items() if holds}


def may_report(found: RequestView, actor: Actor) -> bool:
    """Who was paid brings the voucher, or the foundation's treasurer enters it."""
    return actor.may(states.ASK, found.asker) or actor.may(states.RECORD, found.foundation)


async def lines(request_id: int) -> list[Line]:
    """The budget."""
    rows = await fetch(
        "select title, amount_fen from fund_request_line where request = $1 order by number", request_id
    )
    return [Line(**dict(row)) for row in rows]


async def uses_of_fund(fund_id: int, *, before_id: int | None, limit: int) -> list[RequestView]:
    """What everybody sees, newest first."""
    rows = await fetch(
        f"{_REQUEST} where r.fund = $1 and r.state = any($2) and ($3::bigint is null or r.id < $3)"
        " order by r.id desc limit $4",
        fund_id,
        list(states.PUBLIC_STATES),
        before_id,
        limit,
    )
    return [RequestView(**dict(row)) for row in rows]


async def requests_of(actor: Actor, *, before_id: int | None, limit: int) -> list[RequestView]:
    """All in which the person takes part, newest first."""
    at_foundation = (states.RUN, states.RECORD, states.CONFIRM, states.CHECK)
    rows = await fetch(
        f"{_REQUEST} where (r.organization = any($1) or r.foundation = any($2) or r.fund = any($3))"
        " and ($4::bigint is null or r.id < $4) order by r.id desc limit $5",
        [scope.id for scope in actor.scopes(states.ASK)],
        [scope.id for permission in at_foundation for scope in actor.scopes(permission)],
        [scope.id for scope in actor.scopes(states.VOTE)],
        before_id,
        limit,
    )
    return [RequestView(**dict(row)) for row in rows]


async def running_projects(organization_ids: Sequence[int]) -> dict[int, str]:
    """Project id -> title of what these organizations do now, newest first."""
    rows = await fetch(
        "select id, title from project where organization = any($1) and state = 'running'"
        " order by id desc limit 50",
        list(organization_ids),
    )
    return {row["id"]: row["title"] for row in rows}


async def is_running(project_id: int, organization_id: int) -> bool:
    """Is it something that the organization does now?"""
    return bool(
        await fetch(
            "select from project where id = $1 and organization = $2 and state = 'running'",
            project_id,
            organization_id,
        )
    )


async def project_part(project_id: int) -> list[ProjectPart]:
    """What funds have set aside or paid for a project."""
    rows = await fetch(
        f"{_REQUEST} where r.project = $1 and r.state = any($2) order by r.id desc limit 50",
        project_id,
        list(states.PUBLIC_STATES),
    )
    found = [RequestView(**dict(row)) for row in rows]
    lines_ = [
        ProjectLine(
            text=mark("%(fund)s：已付") if one.paid_at else mark("%(fund)s：钱已留出"),
            params={"fund": one.fund},
            amount_fen=one.used_fen,
            at=one.paid_at,
            path=f"/funds/requests/{one.id}",
        )
        for one in found
    ]
    return [ProjectPart(title=mark("基金的钱"), order=20, lines=lines_)] if lines_ else []


async def may_see_files(actor: Actor, request_id: int) -> bool:
    """Who takes part sees the voucher, and the donors whose money it was."""
    return takes_part(await request(request_id), actor) or bool(
        await fetch(f"{_DONORS} and g.donor = $2 limit 1", request_id, actor.person_id)
    )


_DONORS = """
select distinct g.donor
from ledger_account a join ledger_lot_move m on m.to_account = a.id
join ledger_lot l on l.id = m.lot and l.origin_kind = 'fund_gift'
join fund_gift g on g.id = l.origin_id
where a.owner_kind = 'fund_request' and a.owner_id = $1 and a.kind = 'core.fund_held'
    and g.donor is not null"""


async def donors(request_id: int) -> list[int]:
    """All donors with an account whose gifts were set aside for the request."""
    return [row["donor"] for row in await fetch(f"{_DONORS} order by g.donor", request_id)]


async def related_donors(found: RequestView) -> int:
    """How many donors whose gifts are bound to its purpose hold a role where it would be spent.

    A donor may not name related persons as beneficiaries; who checks the request is told.
    """
    return int(
        await fetch_value(
            """
            select count(distinct g.donor) from ledger_account a
            join ledger_lot_part p on p.account = a.id join ledger_lot l on l.id = p.lot
            join fund_gift g on g.id = l.origin_id and g.donor is not null
            join role_grant h on h.person = g.donor and h.scope_kind = 'organization' and h.scope_id = $2
                and h.revoked_at is null and (h.ends_on is null or h.ends_on >= $4)
            where a.owner_kind = 'fund' and a.owner_id = $1 and a.kind = 'core.fund'
                and l.origin_kind = 'fund_gift' and l.restriction = $3""",
            found.fund_id,
            found.organization_id,
            rules.restriction(found.purpose_id),
            clock.today(),
        )
        if found.purpose_id
        else 0
    )


async def members(fund_id: int) -> list[int]:
    """Who sits on the fund's committee today."""
    return await people.holders(states.VOTE, Ref(rules.FUND, fund_id))


async def todos(actor: Actor) -> list[Todo]:
    """What waits for the person: to be checked, prepared, signed, confirmed, or a voucher to be brought."""
    found = await _waiting(
        [
            (states.APPROVED, "foundation", actor.scopes(states.CHECK)),
            (states.HELD, "foundation", actor.scopes(states.RECORD)),
            (states.PREPARED, "foundation", actor.scopes(states.CONFIRM)),
            (states.PAID, "organization", actor.scopes(states.ASK)),
        ],
        actor.person_id,
    )
    return [
        Todo(
            title=_TODOS[row["state"]],
            params={"what": row["title"]},
            path=f"/funds/requests/{row['id']}",
            due_at=clock.end_of(row["voucher_due_on"]) if row["voucher_due_on"] else None,
        )
        for row in found
    ] + await _waiting_elsewhere(actor)


_TODOS = {
    states.APPROVED: mark("等您合规审核：%(what)s"),
    states.HELD: mark("等您付款制单：%(what)s"),
    states.PREPARED: mark("等您复核付款：%(what)s"),
    states.PAID: mark("请交用款凭证：%(what)s"),
}


async def _waiting(places: Sequence[tuple[str, str, Sequence[Ref]]], person_id: int) -> list[Any]:
    """Up to ten requests, each in a state in which somebody who holds a role there goes on with it."""
    conditions, scopes = [], []
    for number, (state, column, held_in) in enumerate(places, 2):
        conditions.append(f"(r.state = '{state}' and r.{column} = any(${number}))")
        scopes.append([scope.id for scope in held_in])
    return await fetch(
        "select r.id, r.title, r.state, r.voucher_due_on from fund_request r"
        f" where ({' or '.join(conditions)}) and (r.state = 'paid' or r.asked_by <> $1)"
        " and (r.state <> 'prepared' or r.prepared_by <> $1)"
        " order by r.voucher_due_on nulls last, r.id limit 10",
        person_id,
        *scopes,
    )


async def _waiting_elsewhere(actor: Actor) -> list[Todo]:
    """What else waits: for a second person, for a donor, for the head."""
    places = [scope.id for scope in actor.scopes(states.CONFIRM)]
    return [
        *await _waiting_gifts(places, actor.person_id),
        *await refunds.todos(places, actor.person_id),
        *await paybacks.todos(places, actor.person_id),
        *await leftovers.todos(places, actor.person_id),
        *await agreements.todos([scope.id for scope in actor.scopes(states.CHECK)], actor.person_id),
        *await changes.todos(actor.person_id, [scope.id for scope in actor.scopes(states.RUN)]),
    ]


async def _waiting_gifts(organization_ids: list[int], person_id: int) -> list[Todo]:
    rows = await fetch(
        "select id, fund from fund_gift where organization = any($1) and state = 'waiting'"
        " and recorded_by <> $2 order by id limit 5",
        organization_ids,
        person_id,
    )
    return [Todo(title=mark("有一笔大额捐赠等您确认"), path=f"/gifts/{row['id']}") for row in rows]


async def is_project_done(project_id: int | None) -> bool:
    """Was a running project opened for a request, and has every one that uses it brought its voucher?

    Its row is locked until COMMIT: two vouchers at a time are one after the other.
    """
    found = await fetch_row(
        "select id from project where id = $1 and state = 'running' and source_kind = $2 for no key update",
        project_id,
        rules.REQUEST,
    )
    return found is not None and not await fetch_value(
        "select exists (select from fund_request where project = $1 and state = any($2))",
        project_id,
        list(states.UNDER_WAY),
    )
