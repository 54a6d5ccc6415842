"""Who is paid may be close to who gives, decides or pays: found, kept, told to who goes on, explained."""

from datetime import timedelta

import asyncpg
import pytest

from core import clock
from core.database import fetch, fetch_value
from core.funds import services
from core.funds.errors import (
    AwareMissing,
    ConcernedYourself,
    OwnRequest,
    ReasonMissing,
    RequestNotFound,
    WarningNotFound,
)
from core.funds.queries import requests, warnings
from core.funds.rules.warnings import PayeeWarning, warning_words
from core.language import in_language
from core.people.errors import PermissionMissing
from core.people.rules import Actor
from core.people.services import grant_role
from core.reference import Ref
from tests.core.funds.world import ALL, AWARE, FundWorld, ask, give, paid, state_of, vote


async def known(request_id: int) -> dict[str, PayeeWarning]:
    return {one.code: one for one in await warnings.warnings_about(await requests.request(request_id))}


async def work_for(payee: int, who: Actor) -> None:
    await grant_role(who.person_id, "core.treasurer", Ref("organization", payee), actor_id=None)


async def leave(who: Actor) -> None:
    await fetch("update role_grant set revoked_at = now() where person = $1", who.person_id)


async def live_with(who: Actor, other: Actor) -> None:
    await fetch(
        "update household_member set household = $1 where person = $2", other.household_id, who.person_id
    )


async def test_a_donor_who_works_for_the_payee_is_found_with_what_was_given(world: FundWorld) -> None:
    await work_for(world.community, world.donor)
    found = (await known(await ask(world)))["donor_role"]
    assert (found.person_id, found.amount_fen) == (world.donor.person_id, 10000)


async def test_a_donor_whose_family_works_for_the_payee_is_found(world: FundWorld) -> None:
    await live_with(world.donor, world.asker)
    found = await known(await ask(world))
    assert found["donor_family"].person_id == world.donor.person_id
    assert "donor_role" not in found


async def test_members_of_the_committee_and_of_the_staff_are_found(world: FundWorld) -> None:
    await live_with(world.members[0], world.members[2])
    await work_for(world.community, world.payer)
    found = await known(await ask(world))
    assert found["committee_role"].person_id == world.members[2].person_id
    assert found["committee_family"].person_id == world.members[0].person_id
    assert found["staff_role"].person_id == world.payer.person_id


async def test_the_payee_itself_as_a_donor_and_one_of_the_same_name_are_found(world: FundWorld) -> None:
    await give(world, 700, "S-7", donor_name="测样社区")
    await give(world, 800, "S-8", donor_name="测asker")
    found = await known(await ask(world))
    assert found["donor_self"].amount_fen == 700
    assert (found["donor_name"].person_id, found["donor_name"].amount_fen) == (world.asker.person_id, 800)


async def test_an_account_that_looks_like_anothers_is_found(world: FundWorld) -> None:
    request_id = await ask(world)
    for organization, last4 in ((world.community, "1234"), (world.foundation, "1235")):
        await fetch(
            "insert into organization_payee (organization, state, bank, holder, sealed, last4, proposed_by,"
            " proposed_at) values ($1, 'confirmed', '样行', '样', '', $2, $3, now())",
            organization,
            last4,
            world.head.person_id,
        )
    assert "account" not in await known(request_id)
    await fetch("update organization_payee set last4 = '1234'")
    assert "account" in await known(request_id)


async def test_roles_that_have_ended_and_gifts_that_went_back_count_for_nothing(world: FundWorld) -> None:
    await work_for(world.community, world.donor)
    await fetch("update fund_gift set returned_fen = amount_fen where donor is not null")
    await leave(world.members[2])
    assert await known(await ask(world)) == {}


async def test_what_was_found_stays_when_the_fact_goes_away(world: FundWorld) -> None:
    request_id = await ask(world)
    await leave(world.members[2])
    assert set(await known(request_id)) == {"committee_role"}
    with pytest.raises(asyncpg.PostgresError, match="append-only"):
        await fetch("delete from fund_warning")


