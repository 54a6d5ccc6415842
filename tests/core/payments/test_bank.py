"""Bank transfers: what names its order pays it, the rest waits with a reason, what was wrong is reversed."""

import asyncio
from datetime import timedelta

import pytest

from core import clock
from core.approvals.services import cast_vote
from core.database import fetch, fetch_value, unit_of_work
from core.documents.errors import ListTooLarge, ListUnreadable
from core.files.rules import Upload
from core.ledger.queries import differences
from core.organizations.errors import OrganizationNotFound
from core.payments import queries, services
from core.payments.errors import OrderNotFound, ReceiptNumberMalformed
from core.payments.errors.bank import (
    BankLineDecided,
    BankLineNotFound,
    LineOrderOwn,
    LineOrderUnknown,
    LineSumDiffers,
    RefundedAlready,
    SecondNeeded,
    SentBackNumberMissing,
    StatementNotFound,
    StatementNotReady,
    TransferNotOffered,
    TransferUnderWay,
)
from core.payments.queries.todos import todos
from core.payments.rules import transfer_code
from core.payments.services import cancel_order, check_not_paying
from core.people.rules import Actor, Grant
from tests.core.payments.bank import lines, open_bank_account, row, send, statement, take
from tests.core.payments.orders import confirm, make_order, make_second_treasurer
from tests.core.payments.stand_in import balance
from tests.factories import Committee, make_committee, make_resident
from workers.drain import run_due_jobs


@pytest.fixture
async def committee(db: str) -> Committee:
    return await make_committee()


async def books(committee: Committee) -> tuple[int, int, int]:
    kinds = ("core.outside_bank", "core.public", "core.unassigned")
    return tuple([await balance(committee, kind) for kind in kinds])  # type: ignore[return-value]


async def grant_second(committee: Committee) -> Actor:
    second = await make_second_treasurer(committee)
    await fetch(
        "insert into role_grant (person, role, scope_kind, scope_id, granted_at)"
        " values ($1, 'core.treasurer', 'organization', $2, $3)",
        second.person_id,
        committee.id,
        clock.now(),
    )
    return second


async def test_a_line_with_the_code_and_the_exact_sum_pays_its_order(
    committee: Committee, payer: Actor
) -> None:
    order_id = await make_order(committee, payer)
    await take(committee, row("A1", "35.00", remark=f"菜地{transfer_code(order_id)}"))
    assert (await queries.order(order_id)).state == "paid"
    assert await books(committee) == (-3500, 3500, 0)
    paid = await queries.payment(order_id)
    (line,) = await lines(committee)
    assert (paid.channel, paid.receipt_no) == ("bank", f"BANK-{line.id}")
    assert (line.state, line.reason, line.order_id, line.payer_last4) == ("booked", "", order_id, "9876")
    assert [one.kind for one in await queries.history(order_id)] == ["bank"]
    assert await fetch_value("select count(*) from event where name = 'order_paid'") == 1
    assert await differences() == []


async def test_what_cannot_pay_waits_with_its_reason_and_moves_nothing(
    committee: Committee, payer: Actor
) -> None:
    paid, over, wrong, late, twice, named, own = [await make_order(committee, payer) for _ in range(7)]
    mine = await make_order(committee, committee.treasurer)
    await confirm(paid, committee.treasurer)
    async with unit_of_work():
        await cancel_order(over, actor_id=None)
    expires = clock.now() - timedelta(days=3)
    await fetch("update payment_order set expires_at = $2 where id = $1", late, expires)
    today = clock.today().strftime("%Y%m%d")
    said = [
        row("1", "35.00", remark=transfer_code(paid)),
        row("2", "35.00", remark=transfer_code(over)),
        row("3", "30.00", remark=transfer_code(wrong)),
        row("4", "35.00", remark=transfer_code(late), day=today),
        row("5", "35.00", remark=transfer_code(twice)),
        row("6", "35.00", remark=transfer_code(twice)),
        row("7", "35.00", remark=f"{transfer_code(named)}{transfer_code(own)}"),
        row("8", "35.00", remark="YJ10000"),
        row("9", "8.88", remark="祝好"),
        row("10", "35.00", remark=transfer_code(mine)),
        row("11", "35.00", name="钱出纳", remark=""),
    ]
    await take(committee, *said)
    found = [(one.state, one.reason, one.order_id) for one in await lines(committee)]
    assert found == [
        ("waiting", "second", paid), ("waiting", "order_over", over), ("waiting", "amount", wrong),
        ("waiting", "late", late), ("booked", "", twice), ("waiting", "second", twice),
        ("waiting", "ambiguous", None), ("waiting", "code", None), ("waiting", "unknown", None),
        ("waiting", "own", mine), ("waiting", "name", mine),
    ]  # fmt: skip
    assert await books(committee) == (-3500, 7000, 0)  # the one by bank, and the cash
    (todo,) = [one for one in await todos(committee.treasurer, clock.now()) if one.path == "/counter/bank"]
    assert todo.count == 10
    assert await differences() == []


