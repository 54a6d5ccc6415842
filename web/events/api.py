"""Deliveries of events, for programs."""

from datetime import datetime
from typing import Literal

import msgspec
from litestar import get, post
from litestar.params import FromQuery, JSONBody

from core.events import queries, services
from core.events.queries import DeliveryView
from core.jobs.rules import OPERATE
from web.jobs.api import Reason
from web.jobs.pages import PAGE
from web.parameters import Before, RowId
from web.visit import platform_actor

Kind = Literal["stuck", "off", "waiting", "skipped", "done"]


class DeliveryOut(msgspec.Struct):
    """An event on its way to a plugin; `behind` later ones of its subject wait for it (1,000: or more)."""

    id: int
    plugin: str
    event: str
    subject_kind: str
    subject_id: int
    kind: Kind
    happened_at: datetime
    finished_at: datetime | None
    attempts: int
    error: str | None
    note: str
    behind: int
    job_id: int | None


def _out(found: DeliveryView) -> DeliveryOut:
    return DeliveryOut(
        found.id,
        found.plugin,
        found.event,
        found.subject.kind,
        found.subject.id,
        found.kind,  # type: ignore[arg-type]
        found.happened_at,
        found.finished_at,
        found.attempts,
        found.error,
        found.note,
        found.behind,
        found.job_id,
    )


@get("/operations/deliveries", summary="事件投递", tags=["operations"], access=OPERATE)
async def list_deliveries(kind: FromQuery[Kind] = "stuck", before: Before = None) -> list[DeliveryOut]:
    """Up to 30 deliveries of a kind, newest first; `before` is the id of the last one seen."""
    platform_actor(OPERATE)
    return [_out(found) for found in await queries.deliveries(kind, before_id=before, limit=PAGE)]


@get("/operations/deliveries/{delivery_id:int}", summary="一次投递", tags=["operations"], access=OPERATE)
async def get_delivery(delivery_id: RowId) -> DeliveryOut:
    """One delivery."""
    platform_actor(OPERATE)
    return _out(await queries.delivery(delivery_id))


@post(
    "/operations/deliveries/{delivery_id:int}/repeat",
    summary="重新投递",
    tags=["operations"],
    access=OPERATE,
    status_code=200,
)
async def repeat_delivery(delivery_id: RowId) -> DeliveryOut:
    """Ask for a stuck delivery anew."""
    await services.repeat_delivery(delivery_id, actor_id=platform_actor(OPERATE).person_id)
    return _out(await queries.delivery(delivery_id))


@post(
    "/operations/deliveries/{delivery_id:int}/skip",
    summary="跳过投递",
    tags=["operations"],
    access=OPERATE,
    status_code=200,
)
async def skip_delivery(delivery_id: RowId, data: JSONBody[Reason]) -> DeliveryOut:
    """Go on with the next event of the subject."""
    actor = platform_actor(OPERATE)
    await services.skip_delivery(delivery_id, reason=data.reason, actor_id=actor.person_id)
    return _out(await queries.delivery(delivery_id))


HANDLERS = [list_deliveries, get_delivery, repeat_delivery, skip_delivery]
