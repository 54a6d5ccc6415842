"""A lease whose money goes back: the committee sees it and decides; a lost dispute is the same."""

import pytest

from core.database import fetch, fetch_value
from core.ledger.queries import differences
from core.payments import services as payments
from core.payments.rules import transfer_code
from core.people.rules import Actor
from plugins.garden.errors import LeaseNotFound, NoteMissing, OwnLease, PlotAlreadyLeased, ReviewClosed
from plugins.garden.queries import reviews
from plugins.garden.services import claim_plot
from plugins.garden.services.reviews import decide_review
from tests.core.payments.bank import lines, row, take
from tests.core.payments.stand_in import cashier, connect, pay
from tests.factories import Committee, make_committee, make_garden, make_manager, make_resident
from workers.drain import run_due_jobs


@pytest.fixture
async def committee(db: str) -> Committee:
    return await make_committee()


@pytest.fixture
async def head(committee: Committee) -> Actor:
    return await make_manager(committee)


async def lease(committee: Committee) -> tuple[Actor, int, int]:
    """(who, lease, order), paid in cash."""
    _, plots = await make_garden(committee, plots=1)
    resident = await make_resident(committee.region_id)
    order_id = await claim_plot(plots[0], agreed=True, actor=resident)
    await payments.take_at_counter(
        order_id, amount_fen=3500, receipt_no=f"R{order_id}", actor=committee.treasurer
    )
    await run_due_jobs()
    return resident, await lease_of(order_id), order_id


async def lease_of(order_id: int) -> int:
    return int(await fetch_value('select id from garden_lease where "order" = $1', order_id))


async def refund(committee: Committee, order_id: int, amount_fen: int) -> None:
    refund_id = await payments.ask_refund(
        order_id, amount_fen=amount_fen, reason="多收了", actor=committee.treasurer
    )
    await payments.pay_refund_out(refund_id, receipt_no=f"P{refund_id}", actor=committee.treasurer)
    await run_due_jobs()


async def told(person: Actor) -> list[str]:
    rows = await fetch("select title from notification where person = $1 order by id", person.person_id)
    return [row["title"] for row in rows]


async def test_the_committee_sees_a_refund_and_keeps_the_lease(committee: Committee, head: Actor) -> None:
    resident, lease_id, order_id = await lease(committee)
    assert await reviews.todos(head) == []
    await refund(committee, order_id, 500)
    (todo,) = await reviews.todos(head)
    assert (todo.path, todo.count) == ("/garden/reviews", 1)
    found = await reviews.review(lease_id)
    assert (found.state, found.review, found.returned_fen, found.review_why) == (
        "active", "open", 500, "refund",
    )  # fmt: skip
    assert "菜园地块的钱退回去了" in await told(head)
    for note in ("", " ", "字" * 201):
        with pytest.raises(NoteMissing):
            await decide_review(lease_id, ends=False, note=note, actor=head)
    for _ in range(2):
        await decide_review(lease_id, ends=False, note="多收的会费", actor=head)
    with pytest.raises(ReviewClosed):
        await decide_review(lease_id, ends=True, note="多收的会费", actor=head)
    assert (await reviews.review(lease_id)).state == "active"
    await run_due_jobs()
    assert "地块继续由您种" in await told(resident)
    await refund(committee, order_id, 3000)  # what goes back after that is looked at anew
    assert (await reviews.review(lease_id)).review == "open"


async def test_an_ended_lease_frees_its_plot(committee: Committee, head: Actor) -> None:
    resident, lease_id, order_id = await lease(committee)
    plot = await fetch_value("select plot from garden_lease where id = $1", lease_id)
    other = await make_resident(committee.region_id, name="李别人")
    await refund(committee, order_id, 3500)
    with pytest.raises(PlotAlreadyLeased):
        await claim_plot(plot, agreed=True, actor=other)
    await decide_review(lease_id, ends=True, note="开始之前全额退", actor=head)
    assert (await reviews.review(lease_id)).state == "ended"
    assert await claim_plot(plot, agreed=True, actor=other)
    await run_due_jobs()
    assert "地块已收回" in await told(resident)
    assert await differences() == []


async def test_nobody_decides_about_the_own_plot_and_nobody_from_elsewhere(
    committee: Committee, head: Actor
) -> None:
    resident, lease_id, order_id = await lease(committee)
    await refund(committee, order_id, 500)
    own = Actor(resident.person_id, resident.name, resident.household_id, head.grants)
    with pytest.raises(OwnLease):
        await decide_review(lease_id, ends=False, note="自己家", actor=own)
    for stranger in (resident, committee.treasurer, await make_manager(await make_committee())):
        with pytest.raises(LeaseNotFound):
            await decide_review(lease_id, ends=False, note="不归我", actor=stranger)


async def test_money_booked_by_mistake_opens_a_review_too(committee: Committee, head: Actor) -> None:
    _, plots = await make_garden(committee, plots=1)
    order_id = await claim_plot(plots[0], agreed=True, actor=await make_resident(committee.region_id))
    await take(committee, row("A1", "35.00", remark=transfer_code(order_id)))
    (line,) = await lines(committee)
    await payments.undo_line(line.id, reason="不是这一家", actor=committee.treasurer)
    await run_due_jobs()
    found = await reviews.review(await lease_of(order_id))
    assert (found.review, found.review_why, found.returned_fen) == ("open", "undone", 3500)


@pytest.mark.parametrize(("outcome", "review"), [("dispute_lost", "open"), ("dispute_won", "")])
async def test_a_lost_dispute_is_looked_at_and_one_that_was_won_is_not(
    committee: Committee, head: Actor, monkeypatch: pytest.MonkeyPatch, outcome: str, review: str
) -> None:
    with cashier() as running:
        monkeypatch.setenv("YIJI_PAYMENT_STAND_IN", running.url)
        await connect(committee)
        _, plots = await make_garden(committee, plots=1)
        resident = await make_resident(committee.region_id)
        order_id = await claim_plot(plots[0], agreed=True, actor=resident)
        attempt = await pay(order_id, resident, running)
        for act in ("disputed", outcome):
            running.pay(attempt.external_id, act)
            await payments.settle(attempt.id)
            await run_due_jobs()
    found = await reviews.review(await lease_of(order_id))
    assert (found.state, found.review) == ("active", review)
    assert found.returned_fen == (3500 if review else 0)
