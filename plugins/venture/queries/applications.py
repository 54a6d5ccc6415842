"""Reads of applications and their scores."""

from dataclasses import dataclass
from datetime import datetime

from core.database import fetch, fetch_row, fetch_value
from core.people.rules import REPRESENT, Actor
from core.reference import Ref
from plugins.venture import rules
from plugins.venture.errors import ApplicationNotFound
from plugins.venture.rules import flows
from plugins.venture.rules.money import BudgetLine
from plugins.venture.rules.scores import Candidate, Sheet


@dataclass(frozen=True)
class ApplicationView:
    """An application with its call's funder. Rank, score and award stand after the ranking."""

    id: int
    call_id: int
    call: str
    funder_id: int
    organization_id: int
    organization: str
    state: str
    title: str
    need: str
    plan: str
    beneficiaries: int
    asked_fen: int
    made_by: int
    submitted_at: datetime | None
    rank: int | None
    score: int | None
    award_fen: int
    contract_id: int | None
    project: int | None

    @property
    def ref(self) -> Ref:
        """As others point at it."""
        return Ref(rules.APPLICATION, self.id)

    def is_of(self, actor: Actor) -> bool:
        """May the person act for the applicant?"""
        return actor.may(REPRESENT, Ref("organization", self.organization_id))

    def is_managed_by(self, actor: Actor) -> bool:
        """Is the person an officer of the funder?"""
        return actor.may(rules.MANAGE, Ref("organization", self.funder_id))


_APPLICATIONS = """
select a.id, a.call as call_id, c.title as call, c.organization as funder_id,
    a.organization as organization_id, o.name as organization, a.state, a.title, a.need, a.plan,
    a.beneficiaries, a.asked_fen, a.made_by, a.submitted_at, a.rank, a.score, a.award_fen,
    k.id as contract_id, k.project
from venture_application a
join venture_call c on c.id = a.call
join organization o on o.id = a.organization
left join venture_contract k on k.application = a.id"""


async def application(application_id: int, *, lock: bool = False) -> ApplicationView:
    """The application, its row locked until COMMIT if asked; raises ApplicationNotFound."""
    row = await fetch_row(
        f"{_APPLICATIONS} where a.id = $1" + (" for no key update of a" if lock else ""), application_id
    )
    if row is None:
        raise ApplicationNotFound
    return ApplicationView(**dict(row))


async def own_application(application_id: int, actor: Actor, *, lock: bool = False) -> ApplicationView:
    """The application for those who act for the applicant; ApplicationNotFound for anybody else."""
    found = await application(application_id, lock=lock)
    if not found.is_of(actor):
        raise ApplicationNotFound
    return found


async def visible_application(application_id: int, actor: Actor) -> ApplicationView:
    """For the applicant; once handed in for the officers, and for experts without a conflict of interest."""
    found = await application(application_id)
    if found.is_of(actor):
        return found
    if found.state in (flows.DRAFT, flows.WITHDRAWN):
        raise ApplicationNotFound
    if found.is_managed_by(actor) or await has_clear_stance(application_id, actor.person_id):
        return found
    raise ApplicationNotFound


async def has_clear_stance(application_id: int, person_id: int) -> bool:
    """Has this expert declared that there is no conflict of interest?"""
    return bool(
        await fetch_value(
            "select exists (select from venture_review where application = $1 and person = $2"
            " and stance = 'clear')",
            application_id,
            person_id,
        )
    )


async def open_application(call_id: int, organization_id: int) -> int | None:
    """The organization's application to the call that is not withdrawn."""
    found: int | None = await fetch_value(
        "select id from venture_application where call = $1 and organization = $2 and state <> 'withdrawn'",
        call_id,
        organization_id,
    )
    return found


async def applications_of(call_id: int, *, limit: int = 500) -> list[ApplicationView]:
    """All that were handed in, by rank and then by the hour."""
    rows = await fetch(
        f"{_APPLICATIONS} where a.call = $1 and a.state not in ('draft', 'withdrawn')"
        " order by a.rank nulls last, a.submitted_at, a.id limit $2",
        call_id,
        limit,
    )
    return [ApplicationView(**dict(row)) for row in rows]


