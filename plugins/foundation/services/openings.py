"""The figures by which a year is measured: out of the audited report, and reviewed by a second person."""

from dataclasses import asdict

from core import clock
from core.audit.services import advance, record_audit
from core.database import unit_of_work
from core.files.rules import Upload
from core.files.services import keep_file
from core.funds.rules import states
from core.people.rules import Actor
from core.reference import Ref
from plugins.foundation.errors.years import EntryNotFound
from plugins.foundation.queries import entries as queries
from plugins.foundation.queries.entries import OpeningView
from plugins.foundation.rules import years as rules
from plugins.foundation.rules.years import OpeningDraft
from plugins.foundation.services.years import lock_open_year
from plugins.foundation.tables.years import YearOpening


async def record_opening(
    organization_id: int, year: int, draft: OpeningDraft, upload: Upload, *, actor: Actor
) -> int:
    """Write down the figures of a year's beginning with the audited report; returns their id.

    They count when a second person has reviewed them. The second click returns the first. Raises
    FoundationNotFound, PermissionMissing, YearUnknown, YearIsClosed, AmountOutOfRange.
    """
    rules.check_year(year, clock.today())
    rules.check_opening(draft)
    async with unit_of_work():
        await lock_open_year(organization_id, year, actor, states.RECORD)
        for known in await queries.openings(organization_id, year):
            if known.state == rules.WAITING and _figures(known) == draft:
                return known.id
        opening = YearOpening(
            organization=organization_id,
            year=year,
            recorded_by=actor.person_id,
            recorded_at=clock.now(),
            **asdict(draft),
        )
        await opening.save()
        ref = Ref(rules.OPENING, opening.id)
        await keep_file(upload, subject=ref, actor_id=actor.person_id)
        record_audit("foundation.opening_recorded", ref, actor_id=actor.person_id)
        return int(opening.id)


def _figures(opening: OpeningView) -> OpeningDraft:
    return OpeningDraft(
        kind=opening.kind,
        is_public=opening.is_public,
        net_assets_fen=opening.net_assets_fen,
        income_1_fen=opening.income_1_fen,
        income_2_fen=opening.income_2_fen,
        income_3_fen=opening.income_3_fen,
        note=opening.note,
    )


async def review_opening(opening_id: int, *, actor: Actor) -> None:
    """The second person has compared them with the report; what was reviewed before is superseded.

    Raises EntryNotFound, OwnEntry, YearIsClosed or WrongState. Repeating it changes nothing.
    """
    async with unit_of_work():
        opening = await _opening(opening_id, actor, states.CHECK)
        rules.check_second(actor.person_id, opening.recorded_by)
        if opening.state == rules.REVIEWED:
            return
        rules.OPENINGS.check("foundation.opening_reviewed", opening, clock.now())
        by = actor.person_id
        if before := await queries.opening_of(opening.organization_id, opening.year):
            await advance(rules.OPENINGS, "foundation.opening_superseded", before.id, actor_id=by)
        code, now = "foundation.opening_reviewed", clock.now()
        await advance(rules.OPENINGS, code, opening_id, actor_id=by, reviewed_by=by, reviewed_at=now)


async def drop_opening(opening_id: int, *, actor: Actor) -> None:
    """They were written down by mistake; raises EntryNotFound or WrongState."""
    async with unit_of_work():
        opening = await _opening(opening_id, actor, states.RECORD)
        if opening.state != rules.DROPPED:
            rules.OPENINGS.check("foundation.opening_dropped", opening, clock.now())
            await advance(rules.OPENINGS, "foundation.opening_dropped", opening_id, actor_id=actor.person_id)


async def _opening(opening_id: int, actor: Actor, permission: str) -> OpeningView:
    opening = await queries.opening(opening_id)
    if not actor.may(permission, Ref("organization", opening.organization_id)):
        raise EntryNotFound
    await lock_open_year(opening.organization_id, opening.year, actor, permission)
    return await queries.opening(opening_id, lock=True)
