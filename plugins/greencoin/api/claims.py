"""Claims and lists for programs."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.files.rules import Upload
from core.people.masks import mask_name
from core.privacy.services import note_seen
from plugins.greencoin import rules
from plugins.greencoin.api.schemes import Made
from plugins.greencoin.errors import ClaimNotFound, ReviewNotFound, SchemeNotFound
from plugins.greencoin.queries import claims, schemes
from plugins.greencoin.queries.claims import PAGE_SIZE, ClaimView
from plugins.greencoin.rules.claims import CLAIMS, SEEN, SUBMITTED
from plugins.greencoin.services import awards, reviews
from plugins.greencoin.services import claims as services
from web.access import PUBLIC, SIGNED_IN
from web.parameters import Before, Code, RowId
from web.visit import VISIT, current_actor


class ClaimIn(msgspec.Struct):
    """What a household did; `photo.content` is base64."""

    quantity: Annotated[int, msgspec.Meta(ge=1, le=9999)]
    happened_on: date
    words: Annotated[str, msgspec.Meta(max_length=200)] = ""
    photo: Upload | None = None


class ReasonIn(msgspec.Struct):
    """Why."""

    reason: Annotated[str, msgspec.Meta(max_length=200)]


class ClaimOut(msgspec.Struct):
    """A claim. `person` is masked for whoever has no part in it, and "" where nobody agreed to be named."""

    id: int
    state: str
    rule_id: int
    behaviour: str
    quantity: int
    points: int
    happened_on: date
    number: int
    person: str
    review_id: int | None
    public_until: datetime | None
    credited_at: datetime | None
    reason: str


class ClaimsOut(msgspec.Struct):
    """A page of claims; `before` leads to the next one."""

    claims: list[ClaimOut]
    before: int | None


class ReviewOut(msgspec.Struct):
    """A list; `next_after` leads to its next page."""

    id: int
    scheme_id: int
    publicised_at: datetime | None
    public_until: datetime | None
    approval_id: int | None
    claims: list[ClaimOut]
    next_after: int | None


class ReviewsOut(msgspec.Struct):
    """The ids of the lists that were opened."""

    ids: list[int]


def _claim_out(claim: ClaimView, person: str) -> ClaimOut:
    names = (name for name in ClaimOut.__struct_fields__ if name != "person")
    return ClaimOut(**{name: getattr(claim, name) for name in names}, person=person)


@post("/rules/{rule_id:int}/claims", summary="申报绿币", access=SIGNED_IN)
async def submit_claim(rule_id: RowId, data: JSONBody[ClaimIn]) -> Made:
    """Claim points for one's household. Repeating it returns the same claim."""
    claim_id = await services.submit_claim(
        rule_id,
        quantity=data.quantity,
        happened_on=data.happened_on,
        words=data.words,
        photo=data.photo,
        actor=current_actor(),
    )
    return Made(claim_id)


@get("/claims", summary="我家的申报", access=SIGNED_IN)
async def list_claims(before: Before = None) -> ClaimsOut:
    """The claims of one's household, newest first."""
    household_id = current_actor().require_household()
    scheme = await schemes.scheme_of(household_id)
    passbook = await schemes.passbook(scheme.id, household_id) if scheme else None
    found = await claims.claims_of(passbook.id, before_id=before) if passbook else []
    return ClaimsOut(
        claims=[_claim_out(claim, claim.person) for claim in found],
        before=found[-1].id if len(found) == PAGE_SIZE else None,
    )


@get("/claims/{claim_id:int}", summary="一笔申报", access=SIGNED_IN)
async def read_claim(claim_id: RowId) -> ClaimOut:
    """One claim, for its household, managers and reviewers."""
    claim, actor = await claims.claim(claim_id), current_actor()
    if claim.household_id == actor.household_id:
        return _claim_out(claim, claim.person)
    if actor.may(rules.MANAGE, claim.owner):
        await note_seen([claim.person_id], SEEN, viewer=actor)
        return _claim_out(claim, claim.person)
    if not actor.may(rules.REVIEW, claim.owner):
        raise ClaimNotFound
    return _claim_out(claim, mask_name(claim.person))


