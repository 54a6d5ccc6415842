"""Reads of what was done: single records, a person's sums, the proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.ledger.rules import unit_title
from core.manifest import Difference
from core.parameters import queries as parameters
from core.people import queries as people
from core.reference import PLATFORM, Ref
from core.regions import queries as regions
from core.volunteers.errors import ServiceNotFound
from core.volunteers.rules import books, figures, terms
from core.volunteers.rules.terms import Span, Star

KIND = "volunteer_service"


@dataclass(frozen=True)
class ServiceView:
    """A record of service with what it was."""

    id: int
    sign_up_id: int
    person_id: int
    person: str
    organization_id: int
    organization: str
    shift_id: int
    title: str
    shift_begins_at: datetime
    shift_ends_at: datetime
    begins_at: datetime
    ends_at: datetime
    minutes: int
    state: str
    reason: str
    answer: str
    confirmed_at: datetime | None
    corrects_id: int | None

    @property
    def shift_span(self) -> Span:
        """When its shift was."""
        return Span(self.shift_begins_at, self.shift_ends_at)


@dataclass(frozen=True)
class Earned:
    """So much of a unit, as people read it: points, say."""

    amount: str
    unit: str


@dataclass(frozen=True)
class ServedSum:
    """What a person has confirmed with one organization."""

    organization_id: int
    organization: str
    minutes: int
    services: int
    from_on: date
    until_on: date


_SERVICE = """
select v.id, v.sign_up as sign_up_id, v.person as person_id, p.name as person,
    v.organization as organization_id, org.name as organization, s.id as shift_id, o.title,
    s.begins_at as shift_begins_at, s.ends_at as shift_ends_at, v.begins_at, v.ends_at,
    v.minutes, v.state, v.reason, v.answer, v.confirmed_at, v.corrects as corrects_id
from volunteer_service v
join person p on p.id = v.person
join organization org on org.id = v.organization
join volunteer_sign_up u on u.id = v.sign_up
join volunteer_shift s on s.id = u.shift
join volunteer_opportunity o on o.id = s.opportunity"""


async def service(service_id: int, *, lock: bool = False) -> ServiceView:
    """One record, its row locked until COMMIT if asked; raises ServiceNotFound."""
    row = await fetch_row(
        f"{_SERVICE} where v.id = $1" + (" for no key update of v" if lock else ""), service_id
    )
    if row is None:
        raise ServiceNotFound
    return ServiceView(**dict(row))


async def services_of(person_id: int, *, before_id: int | None, limit: int) -> list[ServiceView]:
    """A person's records, newest first; those that were revoked are left out."""
    rows = await fetch(
        f"{_SERVICE} where v.person = $1 and v.state <> 'revoked' and ($2::bigint is null or v.id < $2)"
        " order by v.id desc limit $3",
        person_id,
        before_id,
        limit,
    )
    return [ServiceView(**dict(row)) for row in rows]


async def has_record(sign_up_id: int) -> bool:
    """Is there a record of this sign-up that counts?"""
    return bool(
        await fetch_value(
            "select exists (select from volunteer_service where sign_up = $1 and state <> 'revoked')",
            sign_up_id,
        )
    )


async def awaits_answer(sign_up_id: int) -> bool:
    """Is there a record of this sign-up that the volunteer has neither confirmed nor disputed?"""
    return bool(
        await fetch_value(
            "select exists (select from volunteer_service where sign_up = $1 and state = 'proposed')",
            sign_up_id,
        )
    )


_EARNED = """
select v.id, a.unit, u.digits, sum(e.amount)::bigint as amount
from volunteer_service v
join ledger_transfer t on t.evidence = v.evidence
join ledger_entry e on e.transfer = t.id and e.amount > 0
join ledger_account a on a.id = e.account and a.unit <> $2
join ledger_unit u on u.code = a.unit
where v.id = any($1) and v.state = 'confirmed'
    and not exists (select from ledger_transfer r where r.reverses = t.id)
    and (a.owner_kind = 'person' and a.owner_id = v.person
        or a.owner_kind = 'household' and a.owner_id in (
            select m.household from household_member m where m.person = v.person))
group by v.id, a.unit, u.digits order by v.id, a.unit"""


async def earned(services: Sequence[ServiceView]) -> dict[int, list[Earned]]:
    """Record id -> what a person or their household was given on its evidence, whoever gave it."""
    found: dict[int, list[Earned]] = {service.id: [] for service in services}
    for row in await fetch(_EARNED, list(found), books.MINUTES):
        amount = f"{row['amount'] / 10 ** row['digits']:.{row['digits']}f}"
        found[row["id"]].append(Earned(amount, unit_title(row["unit"])))
    return found


async def confirmed_on(person_id: int, day: date) -> int:
    """Minutes that the person has confirmed of a civil day, with whomever."""
    return int(
        await fetch_value(
            "select coalesce(sum(minutes), 0) from volunteer_service where person = $1"
            " and state = 'confirmed' and begins_at >= $2 and begins_at < $3",
            person_id,
            clock.begin_of(day),
            clock.end_of(day),
        )
    )


async def minutes_of(person_id: int) -> int:
    """What the ledger says that the person has served."""
    return int(
        await fetch_value(
            "select balance from ledger_balance where owner_kind = 'person' and owner_id = $1"
            " and kind = $2 and unit = $3",
            person_id,
            books.SERVED,
            books.MINUTES,
        )
        or 0
    )


async def star_of(minutes: int, person_id: int, on: date) -> Star:
    """The stars of so many minutes, by the rules of where the person lives."""
    region_id = await people.region_of(person_id)
    scopes = [Ref("region", id_) for id_ in await regions.chain(region_id)] if region_id else []
    values = await parameters.effective(figures.STARS, [*scopes, PLATFORM], on)
    return terms.star_of(minutes, [values[code] for code in figures.STARS])


_SUMS = """
select org.id as organization_id, org.name as organization, sum(v.minutes)::int as minutes,
    count(*) as services, min((v.begins_at at time zone 'Asia/Shanghai')::date) as from_on,
    max((v.begins_at at time zone 'Asia/Shanghai')::date) as until_on
from volunteer_service v join organization org on org.id = v.organization
where v.person = $1 and v.state = 'confirmed' and ($2::bigint is null or org.id = $2)
group by org.id order by minutes desc, org.id limit 100"""


async def sums(person_id: int, *, organization_id: int | None = None) -> list[ServedSum]:
    """What the person has confirmed, by organization; only one if given."""
    return [ServedSum(**dict(row)) for row in await fetch(_SUMS, person_id, organization_id)]


async def transfer_of(service_id: int) -> int:
    """The transfer that booked a confirmed record."""
    return int(await fetch_value("select id from ledger_transfer where key = $1", books.key_of(service_id)))


async def differences() -> list[Difference]:
    """Persons whose confirmed records do not sum to what the ledger says."""
    rows = await fetch(
        """
        select coalesce(v.person, a.owner_id) as person, coalesce(v.minutes, 0) as minutes,
            coalesce(a.balance, 0) as balance
        from (select person, sum(minutes) as minutes from volunteer_service where state = 'confirmed'
            group by person) v
        full join (select owner_id, balance from ledger_balance where kind = $1 and unit = $2
            and owner_kind = 'person') a on a.owner_id = v.person
        where coalesce(v.minutes, 0) <> coalesce(a.balance, 0) order by 1 limit 100""",
        books.SERVED,
        books.MINUTES,
    )
    return [
        Difference(
            subject=f"minutes served by person {row['person']}",
            expected=str(row["minutes"]),
            found=str(row["balance"]),
        )
        for row in rows
    ]
