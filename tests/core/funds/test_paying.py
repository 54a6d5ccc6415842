"""Payment by two persons, the voucher that follows, and who sees what meanwhile."""

from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from core import clock, plugins
from core.database import fetch, fetch_value
from core.files.errors import FileKindUnknown
from core.files.rules import Upload
from core.funds import services
from core.funds.errors import (
    OwnPayment,
    OwnRequest,
    PaymentNumberUsed,
    RequestNotFound,
)
from core.funds.queries import funds, requests
from core.funds.rules import states
from core.parameters.services import set_parameter
from core.people.errors import PermissionMissing
from core.people.rules import Grant
from core.reference import Ref
from core.workflow import WrongState
from tests.core.funds.world import (
    ALL,
    AWARE,
    VOUCHER,
    FundWorld,
    ask,
    give,
    held,
    paid,
    report,
    state_of,
    transfers,
    vote,
)


async def test_two_persons_pay_and_neither_of_them_asked(world: FundWorld, other: FundWorld) -> None:
    request_id = await held(world)
    with pytest.raises(WrongState):
        await services.sign_payment(request_id, aware=AWARE, actor=world.payer)
    with pytest.raises(PermissionMissing):
        await services.prepare_payment(request_id, payment_no="P-1", actor=other.treasurer)
    own = replace(world.treasurer, person_id=world.asker.person_id)
    with pytest.raises(OwnRequest):
        await services.prepare_payment(request_id, payment_no="P-1", actor=own)
    await services.prepare_payment(request_id, payment_no="P-1", actor=world.treasurer)
    await services.prepare_payment(request_id, payment_no="P-1", actor=world.treasurer)
    at = Ref("organization", world.foundation)
    alone = replace(world.treasurer, grants=(*world.treasurer.grants, Grant("core.fund_payer", at)))
    with pytest.raises(OwnPayment):
        await services.sign_payment(request_id, aware=AWARE, actor=alone)
    with pytest.raises(PermissionMissing):
        await services.sign_payment(request_id, aware=AWARE, actor=other.payer)
    with pytest.raises(asyncpg.CheckViolationError, match="fund_request_payers"):
        await fetch("update fund_request set paid_by = prepared_by where id = $1", request_id)
    await services.sign_payment(request_id, aware=AWARE, actor=world.payer)
    await services.sign_payment(request_id, aware=AWARE, actor=world.payer)
    assert await transfers() == 5


async def test_a_payment_number_is_used_once(world: FundWorld) -> None:
    await paid(world, 2000)
    request_id = await held(world, 2000)
    with pytest.raises(PaymentNumberUsed):
        await services.prepare_payment(request_id, payment_no="P-1", actor=world.treasurer)
    assert await state_of(request_id) == states.HELD


async def test_what_is_sent_back_is_prepared_anew(world: FundWorld) -> None:
    request_id = await held(world)
    await services.prepare_payment(request_id, payment_no="P-1", actor=world.treasurer)
    await services.send_back(request_id, reason="账号不对", actor=world.payer)
    assert await state_of(request_id) == states.HELD
    await services.prepare_payment(request_id, payment_no="P-1", actor=world.treasurer)
    await services.sign_payment(request_id, aware=AWARE, actor=world.payer)
    assert await plugins.collect("collect_differences") == []


async def test_money_that_is_paid_is_not_released(world: FundWorld) -> None:
    request_id = await paid(world)
    with pytest.raises(WrongState):
        await services.release_money(request_id, reason="不用了", actor=world.treasurer)


async def test_a_voucher_is_brought_by_who_was_paid_and_is_a_paper(
    world: FundWorld, other: FundWorld
) -> None:
    request_id = await paid(world)
    facts = {"voucher_no": "V-1", "result": "办好了"}
    for actor in (world.checker, world.donor, other.asker):
        with pytest.raises(PermissionMissing):
            await services.bring_voucher(request_id, upload=VOUCHER, actor=actor, **facts)
    with pytest.raises(FileKindUnknown):
        await services.bring_voucher(request_id, upload=Upload("x.pdf", b"no"), actor=world.asker, **facts)
    assert await state_of(request_id) == states.PAID
    await report(world, request_id)
    await report(world, request_id)
    with pytest.raises(WrongState):
        await services.bring_voucher(request_id, upload=VOUCHER, actor=world.asker, **facts)
    assert await fetch_value("select count(*) from file where subject_kind = 'fund_request'") == 1


