"""The verb of a foundation's year: close it."""

from dataclasses import asdict

from core import clock
from core.audit.services import record_audit
from core.database import unit_of_work
from core.people.rules import Actor
from core.reference import Ref
from plugins.foundation.errors.years import YearIsClosed
from plugins.foundation.queries import entries
from plugins.foundation.queries import years as queries
from plugins.foundation.queries.calendar import foundation, lock_foundation
from plugins.foundation.rules import calendar as calendar_rules
from plugins.foundation.rules import years as rules
from plugins.foundation.tables.years import YearClosing


async def close_year(organization_id: int, year: int, *, actor: Actor) -> None:
    """Keep the year's figures for good; a second time changes nothing.

    Raises FoundationNotFound, PermissionMissing, YearUnknown, YearNotOver, OpeningMissing or EntryWaits.
    """
    rules.check_year(year, clock.today())
    async with unit_of_work():
        ref = await lock_foundation_for(organization_id, actor, calendar_rules.PUBLISH)
        if await queries.closing(organization_id, year):
            return
        opening = await entries.opening_of(organization_id, year)
        waiting = await entries.waiting(organization_id, year)
        rules.check_closable(year, clock.today(), waiting=waiting, is_opened=opening is not None)
        assert opening is not None, "check_closable looks"
        (books,) = await queries.books([(organization_id, year)])
        await YearClosing(
            organization=organization_id,
            year=year,
            opening=opening.id,
            closed_by=actor.person_id,
            closed_at=clock.now(),
            **asdict(books),
        ).save()
        record_audit("foundation.year_closed", ref, actor_id=actor.person_id, year=year)


async def lock_foundation_for(organization_id: int, actor: Actor, permission: str) -> Ref:
    """The foundation, its row locked; raises FoundationNotFound or PermissionMissing."""
    ref = Ref("organization", (await foundation(organization_id)).id)
    actor.require(permission, ref)
    await lock_foundation(organization_id)
    return ref


async def lock_open_year(organization_id: int, year: int, actor: Actor, permission: str) -> None:
    """The same for a year that nobody has closed, nor closes before COMMIT. Raises YearIsClosed."""
    await lock_foundation_for(organization_id, actor, permission)
    if await queries.closing(organization_id, year):
        raise YearIsClosed(year=year)
