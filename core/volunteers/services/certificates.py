"""Certificates: the sum of what was confirmed, free of charge, signed, and revocable."""

from core import clock
from core.audit.services import record_audit
from core.database import fetch, next_id, unit_of_work
from core.documents.services import ask_for_paper
from core.language import mark
from core.people.rules import Actor
from core.people.services import lock_person
from core.reference import Ref
from core.registration.queries import own_child, speaks_for
from core.volunteers.errors import CertificateNotFound, CertificateRevoked, NothingToCertify
from core.volunteers.queries import certificates, records
from core.volunteers.queries.certificates import CertificateView
from core.volunteers.queries.records import ServedSum, ServiceView
from core.volunteers.rules import flows, terms
from core.volunteers.tables import Certificate

KIND = certificates.KIND
PAPER = "core.print_certificate"
CORRECTED = mark("所依据的服务记录已更正，请重新开具")


async def issue_certificate(
    organization_id: int, *, shows_name: bool, actor: Actor, child_id: int | None = None
) -> int:
    """Certify what somebody has confirmed with an organization until now; returns the certificate's id.

    It is the actor, or a minor whose guardian he is. One that says the same and is valid is returned
    instead. Raises NotGuardian, NothingToCertify.
    """
    person_id = actor.person_id if child_id is None else child_id
    async with unit_of_work():
        if child_id is not None:
            await own_child(child_id, actor.person_id)
        await lock_person(person_id)
        found = await records.sums(person_id, organization_id=organization_id)
        if not found:
            raise NothingToCertify
        for known in await certificates.certificates_of(person_id, limit=200):
            if _says_the_same(known, found[0], shows_name):
                return known.id
        return await _issue(found[0], shows_name, person_id, actor)


def _says_the_same(known: CertificateView, now: ServedSum, shows_name: bool) -> bool:
    said = (known.organization_id, known.minutes, known.services, known.shows_name, known.revoked_at)
    return said == (now.organization_id, now.minutes, now.services, shows_name, None)


async def _issue(sums: ServedSum, shows_name: bool, person_id: int, actor: Actor) -> int:
    now = clock.now()
    id_ = await next_id("volunteer_certificate")
    certificate = Certificate(
        id=id_,
        number=f"ZY{clock.today():%Y}{id_:08}",
        person=person_id,
        organization=sums.organization_id,
        minutes=sums.minutes,
        services=sums.services,
        from_on=sums.from_on,
        until_on=sums.until_on,
        shows_name=shows_name,
        issued_at=now,
    )
    await certificate.save()
    record_audit("certificate.issued", Ref(KIND, id_), actor_id=actor.person_id, minutes=sums.minutes)
    return id_


async def readable_certificate(certificate_id: int, actor: Actor) -> CertificateView:
    """For its owner, a minor's guardian and who leads at the organization; raises CertificateNotFound."""
    found = await certificates.certificate(certificate_id)
    if not _leads(actor, found) and not await speaks_for(actor.person_id, found.person_id):
        raise CertificateNotFound
    return found


def _leads(actor: Actor, found: CertificateView) -> bool:
    return actor.may(flows.LEAD, Ref("organization", found.organization_id))


async def ask_for_certificate(certificate_id: int, *, actor: Actor) -> int:
    """Ask for it as PDF, for its owner or for the organization that stamps it; returns the job's id.

    Raises CertificateNotFound, CertificateRevoked.
    """
    found = await readable_certificate(certificate_id, actor)
    if found.revoked_at is not None:
        raise CertificateRevoked
    return await ask_for_paper(PAPER, {"certificate_id": found.id}, person_id=actor.person_id)


async def revoke_certificate(certificate_id: int, *, reason: str, actor: Actor) -> None:
    """Make it void; whoever checks it reads the reason.

    Raises ReasonMissing, CertificateNotFound, CertificateRevoked.
    """
    terms.check_reason(reason)
    async with unit_of_work():
        found = await certificates.certificate(certificate_id, lock=True)
        if not _leads(actor, found):
            raise CertificateNotFound
        if found.revoked_at is not None:
            raise CertificateRevoked
        await _revoke([found.id], reason.strip(), actor.person_id)


async def void_certificates(corrected: ServiceView, *, actor_id: int) -> None:
    """Those that rest on a confirmed record which is taken back, in the caller's unit of work."""
    rows = await fetch(
        "select id from volunteer_certificate where person = $1 and organization = $2"
        " and issued_at >= $3 and revoked_at is null order by id for no key update",
        corrected.person_id,
        corrected.organization_id,
        corrected.confirmed_at,
    )
    await _revoke([row["id"] for row in rows], CORRECTED, actor_id)


async def _revoke(ids: list[int], reason: str, actor_id: int) -> None:
    await fetch(
        "update volunteer_certificate set revoked_at = $2, revoked_by = $3, reason = $4 where id = any($1)",
        ids,
        clock.now(),
        actor_id,
        reason,
    )
    for id_ in ids:
        record_audit("certificate.revoked", Ref(KIND, id_), actor_id=actor_id)
