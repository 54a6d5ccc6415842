"""The end of an account: who it was is gone, the books are whole."""

import asyncio
from datetime import date, timedelta

import pytest

from core import clock, plugins
from core.database import fetch, fetch_row, fetch_value, unit_of_work
from core.events.services import deliver_event
from core.households.errors import HeadMustHandOver, RequestOver
from core.households.queries import household
from core.households.services import agree, ask_to_join, invite, join, register_child
from core.parameters.services import set_parameter
from core.people.masks import mask_name
from core.people.rules import Actor
from core.people.services import grant_role, log_in, recognise, register_person
from core.privacy.errors import (
    ApprovalsOpen,
    ChildrenLeft,
    DeletionNotFound,
    NotSure,
    OrdersOwed,
    RolesHeld,
)
from core.privacy.queries import check_nothing_left, waiting_deletion
from core.privacy.rules import GRACE
from core.privacy.services import ask_deletion, end_accounts, withdraw_deletion
from core.reference import PLATFORM
from core.registration.services import verify_identity
from plugins.garden.errors import LeaseHeld
from plugins.garden.services import claim_plot
from tests.core.approvals.questions import open_one
from tests.core.registration.test_identities import NUMBER, make_worker
from tests.factories import (
    PASSWORD,
    make_committee,
    make_garden,
    make_region,
    make_resident,
    new_phone,
)


async def ask(person: Actor) -> None:
    await ask_deletion(sure=True, actor=person)


async def end_after(days: float) -> None:
    """What the hourly job does then."""
    with clock.frozen(clock.now() + timedelta(days=days)):
        async with unit_of_work():
            await end_accounts()


async def test_who_it_was_is_erased_and_the_id_stays(db: str) -> None:
    region, phone = await make_region(), new_phone()
    worker = await make_worker(region)
    person = await make_resident(region, name="林样", phone=phone, password=PASSWORD)
    await verify_identity(person.person_id, name="林真名", number=NUMBER, agreed=True, actor=worker)
    token = await log_in(phone, PASSWORD, door="api")
    await ask(person)
    await end_after(6.99)
    assert await recognise(token, door="api")
    await end_after(7.01)
    row = await fetch_row("select * from person where id = $1", person.person_id)
    assert row is not None
    assert (row["name"], mask_name(row["name"])) == ("已注销", "已注销")
    assert [row[key] for key in ("phone", "password_hash", "email", "born_on")] == [None] * 4
    assert row["gone_at"] is not None
    assert await recognise(token, door="api") is None
    assert await fetch_value("select count(*) from person_identity") == 0
    assert await fetch_value("select closed_at is not null from household where id = $1", person.household_id)
    assert await fetch_value("select count(*) from audit_event where actor_id = $1", person.person_id) > 0
    assert await register_person("新的人", phone=phone, password=None) != person.person_id
    for table in await fetch("select tablename from pg_tables where schemaname = 'public'"):
        kept = await fetch_value(f'select string_agg(t::text, chr(10)) from "{table["tablename"]}" t')
        assert "林真名" not in (kept or ""), table["tablename"]


async def test_it_is_taken_back_until_it_is_done_and_a_second_click_changes_nothing(db: str) -> None:
    person = await make_resident(await make_region())
    with pytest.raises(NotSure):
        await ask_deletion(sure=False, actor=person)
    with pytest.raises(DeletionNotFound):
        await withdraw_deletion(actor=person)
    await asyncio.gather(*(ask(person) for _ in range(3)))
    assert await fetch_value("select count(*) from person_deletion") == 1
    await withdraw_deletion(actor=person)
    await end_after(8)
    assert await fetch_value("select name from person where id = $1", person.person_id) == "张测试"
    await ask(person)
    await end_after(8)
    with pytest.raises(DeletionNotFound):
        await withdraw_deletion(actor=person)
    await end_after(9)
    assert await fetch_value("select array_agg(state order by id) from person_deletion") == [
        "withdrawn",
        "done",
    ]


async def test_what_is_open_hinders_it_in_words(db: str) -> None:
    committee = await make_committee()
    with pytest.raises(RolesHeld):
        await ask(committee.treasurer)
    person = await make_resident(committee.region_id)
    _, plots = await make_garden(committee)
    order = await claim_plot(plots[0], agreed=True, actor=person)
    with pytest.raises(OrdersOwed):
        await ask(person)
    await fetch("update payment_order set state = 'cancelled', closed_at = now() where id = $1", order)
    with pytest.raises(LeaseHeld):
        await ask(person)
    parent = await make_resident(committee.region_id)
    born_on = clock.today() - timedelta(days=3000)
    await register_child("林小样", born_on=born_on, agreed=True, purposes=(), actor=parent)
    with pytest.raises(ChildrenLeft):
        await ask(parent)
    head, member = (
        await make_resident(committee.region_id),
        await register_person("林", phone=None, password=None),
    )
    await join(await invite(actor=head), actor=Actor(member, "林", None))
    with pytest.raises(HeadMustHandOver):
        await ask(head)
    maker = await make_resident(committee.region_id)
    await open_one(maker=maker.person_id, voters=(head.person_id, person.person_id), needed=1)
    for one in (maker, head):
        with pytest.raises(ApprovalsOpen):
            await ask(one)


