"""One's children: registered by their guardian, who agrees for them."""

from typing import Any

from litestar import Request, get, post

from core.households import queries as households
from core.households.services import invite_child, register_child
from core.registration import queries, rules
from core.registration.services import decide_for_child
from web.access import SIGNED_IN
from web.children.forms import ChildForm
from web.forms import Answer, ButtonForm, Form, see_other, submit
from web.parameters import RowId, Word
from web.templates import page
from web.visit import current_actor

_HERE = "/children"
_CONSENT = f"{_HERE}/{{person_id:int}}/{{purpose:str}}"
_Request = Request[Any, Any, Any]


@get(_HERE, include_in_schema=False, access=SIGNED_IN)
async def show_children() -> Answer:
    """Whose guardian one is, and what one has agreed to."""
    return await _children_page(Form())


async def _children_page(form: Form, status: int = 200) -> Answer:
    actor = current_actor()
    return page(
        "web/children.html",
        status=status,
        form=form,
        children=await queries.children_of(actor.person_id),
        wards=await queries.wards_of(actor.person_id),
        codes=await households.child_codes(actor.person_id),
        purposes=[rules.purpose(code) for code in rules.FOR_MINORS],
        has_household=actor.household_id is not None,
    )


@post(_HERE, include_in_schema=False, access=SIGNED_IN, status_code=303)
async def add_child(request: _Request) -> Answer:
    """Register a minor of one's household."""

    async def act(form: ChildForm) -> Answer:
        await register_child(
            form.name,
            born_on=form.born_on,
            agreed=form.agreed,
            purposes=form.purposes,
            actor=current_actor(),
        )
        return see_other(_HERE)

    return await submit(request, ChildForm, act, _children_page)


@post(f"{_CONSENT}/give", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def agree_for_child(request: _Request, person_id: RowId, purpose: Word) -> Answer:
    """Agree to something for one's child."""
    return await _decide(request, person_id, purpose, is_given=True)


@post(f"{_CONSENT}/withdraw", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def take_back_for_child(request: _Request, person_id: RowId, purpose: Word) -> Answer:
    """Agree no longer."""
    return await _decide(request, person_id, purpose, is_given=False)


async def _decide(request: _Request, child_id: int, purpose: str, *, is_given: bool) -> Answer:
    async def act(_: ButtonForm) -> Answer:
        await decide_for_child(child_id, purpose, is_given=is_given, actor=current_actor())
        return see_other(_HERE)

    return await submit(request, ButtonForm, act, _children_page)


@post(f"{_HERE}/{{person_id:int}}/invitation", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def hand_record_over(request: _Request, person_id: RowId) -> Answer:
    """A code with which the child's own account takes the record over."""

    async def act(_: ButtonForm) -> Answer:
        await invite_child(person_id, actor=current_actor())
        return see_other(_HERE)

    return await submit(request, ButtonForm, act, _children_page)


HANDLERS = [show_children, add_child, agree_for_child, take_back_for_child, hand_record_over]
