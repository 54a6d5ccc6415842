"""The verbs of sessions: signing in and out, and changing what one signs in with."""

import secrets
from datetime import timedelta

from core import clock
from core.audit.services import record_audit
from core.database import current_unit, fetch_row, unit_of_work
from core.people import queries
from core.people.errors import LoginRefused, OldPasswordWrong, SessionNotFound, TooManyLogins
from core.people.passwords import hash_password, is_password
from core.people.queries import hash_token
from core.people.rules import Actor
from core.people.services.tries import Counted, count_success, count_try, forget_tries, forgive, take_back
from core.reference import Ref

SESSION_LIFE = {"web": timedelta(days=14), "api": timedelta(days=90)}
SWEEP = "core.sweep_sessions"
# For so long an ended session still tells whose it was, for a form that comes too late.
_REMEMBERED = timedelta(days=7)


async def log_in(
    phone: str,
    password: str,
    *,
    door: str,
    language: str = "zh",
    old_token: str | None = None,
    address: str = "",
) -> str:
    """Open a session and return its token, always a new one; `old_token` is closed.

    The person is written to in `language` from now on. Raises LoginRefused, after the same work
    whether the phone is registered or not, and LoginLocked, before any.
    """
    counted = await count_try(phone, address)
    row = await fetch_row("select id, password_hash from person where phone = $1", phone)
    if not await _is_right(password, row["password_hash"] if row else None, counted) or row is None:
        raise LoginRefused
    async with unit_of_work() as unit:
        # Hashing may wait: whoever has changed the password meanwhile has closed all sessions, this one too.
        still = "select from person where id = $1 and password_hash = $2 for no key update"
        if await unit.connection.fetchrow(still, row["id"], row["password_hash"]) is None:
            raise LoginRefused
        await count_success(counted)
        if old_token:
            await log_out(old_token)
        return await open_session(row["id"], door=door, language=language)


async def open_session(person_id: int, *, door: str, language: str) -> str:
    """A new session of a person who is known by now, in the caller's unit of work; returns its token."""
    token, now, connection = secrets.token_urlsafe(32), clock.now(), current_unit().connection
    await connection.execute(
        "insert into session (token_hash, person, door, opened_at, expires_at, last_seen_on)"
        " values ($1, $2, $3, $4, $5, $6)",
        hash_token(token),
        person_id,
        door,
        now,
        now + SESSION_LIFE[door],
        clock.today(),
    )
    await connection.execute(
        "update person set language = $2 where id = $1 and language <> $2", person_id, language
    )
    record_audit("session.opened", Ref("person", person_id), actor_id=person_id)
    return token


async def _is_right(password: str, password_hash: str | None, counted: Counted) -> bool:
    try:
        return await is_password(password, password_hash)
    except TooManyLogins:
        await take_back(counted)
        raise


async def recognise(token: str, *, door: str) -> Actor | None:
    """Who is signed in with `token`, None for a stale one; writes down the day of the visit."""
    found = await queries.signed_in(token, door=door)
    if found is None:
        return None
    actor, last_seen_on = found
    if last_seen_on != clock.today():
        async with unit_of_work() as unit:
            await unit.connection.execute(
                "update session set last_seen_on = $2 where token_hash = $1", hash_token(token), clock.today()
            )
    return actor


async def log_out(token: str) -> None:
    """Close the session; nothing happens if it is closed already."""
    async with unit_of_work() as unit:
        await unit.connection.execute("delete from session where token_hash = $1", hash_token(token))


async def close_session(session_id: int, *, actor: Actor) -> None:
    """Close one of one's own sessions; raises SessionNotFound."""
    async with unit_of_work() as unit:
        closed = await unit.connection.fetchval(
            "delete from session where id = $1 and person = $2 returning id", session_id, actor.person_id
        )
        if closed is None:
            raise SessionNotFound
        record_audit("session.closed", Ref("person", actor.person_id), actor_id=actor.person_id)


async def close_other_sessions(token: str, *, actor: Actor) -> int:
    """Close all of one's own sessions but the one of `token`; returns how many."""
    async with unit_of_work() as unit:
        closed = await unit.connection.fetch(
            "delete from session where person = $1 and token_hash <> $2 returning id",
            actor.person_id,
            hash_token(token),
        )
        ref = Ref("person", actor.person_id)
        record_audit("session.others_closed", ref, actor_id=actor.person_id, closed=len(closed))
    return len(closed)


async def change_password(old: str, new: str, *, token: str, actor: Actor) -> None:
    """Change one's own password and close all other sessions; raises OldPasswordWrong, LoginLocked.

    Tries count like those of logging in, so that a browser left open is no way to find the password out.
    """
    row = await fetch_row("select phone, password_hash from person where id = $1", actor.person_id)
    assert row is not None
    counted = await count_try(row["phone"] or f"person {actor.person_id}", "")
    if not await _is_right(old, row["password_hash"], counted):
        raise OldPasswordWrong
    new_hash = await hash_password(new)
    async with unit_of_work() as unit:
        await count_success(counted)
        await unit.connection.execute(
            "update person set password_hash = $2 where id = $1", actor.person_id, new_hash
        )
        await close_other_sessions(token, actor=actor)
        record_audit("password.changed", Ref("person", actor.person_id), actor_id=actor.person_id)


async def replace_password(person_id: int, password_hash: str, *, phone: str) -> None:
    """Another password for who has lost his: all sessions end, and wrong tries are forgotten.

    In the caller's unit of work.
    """
    connection = current_unit().connection
    await connection.execute("update person set password_hash = $2 where id = $1", person_id, password_hash)
    await connection.execute("delete from session where person = $1", person_id)
    await forgive(phone)
    record_audit("password.replaced", Ref("person", person_id), actor_id=person_id)


async def sweep_sessions() -> None:
    """Delete what nobody asks for any more: ended sessions, and tries that are long over."""
    async with unit_of_work() as unit:
        await unit.connection.execute("delete from session where expires_at < $1", clock.now() - _REMEMBERED)
        await forget_tries()
