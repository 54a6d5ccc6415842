"""An account, a new password and another phone, each by a code."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.people.errors import LoginLocked, PhoneTaken
from core.people.queries import actor
from core.people.rules import Actor, Grant
from core.people.services import grant_role, log_in, recognise
from core.reference import Ref
from core.regions.services import add_region
from core.registration import queries, rules
from core.registration.errors import (
    AlreadyRegistered,
    CodeNotFound,
    CodeOver,
    CodeWrong,
    ConsentMissing,
    ConsentNeeded,
    NoAccount,
    NotYours,
    TooManyCodes,
)
from core.registration.services import (
    ask_for_code,
    change_phone,
    issue_code,
    register,
    reset_password,
    sweep_codes,
    withdraw_consent,
)
from core.registration.services.consents import give_consent
from tests.core.registration.codes import another, code_for
from tests.factories import PASSWORD, make_region, make_resident, new_phone
from workers.drain import run_due_jobs

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
NEW = "battery staple"


async def sign_up(phone: str, *, agreed: bool = True, name: str = "何新来") -> str:
    token = await ask_for_code(phone, purpose=rules.REGISTER, address="")
    code = await code_for(token)
    return await register(token, code, name=name, password=NEW, agreed=agreed, door="web", language="zh")


async def test_a_code_makes_an_account_that_is_signed_in_and_has_consented(db: str) -> None:
    phone = new_phone()
    session = await sign_up(phone)
    person = await recognise(session, door="web")
    assert person is not None
    assert (person.name, person.household_id, person.grants) == ("何新来", None, ())
    assert await log_in(phone, NEW, door="web")
    (consent,) = await queries.consents(person.person_id, limit=10)
    assert (consent.purpose, consent.is_given, consent.version) == ("privacy", True, rules.NOTICE_VERSION)


async def test_without_consent_there_is_no_account_and_the_code_stays_good(db: str) -> None:
    phone = new_phone()
    token = await ask_for_code(phone, purpose=rules.REGISTER, address="")
    code = await code_for(token)
    more = {"name": "何新来", "password": NEW, "door": "web", "language": "zh"}
    with pytest.raises(ConsentMissing):
        await register(token, code, agreed=False, **more)  # type: ignore[arg-type]
    assert await register(token, code, agreed=True, **more)  # type: ignore[arg-type]


async def test_the_sms_says_the_code_and_no_table_does(db: str, data_folder: object) -> None:
    phone = "13800006098"
    token = await ask_for_code(phone, purpose=rules.REGISTER, address="10.0.0.1")
    code = await code_for(token)
    job = await fetch_row("select args from job where name = 'core.send_code'")
    assert job is not None
    assert code not in job["args"]
    assert phone not in job["args"]
    await run_due_jobs()
    assert await fetch_value("select text from practice_message where phone = $1", phone) == (
        f"【益集】验证码 {code}，5 分钟内有效。请不要告诉任何人。"
    )
    row = await fetch_row("select * from phone_code where token = $1", token)
    assert row is not None
    assert code not in str(dict(row))
    assert b"10.0.0.1" not in row["address"]


async def test_what_is_over_is_not_sent(db: str, data_folder: object) -> None:
    with clock.frozen(NOON):
        await ask_for_code("13800006098", purpose=rules.REGISTER, address="")
    with clock.frozen(NOON + timedelta(minutes=5)):
        await run_due_jobs()
    assert await fetch_value("select count(*) from practice_message") == 0


async def test_asking_is_the_same_for_a_known_phone_and_only_its_owner_learns(db: str) -> None:
    phone = new_phone()
    await make_resident(await make_region(), phone=phone, password=PASSWORD)
    with pytest.raises(AlreadyRegistered):
        await sign_up(phone)
    token = await ask_for_code(new_phone(), purpose=rules.RESET, address="")
    with pytest.raises(NoAccount):
        await reset_password(token, await code_for(token), password=NEW, door="web", language="zh")


async def test_a_code_is_wrong_five_times_and_then_over(db: str) -> None:
    phone = new_phone()
    token = await ask_for_code(phone, purpose=rules.REGISTER, address="")
    code = await code_for(token)
    more = {"name": "何新来", "password": NEW, "agreed": True, "door": "web", "language": "zh"}
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(CodeWrong, match=f"再试 {left} 次"):
            await register(token, another(code), **more)  # type: ignore[arg-type]
    with pytest.raises(CodeOver):
        await register(token, code, **more)  # type: ignore[arg-type]
    with pytest.raises(CodeNotFound):
        await register("nothing", code, **more)  # type: ignore[arg-type]
    with pytest.raises(CodeNotFound):
        await reset_password(token, code, password=NEW, door="web", language="zh")


async def test_many_guesses_at_once_are_five(db: str) -> None:
    token = await ask_for_code(new_phone(), purpose=rules.RESET, address="")
    wrong = another(await code_for(token))
    outcomes = await asyncio.gather(
        *(reset_password(token, wrong, password=NEW, door="web", language="zh") for _ in range(12)),
        return_exceptions=True,
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["CodeOver"] * 7 + ["CodeWrong"] * 5


async def test_a_code_lasts_five_minutes_and_is_used_once(db: str) -> None:
    phone = new_phone()
    await make_resident(await make_region(), phone=phone, password=PASSWORD)
    with clock.frozen(NOON):
        token = await ask_for_code(phone, purpose=rules.RESET, address="")
        code = await code_for(token)
    with clock.frozen(NOON + timedelta(minutes=5)), pytest.raises(CodeOver):
        await reset_password(token, code, password=NEW, door="web", language="zh")
    with clock.frozen(NOON + timedelta(minutes=5) - timedelta(microseconds=1)):
        assert await reset_password(token, code, password=NEW, door="web", language="zh")
        with pytest.raises(CodeOver):
            await reset_password(token, code, password=NEW, door="web", language="zh")


async def test_a_new_password_ends_all_sessions_and_forgets_wrong_tries(db: str) -> None:
    phone = new_phone()
    await make_resident(await make_region(), phone=phone, password=PASSWORD)
    before = await log_in(phone, PASSWORD, door="web")
    for _ in range(5):
        with pytest.raises(Exception, match="不对"):
            await log_in(phone, "wrong", door="web")
    with pytest.raises(LoginLocked):
        await log_in(phone, PASSWORD, door="web")
    token = await ask_for_code(phone, purpose=rules.RESET, address="")
    after = await reset_password(token, await code_for(token), password=NEW, door="web", language="zh")
    assert await recognise(before, door="web") is None
    assert await recognise(after, door="web") is not None
    assert await log_in(phone, NEW, door="web")


async def test_a_phone_gets_five_codes_an_hour_however_many_ask_at_once(db: str) -> None:
    phone = new_phone()
    outcomes = await asyncio.gather(
        *(ask_for_code(phone, purpose=rules.REGISTER, address="") for _ in range(8)), return_exceptions=True
    )
    assert sum(isinstance(outcome, TooManyCodes) for outcome in outcomes) == 3
    assert await ask_for_code(new_phone(), purpose=rules.REGISTER, address="")


async def test_an_address_gets_thirty_codes_an_hour(db: str) -> None:
    with clock.frozen(NOON):
        for _ in range(30):
            await ask_for_code(new_phone(), purpose=rules.REGISTER, address="10.0.0.1")
        with pytest.raises(TooManyCodes):
            await ask_for_code(new_phone(), purpose=rules.REGISTER, address="10.0.0.1")
        await ask_for_code(new_phone(), purpose=rules.REGISTER, address="10.0.0.2")
    with clock.frozen(NOON + timedelta(hours=1)):
        await ask_for_code(new_phone(), purpose=rules.REGISTER, address="10.0.0.1")


async def test_another_phone_is_taken_over_by_who_has_asked_for_it(db: str) -> None:
    region = await make_region()
    person = await make_resident(region, phone=new_phone(), password=PASSWORD)
    other = await make_resident(region, phone=new_phone(), password=PASSWORD)
    wanted = new_phone()
    token = await ask_for_code(wanted, purpose=rules.CHANGE, address="", person_id=person.person_id)
    code = await code_for(token)
    with pytest.raises(CodeNotFound):
        await change_phone(token, code, actor=other)
    await change_phone(token, code, actor=person)
    assert await log_in(wanted, PASSWORD, door="web")
    again = await ask_for_code(wanted, purpose=rules.CHANGE, address="", person_id=other.person_id)
    with pytest.raises(PhoneTaken):
        await change_phone(again, await code_for(again), actor=other)


async def make_worker(region_id: int) -> Actor:
    person = await make_resident(region_id, name="何社工", phone=new_phone(), password=PASSWORD)
    await grant_role(person.person_id, "core.community_worker", Ref("region", region_id), actor_id=None)
    found = await actor(person.person_id)
    assert found is not None
    return found


async def test_a_worker_tells_a_code_that_works_on_the_residents_own_page(db: str) -> None:
    city = await add_region("测试市", level="city", parent_id=None)
    estate = await add_region("测试小区", level="community", parent_id=city)
    worker, phone = await make_worker(city), new_phone()
    await make_resident(estate, phone=phone)
    told = await issue_code(phone, purpose=rules.RESET, actor=worker)
    own = await ask_for_code(phone, purpose=rules.RESET, address="")
    assert await reset_password(own, await code_for(told), password=NEW, door="web", language="zh")
    with pytest.raises(CodeNotFound):
        await queries.asked_code(told, purpose=rules.RESET)
    assert not (await queries.issued_code(told, worker_id=worker.person_id)).is_open
    assert await fetch_value("select count(*) from audit_event where action = 'code.issued'") == 1


async def test_what_a_worker_told_opens_nothing_once_the_resident_holds_a_role(db: str) -> None:
    region_id, phone = await make_region(), new_phone()
    worker, resident = await make_worker(region_id), await make_resident(region_id, phone=phone)
    told = await issue_code(phone, purpose=rules.RESET, actor=worker)
    own = await ask_for_code(phone, purpose=rules.RESET, address="")
    await grant_role(resident.person_id, "core.community_worker", Ref("region", region_id), actor_id=None)
    with pytest.raises(CodeWrong):
        await reset_password(own, await code_for(told), password=NEW, door="web", language="zh")
    assert await reset_password(own, await code_for(own), password=NEW, door="web", language="zh")


async def test_a_worker_opens_no_account_elsewhere_nor_one_with_a_role_nor_the_own(db: str) -> None:
    here, there = await make_region(), await make_region()
    worker = await make_worker(here)
    phones = [new_phone() for _ in range(3)]
    await make_resident(there, phone=phones[0])
    official = await make_resident(here, phone=phones[1])
    await grant_role(official.person_id, "core.community_worker", Ref("region", here), actor_id=None)
    phones[2] = await fetch_value("select phone from person where id = $1", worker.person_id)
    for phone in phones:
        with pytest.raises(NotYours):
            await issue_code(phone, purpose=rules.RESET, actor=worker)
    assert await issue_code(new_phone(), purpose=rules.REGISTER, actor=worker)
    assert Grant("core.community_worker", Ref("region", here)) in worker.grants


async def test_consents_are_a_history_that_nobody_rewrites(db: str) -> None:
    person = await recognise(await sign_up(new_phone()), door="web")
    assert person is not None
    with pytest.raises(ConsentNeeded):
        await withdraw_consent("privacy", actor=person)
    await give_consent("privacy", actor=person)
    assert len(await queries.consents(person.person_id, limit=10)) == 1
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await fetch("update consent set is_given = false")


async def test_old_codes_are_forgotten(db: str) -> None:
    with clock.frozen(NOON):
        await ask_for_code(new_phone(), purpose=rules.REGISTER, address="")
    with clock.frozen(NOON + timedelta(days=1)):
        await sweep_codes()
        assert await fetch_value("select count(*) from phone_code") == 1
    with clock.frozen(NOON + timedelta(days=2)):
        await sweep_codes()
        assert await fetch_value("select count(*) from phone_code") == 0
