"""A child registers with a phone of its own: by the guardian's code the record becomes the account's."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from core import clock
from core.database import fetch, fetch_value, unit_of_work
from core.errors import YijiError
from core.households.errors import AccountInUse, ChildHasAccount, InvitationOver
from core.households.queries import child_codes, invitations
from core.households.services import (
    found_household,
    invite,
    invite_child,
    join,
    leave,
    name_guardian,
    register_child,
)
from core.notifications.services import notify
from core.people.queries import actor
from core.people.rules import Actor
from core.people.services import log_in, recognise, register_person
from core.registration.errors import NotGuardian
from core.registration.queries import child, own_child, wards_of
from tests.core.registration.test_identities import make_worker
from tests.factories import PASSWORD, make_region, make_resident
from workers.drain import run_due_jobs

PHONE = "13800003811"


async def account(phone: str = PHONE) -> Actor:
    found = await actor(await register_person("林少年", phone=phone, password=PASSWORD))
    assert found is not None
    return found


async def make_child(guardian: Actor, name: str = "林小样") -> int:
    purposes = ["minor_volunteering"]
    return await register_child(
        name, born_on=date(2013, 6, 1), agreed=True, purposes=purposes, actor=guardian
    )


@pytest.mark.parametrize("hour", [4, 16])
async def test_the_record_gets_the_login_and_nothing_is_lost(db: str, hour: int) -> None:
    """At noon, when a message has gone to the phone already, and at midnight, when it waits."""
    with clock.frozen(datetime(2026, 11, 22, hour, tzinfo=UTC)):
        await _take_over()


async def _take_over() -> None:
    guardian = await make_resident(await make_region(), name="林家长")
    kept = await make_child(guardian)
    fresh = await account()
    token = await log_in(PHONE, PASSWORD, door="web", address="", language="zh")
    async with unit_of_work():
        notify(fresh.person_id, title="欢迎", body="欢迎", path="/")
    await run_due_jobs()
    code = await invite_child(kept, actor=guardian)
    assert (await child_codes(guardian.person_id))[kept].code == code
    assert await invitations(guardian.household_id or 0) == []  # not among the head's
    assert await join(code.lower(), actor=fresh) == guardian.household_id
    signed_in = await recognise(token, door="web")
    assert signed_in is not None
    assert (signed_in.person_id, signed_in.name, signed_in.unread) == (kept, "林小样", 1)
    assert signed_in.household_id == guardian.household_id
    assert (await own_child(kept, guardian.person_id)).agreed == {"privacy", "minor_volunteering"}
    (old,) = await fetch("select phone, gone_at from person where id = $1", fresh.person_id)
    assert old["phone"] is None
    assert old["gone_at"] is not None
    assert await wards_of(guardian.person_id) == []
    await log_in(PHONE, PASSWORD, door="web", address="", language="zh")
    await run_due_jobs()
    told = await fetch("select title from notification where person = $1", guardian.person_id)
    assert [row["title"] for row in told] == ["孩子有了自己的账号"]


async def test_an_account_with_a_history_a_used_code_and_a_taken_record_are_refused(db: str) -> None:
    region = await make_region()
    guardian = await make_resident(region, name="林家长")
    kept = await make_child(guardian)
    code, second = await invite_child(kept, actor=guardian), await invite_child(kept, actor=guardian)
    busy = await account()
    await found_household(region, actor=busy)
    settled = await actor(busy.person_id)
    assert settled is not None
    with pytest.raises(AccountInUse) as refused:
        await join(code, actor=settled)
    assert "家庭户" in str(refused.value)
    await join(code, actor=await account("13800003812"))  # the refused try has not used it up
    late = await account("13800003813")
    for used, refusal in ((code, InvitationOver), (second, ChildHasAccount)):
        await _refused(used, late, refusal)
    with pytest.raises(ChildHasAccount):
        await invite_child(kept, actor=guardian)


async def _refused(code: str, who: Actor, refusal: type[YijiError]) -> None:
    with pytest.raises(refusal):
        await join(code, actor=who)


async def test_only_the_guardian_hands_over_and_a_code_lasts_a_week(db: str) -> None:
    region = await make_region()
    guardian, stranger = await make_resident(region), await make_resident(region)
    kept = await make_child(guardian)
    for whose in (kept, guardian.person_id, 10**9):
        with pytest.raises(NotGuardian):
            await invite_child(whose, actor=stranger)
    code = await invite_child(kept, actor=guardian)
    with clock.frozen(clock.now() + timedelta(days=7)):
        await _refused(code, await account(), InvitationOver)


async def test_whoever_is_of_age_still_gets_the_record_that_was_kept(db: str) -> None:
    guardian = await make_resident(await make_region())
    kept = await make_child(guardian)
    with clock.frozen(clock.begin_of(date(2031, 6, 1))):
        assert await child(kept) is None
        assert [ward.id for ward in await wards_of(guardian.person_id)] == [kept]
        await join(await invite_child(kept, actor=guardian), actor=await account())
    assert await fetch_value("select phone from person where id = $1", kept) == PHONE


async def test_two_accounts_with_one_code_leave_one_owner(db: str) -> None:
    guardian = await make_resident(await make_region())
    code = await invite_child(await make_child(guardian), actor=guardian)
    accounts = [await account(f"1380000382{n}") for n in range(4)]
    done = await asyncio.gather(*(join(code, actor=one) for one in accounts), return_exceptions=True)
    assert sum(isinstance(one, int) for one in done) == 1
    assert all(isinstance(one, int | InvitationOver) for one in done)


async def test_the_code_of_who_is_the_guardian_no_longer_opens_nothing(db: str) -> None:
    region = await make_region()
    worker, before, now = await make_worker(region), await make_resident(region), await make_resident(region)
    kept = await make_child(before)
    await leave(actor=now)
    await join(await invite(actor=before), actor=replace(now, household_id=None))
    code = await invite_child(kept, actor=before)
    await name_guardian(kept, now.person_id, actor=worker)
    await _refused(code, await account(), InvitationOver)
    assert await fetch_value("select phone from person where id = $1", kept) is None
    code = await invite_child(kept, actor=replace(now, household_id=before.household_id))
    await join(code, actor=await account("13800003812"))
    assert await fetch_value("select phone from person where id = $1", kept) == "13800003812"
