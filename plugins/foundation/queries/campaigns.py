"""Reads of campaigns: one, lists of them, who is invited, what was told, what came in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.language import mark
from core.manifest import ProjectLine, ProjectPart, Todo
from core.organizations import queries as organizations
from core.organizations.queries.records import standing
from core.organizations.rules.records import FUNDRAISING
from core.parameters import queries as parameters
from core.people.queries import region_of
from core.people.rules import Actor
from core.reference import Ref
from core.regions.queries import chain
from plugins.foundation.errors.campaigns import CampaignNotFound
from plugins.foundation.rules import campaigns as rules
from plugins.foundation.rules.campaigns import WORDS, Course, Filing, ReportDue
from plugins.foundation.rules.taking import Certificate, Giver, Taking

FUNDS_MOST, INVITED_MOST = 20, 500


@dataclass(frozen=True, kw_only=True)
class CampaignView:
    """A campaign with its plan; `ended_on` is the day on which it ended, `told_at` its last report."""

    id: int
    organization_id: int
    organization: str
    region_id: int
    region: str
    mode: str
    state: str
    title: str
    aim: str
    area: str
    leader: str
    office: str
    contact: str
    ways: str
    account: str
    beneficiaries: str
    use: str
    cost: str
    leftover: str
    begins_on: date
    ends_on: date
    is_emergency: bool
    goal_fen: int
    platform_url: str
    filing_no: str
    filed_on: date | None
    written_by: int
    reviewed_by: int | None
    ended_at: datetime | None
    told_at: datetime | None

    @property
    def foundation(self) -> Ref:
        """Where who plans and reviews it holds the role."""
        return Ref(organizations.OWNER, self.organization_id)

    @property
    def filing(self) -> Filing:
        """As the rules of filing ask for it."""
        names = ("mode", "is_emergency", "begins_on", "filing_no", "filed_on")
        return Filing(**{name: getattr(self, name) for name in names})

    def due(self, terms: dict[str, int]) -> ReportDue | None:
        """What has to be told of it next."""
        ended_on = min(self.ends_on, clock.local(self.ended_at).date()) if self.ended_at else None
        told_on = clock.local(self.told_at).date() if self.told_at else None
        course = Course(
            state=self.state,
            is_emergency=self.is_emergency,
            begins_on=self.begins_on,
            ends_on=self.ends_on,
            ended_on=ended_on,
            told_on=told_on,
        )
        return rules.next_report(course, terms)

    def taking(self, certificate: Certificate | None) -> Taking:
        """As the rule about money asks for it."""
        names = (
            "mode", "state", "organization_id", "is_emergency", "begins_on", "ends_on", "filing_no",
            "filed_on",
        )  # fmt: skip
        return Taking(**{name: getattr(self, name) for name in names}, certificate=certificate)


_WORDS = ", ".join(f"c.{name}" for name in WORDS)
_CAMPAIGN = f"""
select c.id, c.organization as organization_id, o.name as organization, c.region as region_id,
    r.name as region, c.mode, c.state, {_WORDS}, c.begins_on, c.ends_on, c.is_emergency, c.goal_fen,
    c.platform_url, c.filing_no, c.filed_on, c.written_by, c.reviewed_by, c.ended_at,
    (select max(t.told_at) from foundation_campaign_report t where t.campaign = c.id) as told_at