async def test_what_has_come_up_meanwhile_hinders_it_too_and_is_said(db: str) -> None:
    person = await make_resident(await make_region())
    await ask(person)
    await grant_role(person.person_id, "core.operator", PLATFORM, actor_id=None)
    await end_after(8)
    assert await waiting_deletion(person.person_id) is None
    assert await fetch_value("select gone_at from person where id = $1", person.person_id) is None
    told = await fetch("select args::text as args from job where name = 'core.deliver_notice' order by id")
    assert "您还担任着角色" in told[-1]["args"]


async def test_one_that_is_hindered_does_not_hold_up_the_next(db: str) -> None:
    first, second = [await make_resident(await make_region()) for _ in range(2)]
    await ask(first)
    await ask(second)
    await grant_role(first.person_id, "core.operator", PLATFORM, actor_id=None)
    await end_after(8)
    gone = await fetch("select id from person where gone_at is not null")
    assert [row["id"] for row in gone] == [second.person_id]


async def test_the_days_of_grace_are_a_rule_of_the_platform(db: str) -> None:
    await set_parameter(GRACE.code, PLATFORM, 0, effective_on=clock.today(), actor_id=None)
    person = await make_resident(await make_region())
    await ask(person)
    await end_after(0.001)
    assert await fetch_value("select gone_at from person where id = $1", person.person_id) is not None


async def test_plugins_are_asked_and_told(db: str) -> None:
    """`check_person_deletion` and `person_deleted`: the event is a row, delivered to each of them."""
    person = await make_resident(await make_region())
    await ask(person)
    await end_after(8)
    rows = await fetch(
        "select d.id, d.plugin from event_delivery d join event e on e.id = d.event"
        " where e.name = 'person_deleted' order by d.plugin"
    )
    assert (
        [row["plugin"] for row in rows]
        == plugins.subscribers("person_deleted")
        == ["core", "foundation", "greencoin", "practice"]
    )
    for row in rows:
        async with unit_of_work():
            await deliver_event(row["id"])


async def test_a_guardian_stays_until_the_child_born_on_29_february_is_of_age(db: str) -> None:
    person = await make_resident(await make_region())
    await join(await invite(actor=person), actor=await _newcomer())
    with clock.frozen(clock.begin_of(date(2026, 2, 1))):
        await register_child("林闰样", born_on=date(2008, 2, 29), agreed=True, purposes=(), actor=person)
    with clock.frozen(clock.begin_of(date(2026, 2, 28))), pytest.raises(ChildrenLeft):
        await check_nothing_left(person.person_id)
    with clock.frozen(clock.begin_of(date(2026, 3, 1))):
        await check_nothing_left(person.person_id)


async def _newcomer() -> Actor:
    return Actor(await register_person("何新来", phone=new_phone(), password=None), "何新来", None)


async def test_who_has_no_account_any_more_is_taken_into_no_household(db: str) -> None:
    head, person = await make_resident(await make_region()), await _newcomer()
    request_id = await ask_to_join(head.household_id or 0, actor=person)
    await ask(person)
    await end_after(7.01)
    with pytest.raises(RequestOver):
        await agree(request_id, actor=head)
    assert await fetch_value("select count(*) from household_member where person = $1", person.person_id) == 0


async def test_nobody_joins_behind_the_last_member_whose_account_ends(db: str) -> None:
    """Else the household would have a head who is gone, and nobody who could name another."""
    head, person = await make_resident(await make_region()), await _newcomer()
    code, has_joined = await invite(actor=head), asyncio.Event()
    await ask(head)

    async def join_slowly() -> None:
        async with unit_of_work():
            await join(code, actor=person)
            has_joined.set()
            await asyncio.sleep(0.3)

    async def end() -> None:
        await has_joined.wait()
        await end_after(7.01)

    await asyncio.gather(join_slowly(), end())
    assert await fetch_value("select gone_at from person where id = $1", head.person_id) is None
    assert await fetch_value("select state from person_deletion") == "withdrawn"
    assert (await household(head.household_id or 0)).member_ids == [head.person_id, person.person_id]
