"""The calls of the demo world: who applied, and how far each has come."""

from dataclasses import dataclass

from plugins.venture.rules import flows
from plugins.venture.rules.money import BudgetLine
from plugins.venture.rules.scores import Criterion

SUMMARY = (
    "面向城乡社区的养老、育儿、助残、环境和文化需求，资助社会组织与村（社区）一起解决身边的问题。"
    "金额、分数和日期都是演示样例。"
)
MICRO_SUMMARY = (
    "资助社区社会组织和居民自组织，用很少的钱做成一件邻居看得见的小事。金额、分数和日期都是演示样例。"
)
CRITERIA = (
    Criterion("需求真实", 35),
    Criterion("方案可行", 30),
    Criterion("团队能力", 20),
    Criterion("预算合理", 15),
)
NEED = "附近的居民多次提出：{project}所说的事没有人长期在做，{n}户家庭需要帮助。"
PLAN = "每周两次活动，由社工带领志愿者和居民骨干一起做；每月公开一次进展和花费，半年后由居民小组接着做。"
MIDTERM = "{project}已经开展 {n} 次活动，居民骨干能独立带领一半的活动，花费在预算以内。"
FINAL = "{project}完成全部活动，居民小组接手，账目和凭证已经整理。"


def budget(asked_yuan: int) -> list[BudgetLine]:
    """Three lines that are together what is asked."""
    labour, materials = asked_yuan * 45 // 100, asked_yuan * 35 // 100
    parts = (
        ("labour", "社工带领", labour),
        ("materials", "活动物料", materials),
        ("volunteers", "志愿者交通和误餐", asked_yuan - labour - materials),
    )
    return [BudgetLine(category, item, 1, yuan * 100) for category, item, yuan in parts]


@dataclass(frozen=True, kw_only=True)
class CallPlan:
    """A call, published so many days ago and open for so many; `state` is where it stands today.

    `applicants` are numbers of the place's projects, the best first, of which `above_line` reach the line.
    Each asks a little more than the one before. `paid`: tranches by rank. In `scoring` the first expert has
    not scored yet.
    """

    title: str
    summary: str
    days_ago: int
    state: str
    applicants: tuple[int, ...]
    budget_yuan: int
    cap_yuan: int
    asks_yuan: tuple[int, int]
    above_line: int = 99
    open_days: int = 30
    scored_after: int = 31
    paid: tuple[int, ...] = ()


LUOJIANG_CALLS = (
    CallPlan(
        title="罗江区社区公益创投 (样例)",
        summary=SUMMARY,
        days_ago=260,
        state=flows.DECIDED,
        applicants=tuple(range(24)),
        above_line=21,
        budget_yuan=950_000,
        cap_yuan=60_000,
        asks_yuan=(38_000, 700),
        # The first waits for its mid-term record, four are done, six have two tranches, seven have one.
        paid=(1, *[3] * 4, *[2] * 6, *[1] * 7, *[0] * 3),
    ),
    CallPlan(
        title="罗江区绿色社区微创投 (样例)",
        summary=SUMMARY,
        days_ago=50,
        scored_after=35,
        state=flows.PUBLICITY,
        applicants=(4, 18),
        budget_yuan=60_000,
        cap_yuan=30_000,
        asks_yuan=(22_000, 3_000),
    ),
    CallPlan(
        title="罗江区儿童友好微创投 (样例)",
        summary=SUMMARY,
        days_ago=33,
        scored_after=32,
        state=flows.PUBLICITY,
        applicants=(2, 13),
        budget_yuan=60_000,
        cap_yuan=30_000,
        asks_yuan=(24_000, 2_000),
    ),
    CallPlan(
        title="罗江区助老微创投 (样例)",
        summary=SUMMARY,
        days_ago=34,
        state=flows.SCORING,
        applicants=(1, 14),
        budget_yuan=60_000,
        cap_yuan=30_000,
        asks_yuan=(20_000, 5_000),
    ),
    CallPlan(
        title="罗江区邻里互助微创投 (样例)",
        summary=SUMMARY,
        days_ago=5,
        state=flows.PUBLISHED,
        applicants=(5, 9),
        budget_yuan=200_000,
        cap_yuan=50_000,
        asks_yuan=(41_500, 2_800),
    ),
)
LUOCHENG_CALLS = (
    CallPlan(
        title="雒城街道首批微项目 (样例)",
        summary=MICRO_SUMMARY,
        days_ago=200,
        open_days=14,
        scored_after=15,
        state=flows.DECIDED,
        applicants=tuple(range(12)),
        budget_yuan=60_000,
        cap_yuan=5_000,
        asks_yuan=(3_000, 150),
        paid=(*[3] * 4, *[2] * 5, *[1] * 3),
    ),
)
