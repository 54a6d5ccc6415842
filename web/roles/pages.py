"""One's own roles, and for those in charge of a place: who holds which role there, granting, revoking."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Request, get, post

from core import clock
from core.errors import NotFound
from core.language import mark, translate
from core.manifest import Role
from core.organizations import queries as organizations
from core.people import queries, rules
from core.people.errors import GrantNotFound
from core.people.services import grant_or_propose, revoke_role
from core.reference import PLATFORM, Ref
from core.regions import queries as regions
from web.access import SIGNED_IN
from web.forms import PHONE, Answer, Form, clean, said, see_other, submit
from web.parameters import Before, PageNumber, RowId, Word, Words
from web.templates import page
from web.visit import current_actor

PAGE_SIZE, OWN_MOST, WORDS_MOST = 20, 100, 40


class PlaceNotFound(NotFound):
    """Roles are granted here for the platform, for regions and for organizations."""

    message = "没有找到这个地方"


class GrantForm(msgspec.Struct):
    """Whom, what, until when. Phone and name, so that a slip of the finger hits nobody."""

    phone: Annotated[str, PHONE]
    name: Annotated[str, said(mark("姓名最多 40 个字"), max_length=40)]
    role: Annotated[str, said(mark("请选择角色"), max_length=60)]
    ends_on: Annotated[date | None, said(mark("日期写成 2026-12-31 这样"))] = None


class RevokeForm(msgspec.Struct):
    """Why."""

    reason: Annotated[str, said(mark("请写明原因，最多 200 个字"), max_length=rules.REASON_MOST)]


def role_title(code: str) -> str:
    """In the visitor's language; the code itself for a role of a plugin that is off."""
    role = rules.roles().get(code)
    return translate(role.title) if role else code


def roles_for(scope: Ref) -> list[Role]:
    """The roles that can be held in such a place."""
    return [role for role in rules.roles().values() if role.scope_kind == scope.kind]


async def place_names(scopes: Iterable[Ref]) -> dict[Ref, str]:
    """What the places are called."""
    wanted = set(scopes)
    ids = [scope.id for scope in wanted if scope.kind == organizations.OWNER]
    found = await organizations.organizations(ids) if ids else []
    names = {Ref(organizations.OWNER, one.id): one.name for one in found}
    for scope in wanted - names.keys() - {PLATFORM}:
        names[scope] = await _title_of(scope)
    return names | {PLATFORM: translate(mark("整个平台"))}


async def _title_of(scope: Ref) -> str:
    """A region, or a plugin's own thing; roles are held in few of them."""
    with suppress(NotFound):
        return (await organizations.scope_path(scope))[0].title
    return str(scope)


async def place_in_charge(kind: str, id_: int) -> Ref:
    """The place, for those who may grant there; raises PlaceNotFound, OrganizationNotFound."""
    scope = Ref(kind, id_)
    if kind == organizations.OWNER:
        await organizations.organization(id_)
    elif scope != PLATFORM and not (kind == "region" and await regions.upwards(id_)):
        raise PlaceNotFound
    current_actor().require(rules.GRANT, scope)
    return scope


async def places_in_charge(words: str, page_number: int) -> list[organizations.OrganizationName]:
    """A page of the organizations where this person may grant, and one more if there are more."""
    actor = current_actor()
    if actor.may(rules.GRANT, PLATFORM):
        return await organizations.named(
            clean(words)[:WORDS_MOST], offset=(page_number - 1) * PAGE_SIZE, limit=PAGE_SIZE + 1
        )
    ids = [scope.id for scope in actor.scopes(rules.GRANT) if scope.kind == organizations.OWNER]
    return await organizations.organizations(ids)


