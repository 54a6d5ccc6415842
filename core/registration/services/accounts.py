"""The verbs that a proven phone opens: an account, a new password, another phone."""

import asyncpg

from core.audit.services import record_audit
from core.database import fetch_value, unit_of_work
from core.people.errors import PhoneTaken
from core.people.passwords import hash_password
from core.people.rules import Actor
from core.people.services import make_findable, open_session, replace_password, write_person
from core.reference import Ref
from core.registration import rules
from core.registration.errors import AlreadyRegistered, CodeNotFound, NoAccount
from core.registration.services.codes import prove, use
from core.registration.services.consents import write_consent


async def register(
    token: str, code: str, *, name: str, password: str, agreed: bool, door: str, language: str
) -> str:
    """An account for the owner of the phone, who is signed in at once; returns the session's token.

    Raises CodeNotFound, CodeOver, CodeWrong, NameMalformed, ConsentMissing, AlreadyRegistered.
    """
    name = rules.check_name(name)
    rules.check_agreed(agreed)
    proven = await prove(token, code, purpose=rules.REGISTER)
    password_hash = await hash_password(password)
    try:
        async with unit_of_work():
            await use(proven)
            person_id = await write_person(name, phone=proven.phone, password_hash=password_hash)
            write_consent(person_id, rules.PRIVACY.code, is_given=True)
            return await open_session(person_id, door=door, language=language)
    except PhoneTaken:
        raise AlreadyRegistered from None


async def reset_password(token: str, code: str, *, password: str, door: str, language: str) -> str:
    """A new password for the owner of the phone; all sessions end but the new one, whose token it returns.

    Raises CodeNotFound, CodeOver, CodeWrong, NoAccount.
    """
    proven = await prove(token, code, purpose=rules.RESET)
    password_hash = await hash_password(password)
    async with unit_of_work():
        await use(proven)
        person_id = await fetch_value(
            "select id from person where phone = $1 for no key update", proven.phone
        )
        if person_id is None:
            raise NoAccount
        await replace_password(person_id, password_hash, phone=proven.phone)
        return await open_session(person_id, door=door, language=language)


async def change_phone(token: str, code: str, *, actor: Actor) -> None:
    """The person has another phone; raises CodeNotFound, CodeOver, CodeWrong, PhoneTaken."""
    proven = await prove(token, code, purpose=rules.CHANGE)
    if proven.person_id != actor.person_id:
        raise CodeNotFound
    try:
        async with unit_of_work() as unit:
            await use(proven)
            await unit.connection.execute(
                "update person set phone = $2 where id = $1", actor.person_id, proven.phone
            )
            await make_findable([actor.person_id])
            record_audit("person.phone_changed", Ref("person", actor.person_id), actor_id=actor.person_id)
    except asyncpg.UniqueViolationError:
        raise PhoneTaken from None