from foundation_campaign c join organization o on o.id = c.organization join region r on r.id = c.region"""


async def campaign(campaign_id: int, *, lock: bool = False) -> CampaignView:
    """The campaign, its row locked until COMMIT if asked; raises CampaignNotFound."""
    row = await fetch_row(
        f"{_CAMPAIGN} where c.id = $1" + (" for no key update of c" if lock else ""), campaign_id
    )
    if row is None:
        raise CampaignNotFound
    return CampaignView(**dict(row))


def takes_part(found: CampaignView, actor: Actor | None) -> bool:
    """Does this person plan or review the campaigns of its foundation?"""
    return actor is not None and any(actor.may(code, found.foundation) for code in (rules.PLAN, rules.REVIEW))


async def visible_campaign(campaign_id: int, actor: Actor | None) -> CampaignView:
    """What is published is for everybody, before that for who works on it; raises CampaignNotFound."""
    found = await campaign(campaign_id)
    if found.state not in rules.SHOWN and not takes_part(found, actor):
        raise CampaignNotFound
    return found


async def campaigns(
    *, organization_id: int | None, also_hidden: bool, offset: int, limit: int
) -> list[CampaignView]:
    """Published ones, of one foundation if asked, running ones first, the newest first."""
    rows = await fetch(
        f"{_CAMPAIGN} where ($1::bigint is null or c.organization = $1)"
        " and ($2 or c.state in ('running', 'ended', 'reported'))"
        " order by (c.state = 'running') desc, c.id desc offset $3 limit $4",
        organization_id,
        also_hidden and organization_id is not None,
        offset,
        limit,
    )
    return [CampaignView(**dict(row)) for row in rows]


@dataclass(frozen=True)
class FundName:
    """A fund that a campaign is for."""

    id: int
    name: str
    state: str


async def funds_of(campaign_id: int) -> list[FundName]:
    """For which funds it is, in the order in which they were added."""
    rows = await fetch(
        "select f.id, f.name, f.state from foundation_campaign_fund c join fund f on f.id = c.fund"
        " where c.campaign = $1 order by c.id limit $2",
        campaign_id,
        FUNDS_MOST,
    )
    return [FundName(**dict(row)) for row in rows]


@dataclass(frozen=True)
class PurposeChoice:
    """What a gift can be for: a purpose of a fund, or (`purpose` "") whatever that fund needs."""

    target: str
    fund: str
    purpose: str


async def purposes_of(campaign_id: int) -> list[PurposeChoice]:
    """Of the campaign's open funds; each fund's free choice comes after its purposes."""
    rows = await fetch(
        "select f.id || '-' || coalesce(p.id::text, '') as target, f.name as fund,"
        " coalesce(p.title, '') as purpose from foundation_campaign_fund c"
        " join fund f on f.id = c.fund and f.state = 'open'"
        " left join lateral (select id, title from fund_purpose where fund = f.id"
        " union all select null, null) p on true"
        " where c.campaign = $1 order by c.id, p.id nulls last limit 60",
        campaign_id,
    )
    return [PurposeChoice(**dict(row)) for row in rows]


@dataclass(frozen=True)
class Invited:
    """Somebody who may be asked in a directed campaign."""

    person_id: int
    name: str
    capacity: str


async def invited(campaign_id: int) -> list[Invited]:
    """Founders, board and members on the list, for who works on the campaign."""
    rows = await fetch(
        "select i.person as person_id, p.name, i.capacity from foundation_campaign_invited i"
        " join person p on p.id = i.person where i.campaign = $1 order by i.id limit $2",
        campaign_id,
        INVITED_MOST,
    )
    return [Invited(**dict(row)) for row in rows]


@dataclass(frozen=True)
class Report:
    """What was told to the public."""

    is_final: bool
    text: str
    income_fen: int
    told_at: datetime


async def reports(campaign_id: int) -> list[Report]:
    """What was told, the newest first."""
    rows = await fetch(
        "select is_final, text, income_fen, told_at from foundation_campaign_report"
        " where campaign = $1 order by id desc limit 100",
        campaign_id,
    )
    return [Report(**dict(row)) for row in rows]


async def income(campaign_id: int) -> tuple[int, int]:
    """(how many gifts counted in it, their sum in fen), without what went back"""
    row = await fetch_row(
        "select count(*) as n, coalesce(sum(g.amount_fen - g.returned_fen), 0)::bigint as fen"
        " from foundation_campaign_gift c join fund_gift g on g.id = c.gift and g.state = 'counted'"
        " where c.campaign = $1 and g.returned_fen < g.amount_fen",
        campaign_id,
    )
    assert row is not None
    return row["n"], row["fen"]


async def donors(campaign_id: int) -> list[int]:
    """Those with an account whose money came in it and did not go back."""
    rows = await fetch(
        "select distinct g.donor from foundation_campaign_gift c"
        " join fund_gift g on g.id = c.gift and g.state = 'counted' and g.returned_fen < g.amount_fen"
        " where c.campaign = $1 and g.donor is not null limit $2",
        campaign_id,
        INVITED_MOST,
    )
    return [row["donor"] for row in rows]


async def certificate(organization_id: int) -> Certificate | None:
    """The foundation's right to raise money in public as recorded last; None if it is no charity."""
    found = await standing(organization_id)
    record = found.newest.get(FUNDRAISING)
    if record is None or record.value != "granted" or not found.is_charity(clock.today()):
        return None
    return Certificate(record.number, record.valid_from, record.valid_until)


