"""The verbs of an expert, and the officer's step that lets experts begin."""

from datetime import timedelta

import asyncpg

from core import clock, plugins
from core.audit.services import advance, record_audit
from core.database import unit_of_work
from core.language import mark
from core.manifest import Conflict
from core.notifications.services import notify
from core.people.rules import Actor
from plugins.venture.errors import (
    ApplicationNotFound,
    NothingSubmitted,
    NotScoring,
    Recused,
    ScoreSealed,
    StanceFirst,
    StanceTaken,
    StillOpen,
    TooFewExperts,
)
from plugins.venture.queries import applications as queries
from plugins.venture.queries import calls
from plugins.venture.queries.applications import ApplicationView
from plugins.venture.rules import flows, scores
from plugins.venture.services.calls import close_late
from plugins.venture.tables import Review

CLEAR, DECLARED, COMPUTED = "clear", "declared", "computed"
# An officer, board member or employee of the applicant within these years has an interest in it.
_LOOKS_BACK = timedelta(days=3 * 365)


async def begin_scoring(call_id: int, *, actor: Actor) -> None:
    """Open the applications to the experts; raises StillOpen, TooFewExperts, NothingSubmitted, WrongState."""
    await close_late()
    async with unit_of_work():
        call = await calls.managed_call(call_id, actor, lock=True)
        if call.is_open:
            raise StillOpen
        flows.CALLS.check("venture.scoring_begun", call, clock.now())
        panel = await calls.experts(call_id)
        if len(panel) < call.fewest_scores:
            raise TooFewExperts(needed=call.fewest_scores, there=len(panel))
        if not await queries.applications_of(call_id):
            raise NothingSubmitted
        await advance(flows.CALLS, "venture.scoring_begun", call_id, actor_id=actor.person_id)
        for expert in panel:
            notify(
                expert.person_id,
                title=mark("有项目等您评分"),
                body=mark("%(call)s开始评审。请先声明有没有利益关系，再评分。"),
                path="/venture/reviews",
                call=call.title,
            )


async def take_stance(application_id: int, *, has_conflict: bool, reason: str = "", actor: Actor) -> None:
    """Declare a conflict of interest, or that there is none; facts that say otherwise recuse all the same.

    Raises ApplicationNotFound, NotScoring, StanceTaken, and Recused, after the recusal is stored.
    """
    try:
        async with unit_of_work():
            application = await _to_score(application_id, actor)
            before = await queries.review(application_id, actor.person_id)
            if before is not None:
                if before.stance == (DECLARED if has_conflict else CLEAR):
                    return
                raise StanceTaken
            stance = DECLARED if has_conflict else CLEAR
            if stance == CLEAR and await _is_conflicted(application, actor.person_id):
                stance = COMPUTED
            await _write_stance(application, actor.person_id, stance, reason)
    except asyncpg.UniqueViolationError:
        raise StanceTaken from None
    if stance == COMPUTED:  # said after the COMMIT, which keeps the recusal
        raise Recused


async def _to_score(application_id: int, actor: Actor) -> ApplicationView:
    """The application, for an expert of its call while scores are taken."""
    application = await queries.application(application_id)
    if application.state == flows.DRAFT or not await calls.is_expert(application.call_id, actor.person_id):
        raise ApplicationNotFound
    call = await calls.call(application.call_id, lock=True)
    if call.state != flows.SCORING or application.state != flows.SUBMITTED:
        raise NotScoring
    return application


async def _is_conflicted(application: ApplicationView, person_id: int) -> bool:
    """Asked of all plugins, as for any approval; our own answer is the applicant's roles."""
    found = await plugins.collect(
        "collect_conflicts",
        subject_kind=application.ref.kind,
        subject_id=application.id,
        maker_id=application.made_by,
        person_ids=[person_id],
    )
    return any(conflict.person_id == person_id for conflict in found)


async def _write_stance(application: ApplicationView, person_id: int, stance: str, reason: str) -> None:
    await Review(
        application=application.id,
        person=person_id,
        stance=stance,
        reason=reason,
        declared_at=clock.now(),
    ).save()
    record_audit("venture.stance_taken", application.ref, actor_id=person_id, stance=stance)


async def score_application(
    application_id: int, marks: list[int], *, comment: str = "", actor: Actor
) -> None:
    """Hand in one's marks, sealed; the same marks again change nothing.

    Raises ApplicationNotFound, NotScoring, StanceFirst, MarkOutOfRange, ScoreSealed, and Recused, after a
    recusal that facts brought meanwhile is stored.
    """
    async with unit_of_work():
        application = await _to_score(application_id, actor)
        sheet = await queries.review(application_id, actor.person_id, lock=True)
        if sheet is None:
            raise StanceFirst
        if sheet.marks is not None:
            if sheet.marks == marks:
                return
            raise ScoreSealed
        if sheet.stance != CLEAR:
            raise Recused
        is_recused = await _is_conflicted(application, actor.person_id)
        if is_recused:
            await _update(application, actor.person_id, {Review.stance: COMPUTED})
        else:
            criteria = await calls.criteria(application.call_id)
            scores.check_marks(marks, criteria)
            await _update(
                application,
                actor.person_id,
                {
                    Review.marks: marks,
                    Review.score: scores.score_of(marks, criteria),
                    Review.need_score: marks[0] * scores.WHOLE,
                    Review.comment: comment,
                    Review.submitted_at: clock.now(),
                },
            )
            record_audit("venture.scored", application.ref, actor_id=actor.person_id)
    if is_recused:
        raise Recused


async def _update(application: ApplicationView, person_id: int, values: dict[object, object]) -> None:
    await Review.update(values).where(  # type: ignore[arg-type]
        Review.application == application.id, Review.person == person_id
    )


async def conflicts_at_applicant(application_id: int, person_ids: list[int]) -> list[Conflict]:
    """Who of these is, or was within three years, somebody at the applicant."""
    found = await queries.conflicted(application_id, person_ids, since=clock.now() - _LOOKS_BACK)
    title = mark("三年内在申报组织任职")
    return [Conflict(person_id=one, code="venture.at_applicant", title=title) for one in found]
