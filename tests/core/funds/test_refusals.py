"""Every step of a gift and of a request, refused in words: a table to be read by those whose rules these are.

One row: the step; who or what is wrong; how far things are; the attempt; what the refusal says.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.approvals.services import cast_vote, recuse
from core.database import fetch_value
from core.errors import YijiError
from core.funds import services
from core.funds import services as do
from core.funds.queries import requests
from core.people.rules import Actor
from tests.core.funds.stages import (
    agreed_proposal,
    closing,
    closing_with_waiting_gift,
    decided,
    gift,
    nothing,
    out_of_money,
    prepared,
    prepared_and_held,
    proposal,
    refund,
    reported,
    used_up,
    voting,
    waiting_gift,
)
from tests.core.funds.world import (
    ALL,
    AWARE,
    VOUCHER,
    FundWorld,
    ask,
    draft,
    held,
    paid,
    transfers,
)


@dataclass
class Scene:
    """Where things are when the attempt is made; `id` is the gift, request or proposal in question."""

    world: FundWorld
    other: FundWorld
    id: int


Make = Callable[[FundWorld], Awaitable[int]]
Try = Callable[[Scene], Awaitable[Any]]


def as_asker(s: Scene, officer: str) -> Actor:
    """The officer's roles in the hands of who asked."""
    return replace(s.world.actors[officer], person_id=s.world.asker.person_id)


async def ballot(s: Scene, member: int, choice: str = "approve") -> None:
    approval = (await requests.request(s.id)).approval_id
    assert approval is not None
    await cast_vote(approval, choice=choice, reason="看过了", person_id=s.world.members[member].person_id)


async def ballot_twice(s: Scene) -> None:
    await ballot(s, 0)
    await ballot(s, 0, "reject")


async def ballot_late(s: Scene) -> None:
    with clock.frozen(clock.now() + timedelta(days=8)):
        await ballot(s, 0)


async def ballot_of_stranger(s: Scene) -> None:
    approval = (await requests.request(s.id)).approval_id
    assert approval is not None
    await cast_vote(approval, choice="approve", reason="", person_id=s.other.treasurer.person_id)


async def recuse_late(s: Scene) -> None:
    approval = (await requests.request(s.id)).approval_id
    assert approval is not None
    await recuse(approval, reason="有关系", person_id=s.world.members[0].person_id)


def record(who: str, amount: int = 1000, no: str = "S-8", *, next_door: bool = False, **changes: Any) -> Try:
    async def attempt(s: Scene) -> None:
        actor = (s.other if next_door else s.world).actors[who]
        await services.record_gift(s.world.fund, draft(amount, no, **changes), actor=actor)

    return attempt


def by(verb: Callable[..., Awaitable[None]], who: str, **said: Any) -> Try:
    """The step, by an officer of this tenant."""

    async def attempt(s: Scene) -> None:
        await verb(s.id, actor=s.world.actors[who], **said)

    return attempt


def next_door(verb: Callable[..., Awaitable[None]], who: str, **said: Any) -> Try:
    """The step, by an officer of the neighbour's."""

    async def attempt(s: Scene) -> None:
        await verb(s.id, actor=s.other.actors[who], **said)

    return attempt


def by_asker(verb: Callable[..., Awaitable[None]], officer: str, **said: Any) -> Try:
    async def attempt(s: Scene) -> None:
        await verb(s.id, actor=as_asker(s, officer), **said)

    return attempt


async def check(request_id: int, *, ticked: tuple[str, ...] = ALL, actor: Actor) -> None:
    await services.check_request(request_id, ticked, aware=AWARE, actor=actor)


async def future_gift(s: Scene) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    await services.record_gift(s.world.fund, draft(100, "S-8", received_on=tomorrow), actor=s.world.treasurer)


async def sign_by_preparer(s: Scene) -> None:
    await services.sign_payment(
        s.id, aware=AWARE, actor=replace(s.world.payer, person_id=s.world.treasurer.person_id)
    )


async def sign_refund_by_preparer(s: Scene) -> None:
    await services.sign_refund(s.id, actor=replace(s.world.payer, person_id=s.world.treasurer.person_id))


async def confirm_own(s: Scene) -> None:
    await services.confirm_gift(s.id, actor=replace(s.world.payer, person_id=s.world.treasurer.person_id))


async def move_own(s: Scene) -> None:
    await services.move_leftover(s.id, actor=replace(s.world.payer, person_id=s.world.head.person_id))


