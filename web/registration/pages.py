"""Getting an account with a phone, a new password with the same, another phone, and one's consents."""

from typing import Any

from litestar import Request, get, post

from core.people.masks import mask_phone
from core.people.services import SESSION_LIFE
from core.registration import queries, rules
from core.registration.services import (
    ask_for_code,
    change_phone,
    give_consent,
    register,
    reset_password,
    state_identity,
    withdraw_consent,
)
from core.settings import load
from web.access import PUBLIC, SIGNED_IN
from web.forms import Answer, ButtonForm, Form, see_other, submit
from web.parameters import PathCode, Word
from web.registration.forms import AccountForm, CodeForm, IdentityForm, PhoneForm, ResetForm
from web.templates import page
from web.visit import SESSION, VISIT, current_actor

CONSENTS_MOST = 100
# Purpose -> where its pages are.
_PATHS = {rules.REGISTER: "/register", rules.RESET: "/reset", rules.CHANGE: "/phone"}


@get("/privacy", include_in_schema=False, access=PUBLIC)
async def show_privacy() -> Answer:
    """What is kept, for what, and how long."""
    return page("web/privacy.html", notice=rules.NOTICE, version=rules.NOTICE_VERSION)


@get("/register", include_in_schema=False, access=PUBLIC)
async def show_register() -> Answer:
    """Which phone; who is signed in already has an account."""
    return see_other("/me") if VISIT.get().actor else _phone_page(rules.REGISTER, Form())


@post("/register", include_in_schema=False, access=PUBLIC, status_code=303)
async def send_to_register(request: Request[Any, Any, Any]) -> Answer:
    """Have a code sent; the answer is the same for a phone that is registered."""
    return await _send(request, rules.REGISTER)


@get("/reset", include_in_schema=False, access=PUBLIC)
async def show_reset() -> Answer:
    """Which phone."""
    return _phone_page(rules.RESET, Form())


@post("/reset", include_in_schema=False, access=PUBLIC, status_code=303)
async def send_to_reset(request: Request[Any, Any, Any]) -> Answer:
    """Have a code sent; the answer is the same for a phone that nobody has registered."""
    return await _send(request, rules.RESET)


@get("/phone", include_in_schema=False, access=SIGNED_IN)
async def show_change() -> Answer:
    """Which phone from now on."""
    return _phone_page(rules.CHANGE, Form())


