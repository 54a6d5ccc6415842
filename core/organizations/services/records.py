"""Recording what authorities have found."""

from core import clock
from core.audit.services import record_audit
from core.database import fetch_value, unit_of_work
from core.files.rules import Upload
from core.files.services import keep_file
from core.organizations import queries
from core.organizations.queries import records
from core.organizations.rules import records as rules
from core.organizations.rules.records import Finding
from core.organizations.tables import OrganizationRecord
from core.people.rules import Actor
from core.reference import Ref


async def record_finding(
    organization_id: int, finding: Finding, *, actor: Actor, paper: Upload | None = None
) -> int:
    """Record a finding about an organization of one's region and return its id.

    The second click returns the first one. Raises OrganizationNotFound, NotApproved, OwnOrganization,
    NotACharity, and what `Finding.checked` and `keep_file` raise.
    """
    today = clock.today()
    finding = finding.checked(today)
    async with unit_of_work():
        file = await records.supervised(organization_id, actor, lock=True)
        rules.check_recorder(holds_role=await records.holds_role(actor.person_id, file.id, today))
        found = await records.standing(organization_id)
        rules.check_certificate(finding, is_charity=found.is_charity(today))
        repeated = await fetch_value(
            _SAME, organization_id, finding.kind, finding.value, finding.year, finding.number,
            finding.given_by, finding.valid_from, finding.valid_until, finding.reason,
        )  # fmt: skip
        if repeated is not None:
            return int(repeated)
        row = OrganizationRecord(
            organization=organization_id,
            recorded_by=actor.person_id,
            recorded_at=clock.now(),
            **{name: getattr(finding, name) for name in finding.__dataclass_fields__},
        )
        await row.save()
        ref = Ref(rules.RECORD, row.id)
        if paper is not None:
            await keep_file(paper, subject=ref, actor_id=actor.person_id)
        facts = {"record_id": row.id, "kind": finding.kind, "value": finding.value}
        subject = Ref(queries.OWNER, organization_id)
        record_audit("organization.finding_recorded", subject, actor_id=actor.person_id, **facts)
        return int(row.id)


# The newest of its kind, if it says the very same: what was corrected meanwhile may be said again.
_SAME = """
select id from (
    select * from organization_record where organization = $1 and kind = $2 and year is not distinct from $4
    order by id desc limit 1) newest
where (value, number, given_by, valid_from, reason) = ($3, $5, $6, $7, $9)
    and valid_until is not distinct from $8"""
