"""What was verified goes to the reviewers as a list, then to the public, then to the passbooks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import clock
from core.approvals.rules import APPROVED as OUTCOME_APPROVED
from core.approvals.rules import Question, Rule
from core.approvals.services import open_approval
from core.audit.services import advance_many, record_audit
from core.database import current_unit, unit_of_work
from core.evidence.services import record_evidence_of_many
from core.jobs.services import add_job
from core.language import mark
from core.people import queries as people
from core.people.rules import Actor
from core.reference import Ref
from plugins.greencoin import rules
from plugins.greencoin.errors import NothingToReview
from plugins.greencoin.queries import claims, schemes
from plugins.greencoin.queries.claims import REVIEW
from plugins.greencoin.queries.schemes import SchemeView
from plugins.greencoin.rules import claims as claim_rules
from plugins.greencoin.rules.claims import CLAIMS
from plugins.greencoin.tables import Review

CREDIT = "greencoin.credit_list"


@dataclass(frozen=True)
class _Round:
    """What all lists that are opened together share."""

    scheme: SchemeView
    maker_id: int
    voters: Sequence[int]
    rule: Rule
    deadline: datetime


async def open_reviews(scheme_id: int, *, actor: Actor) -> list[int]:
    """Put whatever is verified to the reviewers; returns the lists' ids.

    There is one list, and one more for each household in which a reviewer lives, who is recused there.
    Raises PermissionMissing, NothingToReview, ReviewersNotOdd.
    """
    async with unit_of_work():
        scheme = await schemes.scheme(scheme_id)
        actor.require(rules.MANAGE, scheme.owner)
        verified = await claims.lock_verified(scheme_id)
        if not verified:
            raise NothingToReview
        terms = await schemes.terms(scheme)
        reviewers = set(await people.holders(rules.REVIEW, scheme.owner)) - {actor.person_id}
        voters = sorted(reviewers)
        together = _Round(
            scheme=scheme,
            maker_id=actor.person_id,
            voters=voters,
            rule=claim_rules.voting_rule(voters, terms),
            deadline=clock.now() + terms.voting,
        )
        lists = claim_rules.lists_apart(verified, await schemes.households_of(voters))
        return [await _open_review(together, claim_ids) for claim_ids in lists]


async def _open_review(together: _Round, claim_ids: Sequence[int]) -> int:
    review = Review(scheme=together.scheme.id, opened_by=together.maker_id, opened_at=clock.now())
    await review.save()
    await advance_many(
        CLAIMS, "greencoin.claim_listed", claim_ids, actor_id=together.maker_id, review=review.id
    )
    question = Question(
        subject=Ref(REVIEW, review.id),
        purpose=REVIEW,
        maker_id=together.maker_id,
        title=mark("%(organization)s：评议一份绿币名单"),
        params={"organization": together.scheme.organization_id},
        path=f"/greencoin/reviews/{review.id}",
        rule=together.rule,
        deadline=together.deadline,
    )
    await open_approval(question, voter_ids=together.voters)
    return int(review.id)


async def settle_review(review_id: int, outcome: str) -> None:
    """The vote on a list has ended, in the unit of work of its event: publicise it, or give it back."""
    rows = await current_unit().connection.fetch(
        "select id from greencoin_claim where review = $1 and state = 'in_review'"
        " order by id for no key update",
        review_id,
    )
    claim_ids = [row["id"] for row in rows]
    if outcome == OUTCOME_APPROVED:
        await _publicise(review_id, claim_ids)
    else:
        await advance_many(CLAIMS, "greencoin.claim_returned", claim_ids, actor_id=None)


async def _publicise(review_id: int, claim_ids: Sequence[int]) -> None:
    """Show the list to the village until the last of its days is over; then its points are credited."""
    review = await claims.review(review_id)
    terms = await schemes.terms(await schemes.scheme(review.scheme_id))
    last_day = clock.today() + timedelta(days=terms.publicity.days)
    evidence = await record_evidence_of_many(
        rules.APPROVED, CLAIMS.code, claim_ids, actor_id=None, review_id=review_id
    )
    connection = current_unit().connection
    await connection.execute(
        "update greencoin_claim c set evidence = x.evidence"
        " from unnest($1::bigint[], $2::bigint[]) x(claim, evidence) where c.id = x.claim",
        list(evidence),
        list(evidence.values()),
    )
    await advance_many(CLAIMS, "greencoin.claim_approved", claim_ids, actor_id=None)
    until = clock.end_of(last_day)
    await connection.execute(
        "update greencoin_review set publicised_at = $2, public_until = $3 where id = $1",
        review_id,
        clock.now(),
        until,
    )
    record_audit("greencoin.list_publicised", Ref(REVIEW, review_id), actor_id=None)
    add_job(CREDIT, {"review_id": review_id}, due_at=until, key=f"{CREDIT}:{review_id}")
