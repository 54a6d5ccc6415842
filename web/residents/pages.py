"""What a community worker does for residents."""

from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.params import FromQuery

from core.households import queries as households
from core.households.services import agree, name_guardian, refuse, register_resident
from core.people.rules import SERVE
from core.privacy.queries import possible_guardians, residents
from core.privacy.rules import SEEN_FOUND
from core.privacy.services import note_seen, see_resident
from core.registration import queries
from core.registration.services import issue_code, verify_identity
from core.registration.services.codes import digits
from web.forms import Answer, ButtonForm, Form, clean, see_other, submit
from web.households.pages import place_options
from web.parameters import PathCode, RowId, Words
from web.residents.forms import CodeForm, GuardianForm, IdentityForm, ResidentForm
from web.templates import page
from web.visit import current_actor

_HERE = "/residents"
RESIDENTS_MOST, WORDS_MOST = 20, 40
_Request = Request[Any, Any, Any]


@get(_HERE, include_in_schema=False, access=SERVE)
async def show_residents(done: FromQuery[bool] = False) -> Answer:
    """Households that want to move in, and what there is to do at the desk."""
    return await _desk(Form(), done=done)


async def _desk(form: Form, status: int = 200, done: bool = False) -> Answer:
    moves = await households.moves_for(current_actor())
    return page("web/residents.html", status=status, form=form, moves=moves, done=done)


@post("/residents/codes", include_in_schema=False, access=SERVE, status_code=303)
async def tell_code(request: _Request) -> Answer:
    """A code for somebody who gets no SMS."""

    async def act(form: CodeForm) -> Answer:
        token = await issue_code(form.phone, purpose=form.purpose, actor=current_actor())
        return see_other(f"/residents/codes/{token}")

    return await submit(request, CodeForm, act, _desk)


@get("/residents/codes/{token:str}", include_in_schema=False, access=SERVE)
async def show_code(token: PathCode) -> Answer:
    """The digits, for the worker who has asked for them."""
    code = await queries.issued_code(token, worker_id=current_actor().person_id)
    return page("web/residents_code.html", code=code, digits=digits(code) if code.is_open else "")


@get("/residents/find", include_in_schema=False, access=SERVE)
async def find_residents(words: Words = "") -> Answer:
    """Residents of one's places."""
    asked = clean(words)[:WORDS_MOST]
    found = await residents(asked, worker=current_actor(), limit=RESIDENTS_MOST)
    await note_seen([one.id for one in found.profiles], SEEN_FOUND, viewer=current_actor())
    return page(
        "web/residents_found.html",
        words=asked,
        found=found.profiles,
        is_near=found.is_near,
        most=RESIDENTS_MOST,
    )


@get("/residents/{person_id:int}", include_in_schema=False, access=SERVE)
async def show_resident(person_id: RowId) -> Answer:
    """What is known of a resident; the resident reads that one has looked."""
    return await _resident_page(person_id, Form())


async def _resident_page(person_id: int, form: Form, status: int = 200) -> Answer:
    # The number on the card is shown nowhere, not even to who has just typed it.
    form.values.pop("identity_number", None)
    resident = await see_resident(person_id, actor=current_actor())
    guardians = await possible_guardians(resident) if resident.is_minor else []
    return page("web/resident.html", status=status, form=form, resident=resident, guardians=guardians)


@post("/residents/{person_id:int}/identity", include_in_schema=False, access=SERVE, status_code=303)
async def verify(request: _Request, person_id: RowId) -> Answer:
    """One has seen the resident's identity card."""

    async def act(form: IdentityForm) -> Answer:
        await verify_identity(
            person_id,
            name=form.name,
            number=form.identity_number,
            agreed=form.agreed,
            actor=current_actor(),
        )
        return see_other(f"/residents/{person_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _resident_page(person_id, form, status)

    return await submit(request, IdentityForm, act, again)


@post("/residents/{person_id:int}/guardian", include_in_schema=False, access=SERVE, status_code=303)
async def take_guardian(request: _Request, person_id: RowId) -> Answer:
    """Write down who is a minor's guardian."""

    async def act(form: GuardianForm) -> Answer:
        await name_guardian(person_id, form.guardian_id, actor=current_actor())
        return see_other(f"/residents/{person_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _resident_page(person_id, form, status)

    return await submit(request, GuardianForm, act, again)


@get("/residents/new", include_in_schema=False, access=SERVE)
async def show_registration(words: Words = "") -> Answer:
    """The form to register somebody."""
    return await _registration_page(words, Form())


async def _registration_page(words: str, form: Form, status: int = 200) -> Answer:
    places = await place_options(words)
    return page("web/residents_new.html", status=status, form=form, words=words, places=places)


@post("/residents/new", include_in_schema=False, access=SERVE, status_code=303)
async def register(request: _Request, words: Words = "") -> Answer:
    """Register somebody who stands here."""

    async def act(form: ResidentForm) -> Answer:
        await register_resident(
            form.name,
            phone=form.phone,
            agreed=form.agreed,
            region_id=form.region_id,
            household_id=form.household_id,
            actor=current_actor(),
        )
        return see_other("/residents?done=1")

    async def again(form: Form, status: int) -> Answer:
        return await _registration_page(words, form, status)

    return await submit(request, ResidentForm, act, again)


@post("/residents/moves/{request_id:int}/agree", include_in_schema=False, access=SERVE, status_code=303)
async def let_in(request: _Request, request_id: RowId) -> Answer:
    """The household lives here from now on."""
    return await _answer(request, request_id, agree)


@post("/residents/moves/{request_id:int}/refuse", include_in_schema=False, access=SERVE, status_code=303)
async def keep_out(request: _Request, request_id: RowId) -> Answer:
    """It does not."""
    return await _answer(request, request_id, refuse)


async def _answer(request: _Request, request_id: int, verb: Any) -> Answer:
    async def act(_: msgspec.Struct) -> Answer:
        await verb(request_id, actor=current_actor())
        return see_other(_HERE)

    return await submit(request, ButtonForm, act, _desk)


HANDLERS = [
    show_residents, tell_code, show_code, find_residents, show_resident, verify, take_guardian,
    show_registration, register, let_in, keep_out,
]  # fmt: skip
