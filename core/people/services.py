"""The verbs of people."""

import secrets
from datetime import timedelta

import asyncpg

from core import clock
from core.audit.services import record_audit
from core.database import current_unit, fetch_row, unit_of_work
from core.people.errors import InAnotherHousehold, LoginRefused, PhoneTaken
from core.people.passwords import hash_password, is_password
from core.people.queries import hash_token
from core.people.rules import roles
from core.people.tables import Household, Person
from core.reference import Ref

SESSION_LIFE = {"web": timedelta(days=14), "api": timedelta(days=90)}


async def register_person(name: str, *, phone: str | None, password: str | None) -> int:
    """Register a person and return the id; raises PhoneTaken. Without a password nobody can log in."""
    password_hash = await hash_password(password) if password else None
    try:
        async with unit_of_work():
            person = Person(name=name, phone=phone, password_hash=password_hash, registered_at=clock.now())
            await person.save()
            record_audit("person.registered", Ref("person", person.id), actor_id=None)
            return int(person.id)
    except asyncpg.UniqueViolationError:
        raise PhoneTaken from None


async def register_household(region_id: int, *, person_ids: list[int]) -> int:
    """Found a household with its members; raises InAnotherHousehold."""
    try:
        async with unit_of_work() as unit:
            household = Household(region=region_id, registered_at=clock.now())
            await household.save()
            await unit.connection.executemany(
                "insert into household_member (household, person, joined_on) values ($1, $2, $3)",
                [(household.id, person_id, clock.today()) for person_id in person_ids],
            )
            record_audit("household.registered", Ref("household", household.id), actor_id=None)
            return int(household.id)
    except asyncpg.UniqueViolationError:
        raise InAnotherHousehold from None


async def lock_household(household_id: int) -> None:
    """Let verbs that count what a household has queue up behind each other, until COMMIT."""
    await current_unit().connection.execute(
        "select from household where id = $1 for no key update", household_id
    )


async def grant_role(person_id: int, role: str, scope: Ref, *, actor_id: int | None) -> None:
    """Grant a declared role in a scope of its kind; granting it again changes nothing."""
    if roles()[role].scope_kind != scope.kind:
        raise ValueError(f"{role} needs a scope {roles()[role].scope_kind}, not {scope.kind}")
    async with unit_of_work() as unit:
        granted = await unit.connection.fetchval(
            "insert into role_grant (person, role, scope_kind, scope_id, granted_by, granted_at)"
            " values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning id",
            person_id,
            role,
            *scope,
            actor_id,
            clock.now(),
        )
        if granted:
            record_audit("role.granted", scope, actor_id=actor_id, role=role, person_id=person_id)


async def log_in(
    phone: str, password: str, *, door: str, language: str = "zh", old_token: str | None = None
) -> str:
    """Open a session and return its token, always a new one; `old_token` is closed.

    The person is written to in `language` from now on.
    Raises LoginRefused, after the same work whether the phone is registered or not.
    """
    row = await fetch_row("select id, password_hash from person where phone = $1", phone)
    if not await is_password(password, row["password_hash"] if row else None) or row is None:
        raise LoginRefused
    token = secrets.token_urlsafe(32)
    now = clock.now()
    async with unit_of_work() as unit:
        if old_token:
            await log_out(old_token)
        await unit.connection.execute("delete from session where expires_at < $1", now)
        await unit.connection.execute(
            "insert into session (token_hash, person, door, opened_at, expires_at)"
            " values ($1, $2, $3, $4, $5)",
            hash_token(token),
            row["id"],
            door,
            now,
            now + SESSION_LIFE[door],
        )
        await unit.connection.execute(
            "update person set language = $2 where id = $1 and language <> $2", row["id"], language
        )
        record_audit("session.opened", Ref("person", row["id"]), actor_id=row["id"])
    return token


async def log_out(token: str) -> None:
    """Close the session; nothing happens if it is closed already."""
    async with unit_of_work() as unit:
        await unit.connection.execute("delete from session where token_hash = $1", hash_token(token))
