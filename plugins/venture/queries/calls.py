"""Reads of calls: the list, one call with its criteria, its money, its objections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.manifest import ParameterScope, Thing
from core.organizations import queries as organizations
from core.parameters import queries as parameters
from core.people.rules import Actor
from core.reference import PLATFORM, Ref
from plugins.venture import rules
from plugins.venture.errors import CallNotFound, ObjectionNotFound
from plugins.venture.rules import flows
from plugins.venture.rules.days import WorkCalendar
from plugins.venture.rules.scores import Criterion

# Some ten years: a year brings about 25.
_CHANGES_MOST = 250


@dataclass(frozen=True)
class CallView:
    """A call with the rules that it keeps."""

    id: int
    organization_id: int
    organization: str
    region_id: int
    title: str
    summary: str
    state: str
    budget_fen: int
    cap_fen: int
    first_bp: int
    second_bp: int
    last_bp: int
    award_line: int
    fewest_scores: int
    trim_from: int
    publicity_days: int
    closes_at: datetime
    published_at: datetime | None
    ranked_at: datetime | None
    publicity_until: date | None
    decided_at: datetime | None

    @property
    def plan(self) -> tuple[int, int, int]:
        """The instalments in basis points."""
        return self.first_bp, self.second_bp, self.last_bp

    @property
    def ref(self) -> Ref:
        """As others point at it."""
        return Ref(rules.CALL, self.id)

    @property
    def funder(self) -> Ref:
        """Where its officers hold their roles."""
        return Ref(organizations.OWNER, self.organization_id)

    @property
    def is_open(self) -> bool:
        """May organizations apply now? At the deadline itself it is too late."""
        return self.state == flows.PUBLISHED and clock.now() < self.closes_at

    @property
    def closes_on(self) -> date:
        """The last day on which they may."""
        return clock.local(self.closes_at - timedelta(microseconds=1)).date()

    @property
    def shown_state(self) -> str:
        """The state, also in the minutes before the timetable closes it."""
        is_late = self.state == flows.PUBLISHED and not self.is_open
        return flows.CLOSED if is_late else self.state


_CALLS = """
select c.id, c.organization as organization_id, o.name as organization, o.region as region_id, c.title,
    c.summary, c.state, c.budget_fen, c.cap_fen, c.first_bp, c.second_bp, c.last_bp, c.award_line,
    c.fewest_scores, c.trim_from, c.publicity_days, c.closes_at, c.published_at, c.ranked_at,
    c.publicity_until, c.decided_at
from venture_call c join organization o on o.id = c.organization"""


async def call(call_id: int, *, lock: bool = False) -> CallView:
    """The call, its row locked until COMMIT if asked; raises CallNotFound."""
    row = await fetch_row(f"{_CALLS} where c.id = $1" + (" for no key update of c" if lock else ""), call_id)
    if row is None:
        raise CallNotFound
    return CallView(**dict(row))


async def visible_call(call_id: int, actor: Actor | None) -> CallView:
    """The call for everybody once published; a draft for its officers only."""
    found = await call(call_id)
    if found.state == flows.DRAFT and not (actor and actor.may(rules.MANAGE, found.funder)):
        raise CallNotFound
    return found


async def managed_call(call_id: int, actor: Actor, *, lock: bool = False) -> CallView:
    """The call for its officers; CallNotFound for anybody else."""
    found = await call(call_id, lock=lock)
    if not actor.may(rules.MANAGE, found.funder):
        raise CallNotFound
    return found


async def calls(actor: Actor | None, *, words: str, offset: int, limit: int) -> list[CallView]:
    """Published calls, and the drafts of this person's organizations; open ones before those in
    publicity before all others, the newest first."""
    mine = [scope.id for scope in actor.scopes(rules.MANAGE)] if actor else []
    rows = await fetch(
        f"{_CALLS} where (c.state <> 'draft' or c.organization = any($1)) and strpos(c.title, $2) > 0"
        " order by case c.state when 'published' then 0 when 'publicity' then 1 else 2 end, c.id desc"
        " offset $3 limit $4",
        mine,
        words,
        offset,
        limit,
    )
    return [CallView(**dict(row)) for row in rows]


async def criteria(call_id: int) -> list[Criterion]:
    """By number."""
    rows = await fetch("select title, weight from venture_criterion where call = $1 order by number", call_id)
    return [Criterion(row["title"], row["weight"]) for row in rows]


@dataclass(frozen=True)
class Money:
    """Of a call: still in its account, held for contracts, paid out. `funded` is their sum."""

    free_fen: int
    held_fen: int
    paid_fen: int

    @property
    def funded_fen(self) -> int:
        """All that came in."""
        return self.free_fen + self.held_fen + self.paid_fen


async def money(call_id: int) -> Money:
    """What became of the call's money, as the ledger has it."""
    row = await fetch_row(
        """
        select coalesce((select b.balance from ledger_balance b where b.kind = 'venture.budget'
                and b.owner_kind = 'venture.call' and b.owner_id = $1), 0)::bigint as free_fen,
            coalesce(sum(h.balance), 0)::bigint as held_fen,
            coalesce(sum(k.amount_fen - h.balance) filter (where k.state <> 'offered'), 0)::bigint as paid_fen
        from venture_application a join venture_contract k on k.application = a.id
        left join ledger_balance h on h.kind = 'venture.held' and h.owner_kind = 'venture.contract'
            and h.owner_id = k.id
        where a.call = $1""",
        call_id,
    )
    assert row is not None
    return Money(**dict(row))


