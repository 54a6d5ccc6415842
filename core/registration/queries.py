"""Reads of codes, consents, identities and minors."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from core import cipher, clock
from core.database import fetch, fetch_row, fetch_value
from core.people.identity import is_minor
from core.people.masks import mask_identity
from core.registration import rules
from core.registration.errors import CodeNotFound, GuardianConsentMissing, NotGuardian


@dataclass(frozen=True)
class AskedCode:
    """A code as its page needs it, without its digits."""

    id: int
    token: str
    phone: str
    purpose: str
    person_id: int | None
    issued_by: int | None
    language: str
    expires_at: datetime
    is_open: bool


_CODE = (
    "select id, token, phone, purpose, person as person_id, issued_by, language, expires_at,"
    " used_at is null and expires_at > $2 as is_open from phone_code where {which}"
)


async def asked_code(token: str, *, purpose: str) -> AskedCode:
    """The code of a page; raises CodeNotFound."""
    row = await fetch_row(
        _CODE.format(which="token = $1 and purpose = $3 and issued_by is null"), token, clock.now(), purpose
    )
    if row is None:
        raise CodeNotFound
    return AskedCode(**dict(row))


async def issued_code(token: str, *, worker_id: int) -> AskedCode:
    """A code that this worker has issued; raises CodeNotFound."""
    row = await fetch_row(_CODE.format(which="token = $1 and issued_by = $3"), token, clock.now(), worker_id)
    if row is None:
        raise CodeNotFound
    return AskedCode(**dict(row))


async def code_to_send(code_id: int) -> AskedCode | None:
    """What a job is to send; None when it is over."""
    row = await fetch_row(_CODE.format(which="id = $1"), code_id, clock.now())
    return AskedCode(**dict(row)) if row and row["is_open"] else None


async def told_tokens(phone: str, purpose: str) -> list[str]:
    """Of codes that workers have told the owner of the phone, and that still count; a few at most."""
    rows = await fetch(
        "select token from phone_code where phone = $1 and purpose = $2 and issued_by is not null"
        " and used_at is null and expires_at > $3 order by id desc limit 3",
        phone,
        purpose,
        clock.now(),
    )
    return [row["token"] for row in rows]


async def asked_at(column: str, value: object, *, since: datetime) -> list[datetime]:
    """When codes were asked for, of one phone or from one address (`column`); those that workers told not."""
    rows = await fetch(
        f"select created_at from phone_code where {column} = $1 and created_at > $2 and issued_by is null"
        " order by created_at desc limit 1000",
        value,
        since,
    )
    return [row["created_at"] for row in rows]


@dataclass(frozen=True)
class ConsentView:
    """One decision about one purpose."""

    id: int
    purpose: str
    is_given: bool
    version: str
    decided_at: datetime


async def consents(person_id: int, *, limit: int) -> list[ConsentView]:
    """What the person has decided, newest first: of a purpose, the first row counts."""
    rows = await fetch(
        "select id, purpose, is_given, version, decided_at from consent where person = $1"
        " order by id desc limit $2",
        person_id,
        limit,
    )
    return [ConsentView(**dict(row)) for row in rows]


async def has_consented(person_id: int, purpose: str) -> bool:
    """Does the latest decision say yes?"""
    row = await fetch_row(
        "select is_given from consent where person = $1 and purpose = $2 order by id desc limit 1",
        person_id,
        purpose,
    )
    return row is not None and row["is_given"]


async def verified_at(person_id: int) -> datetime | None:
    """When a worker saw the card; None without a number, or with one that nobody has seen."""
    found: datetime | None = await fetch_value(
        "select verified_at from person_identity where person = $1", person_id
    )
    return found


@dataclass(frozen=True)
class OwnIdentity:
    """One's own number, with its first and last character, and when it was verified."""

    masked: str
    verified_at: datetime | None


async def own_identity(person_id: int) -> OwnIdentity | None:
    """For the person alone; None where there is no number."""
    row = await fetch_row("select number, verified_at from person_identity where person = $1", person_id)
    if row is None:
        return None
    number = cipher.decrypt(row["number"], rules.sealed_for(person_id)).decode()
    return OwnIdentity(mask_identity(number), row["verified_at"])


async def statements_today(person_id: int) -> int:
    """How often the person has typed a number within a day."""
    found = await fetch_value(
        "select count(*) from audit_event where actor_id = $1 and action = $2 and happened_at > $3",
        person_id,
        rules.STATED,
        clock.now() - timedelta(days=1),
    )
    return int(found)


@dataclass(frozen=True)
class Child:
    """A minor, with what the guardian has agreed to."""

    id: int
    name: str
    born_on: date
    guardian_id: int | None
    agreed: frozenset[str]


_CHILDREN = """
select p.id, p.name, p.born_on, p.guardian as guardian_id, array(
    select purpose from (
        select distinct on (c.purpose) c.purpose, c.is_given from consent c where c.person = p.id
        order by c.purpose, c.id desc) latest
    where is_given) as agreed
from person p where {which} and p.born_on is not null order by p.id limit 50"""


async def children_of(guardian_id: int) -> list[Child]:
    """Those whose guardian the person is, until they are of age."""
    rows = await fetch(_CHILDREN.format(which="p.guardian = $1"), guardian_id)
    return [child for child in map(_child, rows) if is_minor(child.born_on, clock.today())]


async def child(person_id: int) -> Child | None:
    """The person as a minor; None for a grown-up."""
    rows = await fetch(_CHILDREN.format(which="p.id = $1"), person_id)
    found = _child(rows[0]) if rows else None
    return found if found and is_minor(found.born_on, clock.today()) else None


async def speaks_for(actor_id: int, person_id: int) -> bool:
    """Is it oneself, or a minor whose guardian one is?"""
    if actor_id == person_id:
        return True
    found = await child(person_id)
    return found is not None and found.guardian_id == actor_id


async def own_child(child_id: int, guardian_id: int) -> Child:
    """A minor whose guardian the person is; raises NotGuardian."""
    found = await child(child_id)
    if found is None or found.guardian_id != guardian_id:
        raise NotGuardian
    return found


@dataclass(frozen=True)
class Reader:
    """Who reads what concerns a person."""

    person_id: int
    is_guardian: bool = False


async def reader_of(person_id: int) -> Reader:
    """The person, or the guardian of one who cannot sign in."""
    guardian = await fetch_value("select guardian from person where id = $1 and phone is null", person_id)
    return Reader(guardian, is_guardian=True) if guardian else Reader(person_id)


@dataclass(frozen=True)
class Ward:
    """Somebody whom a guardian has registered and who cannot sign in; of age or not."""

    id: int
    name: str


async def wards_of(guardian_id: int) -> list[Ward]:
    """Whose records are still to be handed over."""
    rows = await fetch(
        "select id, name from person where guardian = $1 and phone is null order by id limit 50", guardian_id
    )
    return [Ward(**dict(row)) for row in rows]


def _child(row: Any) -> Child:
    return Child(**{**dict(row), "agreed": frozenset(row["agreed"])})


async def check_guardian_agreed(person_id: int, purpose: str) -> None:
    """Raise GuardianConsentMissing for a minor for whom nobody has agreed to the purpose."""
    found = await child(person_id)
    if found is not None and purpose not in found.agreed:
        raise GuardianConsentMissing
