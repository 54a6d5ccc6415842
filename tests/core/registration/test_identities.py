"""Real names: a worker sees the card, and nobody ever sees its number again."""

import asyncio
import contextlib
from datetime import UTC, date, datetime, timedelta

import pytest
from stdnum.cn import ric

from core import clock, plugins
from core.database import fetch, fetch_row, fetch_value
from core.people.errors import IdentityNumberWrong
from core.people.queries import actor
from core.people.rules import WORKER, Actor
from core.people.services import grant_role
from core.reference import Ref
from core.registration import queries
from core.registration.errors import (
    ConsentElsewhere,
    ConsentMissing,
    IdentityKnown,
    IdentityOfMinor,
    IdentityRefused,
    IdentityTaken,
    NameVerified,
    OwnCard,
    ResidentNotFound,
    TooManyNumbers,
)
from core.registration.rules import STATEMENTS_MOST
from core.registration.services import (
    give_consent,
    rename,
    state_identity,
    verify_identity,
    withdraw_consent,
)
from tests.factories import make_region, make_resident

NUMBER, ANOTHER = "11010519491231002X", "510104199001010019"


async def make_worker(region_id: int) -> Actor:
    """A community worker of the region."""
    person = await make_resident(region_id, name="何社工")
    await grant_role(person.person_id, WORKER, Ref("region", region_id), actor_id=None)
    found = await actor(person.person_id)
    assert found is not None
    return found


async def verify(person: Actor, worker: Actor, *, number: str = NUMBER, name: str = "林真名") -> None:
    await verify_identity(person.person_id, name=name, number=number, agreed=True, actor=worker)


@pytest.fixture
async def region(db: str) -> int:
    return await make_region()


async def test_a_worker_who_has_seen_the_card_gives_a_real_name(region: int) -> None:
    worker, person = await make_worker(region), await make_resident(region, name="林样")
    await verify(person, worker, number=" 11010519491231002x ")
    row = await fetch_row("select name, born_on from person where id = $1", person.person_id)
    assert row is not None
    assert tuple(row) == ("林真名", date(1949, 12, 31))
    assert await queries.verified_at(person.person_id) is not None
    assert await queries.has_consented(person.person_id, "identity")
    witness = await fetch_value("select witness from person_identity")
    assert witness == worker.person_id


async def test_no_table_tells_the_number(region: int) -> None:
    """Protects whoever's card it is against a copy of the database."""
    worker, person = await make_worker(region), await make_resident(region)
    await verify(person, worker)
    tables = await fetch("select tablename from pg_tables where schemaname = 'public'")
    for row in tables:
        kept = await fetch_value(f'select string_agg(t::text, chr(10)) from "{row["tablename"]}" t')
        assert NUMBER not in (kept or ""), row["tablename"]
        assert NUMBER[:17].encode().hex() not in (kept or ""), row["tablename"]
    facts = await fetch("select facts from audit_event where action = 'person.identity_verified'")
    assert [row["facts"] for row in facts] == ["{}"]


async def test_the_same_number_is_refused_for_another_and_nobody_learns_whose_it_is(region: int) -> None:
    worker = await make_worker(region)
    first, second = await make_resident(region, name="林第一"), await make_resident(region, name="苏第二")
    await verify(first, worker)
    with pytest.raises(IdentityTaken) as refused:
        await verify(second, worker, name="苏第二")
    said = str(refused.value) + repr(refused.value)
    assert not [one for one in ("林", str(first.person_id), NUMBER) if one in said]
    assert await fetch_value("select name from person where id = $1", second.person_id) == "苏第二"
    assert not await queries.has_consented(second.person_id, "identity")


async def test_two_workers_at_once_give_one_number_to_one_person(region: int) -> None:
    worker = await make_worker(region)
    people = [await make_resident(region, name=f"林{n}号") for n in range(5)]
    ends = await asyncio.gather(*(verify(one, worker) for one in people), return_exceptions=True)
    assert [type(end) for end in ends if end is not None] == [IdentityTaken] * 4
    assert await fetch_value("select count(*) from person_identity") == 1


async def test_a_second_click_changes_nothing_and_another_number_is_refused(region: int) -> None:
    worker, person = await make_worker(region), await make_resident(region)
    await verify(person, worker)
    before = await queries.verified_at(person.person_id)
    await verify(person, worker)
    assert await queries.verified_at(person.person_id) == before
    assert await fetch_value("select count(*) from consent where purpose = 'identity'") == 1
    with pytest.raises(IdentityKnown):
        await verify(person, worker, number=ANOTHER)


async def test_a_worker_of_elsewhere_oneself_and_a_wrong_number_are_refused(region: int) -> None:
    worker, stranger = await make_worker(region), await make_worker(await make_region())
    person = await make_resident(region)
    with pytest.raises(ResidentNotFound):
        await verify(person, stranger)
    with pytest.raises(ResidentNotFound):
        await verify(person, person)
    with pytest.raises(OwnCard):
        await verify(worker, worker)
    with pytest.raises(IdentityNumberWrong):
        await verify(person, worker, number="110105194912310021")
    with pytest.raises(ConsentMissing):
        await verify_identity(person.person_id, name="林", number=NUMBER, agreed=False, actor=worker)
    assert await fetch_value("select count(*) from person_identity") == 0