async def terms(organization_id: int, on: date) -> dict[str, int]:
    """The parameters as they hold for a funder."""
    codes = [parameter.code for parameter in rules.PARAMETERS]
    return await parameters.effective(codes, await organizations.parameter_scopes(organization_id), on)


async def work_calendar() -> WorkCalendar:
    """What is moved, as far as it is decided for the platform; where it was decided twice, the last word."""
    decided = await parameters.history(rules.WORKDAYS, [PLATFORM], limit=_CHANGES_MOST)
    changes = {
        one.effective_on: one.value
        for one in reversed(decided)
        if one.value is not None and not one.is_withdrawn
    }
    return WorkCalendar(tuple(changes.items()))


@dataclass(frozen=True)
class ExpertView:
    """A person on the panel, and how far the work is."""

    person_id: int
    name: str
    done: int
    recused: int


async def experts(call_id: int) -> list[ExpertView]:
    """In the order of appointment."""
    rows = await fetch(
        """
        select e.person as person_id, p.name, count(r.submitted_at) as done,
            count(r.id) filter (where r.stance <> 'clear') as recused
        from venture_expert e join person p on p.id = e.person
        left join (venture_review r join venture_application a on a.id = r.application)
            on r.person = e.person and a.call = e.call
        where e.call = $1 group by e.id, p.id order by e.id""",
        call_id,
    )
    return [ExpertView(**dict(row)) for row in rows]


async def is_expert(call_id: int, person_id: int) -> bool:
    """Is the person on the panel?"""
    return bool(
        await fetch_value(
            "select exists (select from venture_expert where call = $1 and person = $2)", call_id, person_id
        )
    )


@dataclass(frozen=True)
class ObjectionView:
    """An objection; its words are for who made it and for the officers."""

    id: int
    call_id: int
    application_id: int
    title: str
    person_id: int
    text: str
    state: str
    made_at: datetime
    answer: str


_OBJECTIONS = """
select b.id, a.call as call_id, a.id as application_id, a.title, b.person as person_id, b.text, b.state,
    b.made_at, b.answer
from venture_objection b join venture_application a on a.id = b.application"""


async def objections(call_id: int, *, person_id: int | None = None, limit: int = 200) -> list[ObjectionView]:
    """Of a call, or those that one person made; oldest first."""
    rows = await fetch(
        f"{_OBJECTIONS} where a.call = $1 and ($2::bigint is null or b.person = $2) order by b.id limit $3",
        call_id,
        person_id,
        limit,
    )
    return [ObjectionView(**dict(row)) for row in rows]


async def objection(objection_id: int) -> ObjectionView:
    """One; raises ObjectionNotFound."""
    row = await fetch_row(f"{_OBJECTIONS} where b.id = $1", objection_id)
    if row is None:
        raise ObjectionNotFound
    return ObjectionView(**dict(row))


async def objection_counts(call_id: int) -> tuple[int, int]:
    """(open, all) of a call: what everybody may know."""
    row = await fetch_row(
        "select count(*) filter (where b.state = 'open') as waiting, count(*) as total"
        " from venture_objection b join venture_application a on a.id = b.application where a.call = $1",
        call_id,
    )
    assert row is not None
    return row["waiting"], row["total"]


async def late_calls(now: datetime, *, limit: int) -> Sequence[int]:
    """Published calls whose deadline is over."""
    rows = await fetch(
        "select id from venture_call where state = 'published' and closes_at <= $1 order by id limit $2",
        now,
        limit,
    )
    return [row["id"] for row in rows]


async def organization_of(call_id: int) -> int | None:
    """Who runs the call; None when there is no such call."""
    found: int | None = await fetch_value("select organization from venture_call where id = $1", call_id)
    return found


async def parameter_scopes(organization_id: int) -> list[ParameterScope]:
    """The organization's calls."""
    rows = await fetch(
        "select id, title from venture_call where organization = $1 order by id desc limit 200",
        organization_id,
    )
    return [ParameterScope(scope=Ref(rules.CALL, row["id"]), title=row["title"]) for row in rows]


async def things(after_id: int, limit: int) -> list[Thing]:
    """Published calls as search finds them."""
    rows = await fetch(
        "select c.id, c.title, o.name from venture_call c join organization o on o.id = c.organization"
        " where c.id > $1 and c.state <> 'draft' order by c.id limit $2",
        after_id,
        limit,
    )
    return [
        Thing(id=row["id"], name=row["title"], path=f"/venture/calls/{row['id']}", detail=row["name"])
        for row in rows
    ]
