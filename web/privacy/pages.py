"""Who has looked at one's data, a copy of it, and the end of the account."""

from typing import Any

import msgspec
from litestar import Request, get, post

from core.privacy import queries
from core.privacy.services import ask_deletion, ask_for_copy, withdraw_deletion
from web.access import SIGNED_IN
from web.forms import Answer, ButtonForm, Form, see_other, submit
from web.parameters import Before
from web.templates import page
from web.visit import current_actor

ACCESSES_MOST = 20
_DATA = "/me/data"
_Request = Request[Any, Any, Any]


@get("/me/accesses", include_in_schema=False, access=SIGNED_IN)
async def show_accesses(before: Before = None) -> Answer:
    """Who has looked, newest first."""
    found = await queries.accesses(current_actor().person_id, before_id=before, limit=ACCESSES_MOST + 1)
    return page(
        "web/accesses.html",
        accesses=found[:ACCESSES_MOST],
        older_than=found[ACCESSES_MOST - 1].id if len(found) > ACCESSES_MOST else None,
    )


@get(_DATA, include_in_schema=False, access=SIGNED_IN)
async def show_data() -> Answer:
    """A copy, and the end of the account."""
    return await _data_page(Form())


async def _data_page(form: Form, status: int = 200) -> Answer:
    waiting = await queries.waiting_deletion(current_actor().person_id)
    return page("web/own_data.html", status=status, form=form, waiting=waiting)


@post("/me/data/copy", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def copy(request: _Request) -> Answer:
    """Have the copy made."""

    async def act(_: ButtonForm) -> Answer:
        return see_other(f"/jobs/{await ask_for_copy(actor=current_actor())}")

    return await submit(request, ButtonForm, act, _data_page)


class DeletionForm(msgspec.Struct):
    """One knows what it means."""

    sure: bool


@post("/me/data/deletion", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def end_account(request: _Request) -> Answer:
    """Ask that one's account ends."""

    async def act(form: DeletionForm) -> Answer:
        await ask_deletion(sure=form.sure, actor=current_actor())
        return see_other(_DATA)

    return await submit(request, DeletionForm, act, _data_page)


@post("/me/data/deletion/withdraw", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def keep_account(request: _Request) -> Answer:
    """Keep one's account."""

    async def act(_: ButtonForm) -> Answer:
        await withdraw_deletion(actor=current_actor())
        return see_other(_DATA)

    return await submit(request, ButtonForm, act, _data_page)


HANDLERS = [show_accesses, show_data, copy, end_account, keep_account]
