"""The audit record, for programs."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar import get, post
from litestar.params import FromQuery, JSONBody

from core.audit import queries, services
from core.audit.rules import READ_AUDIT, Search
from web.audit.pages import PAGE, ask_for_export, cursor_of, moment_of
from web.parameters import Code, Cursor, MaybeId
from web.visit import platform_actor

_Code = Annotated[str, msgspec.Meta(max_length=60, pattern=r"^[a-z0-9_.]*$(?!\n)")]
_Id = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]


class EventOut(msgspec.Struct):
    """An audit event; `actor_id` null: the system did it."""

    id: int
    happened_at: datetime
    actor_id: int | None
    action: str
    title: str
    subject_kind: str
    subject_id: int
    facts: dict[str, Any]


class EventsOut(msgspec.Struct):
    """A page of events, newest first; `before` asks for the next one, "" after the last."""

    events: list[EventOut]
    before: str


class ExportIn(msgspec.Struct):
    """A search, and the format in which its events are wanted."""

    format: Literal["csv", "xlsx"]
    subject_kind: _Code = ""
    subject_id: _Id | None = None
    actor_id: _Id | None = None
    action: _Code = ""
    first_day: date | None = None
    last_day: date | None = None


class ExportOut(msgspec.Struct):
    """The job that writes the file: see `/jobs/{id}`."""

    job_id: int


@get("/audit", summary="审计记录", tags=["audit"], access=READ_AUDIT)
async def search_audit(
    subject_kind: Code = "",
    subject_id: MaybeId = None,
    actor_id: MaybeId = None,
    action: Code = "",
    first_day: FromQuery[date | None] = None,
    last_day: FromQuery[date | None] = None,
    before: Cursor = "",
) -> EventsOut:
    """Up to 30 events. `action` is the beginning of a code; days are those of China, inclusive."""
    search = Search(
        subject_kind=subject_kind,
        subject_id=subject_id,
        actor_id=actor_id,
        action=action,
        first_day=first_day,
        last_day=last_day,
    )
    await services.record_search(search, actor_id=platform_actor(READ_AUDIT).person_id)
    found = await queries.events(search, before=moment_of(before), limit=PAGE + 1)
    events = [
        EventOut(
            e.id, e.happened_at, e.actor_id, e.action, queries.action_title(e.action), *e.subject, e.facts
        )
        for e in found[:PAGE]
    ]
    return EventsOut(events, cursor_of(found[PAGE - 1]) if len(found) > PAGE else "")


@post("/audit/exports", summary="导出审计记录", tags=["audit"], access=READ_AUDIT, status_code=202)
async def export_audit(data: JSONBody[ExportIn]) -> ExportOut:
    """Ask for the newest 100,000 events of a search as a file."""
    given = msgspec.structs.asdict(data)
    format = given.pop("format")
    return ExportOut(await ask_for_export(Search(**given), format))


HANDLERS = [search_audit, export_audit]
