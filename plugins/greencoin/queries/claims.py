"""Claims, what counts against the caps, and the lists that reviewers vote on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.language import mark
from core.manifest import Conflict
from core.people.rules import Actor
from core.reference import Ref
from plugins.greencoin import rules
from plugins.greencoin.errors import ClaimNotFound, ReviewNotFound
from plugins.greencoin.rules import month_of
from plugins.greencoin.rules.claims import CLAIMS, LIVE, PUBLICISED, SUBMITTED, VERIFIED, Used

REVIEW = "greencoin.review"
PAGE_SIZE, REVIEW_MOST = 30, 1000


def _last_day(until: datetime | None) -> date | None:
    return None if until is None else clock.local(until - timedelta(seconds=1)).date()


@dataclass(frozen=True)
class ClaimView:
    """A claim with its rule; `person` is the full name, for masks to shorten."""

    id: int
    state: str
    scheme_id: int
    organization_id: int
    passbook_id: int
    number: int
    is_shown: bool
    household_id: int
    person_id: int
    person: str
    rule_id: int
    behaviour: str
    category: str
    unit: str
    rule_points: int
    quantity: int
    points: int
    happened_on: date
    words: str
    submitted_at: datetime
    verified_by: int | None
    review_id: int | None
    public_until: datetime | None
    credited_at: datetime | None
    evidence_id: int | None
    reason: str

    @property
    def ref(self) -> Ref:
        """The claim as others point at it."""
        return Ref(CLAIMS.code, self.id)

    @property
    def last_day(self) -> date | None:
        """Until the end of which it is public."""
        return _last_day(self.public_until)

    @property
    def owner(self) -> Ref:
        """The organization whose people decide about it."""
        return Ref("organization", self.organization_id)


_CLAIMS = """
select c.id, c.state, k.scheme as scheme_id, s.organization as organization_id, k.id as passbook_id, k.number,
    k.is_shown, k.household as household_id, c.person as person_id, p.name as person, c.rule as rule_id,
    r.behaviour, r.category, r.unit, r.points as rule_points, c.quantity, c.points, c.happened_on, c.words,
    c.submitted_at, c.verified_by, c.review as review_id, v.public_until, c.credited_at,
    c.evidence as evidence_id, c.reason
from greencoin_claim c
join greencoin_passbook k on k.id = c.passbook
join greencoin_scheme s on s.id = k.scheme
join greencoin_rule r on r.id = c.rule
join person p on p.id = c.person
left join greencoin_review v on v.id = c.review"""


def _views(rows: Sequence[Any]) -> list[ClaimView]:
    return [ClaimView(**dict(row)) for row in rows]


async def claim(claim_id: int, *, lock: bool = False) -> ClaimView:
    """One claim, its row locked until COMMIT if asked; raises ClaimNotFound."""
    rows = await fetch(
        f"{_CLAIMS} where c.id = $1" + (" for no key update of c" if lock else ""),
        claim_id,
    )
    if not rows:
        raise ClaimNotFound
    return _views(rows)[0]


async def claim_of_service(service_id: int) -> ClaimView | None:
    """What the hours of a service have earned, if anything."""
    rows = await fetch(
        f"{_CLAIMS} join evidence e on e.id = c.evidence"
        " where e.subject_kind = 'volunteer_service' and e.subject_id = $1",
        service_id,
    )
    return _views(rows)[0] if rows else None


async def claims_of(passbook_id: int, *, before_id: int | None = None) -> list[ClaimView]:
    """A household's claims, newest first."""
    return _views(
        await fetch(
            f"{_CLAIMS} where c.passbook = $1 and ($2::bigint is null or c.id < $2)"
            f" order by c.id desc limit {PAGE_SIZE}",
            passbook_id,
            before_id,
        )
    )


async def claims_in(scheme_id: int, states: Sequence[str], *, before_id: int | None) -> list[ClaimView]:
    """Claims of a scheme in some states, newest first; one more than a page, to see whether there is one."""
    return _views(
        await fetch(
            f"{_CLAIMS} where k.scheme = $1 and c.state = any($2) and ($3::bigint is null or c.id < $3)"
            f" order by c.id desc limit {PAGE_SIZE + 1}",
            scheme_id,
            list(states),
            before_id,
        )
    )


async def counts(scheme_id: int) -> dict[str, int]:
    """State -> how many claims of the scheme are in it."""
    rows = await fetch(
        "select c.state, count(*) as n from greencoin_claim c"
        " join greencoin_passbook k on k.id = c.passbook where k.scheme = $1 group by c.state",
        scheme_id,
    )
    return {row["state"]: row["n"] for row in rows}


async def claims_of_review(review_id: int, *, after_id: int = 0) -> list[ClaimView]:
    """The claims of a list, oldest first; one more than a page, to see whether there is one."""
    return _views(
        await fetch(
            f"{_CLAIMS} where c.review = $1 and c.id > $2 order by c.id limit {PAGE_SIZE + 1}",
            review_id,
            after_id,
        )
    )


