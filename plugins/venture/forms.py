"""What people may send. Amounts are typed in yuan and percents with two decimals."""

import re
from datetime import date
from typing import Annotated

import msgspec

from core import money
from core.errors import Invalid
from core.files.rules import Upload
from core.language import mark
from plugins.venture import rules
from plugins.venture.rules.money import BudgetLine
from plugins.venture.rules.scores import Criterion
from plugins.venture.services.applications import Words
from plugins.venture.services.calls import Terms
from web.forms import PHONE, FormRefused, said

PAGE, WORDS_MOST = 20, 40
_ID = said(mark("请选择一个组织"), ge=1, le=2**53 - 1)
_TITLE = said(mark("最多 60 个字"), max_length=60)
_LONG = said(mark("最多 2000 个字"), max_length=2000)
_ITEM = said(mark("最多 30 个字"), max_length=30)
_WHOLE = said(mark("填 0 到 100 的整数"), ge=0, le=100)
_SLIP = said(mark("凭证号最多 40 个字"), max_length=40)
_TYPED_PERCENT = re.compile(r"(\d{1,3})(?:\.(\d{1,2}))?")


class AmountMalformed(Invalid):
    """Not an amount of money."""

    message = "只写数字，例如 35.00"


class PercentMalformed(Invalid):
    """Not a percentage."""

    message = "写 0 到 100 的数，最多两位小数"


def fen(field: str, typed: str) -> int:
    """Yuan as typed; raises FormRefused for the field."""
    try:
        return money.parse_yuan(typed)
    except ValueError:
        raise FormRefused({field: AmountMalformed()}) from None


def basis_points(field: str, typed: str) -> int:
    """A percentage as typed; raises FormRefused for the field."""
    match = _TYPED_PERCENT.fullmatch(typed.strip().rstrip("%％"))
    if match is None:
        raise FormRefused({field: PercentMalformed()})
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


class CallForm(msgspec.Struct):
    """A call with its plan and up to five criteria, of which the first is the need."""

    organization_id: Annotated[int, _ID]
    title: Annotated[str, _TITLE]
    summary: Annotated[str, _LONG]
    budget: str
    cap: str
    closes_on: Annotated[date, said(mark("日期写成 2026-12-31 这样"))]
    first_percent: str
    second_percent: str
    last_percent: str
    criterion_1: Annotated[str, _ITEM]
    weight_1: Annotated[int, _WHOLE]
    criterion_2: Annotated[str, _ITEM] = ""
    weight_2: Annotated[int, _WHOLE] = 0
    criterion_3: Annotated[str, _ITEM] = ""
    weight_3: Annotated[int, _WHOLE] = 0
    criterion_4: Annotated[str, _ITEM] = ""
    weight_4: Annotated[int, _WHOLE] = 0
    criterion_5: Annotated[str, _ITEM] = ""
    weight_5: Annotated[int, _WHOLE] = 0

    def terms(self) -> Terms:
        """As the service wants them; raises FormRefused. A weight without words counts, and is refused."""
        numbers = range(1, rules.CRITERIA_MOST + 1)
        rows = [(getattr(self, f"criterion_{n}"), getattr(self, f"weight_{n}")) for n in numbers]
        return Terms(
            organization_id=self.organization_id,
            title=self.title,
            summary=self.summary,
            budget_fen=fen("budget", self.budget),
            cap_fen=fen("cap", self.cap),
            plan=(
                basis_points("first_percent", self.first_percent),
                basis_points("second_percent", self.second_percent),
                basis_points("last_percent", self.last_percent),
            ),
            closes_on=self.closes_on,
            criteria=tuple(Criterion(title, weight) for title, weight in rows if title or weight),
        )


class FundForm(msgspec.Struct):
    """Money that came, with the number of its voucher."""

    amount: str
    slip: Annotated[str, _SLIP]


class ExpertForm(msgspec.Struct):
    """Phone and name, so that a slip of the finger hits nobody."""

    phone: Annotated[str, PHONE]
    name: Annotated[str, said(mark("姓名最多 40 个字"), max_length=40)]


class ObjectionForm(msgspec.Struct):
    """What is wrong with a proposed award."""

    application_id: Annotated[int, said(mark("请选择一个项目"), ge=1, le=2**53 - 1)]
    text: Annotated[str, said(mark("请写明事实和理由，最多 1000 个字"), max_length=1000)]


class AnswerForm(msgspec.Struct):
    """What becomes of an objection or a report, and why."""

    outcome: Annotated[str, said(mark("请选择处理结果"), pattern="^(yes|no)$")]
    answer: Annotated[str, said(mark("最多 500 个字"), max_length=500)] = ""


class ApplicationForm(msgspec.Struct):
    """The words of an application and the sum that it asks for."""

    organization_id: Annotated[int, _ID]
    title: Annotated[str, _TITLE]
    need: Annotated[str, said(mark("最多 1000 个字"), max_length=1000)]
    plan: Annotated[str, _LONG]
    beneficiaries: Annotated[int, said(mark("填 1 到 1000000 的整数"), ge=1, le=10**6)]
    asked: str

    def words(self) -> Words:
        """As the service wants them; raises FormRefused."""
        return Words(
            title=self.title,
            need=self.need,
            plan=self.plan,
            beneficiaries=self.beneficiaries,
            asked_fen=fen("asked", self.asked),
        )


class LineForm(msgspec.Struct):
    """A line of a budget."""

    category: Annotated[str, said(mark("请选择类别"), pattern=f"^({'|'.join(rules.CATEGORIES)})$")]
    item: Annotated[str, said(mark("最多 40 个字"), max_length=40)]
    quantity: Annotated[int, said(mark("填 1 到 100000 的整数"), ge=1, le=10**5)]
    price: str

    def line(self) -> BudgetLine:
        """As the service wants it; raises FormRefused."""
        return BudgetLine(self.category, self.item, self.quantity, fen("price", self.price))


class FileForm(msgspec.Struct):
    """An attachment."""

    file: Upload


class StanceForm(msgspec.Struct):
    """Is there a conflict of interest?"""

    outcome: Annotated[str, said(mark("请选择一项"), pattern="^(none|conflict)$")]
    reason: Annotated[str, said(mark("最多 200 个字"), max_length=200)] = ""


class ScoreForm(msgspec.Struct):
    """A mark for each criterion that the call has."""

    mark_1: Annotated[int, _WHOLE]
    mark_2: Annotated[int, _WHOLE] = -1
    mark_3: Annotated[int, _WHOLE] = -1
    mark_4: Annotated[int, _WHOLE] = -1
    mark_5: Annotated[int, _WHOLE] = -1
    comment: Annotated[str, said(mark("最多 500 个字"), max_length=500)] = ""

    def marks(self, criteria: int) -> list[int]:
        """Those of the first criteria; one that was left out is refused by the rule."""
        return [self.mark_1, self.mark_2, self.mark_3, self.mark_4, self.mark_5][:criteria]


class SideForm(msgspec.Struct):
    """For which side one accepts."""

    side: Annotated[str, said(mark("请选择一方"), pattern="^(funder|grantee)$")]


class PayForm(msgspec.Struct):
    """What stands on the bank's slip."""

    payee_name: Annotated[str, said(mark("最多 60 个字"), max_length=60)]
    slip: Annotated[str, _SLIP]


class ReportForm(msgspec.Struct):
    """A node of the contract, with a photo."""

    kind: Annotated[str, said(mark("请选择节点"), pattern="^(midterm|final)$")]
    text: Annotated[str, _LONG]
    file: Upload | None = None