async def giver(found: CampaignView, person_id: int) -> Giver:
    """What a campaign that is not for everybody asks about a donor."""
    home = await region_of(person_id)
    given = await fetch_value(
        "select coalesce(sum(g.amount_fen - g.returned_fen), 0)::bigint from foundation_campaign_gift c"
        " join fund_gift g on g.id = c.gift and g.state <> 'dropped' where c.campaign = $1 and g.donor = $2",
        found.id,
        person_id,
    )
    is_invited = await fetch_value(
        "select exists (select from foundation_campaign_invited where campaign = $1 and person = $2)",
        found.id,
        person_id,
    )
    is_neighbour = home is not None and found.region_id in await chain(home)
    return Giver(is_invited=is_invited, is_neighbour=is_neighbour, given_fen=given)


async def terms(organization_id: int) -> dict[str, int]:
    """The numbers of the rules that hold at a foundation today."""
    scopes = await organizations.parameter_scopes(organization_id)
    return await parameters.effective([one.code for one in rules.PARAMETERS], scopes, clock.today())


async def over(today: date, *, limit: int) -> list[int]:
    """Campaigns that run on although their last day is over."""
    rows = await fetch(
        "select id from foundation_campaign where state = 'running' and ends_on < $1"
        " order by ends_on, id limit $2 for no key update skip locked",
        today,
        limit,
    )
    return [row["id"] for row in rows]


async def running_for(fund_id: int, *, limit: int) -> list[int]:
    """Campaigns of a fund that are published and take money on a site of ours, the newest first."""
    rows = await fetch(
        "select c.id from foundation_campaign_fund f join foundation_campaign c on c.id = f.campaign"
        " where f.fund = $1 and c.state = 'running' and c.mode = any($2) order by c.id desc limit $3",
        fund_id,
        list(rules.TAKES_MONEY),
        limit,
    )
    return [row["id"] for row in rows]


async def todos(actor: Actor) -> list[Todo]:
    """Plans to be reviewed and reports to be given, at up to five foundations."""
    found = []
    ids = list({scope.id for code in (rules.PLAN, rules.REVIEW) for scope in actor.scopes(code)})[:5]
    for organization_id in sorted(ids):
        numbers = await terms(organization_id)
        shown = await campaigns(organization_id=organization_id, also_hidden=True, offset=0, limit=20)
        found += [todo for one in shown if (todo := _todo(one, actor, numbers))]
    return found[:20]


def _todo(one: CampaignView, actor: Actor, numbers: dict[str, int]) -> Todo | None:
    path, reviews = f"/foundation/campaigns/{one.id}", actor.may(rules.REVIEW, one.foundation)
    if one.state == rules.DRAFT and reviews and actor.person_id != one.written_by:
        return Todo(title=mark("请审核募捐方案：%(title)s"), params={"title": one.title}, path=path)
    due = one.due(numbers)
    if due is None or not actor.may(rules.PLAN, one.foundation):
        return None
    title = mark("请公开募捐情况：%(title)s")
    return Todo(title=title, params={"title": one.title}, path=path, due_at=clock.end_of(due.due_on))


async def foundations_of(actor: Actor, permission: str) -> Sequence[organizations.OrganizationName]:
    """The foundations at which the person holds a permission."""
    found = await organizations.organizations([scope.id for scope in actor.scopes(permission)])
    return [one for one in found if one.kind == "foundation"]


async def gift_part(gift_id: int) -> list[ProjectPart]:
    """The campaign in which a gift was given."""
    rows = await fetch(
        "select c.id, c.title from foundation_campaign_gift x join foundation_campaign c on c.id = x.campaign"
        " where x.gift = $1",
        gift_id,
    )
    lines = [
        ProjectLine(
            text=mark("在“%(title)s”里捐的"), params={"title": row["title"]}, path=f"/campaigns/{row['id']}"
        )
        for row in rows
    ]
    return [ProjectPart(title=mark("募捐活动"), order=5, lines=lines)] if lines else []
