"""The list of organizations, one of them, and the two forms: to register one, and to review it."""

from typing import Annotated, Any

import msgspec
from litestar import Request, get, post

from core import clock
from core.language import mark, translate
from core.organizations import queries, rules
from core.organizations.queries import OrganizationFile
from core.organizations.rules import Registration
from core.organizations.services import (
    correct_organization,
    propose_organization,
    review_organization,
)
from core.people.rules import GRANT, REPRESENT
from core.reference import Ref
from core.regions import queries as regions
from web.access import PUBLIC, SIGNED_IN
from web.forms import Answer, Form, clean, said, see_other, submit, tidy_line
from web.parameters import PageNumber, RowId, Words
from web.templates import page
from web.visit import VISIT, current_actor

PAGE_SIZE, WORDS_MOST, PLACES_MOST, WAITING_MOST = 20, 40, 500, 50
_KIND = "|".join(rules.KINDS)


class OrganizationForm(msgspec.Struct):
    """What the certificate says."""

    name: Annotated[str, said(mark("请填写组织全称，2 到 60 个字，和登记证书一样"), max_length=60)]
    kind: Annotated[str, said(mark("请选择组织类型"), pattern=f"^({_KIND})$")]
    region_id: Annotated[int, said(mark("请选择所在地区"), ge=1, le=2**53 - 1)]
    uscc: Annotated[str, said(mark("请填写 18 位统一社会信用代码"), tidy=tidy_line, max_length=40)] = ""

    def registration(self) -> Registration:
        """As core understands it."""
        return Registration(self.name, self.kind, self.region_id, self.uscc or None)


class ReviewForm(msgspec.Struct):
    """What becomes of it, and why."""

    outcome: Annotated[str, said(mark("请选择审核结果"), pattern="^(approved|returned|refused)$")]
    reason: Annotated[str, said(mark("请写明原因，最多 200 个字"), max_length=rules.REASON_MOST)] = ""


def kinds() -> list[tuple[str, str]]:
    """Code and words of each kind, for a choice."""
    return [(code, translate(kind.title)) for code, kind in rules.KINDS.items()]


@get("/organizations", include_in_schema=False, access=PUBLIC)
async def show_organizations(words: Words = "", kind: Words = "", page_number: PageNumber = 1) -> Answer:
    """Registered organizations; for staff what waits, for others what they have handed in."""
    actor = VISIT.get().actor
    words, kind = clean(words)[:WORDS_MOST], kind if kind in rules.KINDS else ""
    found = await queries.named(words, kind=kind, offset=(page_number - 1) * PAGE_SIZE, limit=PAGE_SIZE + 1)
    return page(
        "web/organizations.html",
        found=found[:PAGE_SIZE],
        has_more=len(found) > PAGE_SIZE,
        page_number=page_number,
        form=Form({"words": words, "kind": kind}),
        kinds=kinds(),
        kind_title={code: rules.KINDS[code].title for code in rules.KINDS},
        flow=rules.ORGANIZATIONS,
        waiting=await queries.waiting_for(actor, limit=WAITING_MOST) if actor else [],
        own=await queries.files_of(actor.person_id, limit=PAGE_SIZE) if actor else [],
    )


@get("/organizations/new", include_in_schema=False, access=SIGNED_IN)
async def show_registration() -> Answer:
    """The form that registers an organization."""
    return await _registration_page(Form())


async def _registration_page(form: Form, status: int = 200) -> Answer:
    return page(
        "web/organization_new.html",
        status=status,
        form=form,
        kinds=kinds(),
        places=await regions.places(limit=PLACES_MOST),
    )


@post("/organizations/new", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def register(request: Request[Any, Any, Any]) -> Answer:
    """Hand the registration in."""

    async def act(form: OrganizationForm) -> Answer:
        new_id = await propose_organization(form.registration(), actor=current_actor())
        return see_other(f"/organizations/{new_id}")

    return await submit(request, OrganizationForm, act, _registration_page)


@get("/organizations/{organization_id:int}", include_in_schema=False, access=PUBLIC)
async def show_organization(organization_id: RowId) -> Answer:
    """What is registered; before that, for its registrant and the staff, how it stands."""
    return await _organization_page(organization_id, Form())


async def _organization_page(organization_id: int, form: Form, status: int = 200) -> Answer:
    actor = VISIT.get().actor
    file = await queries.visible_file(organization_id, actor)
    scope, is_own = Ref(queries.OWNER, file.id), actor is not None and file.registrant_id == actor.person_id
    if not form.values and file.state == rules.RETURNED:
        form.values = _as_registered(file)
    may_correct = is_own and file.state == rules.RETURNED
    return page(
        "web/organization.html",
        status=status,
        file=file,
        kind=rules.KINDS[file.kind].title,
        flow=rules.ORGANIZATIONS,
        is_own=is_own,
        may_correct=may_correct,
        may_review=actor is not None
        and not is_own
        and file.state == rules.PENDING
        and await queries.may_review(actor, file.region_id),
        may_grant=actor is not None and actor.may(GRANT, scope),
        represents=actor is not None and actor.may(REPRESENT, scope),
        today=clock.today(),
        kinds=kinds(),
        places=await regions.places(limit=PLACES_MOST) if may_correct else [],
        form=form,
    )


def _as_registered(file: OrganizationFile) -> dict[str, str]:
    return {"name": file.name, "kind": file.kind, "region_id": str(file.region_id), "uscc": file.uscc or ""}


@post("/organizations/{organization_id:int}", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def correct(request: Request[Any, Any, Any], organization_id: RowId) -> Answer:
    """Hand in again what was sent back."""

    async def act(form: OrganizationForm) -> Answer:
        await correct_organization(organization_id, form.registration(), actor=current_actor())
        return see_other(f"/organizations/{organization_id}")

    async def again(form: Form, status: int) -> Answer:
        return await _organization_page(organization_id, form, status)

    return await submit(request, OrganizationForm, act, again)


@post(
    "/organizations/{organization_id:int}/review",
    include_in_schema=False,
    access=rules.REVIEW,
    status_code=303,
)
async def review(request: Request[Any, Any, Any], organization_id: RowId) -> Answer:
    """Approve, send back or refuse."""

    async def act(form: ReviewForm) -> Answer:
        await review_organization(organization_id, form.outcome, reason=form.reason, actor=current_actor())
        return see_other("/organizations")

    async def again(form: Form, status: int) -> Answer:
        return await _organization_page(organization_id, form, status)

    return await submit(request, ReviewForm, act, again)


HANDLERS = [show_organizations, show_registration, register, show_organization, correct, review]
