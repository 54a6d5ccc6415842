"""The verbs of codes: ask for one, have it sent, prove a phone with it."""

import asyncio
import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Any

from core import clock, plugins, settings
from core.audit.services import record_audit
from core.database import current_unit, fetch_row, fetch_value, unit_of_work
from core.jobs.services import add_job
from core.language import LANGUAGE, in_language, mark, translate
from core.manifest import Parameter
from core.parameters.queries import effective
from core.people import queries as people
from core.people import rules as people_rules
from core.people.rules import Actor
from core.reference import PLATFORM, Ref
from core.registration import queries, rules
from core.registration.errors import CodeOver, CodeWrong, NotYours
from core.registration.queries import AskedCode

SEND, SWEEP = "core.send_code", "core.sweep_codes"
_TIME_LIMIT_S = 20
_SMS = mark("【益集】验证码 %(code)s，%(minutes)s 分钟内有效。请不要告诉任何人。")


async def ask_for_code(phone: str, *, purpose: str, address: str, person_id: int | None = None) -> str:
    """Have a code sent, whether the phone is known or not; returns the token of its page.

    Raises TooManyCodes.
    """
    minutes = await number(rules.LIFE)
    where = _keyed(f"address {people_rules.address_block(address)}") if address else None
    async with unit_of_work():
        for column, value, most in (
            ("phone", phone, rules.PER_PHONE),
            ("address", where, rules.PER_ADDRESS),
        ):
            if value is not None:
                await _check_count(column, value, await number(most))
        token, code_id = await _insert(phone, purpose, minutes, person=person_id, address=where)
        add_job(SEND, {"code_id": code_id}, priority=1)
    return token


async def issue_code(phone: str, *, purpose: str, actor: Actor) -> str:
    """A worker tells a code to somebody who gets no SMS; returns the token of the page that shows it.

    For a phone that nobody has, or a resident of the worker's places who holds no role. Raises NotYours.
    """
    async with unit_of_work():
        person_id = await fetch_value("select id from person where phone = $1", phone)
        if person_id is not None and not await _may_help(actor, person_id):
            raise NotYours
        minutes = await number(rules.WORKER_LIFE)
        token, code_id = await _insert(phone, purpose, minutes, issued_by=actor.person_id)
        record_audit("code.issued", Ref("phone_code", code_id), actor_id=actor.person_id)
    return token


async def _may_help(worker: Actor, person_id: int) -> bool:
    """Somebody else, of a place in the worker's charge, without any role that a code could open."""
    helped, region_id = await people.actor(person_id), await people.region_of(person_id)
    if helped is None or region_id is None or helped.grants or person_id == worker.person_id:
        return False
    return await people.serves(worker, region_id)


async def send_code(code_id: int) -> None:
    """Send it by SMS, in the unit of work of its job; what is over by now is not sent."""
    code = await queries.code_to_send(code_id)
    if code is None:
        return
    with in_language(code.language):
        minutes = max(1, round((code.expires_at - clock.now()) / timedelta(minutes=1)))
        text = translate(_SMS, code=digits(code), minutes=minutes)
    async with asyncio.timeout(_TIME_LIMIT_S):
        await plugins.decide("decide_sms_delivery", phone=code.phone, text=text, key=f"code-{code.id}")


def digits(code: AskedCode) -> str:
    """The six digits: for the SMS, and for the worker who tells them."""
    return rules.code_of(settings.load().secret, code.token, code.phone)


async def prove(token: str, typed: str, *, purpose: str) -> AskedCode:
    """The phone is that of who has typed this code. The try is counted before, and stays counted.

    Raises CodeNotFound, CodeOver, CodeWrong. `use()` it in the unit of work of what it is for.
    """
    code = await queries.asked_code(token, purpose=purpose)
    most = await number(rules.TRIES)
    async with unit_of_work() as unit:
        tries = await unit.connection.fetchval(
            "update phone_code set tries = tries + 1 where id = $1 and tries < $2 and used_at is null"
            " and (expires_at > $3 or exists (select from phone_code t where t.phone = phone_code.phone"
            " and t.purpose = phone_code.purpose and t.issued_by is not null and t.used_at is null"
            " and t.expires_at > $3)) returning tries",
            code.id,
            most,
            clock.now(),
        )
    if tries is None:
        raise CodeOver
    tokens = [*([token] if code.is_open else []), *await _told_tokens(code.phone, purpose)]
    secret = settings.load().secret
    if not rules.is_one_of(typed, [rules.code_of(secret, one, code.phone) for one in tokens]):
        raise CodeWrong(left=most - tries)
    return code


async def _told_tokens(phone: str, purpose: str) -> list[str]:
    """Who has been given a role since is not opened by what a worker knows."""
    person_id = await fetch_value("select id from person where phone = $1", phone)
    owner = None if person_id is None else await people.actor(person_id)
    return [] if owner and owner.grants else await queries.told_tokens(phone, purpose)


async def use(code: AskedCode) -> None:
    """In the unit of work of what it is for: no code of this phone and purpose works again."""
    used = await current_unit().connection.fetch(
        "update phone_code set used_at = $3 where phone = $1 and purpose = $2 and used_at is null"
        " returning id",
        code.phone,
        code.purpose,
        clock.now(),
    )
    if code.id not in {row["id"] for row in used}:
        raise CodeOver


async def sweep_codes() -> None:
    """Delete what is long over."""
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "delete from phone_code where expires_at < $1", clock.now() - rules.KEPT
        )


async def number(parameter: Parameter) -> int:
    """The parameter's value of today."""
    return (await effective([parameter.code], [PLATFORM], clock.today()))[parameter.code]


def _keyed(value: str) -> bytes:
    return hmac.new(settings.load().secret, f"code {value}".encode(), hashlib.sha256).digest()


async def _check_count(column: str, value: str | bytes, most: int) -> None:
    """Who asks for the same phone, or from the same address, queues up; raises TooManyCodes."""
    lock = f"code {column} {value.hex() if isinstance(value, bytes) else value}"
    await fetch_row("select pg_advisory_xact_lock(hashtextextended($1, 0))", lock)
    now = clock.now()
    rules.check_count(await queries.asked_at(column, value, since=now - rules.WINDOW), most, now)


async def _insert(phone: str, purpose: str, minutes: int, **more: Any) -> tuple[str, int]:
    token, now = secrets.token_urlsafe(24), clock.now()
    row = await current_unit().connection.fetchrow(
        "insert into phone_code (token, phone, purpose, person, issued_by, address, language, tries,"
        " created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9) returning id",
        token,
        phone,
        purpose,
        more.get("person"),
        more.get("issued_by"),
        more.get("address"),
        LANGUAGE.get(),
        now,
        now + timedelta(minutes=minutes),
    )
    return token, int(row["id"])
