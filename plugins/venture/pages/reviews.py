"""An expert's pile, and one application: first the stance, then the marks."""

from typing import Any

from litestar import Request, get, post

from core.files.queries import files_of
from plugins.venture import rules
from plugins.venture.errors import ApplicationNotFound
from plugins.venture.forms import ScoreForm, StanceForm
from plugins.venture.queries import applications as queries
from plugins.venture.queries import calls
from plugins.venture.rules import flows
from plugins.venture.services import reviews as services
from web.access import SIGNED_IN
from web.forms import Answer, Form, see_other, submit
from web.parameters import RowId
from web.templates import page
from web.visit import current_actor

_Request = Request[Any, Any, Any]


@get("/reviews", include_in_schema=False, access=SIGNED_IN)
async def show_pile() -> Answer:
    """What one has to score now."""
    return page("venture/reviews.html", pile=await queries.pile(current_actor().person_id))


@get("/applications/{application_id:int}/review", include_in_schema=False, access=rules.SCORE)
async def show_review(application_id: RowId) -> Answer:
    """Before a stance only title and applicant; with a clear one all of it and one's own marks."""
    return await _page(application_id, Form())


async def _page(application_id: int, form: Form, status: int = 200) -> Answer:
    actor = current_actor()
    application = await queries.application(application_id)
    if not await calls.is_expert(application.call_id, actor.person_id):
        raise ApplicationNotFound
    call = await calls.call(application.call_id)
    if application.submitted_at is None or call.state in (flows.PUBLISHED, flows.CLOSED):
        raise ApplicationNotFound
    sheet = await queries.review(application_id, actor.person_id)
    is_clear = sheet is not None and sheet.stance == services.CLEAR
    return page(
        "venture/review.html",
        status=status,
        application=application,
        call=call,
        sheet=sheet,
        is_clear=is_clear,
        criteria=await calls.criteria(call.id),
        lines=await queries.budget(application_id) if is_clear else [],
        files=await files_of(application.ref) if is_clear else [],
        categories=rules.CATEGORIES,
        is_scoring=call.state == flows.SCORING,
        form=form,
    )


@post(
    "/applications/{application_id:int}/stance", include_in_schema=False, access=rules.SCORE, status_code=303
)
async def take_stance(request: _Request, application_id: RowId) -> Answer:
    """Declare a conflict of interest, or that there is none."""

    async def act(form: StanceForm) -> Answer:
        await services.take_stance(
            application_id,
            has_conflict=form.outcome == "conflict",
            reason=form.reason,
            actor=current_actor(),
        )
        return see_other(f"/venture/applications/{application_id}/review")

    async def again(form: Form, status: int) -> Answer:
        return await _page(application_id, form, status)

    return await submit(request, StanceForm, act, again)


@post(
    "/applications/{application_id:int}/score", include_in_schema=False, access=rules.SCORE, status_code=303
)
async def score(request: _Request, application_id: RowId) -> Answer:
    """Hand in one's marks."""

    async def act(form: ScoreForm) -> Answer:
        application = await queries.application(application_id)
        criteria = await calls.criteria(application.call_id)
        await services.score_application(
            application_id, form.marks(len(criteria)), comment=form.comment, actor=current_actor()
        )
        return see_other("/venture/reviews")

    async def again(form: Form, status: int) -> Answer:
        return await _page(application_id, form, status)

    return await submit(request, ScoreForm, act, again)


HANDLERS = [show_pile, show_review, take_stance, score]
