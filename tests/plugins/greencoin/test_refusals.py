"""Who is refused at each step of a point's way, and in which words.

What stands here is told nowhere else: a wrong role, another village, too early, too late, twice, too much.
The other refusals stand where their step is told (`test_claims.py`, `test_awards.py`, `test_shop.py`).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.errors import YijiError
from core.people.rules import Actor
from plugins.greencoin.services import awards, claims, reviews, schemes, shop
from tests.plugins.greencoin.village import (
    Village,
    credit,
    make_item,
    make_village,
    make_villager,
    publicise,
    rule_text,
    submit,
)

_NO_CLAIM, _NO_RIGHT = "没有找到这笔申报", "您在这里没有办理这件事的权限"


@dataclass
class Stage:
    """A village with a resident and a claim of its household, and another village."""

    here: Village
    there: Village
    resident: Actor
    stranger: Actor
    claim: int = 0
    item: int = 0
    redemption: int = 0


async def _plain(stage: Stage) -> None:
    """Nobody has done anything yet."""


async def _submitted(stage: Stage) -> None:
    stage.claim = await submit(stage.here.yard, stage.resident)


async def _verified(stage: Stage) -> None:
    await _submitted(stage)
    await claims.verify_claim(stage.claim, actor=stage.here.manager)


async def _rejected(stage: Stage) -> None:
    await _submitted(stage)
    await claims.reject_claim(stage.claim, reason="不是这天", actor=stage.here.manager)


async def _public(stage: Stage) -> None:
    await _submitted(stage)
    await publicise(stage.here, stage.claim)


async def _credited(stage: Stage) -> None:
    await _submitted(stage)
    await credit(stage.here, stage.claim)


async def _reserved(stage: Stage) -> None:
    await _credited(stage)
    stage.item = await make_item(stage.here, cost=100)
    stage.redemption = await shop.reserve(stage.item, quantity=1, actor=stage.resident)


async def _given_up(stage: Stage) -> None:
    await _reserved(stage)
    await shop.cancel_redemption(stage.redemption, actor=stage.resident)


async def _write(stage: Stage, actor: Actor, behaviour: str = "扫雪", **changed: Any) -> int:
    points = changed.pop("points", 100)
    return await schemes.add_rule(stage.here.id, rule_text(behaviour, points, **changed), actor=actor)


async def _end_twice(stage: Stage) -> None:
    for _ in range(2):
        await schemes.end_rule(stage.here.yard, actor=stage.here.manager)


async def _end_before_it_begins(stage: Stage) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    rule = await _write(stage, stage.here.manager, effective_from=tomorrow)
    await schemes.end_rule(rule, actor=stage.here.manager)


async def _claim_what_has_ended(stage: Stage) -> None:
    await schemes.end_rule(stage.here.yard, actor=stage.here.manager)
    with clock.frozen(clock.now() + timedelta(days=1)):
        await submit(stage.here.yard, stage.resident)


async def _claim_above_the_month(stage: Stage) -> None:
    rule = await _write(stage, stage.here.manager, month_cap=200)
    for quantity in (2, 1):
        await submit(rule, stage.resident, quantity=quantity)


_Row = tuple[str, Callable[[Stage], Awaitable[None]], Callable[[Stage], Awaitable[Any]], str]
# What, at which stage, the attempt, the words.
TABLE: list[_Row] = [
    ("rule: who reviews", _plain, lambda s: _write(s, s.here.reviewers[0]), _NO_RIGHT),
    ("rule: another village", _plain, lambda s: _write(s, s.there.manager), _NO_RIGHT),
    ("rule: for yesterday", _plain,
     lambda s: _write(s, s.here.manager, effective_from=clock.today() - timedelta(days=1)), "最早从今天起"),
    ("rule: worth nothing", _plain, lambda s: _write(s, s.here.manager, points=0), "不足 0.01 分"),
    ("rule: a month below a day", _plain,
     lambda s: _write(s, s.here.manager, day_cap=200, month_cap=199), "每月上限不能低于每天上限"),
    ("rule: twice", _plain, lambda s: _write(s, s.here.manager, "打扫庭院"), "已经有这样一条规则"),
    ("change: another village", _plain,
     lambda s: schemes.change_rule(s.here.yard, rule_text("x", 1), actor=s.there.manager), _NO_RIGHT),
    ("change: what is not there", _plain,
     lambda s: schemes.change_rule(10**9, rule_text("x", 1), actor=s.here.manager), "没有找到这条规则"),
    ("end: the keeper", _plain,
     lambda s: schemes.end_rule(s.here.yard, actor=s.here.keeper), _NO_RIGHT),
    ("end: twice", _plain, _end_twice, "这条规则已经改过或停用"),
    ("end: before it begins", _plain, _end_before_it_begins, "才生效，还不能停用"),
    ("claim: tomorrow", _plain, lambda s: submit(s.here.yard, s.resident, days_ago=-1), "不能晚于今天"),
    ("claim: too long ago", _plain, lambda s: submit(s.here.yard, s.resident, days_ago=32), "最多补报 31 天"),
    ("claim: before the rule", _plain, lambda s: submit(s.here.yard, s.resident, days_ago=25), "不适用"),
    ("claim: after the rule", _plain, _claim_what_has_ended, "不适用"),
    ("claim: above the month of the rule", _plain, _claim_above_the_month,
     "每户每月最多 2 分，这个月已报 2 分"),
    ("claim: above the month of the household", _plain,
     lambda s: submit(s.here.bags, s.resident, quantity=9999 + 2), "每户每月合计最多 200 分"),
    ("withdraw: the manager", _submitted,
     lambda s: claims.withdraw_claim(s.claim, actor=s.here.manager), _NO_CLAIM),
    ("withdraw: while it is public", _public,
     lambda s: claims.withdraw_claim(s.claim, actor=s.resident), "现在是“公示中”，不能“撤回申报”"),
    ("verify: after it is refused", _rejected,
     lambda s: claims.verify_claim(s.claim, actor=s.here.manager), "现在是“未通过”，不能“核实”"),
    ("reject: another village", _submitted,
     lambda s: claims.reject_claim(s.claim, reason="x", actor=s.there.manager), _NO_CLAIM),
    ("reject: who reviews", _submitted,
     lambda s: claims.reject_claim(s.claim, reason="x", actor=s.here.reviewers[0]), _NO_CLAIM),
    ("reject: twice", _rejected,
     lambda s: claims.reject_claim(s.claim, reason="x", actor=s.here.manager), "已经是“未通过”"),
    ("reject: too many words", _submitted,
     lambda s: claims.reject_claim(s.claim, reason="啊" * 201, actor=s.here.manager), "最多 200 个字"),
    ("reject: after the points have come", _credited,
     lambda s: claims.reject_claim(s.claim, reason="x", actor=s.here.manager), "现在是“已入账”"),
    ("put forward: who reviews", _verified,
     lambda s: reviews.open_reviews(s.here.id, actor=s.here.reviewers[0]), _NO_RIGHT),
    ("put forward: another village", _verified,
     lambda s: reviews.open_reviews(s.here.id, actor=s.there.manager), _NO_RIGHT),
    ("put forward: twice", _public,
     lambda s: reviews.open_reviews(s.here.id, actor=s.here.manager), "没有核实过、等待评议的申报"),
    ("credit: before its days are over", _public,
     lambda s: awards.credit_again(s.claim, actor=s.here.manager), "现在是“公示中”，不能“重新入账”"),
    ("reverse: before the points have come", _public,
     lambda s: awards.reverse_award(s.claim, reason="x", actor=s.here.manager),
     "现在是“公示中”，不能“更正奖励”"),
    ("board: another village", _plain,
     lambda s: schemes.show_on_board(s.here.id, True, actor=s.stranger), "只给本村住户"),
    ("off the shelf: the keeper", _reserved,
     lambda s: shop.take_off_shelf(s.item, actor=s.here.keeper), "没有找到这件商品"),
    ("give up: another household", _reserved,
     lambda s: shop.cancel_redemption(s.redemption, actor=s.stranger), "没有找到这笔兑换"),
    ("give up: twice", _given_up,
     lambda s: shop.cancel_redemption(s.redemption, actor=s.resident), "已经是“已取消”，不用再“取消兑换”"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "stage", "attempt", "words"), TABLE, ids=[row[0] for row in TABLE])
async def test_what_is_refused_and_in_which_words(
    db: str,
    what: str,
    stage: Callable[[Stage], Awaitable[None]],
    attempt: Callable[[Stage], Awaitable[Any]],
    words: str,
) -> None:
    here, there = await make_village(), await make_village()
    found = Stage(here, there, await make_villager(here), await make_villager(there))
    await stage(found)
    with pytest.raises(YijiError) as refusal:
        await attempt(found)
    assert words in str(refusal.value)
