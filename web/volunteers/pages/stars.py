"""Stars: who is to get one and who has one, for everybody; one's own; what staff decide each year."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from litestar import Request, get, post

from core import clock
from core.people.rules import SERVE
from core.privacy.rules import SEEN_STAR
from core.privacy.services import note_seen
from core.registration.queries import own_child
from core.volunteers.queries import records, stars
from core.volunteers.rules import stars as rules
from core.volunteers.rules import terms
from core.volunteers.services.star_reviews import answer_appeal, appeal_star, decide_review
from core.volunteers.services.stars import apply_for_star, readable_star, refuse_star
from web.access import PUBLIC, SIGNED_IN
from web.forms import Answer, Form, see_other, submit
from web.parameters import Before, RowId
from web.templates import page
from web.visit import current_actor
from web.volunteers.forms import ReasonForm, StarForm, VerdictForm

PAGE, WAITING_MOST = 30, 50
_ALL, _ONE = "/volunteers/stars", "/volunteers/stars/{star_id:int}"
_Request = Request[Any, Any, Any]


@get(_ALL, include_in_schema=False, access=PUBLIC)
async def show_stars(before: Before = None, published_before: Before = None) -> Answer:
    """Who is to get a star, with a few digits of the number, and who has one."""
    asked = await stars.published(before_id=published_before, limit=PAGE + 1)
    found = await stars.holders(before_id=before, limit=PAGE + 1)
    return page(
        "web/volunteer_stars.html",
        published=asked[:PAGE],
        older_published=asked[PAGE - 1].id if len(asked) > PAGE else None,
        holders=found[:PAGE],
        older_than=found[PAGE - 1].id if len(found) > PAGE else None,
        hours=terms.hours_shown,
    )


@get(f"{_ALL}/apply", include_in_schema=False, access=SIGNED_IN)
async def show_application() -> Answer:
    """What is published about whoever applies."""
    return await _application_page(Form(), None)


@get(f"{_ALL}/apply/{{child_id:int}}", include_in_schema=False, access=SIGNED_IN)
async def show_application_for_child(child_id: RowId) -> Answer:
    """The same for one's child."""
    return await _application_page(Form(), child_id)


async def _application_page(form: Form, child_id: int | None, status: int = 200) -> Answer:
    me = current_actor().person_id
    child = await own_child(child_id, me) if child_id is not None else None
    person_id = child.id if child else me
    minutes = await records.minutes_of(person_id)
    return page(
        "web/volunteer_star_apply.html",
        status=status,
        form=form,
        child=child,
        minutes=minutes,
        star=await records.star_of(minutes, person_id, clock.today()),
        held=await stars.in_force(person_id),
        asked=await stars.stars_of(person_id, limit=WAITING_MOST),
        flow=rules.STARS,
        hours=terms.hours_shown,
    )


async def _apply(request: _Request, child_id: int | None) -> Answer:
    async def act(form: StarForm) -> Answer:
        star_id = await apply_for_star(agreed=form.agreed, actor=current_actor(), child_id=child_id)
        return see_other(f"{_ALL}/{star_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _application_page(form, child_id, status)

    return await submit(request, StarForm, act, again)


@post(f"{_ALL}/apply", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def apply(request: _Request) -> Answer:
    """Ask for the star of one's hours."""
    return await _apply(request, None)


@post(f"{_ALL}/apply/{{child_id:int}}", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def apply_for_child(request: _Request, child_id: RowId) -> Answer:
    """Ask for the star of one's child's hours."""
    return await _apply(request, child_id)


@get(f"{_ALL}/desk", include_in_schema=False, access=SERVE)
async def show_desk() -> Answer:
    """What staff have to decide about in their places: names are masked until one is opened."""
    actor = current_actor()
    lists = [
        (state, await stars.for_staff(actor, state, limit=WAITING_MOST))
        for state in (rules.REVIEWED, rules.APPEALED, rules.PUBLISHED)
    ]
    return page("web/volunteer_star_desk.html", lists=lists, flow=rules.STARS, hours=terms.hours_shown)


@get(_ONE, include_in_schema=False, access=SIGNED_IN)
async def show_star(star_id: RowId) -> Answer:
    """One star with its years, for its holder, a guardian and the staff."""
    return await _star_page(star_id, Form())


async def _star_page(star_id: int, form: Form, status: int = 200) -> Answer:
    found, is_staff = await readable_star(star_id, current_actor())
    if is_staff:
        await note_seen([found.person_id], SEEN_STAR, viewer=current_actor())
    return page(
        "web/volunteer_star.html",
        status=status,
        star=found,
        is_staff=is_staff,
        reviews=await stars.reviews(star_id),
        grounds=rules.GROUNDS,
        flow=rules.STARS,
        hours=terms.hours_shown,
        form=form,
    )


async def _act(
    request: _Request,
    star_id: int,
    shape: type[msgspec.Struct],
    act: Callable[[Any], Awaitable[None]],
) -> Answer:
    async def done(form: msgspec.Struct) -> Answer:
        await act(form)
        return see_other(f"{_ALL}/{star_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _star_page(star_id, form, status)

    return await submit(request, shape, done, again)


@post(f"{_ONE}/refuse", include_in_schema=False, access=SERVE, status_code=303)
async def refuse(request: _Request, star_id: RowId) -> Answer:
    """Say no during publicity."""

    async def act(form: ReasonForm) -> None:
        await refuse_star(star_id, form.reason, actor=current_actor())

    return await _act(request, star_id, ReasonForm, act)


@post(f"{_ONE}/decide", include_in_schema=False, access=SERVE, status_code=303)
async def decide(request: _Request, star_id: RowId) -> Answer:
    """Keep or withdraw what is reviewed."""

    async def act(form: VerdictForm) -> None:
        keeps = form.verdict == "keep"
        await decide_review(star_id, keeps=keeps, reason=form.reason, actor=current_actor())

    return await _act(request, star_id, VerdictForm, act)


@post(f"{_ONE}/appeal", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def appeal_review(request: _Request, star_id: RowId) -> Answer:
    """Say why it should stay."""

    async def act(form: ReasonForm) -> None:
        await appeal_star(star_id, form.reason, actor=current_actor())

    return await _act(request, star_id, ReasonForm, act)


@post(f"{_ONE}/answer", include_in_schema=False, access=SERVE, status_code=303)
async def answer(request: _Request, star_id: RowId) -> Answer:
    """Give it back or not."""

    async def act(form: VerdictForm) -> None:
        restores = form.verdict == "keep"
        await answer_appeal(star_id, restores=restores, answer=form.reason, actor=current_actor())

    return await _act(request, star_id, VerdictForm, act)


HANDLERS = [
    show_stars, show_application, show_application_for_child, apply, apply_for_child, show_desk, show_star,
    refuse, decide, appeal_review, answer,
]  # fmt: skip
