"""Reads of certificates: of their owners, of those who issued them, and of strangers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core import clock, settings, signature
from core.database import fetch, fetch_row
from core.people.identity import is_minor
from core.people.masks import MINOR, mask_name
from core.volunteers.errors import CertificateNotFound
from core.volunteers.rules import codes

KIND = "volunteer_certificate"
SIGNED_AS = "core.volunteer_certificate"


@dataclass(frozen=True)
class CertificateView:
    """A certificate; `name` is the person's in full: `shown_name` is what its owner wants to be read."""

    id: int
    number: str
    person_id: int
    name: str
    born_on: date | None
    organization_id: int
    organization: str
    minutes: int
    services: int
    from_on: date
    until_on: date
    shows_name: bool
    issued_at: datetime
    revoked_at: datetime | None
    reason: str

    @property
    def shown_name(self) -> str:
        """In full only if its owner or a guardian has chosen so; else of a minor not even the family name."""
        if self.shows_name:
            return self.name
        return MINOR if is_minor(self.born_on, clock.today()) else mask_name(self.name)

    def facts(self) -> tuple[object, ...]:
        """What its signature is about."""
        return (
            self.number,
            self.person_id,
            self.organization_id,
            self.minutes,
            self.services,
            self.from_on,
            self.until_on,
            self.shows_name,
            int(self.issued_at.timestamp()),
        )

    def statement(self, issuer: str) -> dict[str, object]:
        """What a stranger may read of it, as it is signed; iss, jti and iat are the names of RFC 7519."""
        return {
            "iss": issuer,
            "jti": self.number,
            "iat": int(self.issued_at.timestamp()),
            "name": self.shown_name,
            "organization": self.organization,
            "minutes": self.minutes,
            "services": self.services,
            "from": self.from_on,
            "until": self.until_on,
        }


@dataclass(frozen=True)
class CertifiedLine:
    """One of the services that a certificate sums up."""

    title: str
    begins_at: datetime
    minutes: int


_CERTIFICATE = """
select c.id, c.number, p.id as person_id, p.name, p.born_on, org.id as organization_id,
    org.name as organization, c.minutes, c.services, c.from_on, c.until_on, c.shows_name, c.issued_at,
    c.revoked_at, c.reason
from volunteer_certificate c
join person p on p.id = c.person
join organization org on org.id = c.organization"""


async def certificate(certificate_id: int, *, lock: bool = False) -> CertificateView:
    """One certificate, its row locked until COMMIT if asked; raises CertificateNotFound."""
    return _one(
        await fetch_row(
            f"{_CERTIFICATE} where c.id = $1" + (" for no key update of c" if lock else ""), certificate_id
        )
    )


def key_of(certificate: CertificateView) -> str:
    """What its link ends with, so that a stranger can check it.

    By the key that outlasts all sessions: the link stands on paper.
    """
    return codes.sign(settings.load().encryption_key, certificate.facts())


def statement_of(certificate: CertificateView) -> str:
    """What it says, signed: anybody can check it with the public key alone, without us or a network."""
    return signature.sign(certificate.statement(settings.load().public_url), SIGNED_AS)


def link_of(certificate: CertificateView) -> str:
    """Where a stranger learns whether it still holds."""
    return f"/certificates/{certificate.number}?k={key_of(certificate)}"


def code_of(certificate: CertificateView) -> str:
    """What its QR code holds: the link, and behind # the signed statement, which no browser sends on."""
    return f"{settings.load().public_url}{link_of(certificate)}#{statement_of(certificate)}"


async def verified(number: str, key: str) -> CertificateView:
    """The certificate whose link this is, for a stranger; raises CertificateNotFound for another key."""
    found = _one(await fetch_row(f"{_CERTIFICATE} where c.number = $1", number))
    if not codes.is_signed(key, settings.load().encryption_key, found.facts()):
        raise CertificateNotFound
    return found


def _one(row: Any) -> CertificateView:
    if row is None:
        raise CertificateNotFound
    return CertificateView(**dict(row))


async def certified(certificate: CertificateView, *, limit: int) -> list[CertifiedLine]:
    """The services that a certificate sums up, oldest first; none that was taken back since."""
    rows = await fetch(
        "select o.title, v.begins_at, v.minutes from volunteer_service v"
        " join volunteer_sign_up u on u.id = v.sign_up join volunteer_shift s on s.id = u.shift"
        " join volunteer_opportunity o on o.id = s.opportunity"
        " where v.person = $1 and v.organization = $2 and v.state = 'confirmed' and v.confirmed_at <= $3"
        " order by v.begins_at, v.id limit $4",
        certificate.person_id,
        certificate.organization_id,
        certificate.issued_at,
        limit,
    )
    return [CertifiedLine(**dict(row)) for row in rows]


async def certificates_of(person_id: int, *, limit: int) -> list[CertificateView]:
    """A person's certificates, newest first."""
    rows = await fetch(f"{_CERTIFICATE} where c.person = $1 order by c.id desc limit $2", person_id, limit)
    return [CertificateView(**dict(row)) for row in rows]


async def issued_by(organization_id: int, *, before_id: int | None, limit: int) -> list[CertificateView]:
    """What an organization has issued, newest first."""
    rows = await fetch(
        f"{_CERTIFICATE} where c.organization = $1 and ($2::bigint is null or c.id < $2)"
        " order by c.id desc limit $3",
        organization_id,
        before_id,
        limit,
    )
    return [CertificateView(**dict(row)) for row in rows]
