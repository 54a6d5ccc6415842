"""The audit record: searched, and taken away as a list. Whoever searches is on record too."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from litestar import Request, get, post

from core.audit import queries, services
from core.audit.queries import Happened
from core.audit.rules import READ_AUDIT, Search
from core.documents.services import ask_for_sheet
from core.errors import Invalid
from core.language import explain, mark
from core.people import queries as people
from web.forms import Answer, Form, said, searched, see_other, submit
from web.templates import page
from web.visit import platform_actor

PAGE = 30
_CODE = said(mark("代码只含小写字母、数字、点和下划线"), pattern=r"^[a-z0-9_.]{1,60}$")
_ID = said(mark("编号是一个数字"), ge=1, le=2**63 - 1)
_DAY = said(mark("日期写作 2026-11-22"))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class AuditSearch(msgspec.Struct):
    """What the search form asks for; `before` is the last event of the page before."""

    subject_kind: Annotated[str, _CODE] = ""
    subject_id: Annotated[int, _ID] | None = None
    actor_id: Annotated[int, _ID] | None = None
    action: Annotated[str, _CODE] = ""
    first_day: Annotated[date, _DAY] | None = None
    last_day: Annotated[date, _DAY] | None = None
    before: Annotated[str, said(mark("没有这一页"), pattern=r"^\d{1,16}-\d{1,18}$")] = ""

    def search(self) -> Search:
        """Without the page."""
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        return Search(**{name: given[name] for name in Search.__dataclass_fields__})


class ExportForm(AuditSearch):
    """The same search, as a file."""

    format: str = ""


@get("/audit", include_in_schema=False, access=READ_AUDIT)
async def show_audit(request: Request[Any, Any, Any]) -> Answer:
    """A page of what was done, newest first."""
    asked, form = searched(request, AuditSearch)
    return await _audit_page(asked, form)


async def _audit_page(asked: AuditSearch | None, form: Form, status: int = 200) -> Answer:
    actor = platform_actor(READ_AUDIT)
    found: list[Happened] = []
    if asked is not None:
        try:
            await services.record_search(asked.search(), actor_id=actor.person_id)
            found = await queries.events(asked.search(), before=moment_of(asked.before), limit=PAGE + 1)
        except Invalid as refusal:
            form.reasons.update({name: explain(why) for name, why in refusal.reasons().items()})
    shown = found[:PAGE]
    return page(
        "web/audit.html",
        status=422 if form.reasons and status == 200 else status,
        form=form,
        events=[(event, queries.action_title(event.action)) for event in shown],
        actors=await people.names([e.actor_id for e in shown if e.actor_id is not None]),
        older=_older(asked, shown[-1]) if asked and len(found) > PAGE else None,
        seal=await queries.newest_seal(),
    )


def _older(asked: AuditSearch, last: Happened) -> str:
    return urlencode(asked.search().facts() | {"before": cursor_of(last)})


def cursor_of(event: Happened) -> str:
    """Where a page ends: microseconds and id, because several events may share a moment."""
    return f"{(event.happened_at - _EPOCH) // timedelta(microseconds=1)}-{event.id}"


def moment_of(cursor: str) -> tuple[datetime, int] | None:
    """What `cursor_of` was made of; None for the first page."""
    if not cursor:
        return None
    microseconds, event_id = cursor.split("-")
    return _EPOCH + timedelta(microseconds=int(microseconds)), int(event_id)


@post("/audit/exports", include_in_schema=False, access=READ_AUDIT, status_code=303)
async def export(request: Request[Any, Any, Any]) -> Answer:
    """Ask for the search as a file, and go where its progress is shown."""

    async def act(form: ExportForm) -> Answer:
        return see_other(f"/jobs/{await ask_for_export(form.search(), form.format)}")

    async def again(form: Form, status: int) -> Answer:
        return await _audit_page(None, form, status)

    return await submit(request, ExportForm, act, again)


async def ask_for_export(search: Search, format: str) -> int:
    """The id of the job that writes what the search finds into a file of the asker."""
    person_id = platform_actor(READ_AUDIT).person_id
    await services.record_search(search, actor_id=person_id)
    return await ask_for_sheet(
        services.EXPORT, {"search": search.facts()}, format=format, person_id=person_id
    )


HANDLERS = [show_audit, export]
