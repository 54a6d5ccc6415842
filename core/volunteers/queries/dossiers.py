"""Reads for dossiers: what the person 7 has served (`volunteer:7`), what was served at an organization."""

from typing import Any

from core import settings, signature
from core.database import fetch
from core.manifest import DossierPart
from core.organizations.queries import OWNER
from core.reference import Ref
from core.volunteers.queries import certificates, records, stars
from core.volunteers.rules import books, flows, terms

VOLUNTEER = "volunteer"
CERTIFICATES_MOST = 10_000


async def dossier(subject: Ref) -> list[DossierPart]:
    """Of a volunteer or of an organization."""
    if subject.kind == OWNER:
        return await _of_organization(subject.id)
    return await _of_volunteer(subject) if subject.kind == VOLUNTEER else []


async def _of_organization(organization_id: int) -> list[DossierPart]:
    """What was to be done, how many came, whose minutes; volunteers by number, and none of their words."""
    services = [dict(row) for row in await fetch(_SERVED_THERE, organization_id)]
    for row in services:
        row["volunteer"] = terms.volunteer_number(row["volunteer"])
    return [
        await _part("volunteer_opportunities", _OFFERED, organization_id, flows.OPPORTUNITIES.code),
        await _part("volunteer_shifts", _SHIFTS, organization_id),
        DossierPart(
            name="volunteer_services",
            rows=services,
            subjects=[Ref(records.KIND, row["id"]) for row in services],
        ),
    ]


_OFFERED = """
select id, region, project, title, task, place, risk, insurance, requirements, age_least, kind, training,
    state, created_by, created_at
from volunteer_opportunity where organization = $1 order by id"""
_SHIFTS = """
select s.id, s.opportunity, s.begins_at, s.ends_at, s.capacity, s.taken, s.state, s.reason,
    count(u.id) filter (where u.state in ('present', 'left')) as came,
    count(u.id) filter (where u.state in ('absent', 'excused')) as missed
from volunteer_opportunity o join volunteer_shift s on s.opportunity = o.id
left join volunteer_sign_up u on u.shift = s.id where o.organization = $1 group by s.id order by s.id"""
_SERVED_THERE = """
select v.id, u.shift, v.person as volunteer, v.begins_at, v.ends_at, v.minutes, v.state, v.proposed_by,
    v.proposed_at, v.confirmed_at, v.evidence, v.corrects
from volunteer_service v join volunteer_sign_up u on u.id = v.sign_up
where v.organization = $1 order by v.id"""


async def _of_volunteer(subject: Ref) -> list[DossierPart]:
    """Sign-ups, records, certificates as they were signed, the account of minutes; not other accounts."""
    own = await fetch("select id as person, registered_at from person where id = $1", subject.id)
    if not own:
        return []
    accounts = await fetch(
        "select id from ledger_account where owner_kind = 'person' and owner_id = $1 and kind = $2",
        subject.id,
        books.SERVED,
    )
    summed = {
        "number": terms.volunteer_number(subject.id),
        "minutes": await records.minutes_of(subject.id),
    }
    return [
        DossierPart(
            name=VOLUNTEER,
            rows=[{**dict(own[0]), **summed}],
            subjects=[],
            accounts=[row["id"] for row in accounts],
        ),
        await _part("volunteer_opportunities", _OPPORTUNITIES, subject.id),
        await _part("volunteer_sign_ups", _SIGN_UPS, subject.id, flows.SIGN_UPS.code),
        await _part("volunteer_services", _SERVICES, subject.id, records.KIND),
        await _part("volunteer_witnesses", _WITNESSES, subject.id),
        await _part("volunteer_stars", _STARS, subject.id, stars.KIND),
        await _part("volunteer_star_reviews", _STAR_REVIEWS, subject.id),
        *await _certificates(subject.id),
    ]


_OPPORTUNITIES = """
select distinct o.id, o.organization, o.region, o.project, o.title, o.task, o.place, o.risk, o.insurance,
    o.requirements, o.age_least, o.state, o.created_by, o.created_at
from volunteer_opportunity o join volunteer_shift s on s.opportunity = o.id
join volunteer_sign_up u on u.shift = s.id where u.person = $1 order by o.id"""
_SIGN_UPS = """
select u.id, u.shift, s.opportunity, s.begins_at, s.ends_at, u.state, u.agreement_version, u.signed_at,
    u.came_at, u.left_at, u.plea, u.answer
from volunteer_sign_up u join volunteer_shift s on s.id = u.shift where u.person = $1 order by u.id"""
_SERVICES = """
select id, sign_up, organization, begins_at, ends_at, minutes, state, proposed_by, proposed_at, reason,
    answer, confirmed_at, evidence, corrects
from volunteer_service where person = $1 order by id"""


_WITNESSES = """
select w.id, w.service, w.person, w.agrees, w.answered_at
from volunteer_witness w join volunteer_service v on v.id = w.service where v.person = $1 order by w.id"""


_STARS = """
select id, region, stars, minutes, state, applied_at, published_until, held_on, review_on, decided_by, reason
from volunteer_star where person = $1 order by id"""
_STAR_REVIEWS = """
select r.id, r.star, r.due_on, r.ground, r.last_served_on, r.absences, r.keeps, r.reason, r.decided_by,
    r.decided_at, r.appeal, r.appealed_at, r.restores, r.answer, r.answered_by, r.answered_at
from volunteer_star_review r join volunteer_star s on s.id = r.star where s.person = $1 order by r.id"""


async def _part(name: str, query: str, person_id: int, kind: str | None = None) -> DossierPart:
    """`kind`: what the rows are, where what hangs on them belongs in."""
    rows = [dict(row) for row in await fetch(query, person_id)]
    return DossierPart(name=name, rows=rows, subjects=[Ref(kind, row["id"]) for row in rows] if kind else [])


async def _certificates(person_id: int) -> list[DossierPart]:
    """With the very statements that were handed out, and the key that checks them."""
    found = await certificates.certificates_of(person_id, limit=CERTIFICATES_MOST)
    rows: list[dict[str, Any]] = [
        {
            "id": one.id,
            "number": one.number,
            "organization": one.organization_id,
            "minutes": one.minutes,
            "services": one.services,
            "from": one.from_on,
            "until": one.until_on,
            "issued_at": one.issued_at,
            "revoked_at": one.revoked_at,
            "reason": one.reason,
            "statement": certificates.statement_of(one),
        }
        for one in found
    ]
    key = {"published_at": f"{settings.load().public_url}/api/v1/certificates/keys"}
    keys = [{**key, **signature.public_jwk(certificates.SIGNED_AS)}] if rows else []
    return [
        DossierPart(
            name="certificates", rows=rows, subjects=[Ref(certificates.KIND, row["id"]) for row in rows]
        ),
        DossierPart(name="certificate_keys", rows=keys, subjects=[]),
    ]
