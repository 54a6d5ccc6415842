"""One's children, for programs."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.households.services import invite_child, register_child
from core.registration import queries
from core.registration.services import decide_for_child
from web.access import SIGNED_IN
from web.account.pages import NAME
from web.households.api import CodeOut, Made
from web.parameters import RowId, Word
from web.visit import current_actor

_CHILDREN = "/children"
_CONSENT = f"{_CHILDREN}/{{person_id:int}}/{{purpose:str}}"
_PURPOSES = Annotated[list[Annotated[str, msgspec.Meta(max_length=40)]], msgspec.Meta(max_length=10)]


class ChildOut(msgspec.Struct):
    """A minor whose guardian one is; `agreed`: purposes that one has agreed to.

    `born_on` null: of age by now, but without an account, to which the record could be handed over.
    """

    person_id: int
    name: str
    born_on: date | None
    agreed: list[str]


class ChildIn(msgspec.Struct):
    """A minor of one's household; `agreed` to the privacy notice, and to `purposes`."""

    name: Annotated[str, NAME]
    born_on: date
    agreed: bool
    purposes: _PURPOSES = []


@get(_CHILDREN, summary="我的孩子", tags=["people"], access=SIGNED_IN)
async def list_children() -> list[ChildOut]:
    """Whose guardian one is."""
    person_id = current_actor().person_id
    minors = await queries.children_of(person_id)
    known = {one.id for one in minors}
    wards = [one for one in await queries.wards_of(person_id) if one.id not in known]
    return [
        *(ChildOut(one.id, one.name, one.born_on, sorted(one.agreed)) for one in minors),
        *(ChildOut(one.id, one.name, None, []) for one in wards),
    ]


@post(_CHILDREN, summary="登记孩子", tags=["people"], access=SIGNED_IN)
async def post_child(data: JSONBody[ChildIn]) -> Made:
    """Register a minor of one's household; returns the child's id."""
    return Made(
        await register_child(
            data.name,
            born_on=data.born_on,
            agreed=data.agreed,
            purposes=data.purposes,
            actor=current_actor(),
        )
    )


@post(f"{_CONSENT}/give", summary="替孩子同意", tags=["people"], access=SIGNED_IN, status_code=204)
async def post_child_consent(person_id: RowId, purpose: Word) -> None:
    """Agree to something for one's child."""
    await decide_for_child(person_id, purpose, is_given=True, actor=current_actor())


@post(f"{_CONSENT}/withdraw", summary="替孩子撤回", tags=["people"], access=SIGNED_IN, status_code=204)
async def post_child_withdrawal(person_id: RowId, purpose: Word) -> None:
    """Agree no longer."""
    await decide_for_child(person_id, purpose, is_given=False, actor=current_actor())


@post(f"{_CHILDREN}/{{person_id:int}}/invitation", summary="给孩子邀请码", tags=["people"], access=SIGNED_IN)
async def post_child_invitation(person_id: RowId) -> CodeOut:
    """A code with which the child's own account takes the record over, by joining the household with it."""
    return CodeOut(await invite_child(person_id, actor=current_actor()))


HANDLERS = [list_children, post_child, post_child_consent, post_child_withdrawal, post_child_invitation]