async def test_an_order_of_another_payee_is_never_paid(committee: Committee, payer: Actor) -> None:
    elsewhere = await make_committee()
    theirs = await make_order(elsewhere, payer)
    await take(committee, row("1", "35.00", remark=transfer_code(theirs)))
    (line,) = await lines(committee)
    assert (line.reason, (await queries.order(theirs)).state) == ("code", "open")
    with pytest.raises(LineOrderUnknown):
        await services.assign_line(line.id, theirs, actor=committee.treasurer)
    for verb in (services.mark_not_ours, services.decide_return):
        with pytest.raises(BankLineNotFound):
            await verb(line.id, actor=elsewhere.treasurer)
    with pytest.raises(OrganizationNotFound):
        await services.ask_for_statement(committee.id, statement(), actor=elsewhere.treasurer)


async def test_the_same_file_and_the_same_line_are_known_again(committee: Committee, payer: Actor) -> None:
    order_id = await make_order(committee, payer)
    first = row("A1", "35.00", remark=transfer_code(order_id))
    sent = await take(committee, first)
    assert await send(committee, statement(first)) == sent
    more = await take(committee, first, row("A2", "1.00"))
    one = await queries.statement(more)
    assert (one.state, one.known, one.credits, one.booked) == ("imported", 1, 1, 0)
    assert len(await lines(committee)) == 2
    assert await books(committee) == (-3500, 3500, 0)


async def test_columns_are_remembered_for_the_next_statement(committee: Committee) -> None:
    await take(committee, row("A1", "1.00"))
    upload = statement(row("A2", "2.00"), encoding="gb18030")
    statement_id = await services.ask_for_statement(committee.id, upload, actor=committee.treasurer)
    assert (await queries.statement(statement_id)).state == "judging"
    await run_due_jobs()
    assert (await queries.statement(statement_id)).credits == 1


async def test_nothing_is_taken_over_that_was_not_seen(committee: Committee) -> None:
    one = await send(committee, statement(row("A1", "1.00"), ["昨天", "2.00", "", "", "", "", "A2"]))
    seen = await queries.statement(one)
    assert (seen.credits, seen.bad, seen.problems[0][0]) == (1, 1, 4)
    for wrong in (0, 2):
        with pytest.raises(StatementNotReady):
            await services.confirm_statement(one, credits=wrong, actor=committee.treasurer)
    with pytest.raises(StatementNotFound):
        elsewhere = await make_committee()
        await services.confirm_statement(one, credits=1, actor=elsewhere.treasurer)
    other = await send(committee, statement(row("A1", "1.00"), row("A3", "3.00")))
    for statement_id, credits in ((one, 1), (other, 2)):
        await services.confirm_statement(statement_id, credits=credits, actor=committee.treasurer)
        await services.confirm_statement(statement_id, credits=credits, actor=committee.treasurer)
    await run_due_jobs()
    states = [(await queries.statement(x)).state for x in (one, other)]
    assert states == ["imported", "judged"]  # A1 is known by now: its sender sees it again
    assert len(await lines(committee)) == 1
    assert await fetch_value("select content from payment_statement where id = $1", one) is None


async def test_what_is_no_statement_is_refused(committee: Committee) -> None:
    for content, refusal in ((b"PK\x03\x04 no book", ListUnreadable), (b"x" * 5_000_001, ListTooLarge)):
        with pytest.raises(refusal):
            await services.ask_for_statement(
                committee.id, Upload("x.xlsx", content), actor=committee.treasurer
            )
    assert await fetch_value("select count(*) from payment_statement") == 0