async def test_who_goes_on_says_why_at_the_check_and_at_the_payment(world: FundWorld) -> None:
    request_id = await ask(world)
    await vote(world, request_id)
    with pytest.raises(AwareMissing):
        await services.check_request(request_id, ALL, aware="  ", actor=world.checker)
    assert await state_of(request_id) == "approved"
    await services.check_request(request_id, ALL, aware="没有表决", actor=world.checker)
    await services.check_request(request_id, ALL, actor=world.checker)  # a second click
    await services.prepare_payment(request_id, payment_no="P-1", actor=world.treasurer)
    with pytest.raises(AwareMissing):
        await services.sign_payment(request_id, actor=world.payer)
    await services.sign_payment(request_id, aware="价格合理", actor=world.payer)
    await services.sign_payment(request_id, actor=world.payer)
    said = await warnings.said_about(request_id)
    assert [(one.step, one.reason) for one in said] == [("check", "没有表决"), ("sign", "价格合理")]
    with pytest.raises(asyncpg.PostgresError, match="append-only"):
        await fetch("update fund_aware set reason = '改了'")


async def test_what_becomes_known_after_the_check_is_told_to_who_pays(world: FundWorld) -> None:
    await leave(world.members[2])
    request_id = await ask(world)
    await vote(world, request_id)
    await services.check_request(request_id, ALL, actor=world.checker)
    await services.prepare_payment(request_id, payment_no="P-1", actor=world.treasurer)
    await work_for(world.community, world.donor)
    with pytest.raises(AwareMissing):
        await services.sign_payment(request_id, actor=world.payer)
    assert set(await known(request_id)) == {"donor_role"}


async def test_nobody_goes_on_with_a_payment_to_somebody_close(world: FundWorld) -> None:
    await work_for(world.community, world.checker)
    request_id = await ask(world)
    await vote(world, request_id)
    with pytest.raises(ConcernedYourself):
        await services.check_request(request_id, ALL, aware=AWARE, actor=world.checker)
    key = f"staff_role:{world.checker.person_id}"
    with pytest.raises(ConcernedYourself):
        await services.explain_warning(request_id, key, reason="不是", actor=world.checker)


async def test_a_false_alarm_is_explained_and_stays(world: FundWorld) -> None:
    request_id = await ask(world)
    await vote(world, request_id)
    key = f"committee_role:{world.members[2].person_id}"
    for _ in range(2):
        await services.explain_warning(request_id, key, reason="社区委派", actor=world.checker)
    assert (await known(request_id))["committee_role"].explained == "社区委派"
    told = "select count(*) from audit_event where action = 'fund_request.warning_explained'"
    assert await fetch_value(told) == 1
    await services.check_request(request_id, ALL, actor=world.checker)
    assert await warnings.said_about(request_id) == []


async def test_who_may_explain_and_what(world: FundWorld, other: FundWorld) -> None:
    request_id = await ask(world)
    key = f"committee_role:{world.members[2].person_id}"

    async def refused(error: type[Exception], key: str, reason: str, actor: Actor) -> None:
        with pytest.raises(error):
            await services.explain_warning(request_id, key, reason=reason, actor=actor)

    await refused(ReasonMissing, key, " ", world.checker)
    await refused(WarningNotFound, "account:0", "不是", world.checker)
    await refused(PermissionMissing, key, "不是", world.treasurer)
    await refused(RequestNotFound, key, "不是", other.checker)
    own = Actor(world.asker.person_id, "", None, world.checker.grants)
    await refused(OwnRequest, key, "不是", own)


async def test_earlier_payments_of_a_year_are_counted(world: FundWorld) -> None:
    now = clock.now()
    for days, number in ((366, "P-1"), (364, "P-2")):
        with clock.frozen(now - timedelta(days=days)):
            await paid(world, 2000, payment_no=number)
    with clock.frozen(now):
        found = await requests.request(await ask(world, 2000))
        assert await warnings.earlier_payments(found) == warnings.Earlier(1, 2000)


def test_the_keeper_is_called_what_it_is() -> None:
    assert warning_words("foundation")["staff_role"] == "基金会的工作人员在收款组织任职"
    assert warning_words("committee")["staff_role"] == "社区组织的工作人员在收款组织任职"
    with in_language("en"):
        assert warning_words("committee")["donor_self"].endswith("given to the community organization")
