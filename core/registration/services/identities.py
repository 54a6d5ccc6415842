"""The verbs of real names: a card's owner, or a worker who sees it, types its number."""

import asyncpg

from core import cipher, clock, plugins
from core.audit.services import record_audit
from core.database import current_unit, unit_of_work
from core.people import queries as people
from core.people.identity import check_number, is_minor, tidy_number
from core.people.rules import Actor
from core.people.services import lock_person, make_findable
from core.reference import Ref
from core.registration import queries, rules
from core.registration.errors import (
    IdentityKnown,
    IdentityOfMinor,
    IdentityRefused,
    IdentityTaken,
    NameVerified,
    OwnCard,
    ResidentNotFound,
)
from core.registration.services.consents import write_consent
from core.registration.tables import PersonIdentity


async def state_identity(number: str, *, agreed: bool, actor: Actor) -> None:
    """One gives one's own number: it waits for a worker who sees the card, unless a plugin knows better.

    What waits may be given again. Raises ConsentMissing, IdentityNumberWrong, IdentityOfMinor, IdentityKnown,
    TooManyNumbers, IdentityRefused, IdentityTaken.
    """
    me, number = actor.person_id, tidy_number(number)
    rules.check_agreed(agreed)
    born_on = check_number(number, clock.today())
    if is_minor(born_on, clock.today()):
        raise IdentityOfMinor
    async with unit_of_work():
        await lock_person(me)
        if await queries.verified_at(me) is not None:
            raise IdentityKnown
        rules.check_statements(await queries.statements_today(me))
        record_audit(rules.STATED, Ref("person", me), actor_id=me)
    name = (await people.names([me]))[me]
    facts = {"person_id": me, "name": name, "number": number, "witness_id": None}
    answer = await plugins.decide("decide_identity_verification", **facts)
    if answer is False:
        raise IdentityRefused
    async with unit_of_work() as unit:
        await lock_person(me)
        await _write(me, number, witness_id=None, is_verified=bool(answer))
        if not await queries.has_consented(me, rules.IDENTITY.code):
            write_consent(me, rules.IDENTITY.code, is_given=True)
        if answer:
            await unit.connection.execute("update person set born_on = $2 where id = $1", me, born_on)
            record_audit("person.identity_verified", Ref("person", me), actor_id=me)


async def verify_identity(person_id: int, *, name: str, number: str, agreed: bool, actor: Actor) -> None:
    """A worker has seen the card: the person has its name and number; the same again changes nothing.

    Raises NameMalformed, ConsentMissing, IdentityNumberWrong, ResidentNotFound, OwnCard, IdentityRefused,
    IdentityKnown, IdentityTaken.
    """
    name, number = rules.check_name(name), tidy_number(number)
    rules.check_agreed(agreed)
    born_on = check_number(number, clock.today())
    await check_served(person_id, actor)
    if person_id == actor.person_id:
        raise OwnCard
    facts = {"person_id": person_id, "name": name, "number": number, "witness_id": actor.person_id}
    if not await plugins.decide("decide_identity_verification", **facts):
        raise IdentityRefused
    async with unit_of_work() as unit:
        await lock_person(person_id)
        await check_served(person_id, actor)  # he may have moved while the number was looked up
        if not await _write(person_id, number, witness_id=actor.person_id, is_verified=True):
            return
        await unit.connection.execute(
            "update person set name = $2, born_on = $3 where id = $1", person_id, name, born_on
        )
        await make_findable([person_id])
        write_consent(person_id, rules.IDENTITY.code, is_given=True, witness=actor.person_id)
        record_audit("person.identity_verified", Ref("person", person_id), actor_id=actor.person_id)


async def check_served(person_id: int, worker: Actor) -> None:
    """Raise ResidentNotFound unless the person lives in a place in the worker's charge."""
    region_id = await people.region_of(person_id)
    if region_id is None or not await people.serves(worker, region_id):
        raise ResidentNotFound


async def _write(person_id: int, number: str, *, witness_id: int | None, is_verified: bool) -> bool:
    """Keep the number, encrypted, instead of one that waits; False if it is verified already.

    Raises IdentityKnown, IdentityTaken.
    """
    fingerprint = cipher.fingerprint(number.encode(), rules.NUMBERS)
    kept = await current_unit().connection.fetchval(
        "select fingerprint from person_identity where person = $1 and verified_at is not null", person_id
    )
    if kept is not None and kept != fingerprint:
        raise IdentityKnown
    if kept is not None:
        return False
    try:
        async with unit_of_work() as unit:
            await unit.connection.execute("delete from person_identity where person = $1", person_id)
            await PersonIdentity(
                person=person_id,
                number=cipher.encrypt(number.encode(), rules.sealed_for(person_id)),
                fingerprint=fingerprint,
                witness=witness_id,
                verified_at=clock.now() if is_verified else None,
            ).save()
    except asyncpg.UniqueViolationError:
        raise IdentityTaken from None
    return True


async def rename(name: str, *, actor: Actor) -> None:
    """Correct one's own name, as long as no card was seen; raises NameMalformed, NameVerified."""
    name = rules.check_name(name)
    async with unit_of_work() as unit:
        await lock_person(actor.person_id)
        if await queries.verified_at(actor.person_id) is not None:
            raise NameVerified
        changed = await unit.connection.fetchval(
            "update person set name = $2 where id = $1 and name <> $2 returning id", actor.person_id, name
        )
        if changed:
            await make_findable([changed])
            record_audit("person.renamed", Ref("person", actor.person_id), actor_id=actor.person_id)