@get("/schemes/{scheme_id:int}/claims", summary="待办的申报", access=rules.MANAGE)
async def list_scheme_claims(scheme_id: RowId, stage: Code = SUBMITTED, before: Before = None) -> ClaimsOut:
    """Claims of a scheme in a state, newest first, for its managers."""
    scheme = await schemes.scheme(scheme_id)
    if not current_actor().may(rules.MANAGE, scheme.owner):
        raise SchemeNotFound
    known = stage in {s.code for s in CLAIMS.states}
    found = await claims.claims_in(scheme_id, [stage], before_id=before) if known else []
    await note_seen([one.person_id for one in found[:PAGE_SIZE]], SEEN, viewer=current_actor())
    return ClaimsOut(
        claims=[_claim_out(claim, claim.person) for claim in found[:PAGE_SIZE]],
        before=found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None,
    )


@post("/claims/{claim_id:int}/withdraw", summary="撤回申报", access=SIGNED_IN, status_code=204)
async def withdraw_claim(claim_id: RowId) -> None:
    """Take a claim of one's household back before it is voted on."""
    await services.withdraw_claim(claim_id, actor=current_actor())


@post("/claims/{claim_id:int}/verify", summary="核实申报", access=rules.MANAGE, status_code=204)
async def verify_claim(claim_id: RowId) -> None:
    """Confirm that it happened as it was claimed."""
    await services.verify_claim(claim_id, actor=current_actor())


@post("/claims/{claim_id:int}/credit", summary="重新入账", access=rules.MANAGE, status_code=204)
async def credit_again(claim_id: RowId) -> None:
    """Try once more what the ledger has refused after its days in public."""
    await awards.credit_again(claim_id, actor=current_actor())


@post("/claims/{claim_id:int}/reject", summary="不予通过", access=rules.MANAGE, status_code=204)
async def reject_claim(claim_id: RowId, data: JSONBody[ReasonIn]) -> None:
    """Refuse a claim with a reason, also while it is public."""
    await services.reject_claim(claim_id, reason=data.reason, actor=current_actor())


@post("/claims/{claim_id:int}/reverse", summary="更正奖励", access=rules.MANAGE, status_code=204)
async def reverse_award(claim_id: RowId, data: JSONBody[ReasonIn]) -> None:
    """Take a wrong award back; what was spent of it becomes a debt."""
    await awards.reverse_award(claim_id, reason=data.reason, actor=current_actor())


@post("/schemes/{scheme_id:int}/reviews", summary="提交评议", access=rules.MANAGE)
async def open_reviews(scheme_id: RowId) -> ReviewsOut:
    """Put whatever is verified to the reviewers, who vote at `/api/v1/approvals`."""
    scheme = await schemes.scheme(scheme_id)
    if not current_actor().may(rules.MANAGE, scheme.owner):
        raise SchemeNotFound
    return ReviewsOut(await reviews.open_reviews(scheme_id, actor=current_actor()))


@get("/reviews/{review_id:int}", summary="评议名单", access=PUBLIC)
async def read_review(review_id: RowId, after: Before = None) -> ReviewOut:
    """A list: whole for those who decide about it, masked for everybody once it is public."""
    review = await claims.review(review_id)
    actor = VISIT.get().actor
    is_staff = actor is not None and (
        actor.may(rules.MANAGE, review.owner) or actor.may(rules.REVIEW, review.owner)
    )
    if review.publicised_at is None and not is_staff:
        raise ReviewNotFound
    found = await claims.claims_of_review(review_id, after_id=after or 0)
    shown = found[:PAGE_SIZE]
    if actor is not None and is_staff:
        await note_seen([one.person_id for one in shown], SEEN, viewer=actor)
    return ReviewOut(
        id=review.id,
        scheme_id=review.scheme_id,
        publicised_at=review.publicised_at,
        public_until=review.public_until,
        approval_id=review.approval_id if is_staff else None,
        claims=[_claim_out(claim, _name(claim, is_staff)) for claim in shown],
        next_after=shown[-1].id if len(found) > PAGE_SIZE else None,
    )


def _name(claim: ClaimView, is_staff: bool) -> str:
    if is_staff:
        return claim.person
    return mask_name(claim.person) if claim.is_shown else ""


HANDLERS = [
    submit_claim,
    list_claims,
    read_claim,
    list_scheme_claims,
    withdraw_claim,
    verify_claim,
    credit_again,
    reject_claim,
    reverse_award,
    open_reviews,
    read_review,
]
