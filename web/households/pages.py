"""One's household on its pages."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from litestar import Request, get, post

from core.households import queries
from core.households.services import (
    agree,
    ask_to_join,
    ask_to_merge,
    ask_to_move,
    ask_to_split,
    found_household,
    hand_over,
    invite,
    join,
    leave,
    refuse,
    withdraw,
)
from core.regions.queries import communities
from web.access import SIGNED_IN
from web.forms import Answer, ButtonForm, Form, clean, see_other, submit
from web.households.forms import HouseholdForm, InvitationForm, PersonForm, PlaceForm
from web.parameters import RowId, Words
from web.templates import page
from web.visit import current_actor

PLACES_MOST, WORDS_MOST = 30, 40
_HERE, _ANSWER = "/household", "/household/requests/{request_id:int}"
_Request = Request[Any, Any, Any]


@get(_HERE, include_in_schema=False, access=SIGNED_IN)
async def show_household() -> Answer:
    """Who lives in it, what waits; without one, how to get into one."""
    return await _household_page(Form())


async def _household_page(form: Form, status: int = 200) -> Answer:
    actor = current_actor()
    asked = await queries.asked_by(actor.person_id)
    if actor.household_id is None:
        return page("web/household_none.html", status=status, form=form, asked=asked)
    household = await queries.household(actor.household_id)
    is_head = household.head_id == actor.person_id
    return page(
        "web/household.html",
        status=status,
        form=form,
        household=household,
        is_head=is_head,
        place=await queries.region_names(household.region_id),
        waiting=await queries.waiting_for(actor.person_id),
        asked=asked,
        invitations=await queries.invitations(household.id) if is_head else [],
        names={member.person_id: member.name for member in household.members},
    )


async def place_options(words: str) -> list[tuple[int, str]]:
    """Places to choose from, whose names contain `words`."""
    found = await communities(clean(words)[:WORDS_MOST], limit=PLACES_MOST)
    return [(place.id, place.name) for place in found]


@get("/household/found", include_in_schema=False, access=SIGNED_IN)
async def show_founding(words: Words = "") -> Answer:
    """Where."""
    return await _place_page("/household/found", words, Form())


@post("/household/found", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def found(request: _Request, words: Words = "") -> Answer:
    """Found a household of oneself."""
    return await _choose_place(request, "/household/found", words, found_household)


@get("/household/move", include_in_schema=False, access=SIGNED_IN)
async def show_move(words: Words = "") -> Answer:
    """Where to."""
    return await _place_page("/household/move", words, Form())


@post("/household/move", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def move(request: _Request, words: Words = "") -> Answer:
    """Ask the workers of another place."""
    return await _choose_place(request, "/household/move", words, ask_to_move)


async def _choose_place(
    request: _Request, path: str, words: str, verb: Callable[..., Awaitable[int]]
) -> Answer:
    async def act(form: PlaceForm) -> Answer:
        await verb(form.region_id, actor=current_actor())
        return see_other(_HERE)

    async def again(form: Form, status: int) -> Answer:
        return await _place_page(path, words, form, status)

    return await submit(request, PlaceForm, act, again)


async def _place_page(path: str, words: str, form: Form, status: int = 200) -> Answer:
    return page(
        "web/household_place.html",
        status=status,
        path=path,
        words=words,
        places=await place_options(words),
        is_move=path.endswith("/move"),
        form=form,
    )


async def _on_overview(
    request: _Request, shape: type[msgspec.Struct], verb: Callable[[Any], Awaitable[object]]
) -> Answer:
    """A form of the overview: done, it leads back there."""

    async def act(form: msgspec.Struct) -> Answer:
        await verb(form)
        return see_other(_HERE)

    return await submit(request, shape, act, _household_page)


@post("/household/join", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def join_by_code(request: _Request) -> Answer:
    """Join by invitation."""
    return await _on_overview(request, InvitationForm, lambda form: join(form.code, actor=current_actor()))


@post("/household/apply", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def apply(request: _Request) -> Answer:
    """Ask the head of a household."""
    return await _on_overview(
        request, HouseholdForm, lambda form: ask_to_join(form.household_id, actor=current_actor())
    )


@post("/household/invitations", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def make_invitation(request: _Request) -> Answer:
    """A code for one person."""
    return await _on_overview(request, ButtonForm, lambda _: invite(actor=current_actor()))


@post("/household/leave", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def go(request: _Request) -> Answer:
    """Leave it."""
    return await _on_overview(request, ButtonForm, lambda _: leave(actor=current_actor()))


@post("/household/head", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def change_head(request: _Request) -> Answer:
    """Another member is the head."""
    return await _on_overview(
        request, PersonForm, lambda form: hand_over(form.person_id, actor=current_actor())
    )


@post("/household/merge", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def merge(request: _Request) -> Answer:
    """Ask to become part of another household."""
    return await _on_overview(
        request, HouseholdForm, lambda form: ask_to_merge(form.household_id, actor=current_actor())
    )


@get("/household/split", include_in_schema=False, access=SIGNED_IN)
async def show_split() -> Answer:
    """Who goes."""
    return await _split_page(Form())


async def _split_page(form: Form, status: int = 200) -> Answer:
    household = await queries.household(current_actor().require_household())
    others = [m for m in household.members if not m.is_head]
    heads = [(m.person_id, m.name) for m in others if not m.is_minor]
    return page("web/household_split.html", status=status, form=form, others=others, heads=heads)


@post("/household/split", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def split(request: _Request) -> Answer:
    """Ask some members to found a household of their own; its head is the one named."""
    actor = current_actor()
    household = await queries.household(actor.require_household())
    ticks = {f"member_{id_}": id_ for id_ in household.member_ids}
    shape = msgspec.defstruct(
        "SplitForm", [(name, bool) for name in ticks], bases=(PersonForm,), kw_only=True
    )

    async def act(form: Any) -> Answer:
        leaving = [id_ for name, id_ in ticks.items() if getattr(form, name)]
        await ask_to_split(leaving, form.person_id, actor=actor)
        return see_other(_HERE)

    return await submit(request, shape, act, _split_page)


@post(f"{_ANSWER}/agree", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def say_yes(request: _Request, request_id: RowId) -> Answer:
    """Agree to what somebody has asked."""
    return await _on_overview(request, ButtonForm, lambda _: agree(request_id, actor=current_actor()))


@post(f"{_ANSWER}/refuse", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def say_no(request: _Request, request_id: RowId) -> Answer:
    """Do not."""
    return await _on_overview(request, ButtonForm, lambda _: refuse(request_id, actor=current_actor()))


@post(
    "/household/requests/{request_id:int}/withdraw",
    include_in_schema=False,
    access=SIGNED_IN,
    status_code=303,
)
async def take_back(request: _Request, request_id: RowId) -> Answer:
    """Ask no longer."""
    return await _on_overview(request, ButtonForm, lambda _: withdraw(request_id, actor=current_actor()))


HANDLERS = [
    show_household, show_founding, found, show_move, move, join_by_code, apply, make_invitation, go,
    change_head, merge, show_split, split, say_yes, say_no, take_back,
]  # fmt: skip
