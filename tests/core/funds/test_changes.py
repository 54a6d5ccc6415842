"""What is bound to one purpose is used for another only as its donors say."""

from datetime import timedelta

import asyncpg
import pytest

from core import clock
from core.database import fetch, fetch_value
from core.funds import services
from core.funds.errors import (
    AnswersOver,
    ChangeNotOver,
    ChangeUnderWay,
    GiftNotFound,
    NotAsked,
    NothingBound,
    PurposeUnknown,
    SamePurpose,
)
from core.funds.queries import changes, funds, requests, traces
from core.funds.rules.quarters import quarter_of
from core.ledger.queries import differences
from core.parameters.services import set_parameter
from core.people.errors import PermissionMissing
from core.people.rules import Actor
from core.reference import Ref
from core.workflow import WrongState
from tests.core.funds.world import FundWorld, draft, give, held, paid, titles, transfers
from workers.drain import run_due_jobs

LATER = timedelta(days=61)


async def propose(world: FundWorld, **sent: object) -> int:
    known = {
        "from_purpose_id": world.children,
        "to_purpose_id": world.elders,
        "reason": "课堂停办了",
        "actor": world.head,
    }
    return await services.propose_change(world.fund, **(known | sent))  # type: ignore[arg-type]


async def code_of(receipt_no: str) -> str:
    return str(await fetch_value("select trace_code from fund_gift where receipt_no = $1", receipt_no))


async def bound(world: FundWorld) -> dict[str, int]:
    return {purpose.title: purpose.bound_fen for purpose in await funds.purposes(world.fund)}


async def carry_out(change: int, world: FundWorld) -> None:
    with clock.frozen(clock.now() + LATER):
        await services.carry_out_change(change, actor=world.head)


async def test_who_agrees_is_moved_and_who_objects_or_is_silent_keeps_the_purpose(world: FundWorld) -> None:
    await give(world, 2000, "S-4", purpose_id=world.children)
    await give(world, 700, "S-5", purpose_id=world.children)
    await paid(world, 6200)  # of the donor's 100.00
    change = await propose(world)
    await services.answer_change(change, answer="consent", actor=world.donor)
    await services.answer_with_code(await code_of("S-4"), answer="objection")
    await carry_out(change, world)
    before = await transfers()
    await carry_out(change, world)
    assert await transfers() == before
    assert await bound(world) == {"四点半课堂": 2700, "助老餐": 6800}
    assert (await changes.change(change)).moved_fen == 3800
    gift = await fetch_value("select id from fund_gift where receipt_no = 'S-1'")
    assert [(p.kind, p.amount_fen) for p in await traces.trace_gift(gift)] == [("paid", 6200), ("left", 3800)]
    assert await funds.differences() == []
    assert await differences() == []


async def test_silence_is_consent_where_the_setting_said_so_when_it_was_asked(world: FundWorld) -> None:
    at = Ref("organization", world.foundation)
    today = {"effective_on": clock.today(), "actor_id": None}
    await set_parameter("core.fund_silence_consents", at, 1, **today)  # type: ignore[arg-type]
    change = await propose(world)
    await set_parameter("core.fund_silence_consents", at, 0, **today)  # type: ignore[arg-type]
    await give(world, 900, "S-7", purpose_id=world.children)
    await carry_out(change, world)
    assert await bound(world) == {"四点半课堂": 900, "助老餐": 13000}


@pytest.mark.parametrize(("setting", "days"), [(None, 60), (15, 15)])
async def test_donors_have_their_days_to_answer(world: FundWorld, setting: int | None, days: int) -> None:
    """On the last of them nothing moves; the setting counts as it was when they were asked."""
    at = Ref("organization", world.foundation)
    today = {"effective_on": clock.today(), "actor_id": None}
    if setting:
        await set_parameter("core.fund_change_days", at, setting, **today)  # type: ignore[arg-type]
    change = await propose(world)
    await set_parameter("core.fund_change_days", at, 7, **today)  # type: ignore[arg-type]
    with clock.frozen(clock.now() + timedelta(days=days)):
        with pytest.raises(ChangeNotOver):
            await services.carry_out_change(change, actor=world.head)
        await services.answer_change(change, answer="objection", actor=world.donor)
    with clock.frozen(clock.now() + timedelta(days=days + 1)):
        await services.carry_out_change(change, actor=world.head)
    assert await bound(world) == {"四点半课堂": 10000, "助老餐": 3000}


async def test_the_picture_and_the_quarter_still_add_up(world: FundWorld) -> None:
    await paid(world, 6200)
    change = await propose(world)
    await services.answer_change(change, answer="consent", actor=world.donor)
    await services.carry_out_change(change, actor=world.head)  # all have answered
    came = sum(flow.amount_fen for flow in await traces.gifts_in(world.fund, single=1))
    went = sum(flow.amount_fen for flow in await traces.uses_out(world.fund, single=5))
    assert came == went == 18000
    lines = await traces.publication([world.fund], quarter_of(clock.today()))
    assert [(x.income_fen, x.uses_fen, x.changed_fen, x.closing_fen) for x in lines] == [
        (10000, 6200, -3800, 0),
        (3000, 0, 3800, 6800),
        (5000, 0, 0, 5000),
    ]


