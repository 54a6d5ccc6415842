"""Much money at the counter: evidence, a second person; until then the order is held and nothing booked."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.approvals.errors import OwnApproval, TooFewVoters
from core.approvals.services import cast_vote, close_late, withdraw_approval
from core.database import fetch, fetch_value, unit_of_work
from core.errors import YijiError
from core.files.queries import files_of
from core.files.rules import Upload
from core.ledger.queries import differences
from core.parameters.services import set_parameter
from core.payments import queries, services
from core.payments.errors import (
    ChannelUnknown,
    EvidenceMissing,
    OrderHeld,
    OrderNotFound,
    OrderPaidAlready,
    OwnOrder,
    ReceiptNumberUsed,
    TakingNotFound,
)
from core.payments.queries.todos import todos
from core.payments.rules import transfer_code
from core.payments.services import begin_transfer, cancel_order, check_not_paying, start_payment
from core.people.rules import Actor
from core.reference import Ref
from core.todos.queries import todo_list
from tests.core.payments.bank import lines, open_bank_account, row, take
from tests.core.payments.orders import confirm, make_order, make_second_treasurer
from tests.core.payments.stand_in import balance
from tests.factories import Committee, make_committee, make_resident
from workers.drain import run_due_jobs

LIMIT = 500_000
PAPER = Upload("收据.pdf", b"%PDF-1.4 receipt")


@pytest.fixture
async def second(committee: Committee) -> Actor:
    person = await make_second_treasurer(committee)
    await fetch(
        "insert into role_grant (person, role, scope_kind, scope_id, granted_at)"
        " values ($1, 'core.treasurer', 'organization', $2, $3)",
        person.person_id,
        committee.id,
        clock.now(),
    )
    return person


async def take_much(order_id: int, actor: Actor, **changes: Any) -> None:
    await confirm(
        order_id, actor, **({"amount_fen": LIMIT + 1, "receipt_no": "D1", "upload": PAPER} | changes)
    )


async def held(committee: Committee, payer: Actor) -> tuple[int, int]:
    """(order, approval) of one fen more than a treasurer takes alone."""
    order_id = await make_order(committee, payer, amounts=(LIMIT + 1,))
    await take_much(order_id, committee.treasurer)
    return order_id, await approval_of(order_id)


async def approval_of(order_id: int) -> int:
    taking = await queries.latest_taking(order_id)
    assert taking is not None
    approval_id = await queries.taking_approval(taking.id)
    assert approval_id is not None
    return approval_id


async def decide(approval_id: int, person: Actor, choice: str = "approve") -> None:
    reason = "" if choice == "approve" else "数过，少一张"
    await cast_vote(approval_id, choice=choice, reason=reason, person_id=person.person_id)
    await run_due_jobs()


async def state(order_id: int) -> tuple[str, str, str]:
    taking = await queries.latest_taking(order_id)
    assert taking is not None
    return (await queries.order(order_id)).state, taking.state, taking.problem


async def test_exactly_the_limit_is_taken_by_one(committee: Committee, payer: Actor) -> None:
    order_id = await make_order(committee, payer, amounts=(LIMIT,))
    await confirm(order_id, committee.treasurer, amount_fen=LIMIT)
    assert (await queries.order(order_id)).state == "paid"
    assert await queries.latest_taking(order_id) is None


async def test_a_fen_more_is_booked_when_another_has_seen_it(
    committee: Committee, payer: Actor, second: Actor
) -> None:
    order_id, approval_id = await held(committee, payer)
    assert await state(order_id) == ("open", "asked", "")
    assert await fetch_value("select count(*) from payment") == 0
    assert await fetch_value("select count(*) from ledger_transfer") == 0
    await run_due_jobs()
    asked = [one.path for one in (await todo_list(second)).todos]
    assert f"/approvals/{approval_id}" in asked
    await decide(approval_id, second)
    assert await state(order_id) == ("paid", "booked", "")
    paid = await queries.payment(order_id)
    assert (paid.channel, paid.receipt_no, paid.amount_fen) == ("cash", "D1", LIMIT + 1)
    assert paid.confirmed_by == committee.treasurer.name
    assert await balance(committee, "core.public") == LIMIT + 1
    assert await balance(committee, "core.outside_cash") == -LIMIT - 1
    with pytest.raises(YijiError):
        await decide(approval_id, second, "reject")
    assert await balance(committee, "core.public") == LIMIT + 1
    assert await differences() == []


async def test_the_limit_is_the_payees_own(committee: Committee, payer: Actor) -> None:
    order_id = await make_order(committee, payer)
    await set_parameter("core.take_alone_fen", committee.ref, 3499, effective_on=clock.today(), actor_id=None)
    with pytest.raises(EvidenceMissing, match=r"34\.99"):
        await confirm(order_id, committee.treasurer)


async def test_who_has_taken_it_cannot_confirm_it_nor_can_a_stranger(
    committee: Committee, payer: Actor, second: Actor
) -> None:
    order_id, approval_id = await held(committee, payer)
    with pytest.raises(OwnApproval):
        await decide(approval_id, committee.treasurer)
    elsewhere = await make_committee()
    taking = await queries.latest_taking(order_id)
    assert taking is not None
    for stranger in (elsewhere.treasurer, payer):
        with pytest.raises(YijiError):
            await decide(approval_id, stranger)
        with pytest.raises(TakingNotFound):
            await queries.taking_for(taking.id, stranger)
    with pytest.raises(OrderNotFound):
        await take_much(order_id, elsewhere.treasurer)
    assert (await queries.taking_for(taking.id, second)).id == taking.id
    assert await state(order_id) == ("open", "asked", "")


async def test_without_evidence_a_second_person_or_the_right_sum_nothing_is_held(
    committee: Committee, payer: Actor
) -> None:
    order_id = await make_order(committee, payer, amounts=(LIMIT + 1,))
    for refusal, changes in (
        (EvidenceMissing, {"upload": None}),
        (TooFewVoters, {}),
        (ChannelUnknown, {"channel": "barter"}),
        (YijiError, {"amount_fen": LIMIT}),
    ):
        with pytest.raises(refusal):
            await take_much(order_id, committee.treasurer, **changes)
    assert not (await queries.order(order_id)).is_held
    assert await fetch_value("select count(*) from file") == 0
    own = await make_order(committee, committee.treasurer, amounts=(LIMIT + 1,))
    with pytest.raises(OwnOrder):
        await take_much(own, committee.treasurer)


async def test_an_order_that_is_held_takes_no_other_money(
    committee: Committee, payer: Actor, second: Actor
) -> None:
    await open_bank_account(committee)
    order_id, _ = await held(committee, payer)
    await take_much(order_id, committee.treasurer)  # a second click
    assert await fetch_value("select count(*) from payment_taking") == 1
    assert await fetch_value("select count(*) from file") == 1
    with pytest.raises(OrderHeld):
        await take_much(order_id, second, receipt_no="D2")
    with pytest.raises(OrderHeld):
        await start_payment(order_id, actor=payer)
    with pytest.raises(OrderHeld):
        await begin_transfer(order_id, actor=payer)
    with pytest.raises(OrderHeld):
        await check_not_paying(order_id)
    async with unit_of_work():
        assert not await cancel_order(order_id, actor_id=None)
    with clock.frozen(clock.now() + timedelta(days=3)):
        late = await queries.expired_orders("test.thing", now=clock.now(), limit=10)
        assert order_id not in [one.id for one in late]
        assert [one.path for one in await todos(payer, clock.now())] == []
    await take(committee, row("A1", "5000.01", remark=transfer_code(order_id)))
    (line,) = await lines(committee)
    assert (line.state, line.reason) == ("waiting", "held")
    with pytest.raises(OrderHeld):
        await services.assign_line(line.id, order_id, actor=committee.treasurer)


async def test_its_receipt_number_is_used(committee: Committee, payer: Actor, second: Actor) -> None:
    await held(committee, payer)
    other = await make_order(committee, payer)
    with pytest.raises(ReceiptNumberUsed):
        await confirm(other, committee.treasurer, receipt_no="D1")
    large = await make_order(committee, payer, amounts=(LIMIT + 1,))
    with pytest.raises(ReceiptNumberUsed):
        await take_much(large, committee.treasurer)


@pytest.mark.parametrize("how", ["reject", "withdrawn", "late"])
async def test_what_nobody_confirms_frees_the_order_and_its_receipt_number(
    committee: Committee, payer: Actor, second: Actor, how: str
) -> None:
    order_id, approval_id = await held(committee, payer)
    if how == "reject":
        with pytest.raises(YijiError):
            await cast_vote(approval_id, choice="reject", reason="", person_id=second.person_id)
        await decide(approval_id, second, "reject")
    elif how == "withdrawn":
        await withdraw_approval(approval_id, person_id=committee.treasurer.person_id)
        await run_due_jobs()
    else:
        with clock.frozen(clock.now() + timedelta(days=7, seconds=1)):
            with pytest.raises(YijiError):
                await decide(approval_id, second)
            await close_late()
            await run_due_jobs()
    assert await state(order_id) == ("open", "refused", "not_agreed")
    assert await fetch_value("select count(*) from ledger_transfer") == 0
    await take_much(order_id, committee.treasurer)
    await decide(await approval_of(order_id), second)
    assert await state(order_id) == ("paid", "booked", "")


async def test_after_the_orders_time_the_second_person_still_confirms(
    committee: Committee, payer: Actor, second: Actor
) -> None:
    order_id, approval_id = await held(committee, payer)
    with clock.frozen(clock.now() + timedelta(days=6)):
        await decide(approval_id, second)
    assert await state(order_id) == ("paid", "booked", "")


@pytest.mark.parametrize("channel", ["pos", "bank"])
async def test_a_card_or_a_transfer_is_money_at_the_bank(
    committee: Committee, payer: Actor, second: Actor, channel: str
) -> None:
    order_id = await make_order(committee, payer, amounts=(LIMIT + 1,))
    await take_much(order_id, committee.treasurer, channel=channel)
    await decide(await approval_of(order_id), second)
    assert await balance(committee, "core.outside_bank") == -LIMIT - 1
    assert await balance(committee, "core.outside_cash") == 0
    assert [one.kind for one in await queries.history(order_id)] == [channel]
    refund_id = await services.ask_refund(
        order_id, amount_fen=500, reason="多收了", actor=committee.treasurer
    )
    await services.pay_refund_out(refund_id, receipt_no="R1", actor=committee.treasurer)
    assert await balance(committee, "core.outside_bank") == -LIMIT - 1 + 500
    assert [one.kind for one in await queries.history(order_id)] == [channel, f"{channel}_refunded"]
    assert await differences() == []


async def test_a_voter_of_the_payers_household_does_not_decide(committee: Committee, second: Actor) -> None:
    order_id = await make_order(committee, second, amounts=(LIMIT + 1,))
    third = await make_resident(committee.region_id, name="郑出纳")
    await fetch(
        "insert into role_grant (person, role, scope_kind, scope_id, granted_at)"
        " values ($1, 'core.treasurer', 'organization', $2, $3)",
        third.person_id,
        committee.id,
        clock.now(),
    )
    await take_much(order_id, committee.treasurer)
    with pytest.raises(YijiError):
        await decide(await approval_of(order_id), second)
    await decide(await approval_of(order_id), third)
    assert await state(order_id) == ("paid", "booked", "")


async def test_two_takings_at_once_are_one(committee: Committee, payer: Actor, second: Actor) -> None:
    order_id = await make_order(committee, payer, amounts=(LIMIT + 1,))
    answers = await asyncio.gather(
        take_much(order_id, committee.treasurer),
        take_much(order_id, second, receipt_no="D2"),
        start_payment(order_id, actor=payer),
        return_exceptions=True,
    )
    assert await fetch_value("select count(*) from payment_taking where state = 'asked'") == 1
    assert sum(isinstance(one, OrderHeld) for one in answers[:2]) == 1
    if isinstance(answers[2], int):  # it was first: the cashier is told to close
        assert await fetch_value("select count(*) from job where task = 'core.settle_payment'") == 1


async def test_what_was_paid_meanwhile_is_not_booked_again(
    committee: Committee, payer: Actor, second: Actor
) -> None:
    order_id, approval_id = await held(committee, payer)
    await fetch("update payment_order set state = 'cancelled', closed_at = now() where id = $1", order_id)
    await decide(approval_id, second)
    assert await state(order_id) == ("cancelled", "refused", "changed")
    paid = await make_order(committee, payer)
    await confirm(paid, committee.treasurer, receipt_no="2")
    with pytest.raises(OrderPaidAlready):
        await take_much(paid, committee.treasurer)
    assert await queries.is_receipt_taken(committee.id, "2")
    assert not await queries.is_receipt_taken(committee.id, "D1")


async def test_the_evidence_is_for_those_who_decide(
    committee: Committee, payer: Actor, second: Actor
) -> None:

    order_id, _ = await held(committee, payer)
    taking = await queries.latest_taking(order_id)
    assert taking is not None
    (file,) = await files_of(Ref("counter_taking", taking.id))
    assert file.name == "收据.pdf"
    assert await queries.may_see_evidence(taking.id, second)
    assert not await queries.may_see_evidence(taking.id, payer)
