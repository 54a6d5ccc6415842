"""What people may send to 绿币."""

from datetime import date
from typing import Annotated

import msgspec

from core.files.rules import Upload
from core.language import mark
from plugins.greencoin.errors import PointsMalformed
from plugins.greencoin.rules import parse_points
from plugins.greencoin.rules.claims import CATEGORIES, RuleText
from web.forms import FormRefused, said, tidy_line

Quantity = Annotated[int, said(mark("数量是 1 到 9999 的整数"), tidy=tidy_line, ge=1, le=9999)]
Words = Annotated[str, said(mark("说明最多 200 个字"), max_length=200)]
WhyNot = Annotated[str, said(mark("理由最多 200 个字"), max_length=200)]
Day = Annotated[date, said(mark("请选一个日期"), tidy=tidy_line)]
Code = Annotated[str, said(mark("兑换码是 6 位数字"), tidy=tidy_line, pattern=r"^[0-9]{6}$")]


class ClaimForm(msgspec.Struct):
    """What a household did."""

    quantity: Quantity
    happened_on: Day
    words: Words = ""
    photo: Upload | None = None


class ReasonForm(msgspec.Struct):
    """A decision that needs a word why."""

    reason: WhyNot


class BoardForm(msgspec.Struct):
    """Whether the household may be named on the village's board."""

    shown: bool


class RuleForm(msgspec.Struct):
    """A rule; points as typed. An empty cap is none."""

    behaviour: Annotated[str, said(mark("行为最多 60 个字"), max_length=60)]
    category: Annotated[str, said(mark("请选一个类别"), pattern=f"^({'|'.join(CATEGORIES)})$")]
    unit: Annotated[str, said(mark("单位最多 10 个字"), max_length=10)]
    points: Annotated[str, said(mark("只写数字，最多两位小数，例如 0.50"), max_length=12)]
    effective_from: Day
    day_cap: Annotated[str, said(mark("只写数字，最多两位小数，例如 0.50"), max_length=12)] = ""
    month_cap: Annotated[str, said(mark("只写数字，最多两位小数，例如 0.50"), max_length=12)] = ""
    needs_photo: bool = False

    def text(self) -> RuleText:
        """The rule in hundredths of a point; raises FormRefused."""
        numbers = {
            name: _hundredths(name, getattr(self, name)) for name in ("points", "day_cap", "month_cap")
        }
        return RuleText(
            behaviour=self.behaviour,
            category=self.category,
            unit=self.unit,
            points=numbers["points"] or 0,
            day_cap=numbers["day_cap"],
            month_cap=numbers["month_cap"],
            needs_photo=self.needs_photo,
            effective_from=self.effective_from,
        )


class ItemForm(msgspec.Struct):
    """A thing for the shelf."""

    name: Annotated[str, said(mark("商品名称最多 40 个字"), max_length=40)]
    points: Annotated[str, said(mark("只写数字，最多两位小数，例如 0.50"), max_length=12)]

    def cost(self) -> int:
        """In hundredths of a point; raises FormRefused."""
        cost = _hundredths("points", self.points)
        if not cost:
            raise FormRefused({"points": PointsMalformed()})
        return cost


class StockForm(msgspec.Struct):
    """Pieces that came, or (`counted`) what a count found: minus for fewer."""

    change: Annotated[int, said(mark("件数是整数，减少写负数"), tidy=tidy_line, ge=-99999, le=99999)]
    reason: WhyNot
    counted: bool = False


class ReserveForm(msgspec.Struct):
    """How many pieces."""

    quantity: Annotated[int, said(mark("一次兑换 1 到 99 件"), tidy=tidy_line, ge=1, le=99)]


class CodeForm(msgspec.Struct):
    """What the resident shows."""

    code: Code


def _hundredths(name: str, typed: str) -> int | None:
    try:
        return parse_points(typed) if typed else None
    except PointsMalformed as refusal:
        raise FormRefused({name: refusal}) from None
