"""What authorities have found about an organization: its history, and the forms of its region's staff."""

from typing import Any

from litestar import Request, get, post

from core import clock
from core.errors import NotFound
from core.files.queries import files_of_many
from core.language import translate
from core.organizations import queries, rules
from core.organizations.queries import records
from core.organizations.rules.records import RECORD, RECORD_KINDS
from core.organizations.services.records import record_finding
from web.access import PUBLIC
from web.forms import WITH_FILE_MOST, Answer, Form, see_other, submit
from web.organizations.forms import FindingForm
from web.parameters import Before, RowId, Word
from web.templates import page
from web.visit import VISIT, current_actor

PAGE_SIZE = 20
_FORM = "/organizations/{organization_id:int}/records/{kind:str}"


class RecordKindNotFound(NotFound):
    """No such kind of record."""

    message = "没有这种登记"


@get("/organizations/{organization_id:int}/records", include_in_schema=False, access=PUBLIC)
async def show_records(organization_id: RowId, before: Before = None) -> Answer:
    """All that was recorded, newest first; reasons and papers for those whom it concerns."""
    actor = VISIT.get().actor
    file = await queries.visible_file(organization_id, actor)
    found = await records.history(file.id, before_id=before, limit=PAGE_SIZE + 1)
    is_concerned = await records.is_concerned(file.id, actor)
    shown = found[:PAGE_SIZE]
    return page(
        "web/organization_records.html",
        file=file,
        records=shown,
        papers=await files_of_many(RECORD, [one.id for one in shown]) if is_concerned else {},
        is_concerned=is_concerned,
        kinds=RECORD_KINDS if actor and await queries.may_review(actor, file.region_id) else {},
        today=clock.today(),
        older_than=shown[-1].id if len(found) > PAGE_SIZE else None,
    )


@get(_FORM, include_in_schema=False, access=rules.REVIEW)
async def show_form(organization_id: RowId, kind: Word) -> Answer:
    """The form that records a finding of this kind."""
    return await _form_page(organization_id, kind, Form())


async def _form_page(organization_id: int, kind: str, form: Form, status: int = 200) -> Answer:
    if kind not in RECORD_KINDS:
        raise RecordKindNotFound
    shape = RECORD_KINDS[kind]
    return page(
        "web/organization_record_new.html",
        status=status,
        file=await records.supervised(organization_id, current_actor()),
        kind=kind,
        shape=shape,
        values=[(code, translate(words)) for code, words in shape.values],
        today=clock.today(),
        form=form,
    )


@post(
    _FORM,
    include_in_schema=False,
    access=rules.REVIEW,
    status_code=303,
    request_max_body_size=WITH_FILE_MOST,
)
async def record(request: Request[Any, Any, Any], organization_id: RowId, kind: Word) -> Answer:
    """Record it."""
    if kind not in RECORD_KINDS:
        raise RecordKindNotFound

    async def act(form: FindingForm) -> Answer:
        finding = form.finding(kind)
        await record_finding(organization_id, finding, actor=current_actor(), paper=form.file)
        return see_other(f"/organizations/{organization_id}/records")

    async def again(form: Form, status: int) -> Answer:
        return await _form_page(organization_id, kind, form, status)

    return await submit(request, FindingForm, act, again)


HANDLERS = [show_records, show_form, record]
