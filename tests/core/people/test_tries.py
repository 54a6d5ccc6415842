"""Wrong passwords close the door: at the limit, for a growing time, for phones known and unknown."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from core.database import fetch, fetch_value
from core.parameters.services import set_parameter
from core.people import passwords, rules
from core.people.errors import LoginLocked, LoginRefused, OldPasswordWrong, TooManyLogins
from core.people.services import change_password, log_in, recognise, register_person, sweep_sessions
from core.reference import PLATFORM
from tests.factories import new_phone

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
PASSWORD = "correct horse"
HOME = "203.0.113.7"


@pytest.fixture
async def phone(db: str) -> str:
    """The phone of a person who can log in."""
    number = new_phone()
    await register_person("张三", phone=number, password=PASSWORD)
    return number


@pytest.fixture
def no_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every password is wrong, at once: these tests count, and hash in hundreds."""

    async def wrong(_password: str, _hash: str | None) -> bool:
        return False

    monkeypatch.setattr("core.people.services.sessions.is_password", wrong)


async def fail(phone: str, times: int, *, address: str = "") -> None:
    for _ in range(times):
        with pytest.raises(LoginRefused):
            await log_in(phone, "wrong", door="web", address=address)


async def locked_for(phone: str, *, password: str = PASSWORD, address: str = "") -> int:
    """Seconds to wait, as the refusal says."""
    with pytest.raises(LoginLocked) as refusal:
        await log_in(phone, password, door="web", address=address)
    return refusal.value.retry_after_s


async def test_the_fifth_wrong_password_closes_the_door_for_a_minute_even_to_the_right_one(
    phone: str,
) -> None:
    with clock.frozen(NOON):
        await fail(phone, 4)
        assert await log_in(phone, PASSWORD, door="web")
        await fail(phone, 5)
        assert await locked_for(phone) == 60
    with clock.frozen(NOON + MINUTE - MOMENT):
        assert await locked_for(phone) == 1
    with clock.frozen(NOON + MINUTE):
        assert await log_in(phone, PASSWORD, door="web")


async def test_an_unknown_phone_is_locked_like_a_known_one(phone: str, no_hashing: None) -> None:
    said = []
    for number in (phone, new_phone()):
        with clock.frozen(NOON):
            await fail(number, 5)
            with pytest.raises(LoginLocked) as refusal:
                await log_in(number, PASSWORD, door="web")
            said.append((str(refusal.value), refusal.value.retry_after_s))
    assert said[0] == said[1] == ("输错次数太多，请在 1 分钟后再试", 60)


async def test_a_locked_login_does_no_hashing(phone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with clock.frozen(NOON):
        await fail(phone, 5)
        monkeypatch.setattr(passwords, "_HASHER", None)  # whoever hashes now breaks
        assert await locked_for(phone) == 60


async def test_the_door_stays_closed_longer_each_time_and_forgets_after_a_quiet_window(
    phone: str, no_hashing: None
) -> None:
    now = NOON
    for minutes in (1, 5, 15, 15):
        with clock.frozen(now):
            await fail(phone, 5)
            assert await locked_for(phone) == minutes * 60
        now += minutes * MINUTE
    with clock.frozen(now + 15 * MINUTE):
        await fail(phone, 5)
        assert await locked_for(phone) == 60


async def test_failures_count_for_a_quarter_of_an_hour_and_no_longer(phone: str, no_hashing: None) -> None:
    with clock.frozen(NOON):
        await fail(phone, 4)
    with clock.frozen(NOON + 15 * MINUTE):
        await fail(phone, 4)
    with clock.frozen(NOON + 30 * MINUTE - MOMENT):
        await fail(phone, 1)
        assert await locked_for(phone) == 60


async def test_an_address_is_closed_after_fifty_whatever_the_phones(db: str, no_hashing: None) -> None:
    with clock.frozen(NOON):
        for _ in range(50):
            await fail(new_phone(), 1, address=HOME)
        assert await locked_for(new_phone(), address=HOME) == 60
        await fail(new_phone(), 1, address="203.0.113.8")
        await fail(new_phone(), 1)


async def test_a_refusal_of_the_address_counts_nothing_against_the_phone(
    phone: str, no_hashing: None
) -> None:
    await set_parameter(rules.ADDRESS_FAILURES.code, PLATFORM, 1, effective_on=clock.today(), actor_id=None)
    await fail(new_phone(), 1, address=HOME)
    for _ in range(6):
        await locked_for(phone, address=HOME)
    await fail(phone, 4)


async def test_success_is_no_failure_of_the_address(phone: str) -> None:
    await set_parameter(rules.ADDRESS_FAILURES.code, PLATFORM, 2, effective_on=clock.today(), actor_id=None)
    await fail(new_phone(), 1, address=HOME)
    for _ in range(3):
        assert await log_in(phone, PASSWORD, door="web", address=HOME)
    await fail(new_phone(), 1, address=HOME)
    assert await locked_for(phone, address=HOME) == 60


async def test_many_at_once_get_no_more_tries_than_one_after_the_other(phone: str, no_hashing: None) -> None:
    """Each on a connection of its own, as from several processes."""
    with clock.frozen(NOON):
        results = await asyncio.gather(
            *(log_in(phone, "wrong", door="web", address=HOME) for _ in range(30)), return_exceptions=True
        )
    kinds = [type(result) for result in results]
    assert (kinds.count(LoginRefused), kinds.count(LoginLocked)) == (5, 25)


async def test_a_login_that_was_never_checked_counts_nothing(
    phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(_password: str, _hash: str | None) -> bool:
        raise TooManyLogins

    with monkeypatch.context() as patched:
        patched.setattr("core.people.services.sessions.is_password", busy)
        for _ in range(6):
            with pytest.raises(TooManyLogins):
                await log_in(phone, PASSWORD, door="web", address=HOME)
    assert await log_in(phone, PASSWORD, door="web", address=HOME)


async def test_neither_phone_nor_address_is_stored(phone: str) -> None:
    await fail(phone, 1, address=HOME)
    stored = str([dict(row) for row in await fetch("select * from login_try")])
    assert await fetch_value("select count(*) from login_try") == 2
    for told in (phone, HOME):
        assert told not in stored
        assert told.encode().hex() not in stored


async def test_old_tries_are_swept_when_they_mean_nothing_more(phone: str, no_hashing: None) -> None:
    with clock.frozen(NOON):
        await fail(phone, 1)
        await fail(new_phone(), 5)
    for later, left in ((15 * MINUTE, 2), (15 * MINUTE + MOMENT, 1), (16 * MINUTE + MOMENT, 0)):
        with clock.frozen(NOON + later):
            await sweep_sessions()
        assert await fetch_value("select count(*) from login_try") == left


async def test_guessing_the_old_password_closes_the_same_door(phone: str) -> None:
    token = await log_in(phone, PASSWORD, door="web")
    actor = await recognise(token, door="web")
    assert actor is not None
    with clock.frozen(NOON):
        for _ in range(5):
            with pytest.raises(OldPasswordWrong):
                await change_password("wrong", "a new one", token=token, actor=actor)
        with pytest.raises(LoginLocked):
            await change_password(PASSWORD, "a new one", token=token, actor=actor)
        assert await locked_for(phone) == 60


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_one_subscriber_is_one_address(address: str, block: str) -> None:
    assert rules.address_block(address) == block