async def lock_publicised(review_id: int) -> list[ClaimView]:
    """What a list credits, by household, locked until COMMIT."""
    return _views(
        await fetch(
            f"{_CLAIMS} where c.review = $1 and c.state = $2 order by k.household, c.id"
            f" limit {REVIEW_MOST} for no key update of c",
            review_id,
            PUBLICISED,
        )
    )


async def used(passbook_id: int, rule_code: str, day: date) -> Used:
    """What the household has earned or claimed by this rule on the day and in its month, and by all rules."""
    first, last = month_of(day)
    row = await fetch_row(
        """
        select coalesce(sum(c.points) filter (where r.code = $2 and c.happened_on = $3), 0)::bigint as day,
            coalesce(sum(c.points) filter (where r.code = $2), 0)::bigint as month,
            coalesce(sum(c.points), 0)::bigint as household_month
        from greencoin_claim c join greencoin_rule r on r.id = c.rule
        where c.passbook = $1 and c.state = any($6) and c.happened_on between $4 and $5""",
        passbook_id,
        rule_code,
        day,
        first,
        last,
        list(LIVE),
    )
    assert row is not None
    return Used(**dict(row))


async def same_claim(passbook_id: int, rule_id: int, day: date, quantity: int, words: str) -> int | None:
    """The very same claim that nobody has looked at yet: this is a second click."""
    found: int | None = await fetch_value(
        "select min(id) from greencoin_claim where passbook = $1 and rule = $2 and happened_on = $3"
        " and quantity = $4 and words = $5 and state = $6",
        passbook_id,
        rule_id,
        day,
        quantity,
        words,
        SUBMITTED,
    )
    return found


async def lock_verified(scheme_id: int) -> list[tuple[int, int]]:
    """(claim, household) of what is verified and waits for the reviewers, locked until COMMIT."""
    rows = await fetch(
        "select c.id, k.household from greencoin_claim c join greencoin_passbook k on k.id = c.passbook"
        f" where k.scheme = $1 and c.state = $2 order by c.id limit {REVIEW_MOST} for no key update of c",
        scheme_id,
        VERIFIED,
    )
    return [(row["id"], row["household"]) for row in rows]


@dataclass(frozen=True)
class ReviewView:
    """A list. `approval_id` leads reviewers to their vote; `points` and `claims` count what is on it."""

    id: int
    scheme_id: int
    organization_id: int
    opened_at: datetime
    publicised_at: datetime | None
    public_until: datetime | None
    approval_id: int | None
    claims: int
    points: int

    @property
    def last_day(self) -> date | None:
        """Until the end of which it is public."""
        return _last_day(self.public_until)

    @property
    def owner(self) -> Ref:
        """The organization whose reviewers decide."""
        return Ref("organization", self.organization_id)


_REVIEWS = """
select v.id, v.scheme as scheme_id, s.organization as organization_id, v.opened_at, v.publicised_at,
    v.public_until,
    (select max(a.id) from approval a where a.subject_kind = 'greencoin.review' and a.subject_id = v.id)
        as approval_id,
    (select count(*) from greencoin_claim c where c.review = v.id) as claims,
    (select coalesce(sum(c.points), 0) from greencoin_claim c where c.review = v.id)::bigint as points
from greencoin_review v join greencoin_scheme s on s.id = v.scheme"""


async def review(review_id: int) -> ReviewView:
    """One list; raises ReviewNotFound."""
    row = await fetch_row(f"{_REVIEWS} where v.id = $1", review_id)
    if row is None:
        raise ReviewNotFound
    return ReviewView(**dict(row))


async def reviews(scheme_id: int, *, public_only: bool, limit: int = 12) -> list[ReviewView]:
    """The latest lists of a scheme; those that were made public, or all."""
    rows = await fetch(
        f"{_REVIEWS} where v.scheme = $1 and (v.publicised_at is not null or not $2)"
        " order by v.id desc limit $3",
        scheme_id,
        public_only,
        limit,
    )
    return [ReviewView(**dict(row)) for row in rows]


_CONFLICT_TITLES = {
    "greencoin.own_household": mark("名单里有自己家的申报"),
    "greencoin.verified": mark("核实过名单里的申报"),
}


async def conflicts(review_id: int, person_ids: Sequence[int]) -> list[Conflict]:
    """Who of `person_ids` lives in a household of the list, or has verified a claim on it."""
    rows = await fetch(
        """
        select distinct m.person, 'greencoin.own_household' as code
        from greencoin_claim c join greencoin_passbook k on k.id = c.passbook
        join household_member m on m.household = k.household and m.left_on is null
        where c.review = $1 and m.person = any($2)
        union
        select distinct c.verified_by, 'greencoin.verified' from greencoin_claim c
        where c.review = $1 and c.verified_by = any($2)
        order by 1, 2""",
        review_id,
        list(person_ids),
    )
    return [
        Conflict(person_id=row["person"], code=row["code"], title=_CONFLICT_TITLES[row["code"]])
        for row in rows
    ]


async def may_see_photo(actor: Actor, claim_id: int) -> bool:
    """The photo of a claim is for its household, and for those who decide about it."""
    found = await claim(claim_id)
    return (
        found.household_id == actor.household_id
        or actor.may(rules.MANAGE, found.owner)
        or actor.may(rules.REVIEW, found.owner)
    )