@get("/roles", include_in_schema=False, access=SIGNED_IN)
async def show_roles(words: Words = "", page_number: PageNumber = 1) -> Answer:
    """One's own roles, and where one may grant some."""
    actor = current_actor()
    own = await queries.grants_of(actor.person_id, limit=OWN_MOST)
    is_everywhere = actor.may(rules.GRANT, PLATFORM)
    places = await places_in_charge(words, page_number)
    return page(
        "web/roles.html",
        own=own,
        names=await place_names(grant.scope for grant in own),
        role_title=role_title,
        today=clock.today(),
        is_everywhere=is_everywhere,
        places=places[:PAGE_SIZE] if is_everywhere else places,
        words=words,
        page_number=page_number,
        has_more=is_everywhere and len(places) > PAGE_SIZE,
    )


@get("/roles/{scope_kind:str}/{scope_id:int}", include_in_schema=False, access=rules.GRANT)
async def show_place(scope_kind: Word, scope_id: RowId, before: Before = None) -> Answer:
    """Who holds which role there, who did, and the form to grant one."""
    return await _place_page(await place_in_charge(scope_kind, scope_id), Form(), before=before)


async def _place_page(scope: Ref, form: Form, status: int = 200, before: int | None = None) -> Answer:
    found = await queries.grants_in(scope, before_id=before, limit=PAGE_SIZE + 1)
    return page(
        "web/roles_place.html",
        status=status,
        scope=scope,
        name=(await place_names([scope]))[scope],
        grants=found[:PAGE_SIZE],
        older_than=found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None,
        titles=[(role.code, translate(role.title)) for role in roles_for(scope)],
        role_title=role_title,
        today=clock.today(),
        form=form,
    )


@post("/roles/{scope_kind:str}/{scope_id:int}", include_in_schema=False, access=rules.GRANT, status_code=303)
async def grant(request: Request[Any, Any, Any], scope_kind: Word, scope_id: RowId) -> Answer:
    """Grant a role there, or propose it where somebody else has to agree."""
    scope = await place_in_charge(scope_kind, scope_id)

    async def act(form: GrantForm) -> Answer:
        person_id = await queries.person_id_of(form.phone, form.name)
        actor_id = current_actor().person_id
        approval_id = await grant_or_propose(
            person_id, form.role, scope, actor_id=actor_id, ends_on=form.ends_on
        )
        return see_other(f"/approvals/{approval_id}" if approval_id else f"/roles/{scope.kind}/{scope.id}")

    async def again(form: Form, status: int) -> Answer:
        return await _place_page(scope, form, status)

    return await submit(request, GrantForm, act, again)


@get("/roles/grants/{grant_id:int}/revoke", include_in_schema=False, access=rules.GRANT)
async def show_revocation(grant_id: RowId) -> Answer:
    """What is about to be taken away, and the form that asks why."""
    return await _revocation_page(grant_id, Form())


async def visible_grant(grant_id: int) -> queries.GrantView:
    """The grant, for those in charge where it holds; raises GrantNotFound."""
    found = await queries.grant(grant_id)
    if found is None or not current_actor().may(rules.GRANT, found.scope):
        raise GrantNotFound
    return found


async def _revocation_page(grant_id: int, form: Form, status: int = 200) -> Answer:
    found = await visible_grant(grant_id)
    return page(
        "web/role_revoke.html",
        status=status,
        grant=found,
        name=(await place_names([found.scope]))[found.scope],
        role_title=role_title,
        is_own=found.person_id == current_actor().person_id,
        today=clock.today(),
        form=form,
    )


@post("/roles/grants/{grant_id:int}/revoke", include_in_schema=False, access=rules.GRANT, status_code=303)
async def revoke(request: Request[Any, Any, Any], grant_id: RowId) -> Answer:
    """Take the role away."""
    found = await visible_grant(grant_id)

    async def act(form: RevokeForm) -> Answer:
        await revoke_role(grant_id, reason=form.reason, actor_id=current_actor().person_id)
        return see_other(f"/roles/{found.scope.kind}/{found.scope.id}")

    async def again(form: Form, status: int) -> Answer:
        return await _revocation_page(grant_id, form, status)

    return await submit(request, RevokeForm, act, again)


HANDLERS = [show_roles, show_place, grant, show_revocation, revoke]
