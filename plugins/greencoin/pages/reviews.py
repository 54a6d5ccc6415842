"""The manager's desk, and the lists that reviewers vote on and everybody may then read."""

from typing import Any

from litestar import Request, get, post

from core import clock
from core.files import queries as files
from core.privacy.services import note_seen
from plugins.greencoin import rules
from plugins.greencoin.errors import ReviewNotFound, SchemeNotFound
from plugins.greencoin.pages.schemes import may
from plugins.greencoin.queries import claims, schemes
from plugins.greencoin.queries.claims import PAGE_SIZE
from plugins.greencoin.queries.schemes import SchemeView
from plugins.greencoin.rules import show_points
from plugins.greencoin.rules.claims import CLAIMS, SEEN, SUBMITTED, VERIFIED
from plugins.greencoin.services import reviews as services
from web.access import PUBLIC
from web.forms import Answer, ButtonForm, Form, see_other, submit
from web.parameters import Before, Code, RowId
from web.templates import page
from web.visit import VISIT, current_actor


@get("/{scheme_id:int}/desk", include_in_schema=False, access=rules.MANAGE)
async def show_desk(scheme_id: RowId, stage: Code = SUBMITTED, before: Before = None) -> Answer:
    """Claims by state, those that wait for the manager first."""
    return await _desk_page(scheme_id, Form(), state=stage, before=before)


async def _managed(scheme_id: int) -> SchemeView:
    scheme = await schemes.scheme(scheme_id)
    if not may(rules.MANAGE, scheme):
        raise SchemeNotFound
    return scheme


async def _desk_page(
    scheme_id: int, form: Form, status: int = 200, *, state: str = VERIFIED, before: int | None = None
) -> Answer:
    scheme = await _managed(scheme_id)
    shown = state if state in {s.code for s in CLAIMS.states} else SUBMITTED
    found = await claims.claims_in(scheme_id, [shown], before_id=before)
    await note_seen([one.person_id for one in found[:PAGE_SIZE]], SEEN, viewer=current_actor())
    return page(
        "greencoin/desk.html",
        status=status,
        scheme=scheme,
        flow=CLAIMS,
        state=shown,
        counts=await claims.counts(scheme_id),
        claims=found[:PAGE_SIZE],
        older=found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None,
        reviews=await claims.reviews(scheme_id, public_only=False),
        now=clock.now(),
        show_points=show_points,
        form=form,
    )


@post("/{scheme_id:int}/reviews", include_in_schema=False, access=rules.MANAGE, status_code=303)
async def open_reviews(request: Request[Any, Any, Any], scheme_id: RowId) -> Answer:
    """Put whatever is verified to the reviewers."""
    await _managed(scheme_id)

    async def act(_: ButtonForm) -> Answer:
        await services.open_reviews(scheme_id, actor=current_actor())
        return see_other(f"/greencoin/{scheme_id}/desk?stage=in_review")

    async def again(form: Form, status: int) -> Answer:
        return await _desk_page(scheme_id, form, status)

    return await submit(request, ButtonForm, act, again)


@get("/reviews/{review_id:int}", include_in_schema=False, access=PUBLIC)
async def show_review(review_id: RowId, after: Before = None) -> Answer:
    """A list: whole for those who decide about it, with masked names for everybody once it is public."""
    review = await claims.review(review_id)
    scheme = await schemes.scheme(review.scheme_id)
    is_staff = may(rules.MANAGE, scheme) or may(rules.REVIEW, scheme)
    if review.publicised_at is None and not is_staff:
        raise ReviewNotFound
    found = await claims.claims_of_review(review_id, after_id=after or 0)
    shown = found[:PAGE_SIZE]
    photos = await files.files_of_many(CLAIMS.code, [claim.id for claim in shown]) if is_staff else {}
    actor = VISIT.get().actor
    if actor is not None and is_staff:
        await note_seen([one.person_id for one in shown], SEEN, viewer=actor)
    return page(
        "greencoin/review.html",
        review=review,
        scheme=scheme,
        claims=shown,
        next_after=shown[-1].id if len(found) > PAGE_SIZE else None,
        is_later=after is not None,
        is_staff=is_staff,
        votes=actor is not None and may(rules.REVIEW, scheme),
        photos=photos,
        flow=CLAIMS,
        now=clock.now(),
        show_points=show_points,
    )


HANDLERS = [show_desk, open_reviews, show_review]
