"""The verb of foundations: publish a quarter."""

from core import clock
from core.audit.services import record_audit
from core.database import fetch_value, unit_of_work
from core.funds.queries.sums import sums
from core.funds.rules.quarters import Quarter
from core.people.rules import Actor
from core.reference import Ref
from plugins.foundation.queries import calendar as queries
from plugins.foundation.rules import calendar as rules
from plugins.foundation.tables.calendar import Publication


async def publish_quarter(organization_id: int, quarter: Quarter, *, actor: Actor) -> None:
    """Publish what came and went in a quarter that is over; a second time changes nothing.

    Raises FoundationNotFound, PermissionMissing, QuarterNotOver or PublishEarlierFirst.
    """
    async with unit_of_work():
        foundation = await queries.foundation(organization_id)
        ref = Ref("organization", foundation.id)
        actor.require(rules.PUBLISH, ref)
        await queries.lock_foundation(organization_id)
        if await _is_published(organization_id, quarter):
            return
        calendar = await queries.calendar(organization_id, clock.today())
        rules.check_publishable(quarter, calendar, clock.today())
        (found,) = await sums(organization_id, [(quarter.begin, quarter.end)])
        await Publication(
            organization=organization_id,
            year=quarter.year,
            quarter=quarter.number,
            opening_fen=found.opening_fen,
            income_fen=found.income_fen,
            uses_fen=found.uses_fen,
            published_by=actor.person_id,
            published_at=clock.now(),
        ).save()
        facts = {"year": quarter.year, "quarter": quarter.number}
        record_audit("foundation.published", ref, actor_id=actor.person_id, **facts)


async def _is_published(organization_id: int, quarter: Quarter) -> bool:
    return bool(
        await fetch_value(
            "select exists (select from foundation_publication"
            " where organization = $1 and year = $2 and quarter = $3)",
            organization_id,
            quarter.year,
            quarter.number,
        )
    )