async def test_money_that_was_set_aside_comes_back_with_its_purpose(world: FundWorld) -> None:
    await give(world, 2000, "S-4", purpose_id=world.children)
    request = await held(world, 6200)
    change = await propose(world)
    await services.answer_change(change, answer="consent", actor=world.donor)
    await carry_out(change, world)
    assert await bound(world) == {"四点半课堂": 2000, "助老餐": 6800}
    await services.release_money(request, reason="不用了", actor=world.treasurer)
    assert await bound(world) == {"四点半课堂": 8200, "助老餐": 6800}
    assert await differences() == []


async def test_until_the_last_day_an_answer_can_be_changed(world: FundWorld) -> None:
    change = await propose(world)
    assert [todo.path for todo in await requests.todos(world.donor)] == [f"/funds/changes/{change}"]
    await services.answer_change(change, answer="objection", actor=world.donor)
    assert await requests.todos(world.donor) == []
    with clock.frozen(clock.now() + timedelta(days=60)):
        await services.answer_change(change, answer="consent", actor=world.donor)
    with clock.frozen(clock.now() + LATER):
        with pytest.raises(AnswersOver):
            await services.answer_change(change, answer="objection", actor=world.donor)
        assert [todo.path for todo in await requests.todos(world.head)] == [f"/funds/changes/{change}"]
    await carry_out(change, world)
    with pytest.raises(WrongState):
        await services.answer_change(change, answer="objection", actor=world.donor)
    with pytest.raises(asyncpg.CheckViolationError, match="change of purpose is over"):
        await fetch("update fund_change_answer set answer = 'objection'")


async def test_who_is_not_concerned_does_not_answer(world: FundWorld, other: FundWorld) -> None:
    change = await propose(world)
    for stranger in (world.asker, other.donor, world.treasurer):
        with pytest.raises(NotAsked):
            await services.answer_change(change, answer="consent", actor=stranger)
    with pytest.raises(NotAsked):
        await services.answer_with_code(await code_of("S-3"), answer="consent")
    with pytest.raises(GiftNotFound):
        await services.answer_with_code("nonsense", answer="consent")


async def test_donors_are_asked_and_told_what_came_of_it(world: FundWorld) -> None:
    """Each step is an event, `fund_change_moved`, of which core tells."""
    change = await propose(world)
    await services.answer_change(change, answer="objection", actor=world.donor)
    await services.carry_out_change(change, actor=world.head)
    second = await propose(world)
    await services.drop_change(second, actor=world.head)
    await run_due_jobs()
    told = ["您的捐赠可以改用吗？", "改变用途有了结果", "您的捐赠可以改用吗？", "不改变用途了"]
    assert await titles(world.donor.person_id) == told
    assert await titles(world.asker.person_id) == []


async def test_what_cannot_be_asked(world: FundWorld, other: FundWorld) -> None:
    with pytest.raises(SamePurpose):
        await propose(world, to_purpose_id=world.children)
    with pytest.raises(PurposeUnknown):
        await propose(world, to_purpose_id=other.elders)
    for stranger in (world.treasurer, world.asker, other.head):
        with pytest.raises(PermissionMissing):
            await propose(world, actor=stranger)
    change = await propose(world)
    with pytest.raises(ChangeUnderWay):
        await propose(world)
    with pytest.raises(PermissionMissing):
        await services.carry_out_change(change, actor=world.treasurer)
    with pytest.raises(ChangeNotOver):
        await services.carry_out_change(change, actor=world.head)
    await services.drop_change(change, actor=world.head)
    with pytest.raises(WrongState):
        await carry_out(change, world)
    await held(world, 10000)
    with pytest.raises(NothingBound):
        await propose(world)
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="fund_change_own_to"):
        await fetch("update fund_change set to_purpose = $1", other.elders)


async def test_every_donor_is_asked_and_sees_the_voucher_however_many_they_are(world: FundWorld) -> None:
    """Who is not asked is silent, and silence may count."""
    rows = await fetch(
        "insert into person (name, language, unread, registered_at)"
        " select '施' || n, 'zh', 0, $1 from generate_series(1, 501) n returning id",
        clock.now(),
    )
    many = [row["id"] for row in rows]
    drafts = [
        (world.fund, draft(1, f"M-{id_}", purpose_id=world.children, donor_id=id_, donor_name="施样"))
        for id_ in many
    ]
    await services.import_gifts(world.foundation, drafts, actor=world.treasurer)
    change = await propose(world)
    assert await changes.donors(change) == sorted([world.donor.person_id, *many])
    await services.drop_change(change, actor=world.head)
    request_id = await paid(world, 10501)
    assert await requests.donors(request_id) == sorted([world.donor.person_id, *many])
    assert await requests.may_see_files(Actor(many[-1], "施样", None), request_id)
