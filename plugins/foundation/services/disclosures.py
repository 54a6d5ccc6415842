"""The verbs of making public: record what must be, and say where it is."""

from datetime import date

from core import clock
from core.audit.services import record_audit
from core.database import unit_of_work
from core.files.rules import Upload
from core.files.services import keep_file
from core.people.rules import Actor
from core.reference import Ref
from plugins.foundation.errors.disclosures import DutyNotFound
from plugins.foundation.queries import disclosures as queries
from plugins.foundation.rules import calendar as calendar_rules
from plugins.foundation.rules import disclosures as rules
from plugins.foundation.services.years import lock_foundation_for
from plugins.foundation.tables.disclosures import Disclosure, DisclosureDuty


async def record_duty(organization_id: int, kind: str, title: str, happened_on: date, *, actor: Actor) -> int:
    """A large or related transaction has taken place; returns the duty's id, the same for a second click.

    Raises FoundationNotFound, PermissionMissing, DutyNotFound for another kind, DutyDayInFuture.
    """
    if kind not in rules.RECORDED:
        raise DutyNotFound
    rules.check_happened(happened_on, clock.today())
    async with unit_of_work():
        ref = await lock_foundation_for(organization_id, actor, calendar_rules.PUBLISH)
        same = await DisclosureDuty.select(DisclosureDuty.id).where(
            DisclosureDuty.organization == organization_id,
            DisclosureDuty.kind == kind,
            DisclosureDuty.title == title,
            DisclosureDuty.happened_on == happened_on,
        )
        if same:
            return int(same[0]["id"])
        duty = DisclosureDuty(
            organization=organization_id,
            kind=kind,
            title=title,
            happened_on=happened_on,
            recorded_by=actor.person_id,
            recorded_at=clock.now(),
        )
        await duty.save()
        record_audit("foundation.duty_recorded", ref, actor_id=actor.person_id, duty_id=int(duty.id))
        return int(duty.id)


async def disclose(
    organization_id: int,
    kind: str,
    key: str,
    *,
    link: str,
    note: str,
    actor: Actor,
    upload: Upload | None = None,
) -> None:
    """Say where it was made public; once it was, this is a correction, with a note. Again is nothing.

    Raises FoundationNotFound, PermissionMissing, DutyNotFound, ProofMissing or NoteMissing.
    """
    async with unit_of_work():
        ref = await lock_foundation_for(organization_id, actor, calendar_rules.PUBLISH)
        found = await queries.duties(organization_id, clock.today())
        duty = next((duty for duty in found if (duty.kind, duty.key) == (kind, key)), None)
        if duty is None:
            raise DutyNotFound
        last = duty.disclosed[-1] if duty.disclosed else None
        if last and (last.link, last.note) == (link, note):
            return
        rules.check_disclosure(link, note, has_file=upload is not None, is_correction=last is not None)
        said = Disclosure(
            organization=organization_id,
            kind=kind,
            key=key,
            link=link,
            note=note,
            is_correction=last is not None,
            published_by=actor.person_id,
            published_at=clock.now(),
        )
        await said.save()
        if upload is not None:
            subject = Ref(queries.DISCLOSURE, said.id)
            await keep_file(upload, subject=subject, actor_id=actor.person_id, is_public=True)
        facts = {"kind": kind, "key": key}
        record_audit("foundation.disclosed", ref, actor_id=actor.person_id, **facts)
