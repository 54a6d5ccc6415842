"""What is on record about an organization, for its auditors: no words about persons, no account number."""

from core.database import fetch
from core.manifest import DossierPart
from core.organizations.queries import OWNER
from core.organizations.rules.payees import PAYEE
from core.organizations.rules.records import RECORD
from core.organizations.rules.restrictions import RESTRICTION
from core.reference import Ref

_RECORDED = {
    "findings": (
        RECORD,
        "select id, kind, value, year, number, given_by, valid_from, valid_until, recorded_by, recorded_at"
        " from organization_record where organization = $1 order by id",
    ),
    "restrictions": (
        RESTRICTION,
        "select id, grade, state, from_on, until_on, imposed_by, imposed_at, appealed_by, decided_by,"
        " decided_at from organization_restriction where organization = $1 order by id",
    ),
    "payees": (
        PAYEE,
        "select id, state, bank, last4, proposed_by, proposed_at, decided_by, decided_at"
        " from organization_payee where organization = $1 order by id",
    ),
}


async def dossier(subject: Ref) -> list[DossierPart]:
    """Its own record, who has held which role in it, findings, restrictions and accounts."""
    if subject.kind != OWNER:
        return []
    own = await fetch(
        "select id, name, kind, region, uscc, state, registrant, reason, registered_at from organization"
        " where id = $1",
        subject.id,
    )
    roles = await fetch(
        "select id, person, role, granted_by, granted_at, ends_on, revoked_at, revoked_by from role_grant"
        " where scope_kind = $1 and scope_id = $2 order by id",
        *subject,
    )
    parts = [
        DossierPart(name="organization", rows=[dict(row) for row in own], subjects=[subject]),
        DossierPart(name="roles", rows=[dict(row) for row in roles], subjects=[]),
    ]
    for name, (kind, sql) in _RECORDED.items():
        rows = [dict(row) for row in await fetch(sql, subject.id)]
        parts.append(DossierPart(name=name, rows=rows, subjects=[Ref(kind, row["id"]) for row in rows]))
    return parts
