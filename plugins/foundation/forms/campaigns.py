"""What people send about campaigns and host names."""

from datetime import date
from typing import Annotated

import msgspec

from core import money
from core.errors import Invalid
from core.language import mark
from plugins.foundation.rules.campaigns import MODES, WORDS, Plan
from web.forms import PHONE, FormRefused, clean, said

GOAL_MOST = 10**13
Id = Annotated[int, said(mark("请选择一项"), ge=1, le=2**53 - 1)]
_DAY = said(mark("日期写成 2026-12-31 这样"))
_40, _60 = said(mark("最多 40 个字"), max_length=40), said(mark("最多 60 个字"), max_length=60)
_100, _200 = said(mark("最多 100 个字"), max_length=100), said(mark("最多 200 个字"), max_length=200)
_300, _500 = said(mark("最多 300 个字"), max_length=300), said(mark("最多 500 个字"), max_length=500)


class GoalMalformed(Invalid):
    """Not an amount of money."""

    message = "只写数字，例如 50000.00；没有目标可以不写"


class PlanIn(msgspec.Struct):
    """What a plan says (慈善法 §24); `mode` is one of the five, `goal_fen` 0 where none is named."""

    mode: Annotated[str, said(mark("请选择一项"), pattern=f"^({'|'.join(MODES)})$")]
    title: Annotated[str, _60]
    aim: Annotated[str, _500]
    area: Annotated[str, _100]
    leader: Annotated[str, _40]
    office: Annotated[str, _100]
    contact: Annotated[str, _100]
    ways: Annotated[str, _200]
    account: Annotated[str, _200]
    beneficiaries: Annotated[str, _300]
    use: Annotated[str, _500]
    cost: Annotated[str, _300]
    leftover: Annotated[str, _300]
    begins_on: Annotated[date, _DAY]
    ends_on: Annotated[date, _DAY]
    is_emergency: bool = False
    platform_url: Annotated[str, said(mark("网址最多 300 个字"), max_length=300)] = ""

    def plan(self) -> Plan:
        """As the service wants it."""
        return self.with_goal(0)

    def with_goal(self, goal_fen: int) -> Plan:
        """The same with what is hoped for."""
        words = {name: clean(getattr(self, name)) for name in WORDS}
        return Plan(
            mode=self.mode,
            begins_on=self.begins_on,
            ends_on=self.ends_on,
            is_emergency=self.is_emergency,
            goal_fen=goal_fen,
            platform_url=clean(self.platform_url),
            **words,
        )


class PlanForm(PlanIn):
    """The same as it is typed, the goal in yuan."""

    goal: str = ""

    def plan(self) -> Plan:
        """As the service wants it; raises FormRefused."""
        try:
            goal_fen = money.parse_yuan(self.goal) if self.goal else 0
        except ValueError:
            goal_fen = -1
        if not 0 <= goal_fen <= GOAL_MOST:
            raise FormRefused({"goal": GoalMalformed()})
        return self.with_goal(goal_fen)


class NewPlanForm(PlanForm, kw_only=True):
    """A new one, for a fund."""

    fund_id: Id


class FundForm(msgspec.Struct):
    """Another fund of the campaign."""

    fund_id: Id


class FilingForm(msgspec.Struct):
    """Under which number the plan was filed, and when."""

    filing_no: Annotated[str, _40]
    filed_on: Annotated[date, _DAY]


class ReportForm(msgspec.Struct):
    """What is told to the public."""

    text: Annotated[str, said(mark("最多 2000 个字"), max_length=2000)]


class InviteForm(msgspec.Struct):
    """Who may be asked. Phone and name, so that a slip of the finger hits nobody."""

    phone: Annotated[str, PHONE]
    name: Annotated[str, _40]
    capacity: Annotated[str, said(mark("请选择一项"), pattern="^(founder|board|member)$")]


class HostForm(msgspec.Struct):
    """A host name, as typed."""

    name: Annotated[str, _100]
