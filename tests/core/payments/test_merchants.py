"""An account where money is taken: its keys are secret, and two persons change them."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from core.approvals.errors import ApprovalNotFound, OwnApproval
from core.approvals.services import cast_vote, withdraw_approval
from core.database import fetch, fetch_value, unit_of_work
from core.organizations.rules import STAFF
from core.payments import queries, services
from core.payments.errors import (
    ChangeWaiting,
    CredentialsRefused,
    MerchantBusy,
    NoSecondPerson,
    OnlineNotOffered,
)
from core.payments.rules import CONNECT
from core.payments.services.merchants import check_idle, credentials_of, forget_keys
from core.people.errors import PermissionMissing
from core.people.rules import Actor
from core.people.services import grant_role
from core.reference import Ref
from core.settings import load
from plugins.practice.rules import stand_in_key
from tests.core.payments.orders import make_order
from tests.core.payments.stand_in import Cashier, start
from tests.factories import Committee, make_committee, make_manager, make_resident
from workers.drain import run_due_jobs

WRONG = {"secret_key": "sk_standin_1_wrong_key_1234"}


@pytest.fixture
async def heads(committee: Committee) -> tuple[Actor, Actor]:
    return await make_manager(committee), await make_manager(committee)


async def vote(change_id: int, person: Actor, choice: str = "approve") -> None:
    approval_id = await queries.change_approval(change_id)
    assert approval_id is not None
    await cast_vote(approval_id, choice=choice, reason="看过", person_id=person.person_id)
    await run_due_jobs()


async def change_of(change_id: int) -> tuple[str, str]:
    change = await queries.merchant_change(change_id)
    assert change.state == "asked" or await queries.sealed_keys(change_id) is None
    return change.state, change.problem


async def key_of(committee: Committee) -> str:
    return credentials_of(await queries.merchant(committee.id, "stripe"))["secret_key"]


async def test_new_keys_serve_once_a_second_person_agrees_and_the_old_ones_until_then(
    committee: Committee, payer: Actor, heads: tuple[Actor, Actor]
) -> None:
    first, second = heads
    old, new = await key_of(committee), stand_in_key(committee.id, load().secret) + "x"
    change = await services.ask_to_connect(committee.id, "stripe", {"secret_key": old}, actor=first)
    assert await services.ask_to_connect(committee.id, "stripe", {"secret_key": old}, actor=first) == change
    for other, person in (({"secret_key": new}, first), ({"secret_key": old}, second)):
        with pytest.raises(ChangeWaiting):
            await services.ask_to_connect(committee.id, "stripe", other, actor=person)
    await run_due_jobs()
    before = await queries.merchant(committee.id, "stripe")
    assert before.has_webhook
    asked = await queries.merchant_change(change)
    assert (asked.state, asked.check_failed) == ("asked", False)
    assert asked.checked_at is not None
    with pytest.raises(OwnApproval):
        await vote(change, first)
    await vote(change, second)
    after = await queries.merchant(committee.id, "stripe")
    assert await change_of(change) == ("made", "")
    assert after.takes_money  # it was tested while it waited
    assert not after.has_webhook
    sealed = await fetch("select secrets from payment_merchant_change where secrets is not null")
    assert sealed == []
    assert await fetch_value(
        "select connected_by from payment_merchant where organization = $1", committee.id
    ) == (first.person_id)
    order_id = await make_order(committee, payer)
    assert (await start(order_id, payer)).url


async def test_keys_that_open_nothing_are_never_used(
    committee: Committee, heads: tuple[Actor, Actor]
) -> None:
    first, second = heads
    old = await key_of(committee)
    change = await services.ask_to_connect(committee.id, "stripe", WRONG, actor=first)
    sealed = await queries.sealed_keys(change)
    assert sealed is not None
    assert b"sk_standin" not in sealed
    await run_due_jobs()
    assert (await queries.merchant_change(change)).check_failed
    await vote(change, second)
    assert await change_of(change) == ("refused", "refused")
    assert await key_of(committee) == old
    assert (await queries.merchant(committee.id, "stripe")).takes_money
    with pytest.raises(CredentialsRefused):
        await services.ask_to_connect(committee.id, "stripe", {"secret_key": "pk_x"}, actor=first)


async def test_what_is_not_agreed_to_or_withdrawn_changes_nothing(
    committee: Committee, heads: tuple[Actor, Actor]
) -> None:
    first, second = heads
    old = await key_of(committee)
    change = await services.ask_to_connect(committee.id, "stripe", {"secret_key": old}, actor=first)
    await vote(change, second, "reject")
    assert await change_of(change) == ("refused", "not_agreed")
    again = await services.ask_to_disconnect(committee.id, "stripe", actor=second)
    approval_id = await queries.change_approval(again)
    assert approval_id is not None
    await withdraw_approval(approval_id, person_id=second.person_id)
    await run_due_jobs()
    assert await change_of(again) == ("refused", "not_agreed")
    assert await key_of(committee) == old


async def test_an_account_is_ended_by_two_and_never_while_somebody_pays(
    committee: Committee, payer: Actor, heads: tuple[Actor, Actor]
) -> None:
    first, second = heads
    order_id = await make_order(committee, payer)
    await start(order_id, payer)
    with pytest.raises(MerchantBusy):
        await services.ask_to_disconnect(committee.id, "stripe", actor=first)
    async with unit_of_work():
        await services.cancel_order(order_id, actor_id=None)
    await run_due_jobs()
    change = await services.ask_to_disconnect(committee.id, "stripe", actor=first)
    assert await services.ask_to_disconnect(committee.id, "stripe", actor=first) == change
    later = await make_order(committee, payer)
    await start(later, payer)
    await vote(change, second)
    assert await change_of(change) == ("refused", "busy")
    async with unit_of_work():
        await services.cancel_order(later, actor_id=None)
    await run_due_jobs()
    await vote(await services.ask_to_disconnect(committee.id, "stripe", actor=first), second)
    gone = await queries.merchant(committee.id, "stripe")
    assert (gone.takes_money, gone.secrets) == (False, None)
    with pytest.raises(OnlineNotOffered):
        await services.start_payment(await make_order(committee, payer), actor=payer)


async def _hold(work: Callable[[], Awaitable[object]], done: asyncio.Event, go: asyncio.Event) -> None:
    """Do it, and COMMIT when told."""
    async with unit_of_work():
        await work()
        done.set()
        await go.wait()


async def _is_blocked() -> bool:
    waiting = "select exists (select from pg_stat_activity where wait_event_type = 'Lock' and query like $1)"
    return bool(await fetch_value(waiting, "%payment_merchant%"))


@pytest.mark.parametrize("is_first", [True, False])
async def test_an_account_that_ends_and_a_payment_that_begins_wait_for_each_other(
    committee: Committee, payer: Actor, is_first: bool
) -> None:
    order_id, merchant = await make_order(committee, payer), await queries.merchant(committee.id, "stripe")

    async def end() -> None:
        async with unit_of_work():
            await check_idle(merchant.id)
            await forget_keys(merchant, actor_id=None)

    async def begin() -> None:
        await services.start_payment(order_id, actor=payer)

    done, go = asyncio.Event(), asyncio.Event()
    first, second = (end, begin) if is_first else (begin, end)
    before = asyncio.create_task(_hold(first, done, go))
    await done.wait()
    after = asyncio.create_task(second())
    while not await _is_blocked():
        assert not after.done()
        await asyncio.sleep(0.01)
    go.set()
    await before
    with pytest.raises(OnlineNotOffered if is_first else MerchantBusy):
        await after
    begun = await fetch_value("select count(*) from payment_attempt where merchant = $1", merchant.id)
    assert (begun, (await queries.merchant(committee.id, "stripe")).is_active) == (
        (0, False) if is_first else (1, True)
    )


async def test_nobody_alone_and_nobody_from_elsewhere(committee: Committee, stand_in: Cashier) -> None:
    alone = await make_manager(committee)
    assert alone.may(CONNECT, committee.ref)
    with pytest.raises(NoSecondPerson):
        await services.ask_to_connect(committee.id, "stripe", WRONG, actor=alone)
    stranger = await make_manager(await make_committee())
    for person in (stranger, committee.treasurer):
        with pytest.raises(PermissionMissing):
            await services.ask_to_connect(committee.id, "stripe", WRONG, actor=person)
        with pytest.raises(PermissionMissing):
            await services.ask_to_disconnect(committee.id, "stripe", actor=person)
    assert await fetch_value("select count(*) from payment_merchant_change") == 0


async def test_where_there_is_one_manager_the_staff_of_the_region_agrees(committee: Committee) -> None:
    alone, old = await make_manager(committee), await key_of(committee)
    place = Ref("region", committee.region_id)
    staff, elsewhere = [await make_resident(committee.region_id, name=f"{n}科员") for n in "甲乙"]
    await grant_role(staff.person_id, STAFF, place, actor_id=None)
    other = await make_committee()
    await grant_role(elsewhere.person_id, STAFF, Ref("region", other.region_id), actor_id=None)
    change = await services.ask_to_connect(committee.id, "stripe", {"secret_key": old}, actor=alone)
    facts = await fetch_value("select facts from audit_event where action = 'merchant.change_asked'")
    assert '"asks_staff": true' in facts
    await run_due_jobs()
    for person, refusal in ((alone, OwnApproval), (elsewhere, ApprovalNotFound)):
        with pytest.raises(refusal):
            await vote(change, person)
    assert await queries.is_asked_about(change, staff.person_id)
    assert not await queries.is_asked_about(change, elsewhere.person_id)
    assert await fetch_value("select count(*) from notification where person = $1", staff.person_id) == 1
    await vote(change, staff)
    assert await change_of(change) == ("made", "")


async def test_with_another_manager_no_staff_is_asked(
    committee: Committee, heads: tuple[Actor, Actor]
) -> None:
    staff = await make_resident(committee.region_id, name="甲科员")
    await grant_role(staff.person_id, STAFF, Ref("region", committee.region_id), actor_id=None)
    change = await services.ask_to_connect(
        committee.id, "stripe", {"secret_key": await key_of(committee)}, actor=heads[0]
    )
    assert not await queries.is_asked_about(change, staff.person_id)
    assert (await queries.second_persons(committee.id, heads[0].person_id)).person_ids == [heads[1].person_id]