async def test_a_plugin_that_knows_better_is_asked_first(
    region: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Protects a deployment with a real service behind `decide_identity_verification`."""
    worker, person = await make_worker(region), await make_resident(region)
    asked: list[dict[str, object]] = []

    async def decide(hook: str, **facts: object) -> bool:
        assert hook == "decide_identity_verification"
        asked.append(facts)
        return False

    monkeypatch.setattr(plugins, "decide", decide)
    with pytest.raises(IdentityRefused):
        await verify(person, worker)
    who = {"person_id": person.person_id, "witness_id": worker.person_id}
    assert asked == [who | {"name": "林真名", "number": NUMBER}]
    assert await queries.verified_at(person.person_id) is None


async def test_who_takes_the_consent_back_takes_the_number_along(region: int) -> None:
    worker, person = await make_worker(region), await make_resident(region)
    with pytest.raises(ConsentElsewhere):
        await give_consent("identity", actor=person)
    await verify(person, worker)
    with pytest.raises(NameVerified):
        await rename("另一个", actor=person)
    await withdraw_consent("identity", actor=person)
    assert await fetch_value("select count(*) from person_identity") == 0
    assert await fetch_value("select born_on from person where id = $1", person.person_id) is None
    await rename("另一个", actor=person)
    await verify(await make_resident(region), worker)


# --- typed by its owner ---------------------------------------------------------------------------


async def state(person: Actor, number: str = NUMBER) -> None:
    await state_identity(number, agreed=True, actor=person)


async def test_ones_own_number_waits_for_a_worker_and_only_its_owner_sees_two_characters(region: int) -> None:
    worker, person = await make_worker(region), await make_resident(region, name="林样")
    for _ in range(2):
        await state(person, " 11010519491231002x")
    own = await queries.own_identity(person.person_id)
    assert own is not None
    assert (own.masked, own.verified_at) == ("1****************X", None)
    assert await queries.has_consented(person.person_id, "identity")
    assert await fetch_value("select count(*) from consent where purpose = 'identity'") == 1
    assert await fetch_value("select born_on from person where id = $1", person.person_id) is None
    for row in await fetch("select tablename from pg_tables where schemaname = 'public'"):
        kept = await fetch_value(f'select string_agg(t::text, chr(10)) from "{row["tablename"]}" t')
        assert NUMBER not in (kept or ""), row["tablename"]
    await verify(person, worker)
    assert await queries.verified_at(person.person_id) is not None
    with pytest.raises(IdentityKnown):
        await state(person, ANOTHER)


async def test_the_card_counts_and_not_what_was_typed(region: int) -> None:
    worker, person = await make_worker(region), await make_resident(region)
    await state(person, ANOTHER)
    await verify(person, worker)
    own = await queries.own_identity(person.person_id)
    assert own is not None
    assert own.masked == "1****************X"


async def test_who_types_anothers_number_keeps_it_from_nobody_and_learns_nothing(region: int) -> None:
    worker = await make_worker(region)
    owner, other = await make_resident(region), await make_resident(region)
    await state(other)
    await verify(owner, worker)
    await state(other)  # the same answer as before: whose it is shows only where the card is
    with pytest.raises(IdentityTaken):
        await verify(other, worker)


async def test_a_number_is_refused_that_is_none_or_a_minors_or_comes_too_often(region: int) -> None:
    person = await make_resident(region)
    with pytest.raises(IdentityNumberWrong):
        await state(person, "110105194912310021")
    with pytest.raises(ConsentMissing):
        await state_identity(NUMBER, agreed=False, actor=person)
    for day, refusal in ((date(2008, 1, 1), IdentityOfMinor), (date(2007, 12, 31), None)):
        with clock.frozen(datetime(2025, 12, 31, 4, tzinfo=UTC)), _refused(refusal):
            await state(person, _number(day))
    for _ in range(STATEMENTS_MOST):
        await state(person)
    with pytest.raises(TooManyNumbers):
        await state(person)
    with clock.frozen(clock.now() + timedelta(hours=25)):
        await state(person)


def _refused(refusal: type[Exception] | None) -> contextlib.AbstractContextManager[object]:
    return pytest.raises(refusal) if refusal else contextlib.nullcontext()


def _number(born_on: date) -> str:
    number = f"510104{born_on:%Y%m%d}001"
    return number + str(ric.calc_check_digit(number + "0"))


@pytest.mark.parametrize("answer", [True, False, None])
async def test_a_plugin_that_knows_better_answers_without_a_worker(
    region: int, monkeypatch: pytest.MonkeyPatch, answer: bool | None
) -> None:
    person = await make_resident(region, name="林真名")
    asked: list[dict[str, object]] = []

    async def decide(hook: str, **facts: object) -> bool | None:
        asked.append(facts)
        return answer

    monkeypatch.setattr(plugins, "decide", decide)
    with _refused(IdentityRefused if answer is False else None):
        await state(person)
    who = {"person_id": person.person_id, "witness_id": None}
    assert asked == [who | {"name": "林真名", "number": NUMBER}]
    assert (await queries.verified_at(person.person_id) is not None) is bool(answer)
    born_on = await fetch_value("select born_on from person where id = $1", person.person_id)
    assert born_on == (date(1949, 12, 31) if answer else None)
    assert await queries.has_consented(person.person_id, "identity") is (answer is not False)


async def test_one_corrects_the_own_name_until_a_card_was_seen(region: int) -> None:
    person = await make_resident(region, name="林错字")
    await rename("  林对字 ", actor=person)
    await rename("林对字", actor=person)
    assert await fetch_value("select name from person where id = $1", person.person_id) == "林对字"
    renamed = "select count(*) from audit_event where action = 'person.renamed'"
    assert await fetch_value(renamed) == 1