VOUCHED = {"voucher_no": "V-1", "result": "办好了", "upload": VOUCHER}
WHY, BACK = {"reason": "不行"}, {"reason": "捐错了", "payment_no": "T-2"}
PAYMENT, USED = {"payment_no": "P-2"}, {"payment_no": "P-1"}
OTHER_VOUCHER = {**VOUCHED, "voucher_no": "V-2"}

ROWS: list[tuple[str, str, Make, Try, str]] = [
    ("record a gift", "wrong role", nothing, record("payer"), "权限"),
    ("record a gift", "other tenant", nothing, record("treasurer", next_door=True), "权限"),
    ("record a gift", "late: the fund is closing", closing, record("treasurer"), "不接受捐赠"),
    ("record a gift", "twice", nothing, record("treasurer", no="S-1"), "收据号 S-1 已经用过"),
    ("record a gift", "no such purpose", nothing, record("treasurer", purpose_id=10**9), "选择这支基金"),
    ("record a gift", "it has not come yet", nothing, future_gift, "不能晚于今天"),
    ("confirm a gift", "wrong role", waiting_gift, by(do.confirm_gift, "asker"), "没有找到"),
    ("confirm a gift", "other tenant", waiting_gift, next_door(do.confirm_gift, "payer"), "没有找到"),
    ("confirm a gift", "by who recorded it", waiting_gift, confirm_own, "另一位确认"),
    ("confirm a gift", "late", closing_with_waiting_gift, by(do.confirm_gift, "payer"), "不接受捐赠"),
    ("drop a gift", "wrong state: it counts", gift, by(do.drop_gift, "treasurer"), "已入账"),
    ("drop a gift", "wrong role", waiting_gift, by(do.drop_gift, "donor"), "没有找到"),
    ("ask", "wrong role", nothing, lambda s: ask(s.world, actor=s.world.donor), "您负责的组织"),
    ("ask", "other tenant", nothing, lambda s: ask(s.world, actor=s.other.asker), "您负责的组织"),
    ("ask", "too much", nothing, lambda s: ask(s.world, 15001), "只有 150.00 元可用"),
    ("ask", "too much: bound", nothing, lambda s: ask(s.world, 5001, purpose=""), "只有 50.00 元"),
    ("vote", "other tenant", voting, ballot_of_stranger, "没有找到这项审批"),
    ("vote", "with an interest", voting, lambda s: ballot(s, 2), "需要回避"),
    ("vote", "twice", voting, ballot_twice, "已经表过态"),
    ("vote", "late", voting, ballot_late, "已经结束"),
    ("vote", "wrong state: decided", decided, lambda s: ballot(s, 0, "reject"), "已经结束"),
    ("recuse oneself", "late", decided, recuse_late, "已经结束"),
    ("withdraw", "by somebody else", voting, by(do.withdraw_request, "treasurer"), "没有找到"),
    ("withdraw", "late", decided, by(do.withdraw_request, "asker"), "等合规审核"),
    ("check", "wrong role", decided, by(check, "treasurer"), "权限"),
    ("check", "other tenant", decided, next_door(check, "checker"), "没有找到"),
    ("check", "by who asked", decided, by_asker(check, "checker"), "别人审核"),
    ("check", "wrong state: before the vote", voting, by(check, "checker"), "表决中"),
    ("check", "wrong state: paid", paid, by(check, "checker"), "等凭证"),
    ("check", "a point is missing", decided, by(check, "checker", ticked=ALL[1:]), "四项"),
    ("check", "too much: the money is gone", out_of_money, by(check, "checker"), "只有 0.00 元可用"),
    ("refuse", "without a reason", decided, by(do.refuse_request, "checker", reason=" "), "理由"),
    ("refuse", "wrong role", decided, by(do.refuse_request, "head", **WHY), "权限"),
    ("refuse", "late", held, by(do.refuse_request, "checker", **WHY), "留出"),
    ("prepare", "wrong role", held, by(do.prepare_payment, "payer", **PAYMENT), "权限"),
    ("prepare", "other tenant", held, next_door(do.prepare_payment, "treasurer", **PAYMENT), "权限"),
    ("prepare", "by who asked", held, by_asker(do.prepare_payment, "treasurer", **PAYMENT), "别人审核"),
    ("prepare", "wrong state", decided, by(do.prepare_payment, "treasurer", **PAYMENT), "合规审核"),
    ("prepare", "twice", prepared_and_held, by(do.prepare_payment, "treasurer", **USED), "P-1 已经用过"),
    ("sign", "wrong role", prepared, by(do.sign_payment, "checker"), "权限"),
    ("sign", "other tenant", prepared, next_door(do.sign_payment, "payer"), "权限"),
    ("sign", "by who prepared it", prepared, sign_by_preparer, "两个人"),
    ("sign", "by who asked", prepared, by_asker(do.sign_payment, "payer"), "别人审核和付款"),
    ("sign", "wrong state: not prepared", held, by(do.sign_payment, "payer"), "留出"),
    ("send back", "without a reason", prepared, by(do.send_back, "payer", reason=""), "理由"),
    ("send back", "late: paid", paid, by(do.send_back, "payer", **WHY), "已付款"),
    ("release", "wrong role", held, by(do.release_money, "asker", **WHY), "权限"),
    ("release", "late: paid", paid, by(do.release_money, "treasurer", **WHY), "已付款"),
    ("release", "other tenant", held, next_door(do.release_money, "treasurer", **WHY), "权限"),
    ("voucher", "wrong role", paid, by(do.bring_voucher, "donor", **VOUCHED), "权限"),
    ("voucher", "other tenant", paid, next_door(do.bring_voucher, "asker", **VOUCHED), "权限"),
    ("voucher", "wrong state: not paid", held, by(do.bring_voucher, "asker", **VOUCHED), "留出"),
    ("voucher", "twice", reported, by(do.bring_voucher, "asker", **OTHER_VOUCHER), "凭证已到"),
    ("refund", "wrong role", gift, by(do.prepare_refund, "payer", **BACK), "没有找到"),
    ("refund", "other tenant", gift, next_door(do.prepare_refund, "treasurer", **BACK), "没有找到"),
    ("refund", "wrong state", waiting_gift, by(do.prepare_refund, "treasurer", **BACK), "没有入账"),
    ("refund", "too much", used_up, by(do.prepare_refund, "treasurer", **BACK), "全部用掉或留存"),
    ("refund", "twice", refund, by(do.prepare_refund, "treasurer", **BACK), "已经登记了退还"),
    ("sign a refund", "by who prepared it", refund, sign_refund_by_preparer, "两个人"),
    ("sign a refund", "other tenant", refund, next_door(do.sign_refund, "payer"), "没有找到"),
    ("sign a refund", "wrong state: none", gift, by(do.sign_refund, "payer"), "没有登记退还"),
    ("move a rest", "wrong role", agreed_proposal, by(do.move_leftover, "treasurer"), "权限"),
    ("move a rest", "other tenant", agreed_proposal, next_door(do.move_leftover, "payer"), "没有找到"),
    ("move a rest", "by who proposed it", agreed_proposal, move_own, "另一位转出"),
    ("move a rest", "wrong state: no vote", proposal, by(do.move_leftover, "payer"), "表决中"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "attempt", "words"),
    [row[2:] for row in ROWS],
    ids=[f"{step}: {why}" for step, why, *_ in ROWS],
)
async def test_a_step_is_refused_in_words_and_moves_nothing(
    world: FundWorld, other: FundWorld, make: Make, attempt: Try, words: str
) -> None:
    scene = Scene(world, other, await make(world))
    before = await transfers()
    with pytest.raises(YijiError, match=words):
        await attempt(scene)
    assert await transfers() == before


