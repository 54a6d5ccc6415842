"""The garden's pages."""

from typing import Any

from litestar import Request, get, post

from core import clock
from core.people.rules import REPRESENT
from plugins.garden import queries, rules, services
from plugins.garden.errors import LeaseNotFound
from plugins.garden.forms import ClaimForm, ReviewForm
from plugins.garden.pictures import draw_map
from plugins.garden.queries import reviews
from plugins.garden.services.reviews import decide_review
from web.access import PUBLIC, SIGNED_IN
from web.forms import Answer, ButtonForm, Form, see_other, submit
from web.parameters import Before, RowId, Words
from web.templates import page
from web.visit import VISIT, current_actor

_MOST = 50


def _household_id() -> int | None:
    actor = VISIT.get().actor
    return actor.household_id if actor else None


@get("/", include_in_schema=False, access=PUBLIC)
async def show_gardens() -> Answer:
    """All gardens, with how many plots are free."""
    return page("garden/gardens.html", gardens=await queries.gardens())


@get("/{garden_id:int}", include_in_schema=False, access=PUBLIC)
async def show_garden(garden_id: RowId) -> Answer:
    """The map: what is taken, what is free, what is mine."""
    garden = await queries.garden(garden_id)
    plots = await queries.plots(garden_id, household_id=_household_id())
    return page(
        "garden/garden.html",
        garden=garden,
        plots=plots,
        map=draw_map(plots, columns=garden.columns),
        has_closed="closed" in {plot.state for plot in plots},
        terms=await queries.terms(garden_id, garden.organization_id, clock.today()),
        others=[] if garden.free else [g for g in await queries.gardens() if g.free],
    )


@get("/plots/{plot_id:int}", include_in_schema=False, access=PUBLIC)
async def show_plot(plot_id: RowId) -> Answer:
    """One plot: what it costs, the agreement, and the button to claim it."""
    return await _plot_page(plot_id, Form())


async def _plot_page(plot_id: int, form: Form, status: int = 200) -> Answer:
    plot = await queries.plot(plot_id)
    garden = await queries.garden(plot.garden_id)
    household_id = _household_id()
    open_leases = await queries.open_leases(garden.id, plot_id=plot_id, household_id=household_id)
    held = [h for h in open_leases if not h.is_late]
    year = rules.garden_year(clock.today())
    is_member = household_id is not None and await queries.membership_is_paid(garden.id, household_id, year)
    return page(
        "garden/plot.html",
        status=status,
        plot=plot,
        garden=garden,
        holder=next((h for h in held if h.plot_id == plot_id), None),
        household_id=household_id,
        household_holds=sum(h.household_id == household_id for h in held),
        terms=await queries.terms(garden.id, garden.organization_id, clock.today()),
        is_member=is_member,
        agreement=rules.AGREEMENT,
        form=form,
    )


@post("/plots/{plot_id:int}/claim", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def claim(request: Request[Any, Any, Any], plot_id: RowId) -> Answer:
    """Reserve the plot and go on to what is to be paid."""

    async def act(form: ClaimForm) -> Answer:
        order_id = await services.claim_plot(plot_id, agreed=form.agreed, actor=current_actor())
        return see_other(f"/orders/{order_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _plot_page(plot_id, form, status)

    return await submit(request, ClaimForm, act, again)


@get("/mine", include_in_schema=False, access=SIGNED_IN)
async def show_mine() -> Answer:
    """The household's plots, now and before."""
    return await _mine_page(Form())


async def _mine_page(form: Form, status: int = 200) -> Answer:
    household_id = _household_id()
    leases = await queries.leases(household_id) if household_id is not None else []
    return page("garden/mine.html", status=status, leases=leases, now=clock.now(), form=form)


@post("/leases/{lease_id:int}/cancel", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def cancel(request: Request[Any, Any, Any], lease_id: RowId) -> Answer:
    """Give up a reservation that is not paid yet."""

    async def act(_: ButtonForm) -> Answer:
        await services.cancel_claim(lease_id, actor=current_actor())
        return see_other("/garden/mine")

    async def again(form: Form, status: int) -> Answer:
        return await _mine_page(form, status)

    return await submit(request, ButtonForm, act, again)


@post("/leases/{lease_id:int}/agreement", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def agreement(request: Request[Any, Any, Any], lease_id: RowId) -> Answer:
    """Ask for the agreement of a lease as a file, and go where its progress is shown."""

    async def act(_: ButtonForm) -> Answer:
        return see_other(f"/jobs/{await services.ask_for_agreement(lease_id, actor=current_actor())}")

    async def again(form: Form, status: int) -> Answer:
        return await _mine_page(form, status)

    return await submit(request, ButtonForm, act, again)


@get("/reviews", include_in_schema=False, access=REPRESENT)
async def show_reviews(before: Before = None, show: Words = "") -> Answer:
    """Leases of one's committees whose money has gone back; first those that wait for a decision."""
    mine = reviews.deciding(current_actor())
    found = await reviews.reviews(mine, only_open=show != "all", before_id=before, limit=_MOST + 1)
    return page(
        "garden/reviews.html",
        reviews=found[:_MOST],
        older_than=found[_MOST - 1].id if len(found) > _MOST else None,
        shows_all=show == "all",
        why=rules.WHY_REVIEW,
    )


@get("/leases/{lease_id:int}/review", include_in_schema=False, access=REPRESENT)
async def show_review(lease_id: RowId) -> Answer:
    """What has gone back, and what becomes of the plot."""
    return await _review_page(lease_id, Form())


async def _review_page(lease_id: int, form: Form, status: int = 200) -> Answer:
    one, actor = await reviews.review(lease_id), current_actor()
    if one.organization_id not in reviews.deciding(actor):
        raise LeaseNotFound
    is_own = one.household_id == actor.household_id
    return page("garden/review.html", status=status, one=one, is_own=is_own, why=rules.WHY_REVIEW, form=form)


@post("/leases/{lease_id:int}/review", include_in_schema=False, access=REPRESENT, status_code=303)
async def decide(request: Request[Any, Any, Any], lease_id: RowId) -> Answer:
    """Decide whether the plot stays with its household."""

    async def act(form: ReviewForm) -> Answer:
        await decide_review(lease_id, ends=form.outcome == rules.ENDED, note=form.note, actor=current_actor())
        return see_other(f"/garden/leases/{lease_id}/review")

    async def again(form: Form, status: int) -> Answer:
        return await _review_page(lease_id, form, status)

    return await submit(request, ReviewForm, act, again)


HANDLERS = [
    show_gardens,
    show_garden,
    show_plot,
    claim,
    show_mine,
    cancel,
    agreement,
    show_reviews,
    show_review,
    decide,
]