async def test_a_treasurer_confirms_a_suggestion_and_nobody_the_own(
    committee: Committee, payer: Actor
) -> None:
    order_id, other = await make_order(committee, payer), await make_order(committee, payer, amounts=(100,))
    await take(committee, row("A1", "35.00", name="张 测试"))
    (line,) = await lines(committee, reason="name")
    assert line.order_id == order_id
    with pytest.raises(LineSumDiffers, match=r"35\.00 元，缴费单应缴 1\.00"):
        await services.assign_line(line.id, other, actor=committee.treasurer)
    own = Actor(payer.person_id, payer.name, payer.household_id, (Grant("core.treasurer", committee.ref),))
    with pytest.raises(LineOrderOwn):
        await services.assign_line(line.id, order_id, actor=own)
    with pytest.raises(LineOrderUnknown):
        await services.assign_line(line.id, 10**9, actor=committee.treasurer)
    await services.assign_line(line.id, order_id, actor=committee.treasurer)
    await services.assign_line(line.id, order_id, actor=committee.treasurer)
    with pytest.raises(BankLineDecided):
        await services.mark_not_ours(line.id, actor=committee.treasurer)
    assert await books(committee) == (-3500, 3500, 0)
    assert await differences() == []


async def test_above_the_limit_a_second_person_agrees(committee: Committee, payer: Actor) -> None:
    order_id = await make_order(committee, payer, amounts=(500_001,))
    await take(committee, row("A1", "5000.01", name="张测试"))
    (line,) = await lines(committee)
    second = await grant_second(committee)
    await services.assign_line(line.id, order_id, actor=committee.treasurer)
    assert ((await lines(committee))[0].state, (await queries.order(order_id)).state) == ("asked", "open")
    approval_id = await queries.line_approval(line.id)
    assert approval_id is not None
    await cast_vote(approval_id, choice="approve", reason="", person_id=second.person_id)
    await run_due_jobs()
    assert ((await lines(committee))[0].state, (await queries.order(order_id)).state) == ("booked", "paid")
    assert await books(committee) == (-500_001, 500_001, 0)


async def test_what_was_paid_meanwhile_is_not_booked_when_the_second_agrees(
    committee: Committee, payer: Actor
) -> None:
    order_id = await make_order(committee, payer, amounts=(500_001,))
    await take(committee, row("A1", "5000.01", name="张测试"))
    (line,) = await lines(committee)
    second = await grant_second(committee)
    await services.assign_line(line.id, order_id, actor=committee.treasurer)
    await fetch("update payment_order set state = 'cancelled', closed_at = now() where id = $1", order_id)
    approval_id = await queries.line_approval(line.id)
    assert approval_id is not None
    await cast_vote(approval_id, choice="approve", reason="", person_id=second.person_id)
    await run_due_jobs()
    assert [(one.state, one.reason) for one in await lines(committee)] == [("waiting", "changed")]


async def test_unknown_money_is_sent_back_and_much_of_it_by_two(committee: Committee) -> None:
    await take(committee, row("A1", "8.88"), row("A2", "200.01"))
    small, large = await lines(committee)
    for line in (small, large):
        await services.decide_return(line.id, actor=committee.treasurer)
        await services.decide_return(line.id, actor=committee.treasurer)
    assert await books(committee) == (-20889, 0, 20889)
    for wrong in ("", " ", "字" * 41):
        with pytest.raises(SentBackNumberMissing):
            await services.confirm_return(small.id, sent_back_no=wrong, actor=committee.treasurer)
    for _ in range(2):
        await services.confirm_return(small.id, sent_back_no="R-1", actor=committee.treasurer)
    with pytest.raises(SecondNeeded):
        await services.confirm_return(large.id, sent_back_no="R-2", actor=committee.treasurer)
    second = await make_second_treasurer(committee)
    await services.confirm_return(large.id, sent_back_no="R-2", actor=second)
    assert await books(committee) == (0, 0, 0)
    with pytest.raises(BankLineDecided):
        await services.undo_line(small.id, reason="点错了", actor=committee.treasurer)
    assert await differences() == []


async def test_a_wrong_order_is_undone_by_reversal_and_the_money_pays_the_right_one(
    committee: Committee, payer: Actor
) -> None:
    wrong, right = await make_order(committee, payer), await make_order(committee, payer)
    await take(committee, row("A1", "35.00"))
    (line,) = await lines(committee)
    await services.assign_line(line.id, wrong, actor=committee.treasurer)
    for _ in range(2):
        await services.undo_line(line.id, reason="不是这一家", actor=committee.treasurer)
    assert await books(committee) == (-3500, 0, 3500)
    assert [(one.state, one.reason) for one in await lines(committee)] == [("waiting", "undone")]
    assert [one.kind for one in await queries.history(wrong)] == ["bank", "bank_undone"]
    told = "select facts->>'outcome' from event where name = 'money_returned'"
    assert [row[0] for row in await fetch(told)] == ["undone"]
    with pytest.raises(LineOrderUnknown):
        await services.assign_line(line.id, wrong, actor=committee.treasurer)
    await services.assign_line(line.id, right, actor=committee.treasurer)
    assert await books(committee) == (-3500, 3500, 0)
    assert (await queries.payment(right)).receipt_no == f"BANK-{line.id}-2"
    assert await differences() == []


