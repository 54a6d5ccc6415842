"""What a foundation has to make public, for programs."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core import clock
from core.files.rules import Upload
from plugins.foundation.queries import disclosures as queries
from plugins.foundation.queries.calendar import foundation
from plugins.foundation.rules import calendar as calendar_rules
from plugins.foundation.services import disclosures as services
from web.access import PUBLIC
from web.forms import WITH_FILE_MOST, clean
from web.funds.api.funds import Created, Short
from web.parameters import RowId
from web.visit import current_actor


class DisclosedOut(msgspec.Struct):
    """Where it is public; after the first these are corrections."""

    link: str
    note: str
    published_at: datetime


class DutyOut(msgspec.Struct):
    """Something that must be public; `kind` and `key` name it."""

    kind: str
    key: str
    about: str
    due_on: date
    is_late: bool
    disclosed: list[DisclosedOut]


class DutyIn(msgspec.Struct):
    """A transaction that must be published within days."""

    kind: Literal["transaction", "related"]
    title: Short
    happened_on: date


class DisclosureIn(msgspec.Struct):
    """Where it is public; a correction says what has changed."""

    kind: Literal["report", "annual", "related_list", "progress", "project", "transaction", "related"]
    key: Annotated[str, msgspec.Meta(pattern=r"^r?[0-9]{1,16}(-[0-9]{1,3})?$(?!\n)")]
    link: Annotated[str, msgspec.Meta(max_length=300, pattern=r"^(https?://\S+)?$(?!\n)")] = ""
    note: Annotated[str, msgspec.Meta(max_length=200)] = ""
    file: Upload | None = None


@get("/foundations/{organization_id:int}/disclosures", summary="信息公开日历", access=PUBLIC)
async def list_disclosures(organization_id: RowId) -> list[DutyOut]:
    """What must be public, by when, and where it stands; the latest term first."""
    return await _listed(organization_id)


async def _listed(organization_id: int) -> list[DutyOut]:
    found, today = await foundation(organization_id), clock.today()
    return [
        DutyOut(
            duty.kind,
            duty.key,
            duty.about,
            duty.due_on,
            duty.is_late(today),
            [DisclosedOut(one.link, one.note, one.published_at) for one in duty.disclosed],
        )
        for duty in await queries.duties(found.id, today)
    ]


@post(
    "/foundations/{organization_id:int}/disclosures",
    summary="记下在哪里公开了",
    access=calendar_rules.PUBLISH,
    status_code=200,
    request_max_body_size=WITH_FILE_MOST,
)
async def disclose(organization_id: RowId, data: JSONBody[DisclosureIn]) -> list[DutyOut]:
    """Say where it was made public; once it was, this is a correction."""
    await services.disclose(
        organization_id,
        data.kind,
        data.key,
        link=clean(data.link),
        note=clean(data.note),
        upload=data.file,
        actor=current_actor(),
    )
    return await _listed(organization_id)


@post("/foundations/{organization_id:int}/duties", summary="列入信息公开日历", access=calendar_rules.PUBLISH)
async def record_duty(organization_id: RowId, data: JSONBody[DutyIn]) -> Created:
    """A large or related transaction has taken place."""
    return Created(
        await services.record_duty(
            organization_id, data.kind, clean(data.title), data.happened_on, actor=current_actor()
        )
    )


HANDLERS = [list_disclosures, disclose, record_duty]
