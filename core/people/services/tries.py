"""Counting tries to log in, before any password is checked, so that however many come at once cannot be
more than are allowed. What is stored tells neither phone nor address."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import clock, settings
from core.database import current_unit, fetch, unit_of_work
from core.parameters.queries import effective
from core.people import rules
from core.people.rules import Limits, Tries
from core.reference import PLATFORM


@dataclass(frozen=True)
class Counted:
    """A try that was let in: at which doors, by their keys, and when."""

    keys: dict[bytes, Limits]
    at: datetime


async def count_try(phone: str, address: str) -> Counted:
    """Let a try in and count it as failed for now; raises LoginLocked, which counts nothing."""
    limits = await _limits()
    keys = {_key("phone", phone): limits[rules.PHONE_FAILURES.code]}
    if address:
        keys[_key("address", rules.address_block(address))] = limits[rules.ADDRESS_FAILURES.code]
    now = clock.now()
    # Asked without a lock first: who hammers at a closed door keeps no connection waiting.
    for row in await fetch("select closed_until from login_try where key = any($1)", list(keys)):
        rules.check_open(row["closed_until"], now)
    async with unit_of_work():
        for key, its_limits in keys.items():
            await _write(key, (await _locked(key)).with_one_more(now, its_limits), now)
    return Counted(keys, now)


async def count_success(counted: Counted) -> None:
    """It succeeded, in the caller's unit of work: the phone starts anew, the address had one try less."""
    phone, *others = counted.keys
    await _locked(phone)
    await _write(phone, Tries(), counted.at)
    await _take_back(others, counted)


async def forgive(phone: str) -> None:
    """Whoever owns the phone has a new password: nothing that was tried before counts any more."""
    await current_unit().connection.execute("delete from login_try where key = $1", _key("phone", phone))


async def take_back(counted: Counted) -> None:
    """No password was checked: the try was none."""
    async with unit_of_work():
        await _take_back(list(counted.keys), counted)


async def forget_tries() -> None:
    """Delete what a quiet window has made meaningless."""
    window = (await _limits())[rules.PHONE_FAILURES.code].window
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "delete from login_try where greatest(latest_at, closed_until) < $1", clock.now() - window
        )


async def _take_back(keys: Sequence[bytes], counted: Counted) -> None:
    for key in keys:
        await _write(key, (await _locked(key)).without(counted.at, counted.keys[key]), counted.at)


def _key(kind: str, value: str) -> bytes:
    secret = settings.load().secret
    return hmac.new(secret, f"login {kind}:{value}".encode(), hashlib.sha256).digest()


async def _limits() -> dict[str, Limits]:
    """Code of the parameter that says how many -> limits."""
    values = await effective([p.code for p in rules.PARAMETERS], [PLATFORM], clock.today())
    window = timedelta(minutes=values[rules.WINDOW.code])
    pauses = [timedelta(minutes=values[pause.code]) for pause in rules.PAUSES]
    codes = (rules.PHONE_FAILURES.code, rules.ADDRESS_FAILURES.code)
    return {code: Limits(values[code], window, pauses) for code in codes}


async def _locked(key: bytes) -> Tries:
    """The tries under this key, the row locked until COMMIT and made if there is none."""
    row = await current_unit().connection.fetchrow(
        "insert into login_try (key, tried_at, closings, latest_at) values ($1, '{}', 0, $2)"
        " on conflict (key) do update set key = excluded.key returning tried_at, closed_until, closings",
        key,
        clock.now(),
    )
    return Tries(tuple(row["tried_at"]), row["closed_until"], row["closings"])


async def _write(key: bytes, tries: Tries, now: datetime) -> None:
    await current_unit().connection.execute(
        "update login_try set tried_at = $2, closed_until = $3, closings = $4,"
        " latest_at = greatest(latest_at, $5) where key = $1",
        key,
        tries.tried_at,
        tries.closed_until,
        tries.closings,
        now,
    )