async def applications_by(organization_ids: list[int], *, limit: int = 100) -> list[ApplicationView]:
    """Those of some organizations, newest first."""
    rows = await fetch(
        f"{_APPLICATIONS} where a.organization = any($1) order by a.id desc limit $2", organization_ids, limit
    )
    return [ApplicationView(**dict(row)) for row in rows]


@dataclass(frozen=True)
class LineView:
    """A line of a budget with its number in the table."""

    id: int
    line: BudgetLine


async def budget(application_id: int) -> list[LineView]:
    """Its lines, as they were written down."""
    rows = await fetch(
        "select id, category, item, quantity, price_fen from venture_budget_line where application = $1"
        " order by id limit $2",
        application_id,
        rules.LINES_MOST,
    )
    return [
        LineView(row["id"], BudgetLine(row["category"], row["item"], row["quantity"], row["price_fen"]))
        for row in rows
    ]


@dataclass(frozen=True)
class ReviewView:
    """An expert's own sheet."""

    stance: str
    reason: str
    marks: list[int] | None
    score: int | None
    comment: str


async def review(application_id: int, person_id: int, *, lock: bool = False) -> ReviewView | None:
    """This expert's sheet of the application; nobody else's is read anywhere but in the ranking."""
    row = await fetch_row(
        "select stance, reason, marks, score, comment from venture_review"
        " where application = $1 and person = $2" + (" for no key update" if lock else ""),
        application_id,
        person_id,
    )
    return ReviewView(**dict(row)) if row else None


@dataclass(frozen=True)
class ToScore:
    """An application in an expert's pile; before a stance is taken only its title and applicant show."""

    id: int
    title: str
    organization: str
    call: str
    stance: str | None
    is_done: bool


async def pile(person_id: int, *, limit: int = 200) -> list[ToScore]:
    """What a person has to score now."""
    rows = await fetch(
        """
        select a.id, a.title, o.name as organization, c.title as call, r.stance,
            coalesce(r.submitted_at is not null or r.stance <> 'clear', false) as is_done
        from venture_expert e
        join venture_call c on c.id = e.call and c.state = 'scoring'
        join venture_application a on a.call = c.id and a.state = 'submitted'
        join organization o on o.id = a.organization
        left join venture_review r on r.application = a.id and r.person = e.person
        where e.person = $1 order by is_done, c.id, a.id limit $2""",
        person_id,
        limit,
    )
    return [ToScore(**dict(row)) for row in rows]


async def candidates(call_id: int) -> list[Candidate]:
    """What the ranking goes by: the sheets of each application, and how many are still to come."""
    rows = await fetch(
        """
        select a.id, a.title, a.asked_fen, a.submitted_at,
            coalesce(array_agg(r.score order by r.id) filter (where r.score is not null), '{}') as scores,
            coalesce(array_agg(r.need_score order by r.id) filter (where r.score is not null), '{}') as needs,
            count(e.id) filter (where r.id is null or r.stance = 'clear' and r.score is null) as missing
        from venture_application a
        left join venture_expert e on e.call = a.call
        left join venture_review r on r.application = a.id and r.person = e.person
        where a.call = $1 and a.state = 'submitted' group by a.id order by a.id""",
        call_id,
    )
    return [
        Candidate(
            row["id"],
            row["title"],
            row["asked_fen"],
            row["submitted_at"],
            tuple(Sheet(*both) for both in zip(row["scores"], row["needs"], strict=True)),
            row["missing"],
        )
        for row in rows
    ]


async def conflicted(application_id: int, person_ids: list[int], *, since: datetime) -> list[int]:
    """Who of these holds a role at the applicant, or held one after `since`."""
    rows = await fetch(
        "select distinct g.person from venture_application a join role_grant g"
        " on g.scope_kind = 'organization' and g.scope_id = a.organization"
        " where a.id = $1 and g.person = any($2)"
        " and coalesce(g.revoked_at, g.ends_on::timestamptz, $3) >= $3",
        application_id,
        person_ids,
        since,
    )
    return [row["person"] for row in rows]