async def test_not_ours_can_be_undone_and_what_was_refunded_cannot(
    committee: Committee, payer: Actor
) -> None:
    order_id = await make_order(committee, payer)
    await take(committee, row("A1", "35.00", remark=transfer_code(order_id)), row("A2", "1.00"))
    booked, other = await lines(committee)
    await services.mark_not_ours(other.id, actor=committee.treasurer)
    await services.undo_line(other.id, reason="是缴费", actor=committee.treasurer)
    await services.decide_return(other.id, actor=committee.treasurer)
    await services.undo_line(other.id, reason="先不退", actor=committee.treasurer)
    await services.mark_not_ours(other.id, actor=committee.treasurer)
    refund_id = await services.ask_refund(order_id, amount_fen=500, reason="多收", actor=committee.treasurer)
    with pytest.raises(RefundedAlready):
        await services.undo_line(booked.id, reason="不是这一家", actor=committee.treasurer)
    await services.pay_refund_out(refund_id, receipt_no="R-9", actor=committee.treasurer)
    assert await books(committee) == (-3000, 3000, 0)  # out of the bank, where it came in
    assert await balance(committee, "core.outside_cash") == 0
    assert await differences() == []


async def test_two_treasurers_at_once_pay_an_order_once(committee: Committee, payer: Actor) -> None:
    order_id = await make_order(committee, payer)
    await take(committee, row("A1", "35.00"), row("A2", "35.00"))
    first, second = await lines(committee)
    results = await asyncio.gather(
        *(
            services.assign_line(line.id, order_id, actor=committee.treasurer)
            for line in (first, second, first, second)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(one, LineOrderUnknown) for one in results) == 2
    assert await books(committee) == (-3500, 3500, 0)


async def test_an_order_waits_for_a_transfer_until_its_payer_drops_it(
    committee: Committee, payer: Actor
) -> None:
    order_id = await make_order(committee, payer)
    with pytest.raises(TransferNotOffered):
        await services.begin_transfer(order_id, actor=payer)
    await open_bank_account(committee)
    with pytest.raises(OrderNotFound):
        await services.begin_transfer(order_id, actor=await make_resident(committee.region_id))
    for _ in range(2):
        await services.begin_transfer(order_id, actor=payer)
    begun = await queries.transfer(order_id)
    assert begun is not None
    with clock.frozen(begun.held_until - timedelta(seconds=1)):
        async with unit_of_work():
            assert not await cancel_order(order_id, actor_id=None)
        with pytest.raises(TransferUnderWay):
            await check_not_paying(order_id)
        assert await queries.expired_orders("test.thing", now=clock.now(), limit=9) == []
    with clock.frozen(begun.held_until):
        assert len(await queries.expired_orders("test.thing", now=clock.now(), limit=9)) == 1
    for _ in range(2):
        await services.drop_transfer(order_id, actor=payer)
    await check_not_paying(order_id)
    async with unit_of_work():
        assert await cancel_order(order_id, actor_id=None)


async def test_money_that_came_while_its_order_waited_is_in_time(committee: Committee, payer: Actor) -> None:
    await open_bank_account(committee)
    order_id = await make_order(committee, payer)
    await services.begin_transfer(order_id, actor=payer)
    begun = await queries.transfer(order_id)
    assert begun is not None
    with clock.frozen(begun.held_until + timedelta(days=1)):
        last = clock.local(begun.held_until).strftime("%Y%m%d")
        await take(committee, row("A1", "35.00", remark=transfer_code(order_id), day=last))
    assert (await queries.order(order_id)).state == "paid"


async def test_a_cash_receipt_never_looks_like_ours(committee: Committee, payer: Actor) -> None:
    order_id = await make_order(committee, payer)
    with pytest.raises(ReceiptNumberMalformed):
        await confirm(order_id, committee.treasurer, receipt_no="BANK-1")
