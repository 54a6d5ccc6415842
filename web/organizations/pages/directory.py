"""The list of organizations, one of them, and the two forms: to register one, and to review it."""

import re
from typing import Annotated, Any

import msgspec
from litestar import Request, get, post

from core import clock
from core.documents.services import ask_for_sheet
from core.language import mark, show_day, translate
from core.ledger.queries import Line, statement
from core.ledger.rules import reason_title
from core.money import format_yuan
from core.organizations import queries, rules
from core.organizations.queries import EXPORT, OrganizationFile, records, restrictions
from core.organizations.rules import Registration
from core.organizations.rules.records import RECORD_KINDS
from core.organizations.rules.restrictions import GRADES
from core.organizations.services import (
    correct_organization,
    propose_organization,
    review_organization,
)
from core.people.rules import GRANT, REPRESENT, Actor
from core.projects.queries import projects
from core.projects.rules import PROJECTS
from core.reference import Ref
from core.regions import queries as regions
from web.access import PUBLIC, SIGNED_IN
from web.forms import Answer, Form, clean, said, see_other, submit, tidy_line
from web.organizations.forms import ExportForm
from web.parameters import PageNumber, RowId, Words
from web.templates import page
from web.visit import VISIT, current_actor

PAGE_SIZE, WORDS_MOST, PLACES_MOST, WAITING_MOST = 20, 40, 500, 50
COUNTIES_MOST, PROJECTS_MOST, LINES_MOST = 200, 10, 5
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
async def show_organizations(
    words: Words = "", kind: Words = "", region_id: Words = "", page_number: PageNumber = 1
) -> Answer:
    """Registered organizations; for staff what waits, for others what they have handed in."""
    asked = {"words": clean(words)[:WORDS_MOST], "kind": kind, "region_id": region_id}
    return await _directory_page(Form(asked), page_number=page_number)


async def _directory_page(form: Form, status: int = 200, *, page_number: int = 1) -> Answer:
    actor, kind, place = VISIT.get().actor, form.value("kind"), form.value("region_id")
    found = await queries.find(
        form.value("words")[:WORDS_MOST],
        kind=kind if kind in rules.KINDS else "",
        region_id=int(place) if re.fullmatch(r"[0-9]{1,15}", place) else None,
        offset=(page_number - 1) * PAGE_SIZE,
        limit=PAGE_SIZE + 1,
    )
    return page(
        "web/organizations.html",
        status=status,
        found=found.organizations[:PAGE_SIZE],
        is_near=found.is_near,
        has_more=len(found.organizations) > PAGE_SIZE,
        page_number=page_number,
        form=form,
        kinds=kinds(),
        may_import=actor is not None and actor.may(rules.REVIEW),
        counties=[(place.id, place.name) for place in await regions.counties(limit=COUNTIES_MOST)],
        kind_title={code: rules.KINDS[code].title for code in rules.KINDS},
        flow=rules.ORGANIZATIONS,
        waiting=await queries.waiting_for(actor, limit=WAITING_MOST) if actor else [],
        own=await queries.files_of(actor.person_id, limit=PAGE_SIZE) if actor else [],
    )


@post("/organizations/exports", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def export(request: Request[Any, Any, Any]) -> Answer:
    """Ask for the list as it is narrowed down, and go where its progress is shown."""

    async def act(form: ExportForm) -> Answer:
        return see_other(f"/jobs/{await ask_for_list(form)}")

    return await submit(request, ExportForm, act, _directory_page)


async def ask_for_list(asked: ExportForm) -> int:
    """The id of the job that writes the list into a file of the asker."""
    narrowed = {
        "words": asked.words,
        "kind": asked.kind if asked.kind in rules.KINDS else "",
        "region_id": asked.region_id,
    }
    return await ask_for_sheet(EXPORT, narrowed, format=asked.format, person_id=current_actor().person_id)


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
        **(await _public_part(file, actor) if file.state == rules.APPROVED else {}),
    )


async def _public_part(file: OrganizationFile, actor: Actor | None) -> dict[str, Any]:
    """What is on record, what it does, and what it got."""
    owner = Ref(queries.OWNER, file.id)
    account = await statement(owner, kind="core.public", unit="CNY", page=1, size=LINES_MOST)
    return {
        "standing": await records.standing(file.id),
        "kinds_of_record": RECORD_KINDS,
        "restrictions": await restrictions.in_force(file.id),
        "grades": GRADES,
        "projects": await projects(organization_ids=[file.id], limit=PROJECTS_MOST),
        "project_flow": PROJECTS,
        "account": account,
        "account_rows": [_cells(line) for line in account.lines] if account else [],
        "is_concerned": await records.is_concerned(file.id, actor),
    }


def _cells(line: Line) -> tuple[str, str, str]:
    return show_day(line.occurred_at), translate(reason_title(line.reason)), format_yuan(line.amount)


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


HANDLERS = [export, show_organizations, show_registration, register, show_organization, correct, review]