@post("/phone", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def send_to_change(request: Request[Any, Any, Any]) -> Answer:
    """Have a code sent to the new phone."""
    return await _send(request, rules.CHANGE)


async def _send(request: Request[Any, Any, Any], purpose: str) -> Answer:
    async def act(form: PhoneForm) -> Answer:
        visit = VISIT.get()
        person_id = current_actor().person_id if purpose == rules.CHANGE else None
        token = await ask_for_code(form.phone, purpose=purpose, address=visit.address, person_id=person_id)
        return see_other(f"{_PATHS[purpose]}/{token}")

    async def again(form: Form, status: int) -> Answer:
        return _phone_page(purpose, form, status)

    return await submit(request, PhoneForm, act, again)


def _phone_page(purpose: str, form: Form, status: int = 200) -> Answer:
    path = _PATHS[purpose]
    return page("web/code_phone.html", status=status, form=form, purpose=purpose, path=path, demo=load().demo)


@get("/register/{token:str}", include_in_schema=False, access=PUBLIC)
async def show_account_form(token: PathCode) -> Answer:
    """The code, and who one is."""
    return await _code_page(token, rules.REGISTER, Form())


@post("/register/{token:str}", include_in_schema=False, access=PUBLIC, status_code=303)
async def make_account(request: Request[Any, Any, Any], token: PathCode) -> Answer:
    """Make the account and sign in."""

    async def act(form: AccountForm) -> Answer:
        session = await register(
            token,
            form.code,
            name=form.name,
            password=form.password,
            agreed=form.agreed,
            door="web",
            language=VISIT.get().language,
        )
        return _signed_in(session, "/household")

    return await _prove(request, token, rules.REGISTER, AccountForm, act)


@get("/reset/{token:str}", include_in_schema=False, access=PUBLIC)
async def show_reset_form(token: PathCode) -> Answer:
    """The code, and the new password."""
    return await _code_page(token, rules.RESET, Form())


@post("/reset/{token:str}", include_in_schema=False, access=PUBLIC, status_code=303)
async def choose_password(request: Request[Any, Any, Any], token: PathCode) -> Answer:
    """Replace the password, sign out everywhere and in here."""

    async def act(form: ResetForm) -> Answer:
        session = await reset_password(
            token, form.code, password=form.password, door="web", language=VISIT.get().language
        )
        return _signed_in(session, "/me")

    return await _prove(request, token, rules.RESET, ResetForm, act)


@get("/phone/{token:str}", include_in_schema=False, access=SIGNED_IN)
async def show_change_form(token: PathCode) -> Answer:
    """The code that came to the new phone."""
    return await _code_page(token, rules.CHANGE, Form())


@post("/phone/{token:str}", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def take_phone(request: Request[Any, Any, Any], token: PathCode) -> Answer:
    """The person has the new phone from now on."""

    async def act(form: CodeForm) -> Answer:
        await change_phone(token, form.code, actor=current_actor())
        return see_other("/me")

    return await _prove(request, token, rules.CHANGE, CodeForm, act)


async def _prove(request: Request[Any, Any, Any], token: str, purpose: str, shape: Any, act: Any) -> Answer:
    async def again(form: Form, status: int) -> Answer:
        form.values.pop("password", None)
        return await _code_page(token, purpose, form, status)

    return await submit(request, shape, act, again)


async def _code_page(token: str, purpose: str, form: Form, status: int = 200) -> Answer:
    asked = await queries.asked_code(token, purpose=purpose)
    return page(
        "web/code.html",
        status=status,
        form=form,
        purpose=purpose,
        path=f"{_PATHS[purpose]}/{token}",
        again=_PATHS[purpose],
        phone=mask_phone(asked.phone),
        is_open=asked.is_open,
        demo=load().demo,
    )


def _signed_in(session: str, path: str) -> Answer:
    VISIT.get().set_cookie(SESSION, session, max_age_s=int(SESSION_LIFE["web"].total_seconds()))
    return see_other(path)


@get("/consents", include_in_schema=False, access=SIGNED_IN)
async def show_consents() -> Answer:
    """What one has agreed to, and the history of it."""
    return await _consents_page(Form())


async def _consents_page(form: Form, status: int = 200) -> Answer:
    history = await queries.consents(current_actor().person_id, limit=CONSENTS_MOST)
    latest = {one.purpose: one for one in reversed(history)}
    return page(
        "web/consents.html",
        status=status,
        form=form,
        purposes=[one for one in rules.CONSENTS.values() if not one.for_minors],
        latest=latest,
        history=history,
        titles={code: purpose.title for code, purpose in rules.CONSENTS.items()},
    )


@post("/consents/{purpose:str}/give", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def give(request: Request[Any, Any, Any], purpose: Word) -> Answer:
    """Agree."""

    async def act(_: ButtonForm) -> Answer:
        await give_consent(purpose, actor=current_actor())
        return see_other("/consents")

    return await submit(request, ButtonForm, act, _consents_page)


@post("/consents/{purpose:str}/withdraw", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def take_back(request: Request[Any, Any, Any], purpose: Word) -> Answer:
    """Agree no longer."""

    async def act(_: ButtonForm) -> Answer:
        await withdraw_consent(purpose, actor=current_actor())
        return see_other("/consents")

    return await submit(request, ButtonForm, act, _consents_page)


@get("/me/identity", include_in_schema=False, access=SIGNED_IN)
async def show_identity() -> Answer:
    """One's own number, masked, and whether anybody has seen the card."""
    return await _identity_page(Form())


async def _identity_page(form: Form, status: int = 200) -> Answer:
    form.values.pop("identity_number", None)  # shown nowhere, not even to who has just typed it
    me = current_actor()
    return page(
        "web/identity.html",
        status=status,
        form=form,
        name=me.name,
        purpose=rules.IDENTITY,
        own=await queries.own_identity(me.person_id),
    )


@post("/me/identity", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def give_number(request: Request[Any, Any, Any]) -> Answer:
    """Type one's own number."""

    async def act(form: IdentityForm) -> Answer:
        await state_identity(form.identity_number, agreed=form.agreed, actor=current_actor())
        return see_other("/me/identity")

    return await submit(request, IdentityForm, act, _identity_page)


HANDLERS = [
    show_privacy, show_register, send_to_register, show_reset, send_to_reset, show_change, send_to_change,
    show_account_form, make_account, show_reset_form, choose_password, show_change_form, take_phone,
    show_consents, give, take_back, show_identity, give_number,
]  # fmt: skip