async def test_the_last_voucher_completes_the_project_that_was_opened_for_it(world: FundWorld) -> None:
    first, second = await paid(world), await paid(world, 2000, payment_no="P-2")
    project = (await requests.request(first)).project_id
    await fetch("update fund_request set project = $2 where id = $1", second, project)
    for request_id, expected in ((first, "running"), (second, "completed"), (second, "completed")):
        await report(world, request_id)
        assert await fetch_value("select state from project where id = $1", project) == expected


async def test_a_project_of_another_origin_goes_on_after_the_voucher(world: FundWorld) -> None:
    request_id = await paid(world)
    await fetch("update project set source_kind = 'contract'")
    await report(world, request_id)
    assert await fetch_value("select state from project") == "running"


async def test_the_voucher_is_seen_by_those_who_take_part_and_by_the_donors_whose_money_it_was(
    world: FundWorld, other: FundWorld
) -> None:
    request_id = await paid(world)
    for actor in (world.asker, world.payer, world.members[0], world.donor):
        assert await requests.may_see_files(actor, request_id)
    for actor in (other.donor, other.treasurer):
        assert not await requests.may_see_files(actor, request_id)


async def test_a_voucher_that_does_not_come_is_red_for_everybody_and_still_welcome(world: FundWorld) -> None:
    paid_at = clock.now()
    request_id = await paid(world)
    with clock.frozen(paid_at + timedelta(days=30)):
        assert not (await requests.request(request_id)).is_late
    with clock.frozen(paid_at + timedelta(days=31)):
        assert (await requests.request(request_id)).is_late
        (todo,) = await requests.todos(world.asker)
        assert todo.due_at is not None
        assert todo.due_at < clock.now()
        await report(world, request_id)
        assert not (await requests.request(request_id)).is_late
        assert await requests.todos(world.asker) == []


async def test_the_days_for_a_voucher_are_a_setting_of_the_foundation(world: FundWorld) -> None:
    at = Ref("organization", world.foundation)
    await set_parameter("core.fund_voucher_days", at, 10, effective_on=clock.today(), actor_id=None)
    request_id = await paid(world)
    await set_parameter("core.fund_voucher_days", at, 90, effective_on=clock.today(), actor_id=None)
    for days, late in ((10, False), (11, True)):
        with clock.frozen(clock.now() + timedelta(days=days)):
            assert (await requests.request(request_id)).is_late is late


async def test_what_waits_stands_on_the_desk_of_whose_turn_it_is(world: FundWorld) -> None:
    async def waiting() -> list[str]:
        actors = {"checker": world.checker, "treasurer": world.treasurer, "payer": world.payer}
        return [who for who, actor in actors.items() if await requests.todos(actor)]

    request_id = await ask(world)
    assert await waiting() == []
    await vote(world, request_id)
    assert await waiting() == ["checker"]
    await services.check_request(request_id, ALL, aware=AWARE, actor=world.checker)
    assert await waiting() == ["treasurer"]
    await services.prepare_payment(request_id, payment_no="P-1", actor=world.treasurer)
    assert await waiting() == ["payer"]
    await give(world, 900000, "S-9")
    await services.sign_payment(request_id, aware=AWARE, actor=world.payer)
    assert [todo.path for todo in await requests.todos(world.payer)] == ["/gifts/4"]


async def test_before_money_is_set_aside_a_request_is_for_those_who_take_part(
    world: FundWorld, other: FundWorld
) -> None:
    request_id = await ask(world)
    for actor in (None, world.donor, other.treasurer, other.asker):
        with pytest.raises(RequestNotFound):
            await requests.request_for(request_id, actor)
    for actor in (world.asker, world.checker, world.members[0]):
        assert (await requests.request_for(request_id, actor)).id == request_id
    await vote(world, request_id)
    await services.check_request(request_id, ALL, aware=AWARE, actor=world.checker)
    assert (await requests.request_for(request_id, None)).id == request_id


async def test_a_difference_between_fund_and_ledger_is_found(world: FundWorld) -> None:
    request_id = await held(world)
    await fetch("update fund_gift set amount_fen = amount_fen + 1 where receipt_no = 'S-1'")
    await fetch("update fund_request set amount_fen = amount_fen + 1 where id = $1", request_id)
    assert {difference.subject for difference in await funds.differences()} == {
        "fund gift 1: its lot",
        "fund gift 1: where it is",
        f"fund request {request_id}: set aside",
        f"fund request {request_id}: its lines",
    }
