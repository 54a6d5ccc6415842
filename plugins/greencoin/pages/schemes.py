"""The village's page, and a household's passbook."""

from typing import Any

from litestar import Request, get, post

from core import clock
from core.ledger.rules import reason_title
from plugins.greencoin import rules
from plugins.greencoin.forms import BoardForm
from plugins.greencoin.queries import claims, points, schemes, shop
from plugins.greencoin.queries.schemes import SchemeView
from plugins.greencoin.rules import shop as shop_rules
from plugins.greencoin.rules import show_points
from plugins.greencoin.rules.claims import CATEGORIES, CLAIMS
from plugins.greencoin.rules.shop import REDEMPTIONS
from plugins.greencoin.services import schemes as services
from web.access import PUBLIC, SIGNED_IN
from web.forms import Answer, Form, see_other, submit
from web.parameters import PageNumber, RowId
from web.templates import page
from web.visit import VISIT, current_actor


@get("/", include_in_schema=False, access=PUBLIC)
async def show_schemes() -> Answer:
    """All schemes; a resident's own village first."""
    return page("greencoin/schemes.html", schemes=await schemes.schemes(), own=await own_scheme())


async def own_scheme() -> SchemeView | None:
    """The scheme of the visitor's own village."""
    actor = VISIT.get().actor
    if actor is None or actor.household_id is None:
        return None
    return await schemes.scheme_of(actor.household_id)


def may(permission: str, scheme: SchemeView) -> bool:
    """Does the visitor work here?"""
    actor = VISIT.get().actor
    return actor is not None and actor.may(permission, scheme.owner)


@get("/{scheme_id:int}", include_in_schema=False, access=PUBLIC)
async def show_scheme(scheme_id: RowId) -> Answer:
    """The village in public: what earns points, what was given, what is on the shelf against it."""
    scheme = await schemes.scheme(scheme_id)
    figures = await points.figures(scheme)
    own = await own_scheme()
    return page(
        "greencoin/scheme.html",
        scheme=scheme,
        figures=figures,
        coverage=shop_rules.coverage_percent(figures.stock_points, figures.outstanding),
        rules=await schemes.rules_on(scheme_id, clock.today()),
        categories=CATEGORIES,
        board=await points.board(scheme_id, clock.today().year),
        reviews=await claims.reviews(scheme_id, public_only=True),
        terms=await schemes.terms(scheme),
        is_own=own is not None and own.id == scheme_id,
        works={p: may(p, scheme) for p in (rules.MANAGE, rules.KEEP_SHOP)},
        now=clock.now(),
        show_points=show_points,
    )


@get("/mine", include_in_schema=False, access=SIGNED_IN)
async def show_mine(page_number: PageNumber = 1) -> Answer:
    """The passbook of the visitor's household, every line with its why."""
    return await _mine_page(Form(), page_number=page_number)


async def _mine_page(form: Form, status: int = 200, *, page_number: int = 1) -> Answer:
    scheme, actor = await own_scheme(), current_actor()
    if scheme is None or actor.household_id is None:
        return page("greencoin/no_scheme.html", status=status, has_household=actor.household_id is not None)
    passbook = await schemes.passbook(scheme.id, actor.household_id)
    found = await points.lines(scheme, actor.household_id, page_number)
    return page(
        "greencoin/mine.html",
        status=status,
        scheme=scheme,
        passbook=passbook,
        has=await points.holding(scheme, actor.household_id, clock.today()),
        claims=await claims.claims_of(passbook.id) if passbook else [],
        redemptions=await shop.redemptions_of(passbook.id) if passbook else [],
        found=found,
        titles={line.reason: reason_title(line.reason) for line, _ in found.lines},
        page_number=page_number,
        claim_flow=CLAIMS,
        redemption_flow=REDEMPTIONS,
        show_points=show_points,
        form=form,
    )


@post("/{scheme_id:int}/board", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def choose_board(request: Request[Any, Any, Any], scheme_id: RowId) -> Answer:
    """Agree, or no longer, that the own household stands on the village's board."""

    async def act(form: BoardForm) -> Answer:
        await services.show_on_board(scheme_id, form.shown, actor=current_actor())
        return see_other("/greencoin/mine")

    return await submit(request, BoardForm, act, _mine_page)


@get("/desk", include_in_schema=False, access=rules.MANAGE)
async def show_desks() -> Answer:
    """Where this manager works."""
    return await _workplaces(rules.MANAGE, "desk")


@get("/counter", include_in_schema=False, access=rules.KEEP_SHOP)
async def show_counters() -> Answer:
    """Where this shop keeper works."""
    return await _workplaces(rules.KEEP_SHOP, "counter")


async def _workplaces(permission: str, place: str) -> Answer:
    found = await schemes.schemes_of([scope.id for scope in current_actor().scopes(permission)])
    if len(found) == 1:
        return see_other(f"/greencoin/{found[0].id}/{place}")
    return page("greencoin/workplaces.html", schemes=found, place=place)


HANDLERS = [show_schemes, show_scheme, show_mine, choose_board, show_desks, show_counters]