AGAIN: list[tuple[str, Make, Try]] = [
    ("confirm a gift", waiting_gift, by(do.confirm_gift, "payer")),
    ("drop a gift", waiting_gift, by(do.drop_gift, "treasurer")),
    ("withdraw", voting, by(do.withdraw_request, "asker")),
    ("check", decided, by(check, "checker")),
    ("refuse", decided, by(do.refuse_request, "checker", **WHY)),
    ("prepare", held, by(do.prepare_payment, "treasurer", **PAYMENT)),
    ("sign", prepared, by(do.sign_payment, "payer", aware=AWARE)),
    ("voucher", paid, by(do.bring_voucher, "asker", **VOUCHED)),
    ("refund", gift, by(do.prepare_refund, "treasurer", **BACK)),
    ("sign a refund", refund, by(do.sign_refund, "payer")),
    ("move a rest", agreed_proposal, by(do.move_leftover, "payer")),
]


@pytest.mark.parametrize(("make", "attempt"), [row[1:] for row in AGAIN], ids=[row[0] for row in AGAIN])
async def test_the_second_click_changes_nothing(
    world: FundWorld, other: FundWorld, make: Make, attempt: Try
) -> None:
    scene = Scene(world, other, await make(world))
    await attempt(scene)
    done = await transfers(), await _events()
    await attempt(scene)
    assert (await transfers(), await _events()) == done


async def _events() -> int:
    return int(await fetch_value("select count(*) from audit_event"))
