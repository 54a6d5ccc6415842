"""How much a foundation must spend and may cost in a year: the table, and what follows from it. Pure.

慈善法 61 for those who raise in public; 民发〔2016〕189号 for the others. Nobody has confirmed yet that the
rule of 2016 still holds as it stood, and parts of it are quoted from memory: each row says how sure it is.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.language import mark
from core.manifest import Parameter

FOUNDATION, OTHER = "foundation", "other"
KINDS = {FOUNDATION: mark("基金会"), OTHER: mark("社会团体或社会服务机构")}
INCOME, ASSETS = "income", "assets"
LAW, EXCERPT, MEMORY = "law", "law-ex", "law-mem"
SURE = {LAW: mark("法律条文"), EXCERPT: mark("待核：转载的条文"), MEMORY: mark("待核：凭记忆")}
LAW_61, RULE_2016 = mark("慈善法第六十一条"), mark("民发〔2016〕189号")
EXEMPT, ALSO_INCOME = "foundation.ratio_exempt_fen", "foundation.ratio_other_4_income"
WAN = 10_000_00
_SCOPES = ("platform", "region")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of the table, with the parameters that are its numbers.

    `spend`: the percentage of last year's income or of net assets to be spent; `manage`: of the year's
    spending that management may be; `least`: the net assets from which the row applies, "" for any.
    """

    code: str
    title: str
    kind: str
    is_public: bool
    basis: str
    sure: str
    source: str
    since: date
    spend: str
    manage: str
    least: str


def _row(title: str, sure: str, *, spend: str, manage: str, least: str = "") -> Row:
    code = spend.removeprefix("foundation.ratio_").removesuffix("_spend")
    is_public, is_law = code.endswith("public"), sure == LAW
    return Row(
        code=code,
        title=title,
        kind=FOUNDATION if code.startswith(FOUNDATION) else OTHER,
        is_public=is_public,
        basis=INCOME if is_public else ASSETS,
        sure=sure,
        source=LAW_61 if is_law else RULE_2016,
        since=date(2024, 9, 5) if is_law else date(2016, 10, 1),
        spend=spend,
        manage=manage,
        least=least,
    )


# Of those that apply, the first counts: the larger net assets stand above the smaller.
ROWS = (
    _row(
        mark("能公开募捐的基金会"),
        LAW,
        spend="foundation.ratio_foundation_public_spend",
        manage="foundation.ratio_foundation_public_manage",
    ),
    _row(
        mark("能公开募捐的社会团体、社会服务机构"),
        EXCERPT,
        spend="foundation.ratio_other_public_spend",
        manage="foundation.ratio_other_public_manage",
    ),
    _row(
        mark("不公开募捐的基金会，第一档"),
        MEMORY,
        spend="foundation.ratio_foundation_1_spend",
        manage="foundation.ratio_foundation_1_manage",
        least="foundation.ratio_foundation_1_least_fen",
    ),
    _row(
        mark("不公开募捐的基金会，第二档"),
        MEMORY,
        spend="foundation.ratio_foundation_2_spend",
        manage="foundation.ratio_foundation_2_manage",
        least="foundation.ratio_foundation_2_least_fen",
    ),
    _row(
        mark("不公开募捐的基金会，第三档"),
        MEMORY,
        spend="foundation.ratio_foundation_3_spend",
        manage="foundation.ratio_foundation_3_manage",
        least="foundation.ratio_foundation_3_least_fen",
    ),
    _row(
        mark("不公开募捐的基金会，第四档"),
        EXCERPT,
        spend="foundation.ratio_foundation_4_spend",
        manage="foundation.ratio_foundation_4_manage",
    ),
    _row(
        mark("不公开募捐的社会团体、社会服务机构，第一档"),
        EXCERPT,
        spend="foundation.ratio_other_1_spend",
        manage="foundation.ratio_other_1_manage",
        least="foundation.ratio_other_1_least_fen",
    ),
    _row(
        mark("不公开募捐的社会团体、社会服务机构，第二档"),
        EXCERPT,
        spend="foundation.ratio_other_2_spend",
        manage="foundation.ratio_other_2_manage",
        least="foundation.ratio_other_2_least_fen",
    ),
    _row(
        mark("不公开募捐的社会团体、社会服务机构，第三档"),
        EXCERPT,
        spend="foundation.ratio_other_3_spend",
        manage="foundation.ratio_other_3_manage",
        least="foundation.ratio_other_3_least_fen",
    ),
    _row(
        mark("不公开募捐的社会团体、社会服务机构，第四档"),
        EXCERPT,
        spend="foundation.ratio_other_4_spend",
        manage="foundation.ratio_other_4_manage",
    ),
)


def _percent(code: str, title: str, default: int) -> Parameter:
    return Parameter(code=code, title=title, default=default, maximum=100, unit="%", scopes=_SCOPES)


def _least(code: str, title: str, wan: int) -> Parameter:
    code = f"foundation.ratio_{code}_least_fen"
    return Parameter(code=code, title=title, default=wan * WAN, unit="分", scopes=_SCOPES)


def _both(code: str, spend: str, manage: str, percents: tuple[int, int]) -> tuple[Parameter, Parameter]:
    start = f"foundation.ratio_{code}"
    return _percent(f"{start}_spend", spend, percents[0]), _percent(f"{start}_manage", manage, percents[1])


PARAMETERS = (
    *_both(
        "foundation_public",
        mark("能公开募捐的基金会：支出至少占上年收入"),
        mark("能公开募捐的基金会：管理费用最多占总支出"),
        (70, 10),
    ),
    *_both(
        "other_public",
        mark("能公开募捐的社团、社服：支出至少占上年收入"),
        mark("能公开募捐的社团、社服：管理费用最多占总支出"),
        (70, 13),
    ),
    _least("foundation_1", mark("基金会第一档：净资产从多少起"), 6000),
    *_both(
        "foundation_1",
        mark("基金会第一档：支出至少占净资产"),
        mark("基金会第一档：管理费用最多占总支出"),
        (6, 12),
    ),
    _least("foundation_2", mark("基金会第二档：净资产从多少起"), 800),
    *_both(
        "foundation_2",
        mark("基金会第二档：支出至少占净资产"),
        mark("基金会第二档：管理费用最多占总支出"),
        (6, 13),
    ),
    _least("foundation_3", mark("基金会第三档：净资产从多少起"), 400),
    *_both(
        "foundation_3",
        mark("基金会第三档：支出至少占净资产"),
        mark("基金会第三档：管理费用最多占总支出"),
        (7, 15),
    ),
    *_both(
        "foundation_4",
        mark("基金会第四档：支出至少占净资产"),
        mark("基金会第四档：管理费用最多占总支出"),
        (8, 20),
    ),
    _least("other_1", mark("社团、社服第一档：净资产从多少起"), 1000),
    *_both(
        "other_1",
        mark("社团、社服第一档：支出至少占净资产"),
        mark("社团、社服第一档：管理费用最多占总支出"),
        (6, 13),
    ),
    _least("other_2", mark("社团、社服第二档：净资产从多少起"), 500),
    *_both(
        "other_2",
        mark("社团、社服第二档：支出至少占净资产"),
        mark("社团、社服第二档：管理费用最多占总支出"),
        (7, 14),
    ),
    _least("other_3", mark("社团、社服第三档：净资产从多少起"), 100),
    *_both(
        "other_3",
        mark("社团、社服第三档：支出至少占净资产"),
        mark("社团、社服第三档：管理费用最多占总支出"),
        (8, 15),
    ),
    *_both(
        "other_4",
        mark("社团、社服第四档：支出至少占净资产"),
        mark("社团、社服第四档：管理费用最多占总支出"),
        (8, 20),
    ),
    _percent(ALSO_INCOME, mark("社团、社服第四档：支出也至少占上年收入"), 50),
    Parameter(
        code=EXEMPT,
        title=mark("一年的管理费用不到多少，不受比例限制"),
        default=20 * WAN,
        unit="分",
        scopes=_SCOPES,
    ),
)
CODES = tuple(parameter.code for parameter in PARAMETERS)


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What the table asks about a year: `incomes` of the years before, the latest first, if known."""

    kind: str
    is_public: bool
    net_assets_fen: int
    incomes: Sequence[int | None]


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A year against the table. Amounts in fen; `share` is management in all spending."""

    row: Row
    needed_fen: int | None
    spent_fen: int
    reserved_fen: int
    management_fen: int
    manage_most_fen: int
    is_exempt: bool

    @property
    def missing_fen(self) -> int:
        """What must still be spent until the end of the year; 0 also where it is not known."""
        return max(0, (self.needed_fen or 0) - self.spent_fen)

    @property
    def unplanned_fen(self) -> int:
        """… and for which no money is set aside yet."""
        return max(0, self.missing_fen - self.reserved_fen)

    @property
    def share(self) -> Fraction:
        """Management in all spending of the year."""
        total = self.spent_fen + self.management_fen
        return Fraction(self.management_fen, total) if total else Fraction(0)

    @property
    def costs_too_much(self) -> bool:
        """Exactly the percentage is within it."""
        return not self.is_exempt and self.management_fen > self.manage_most_fen


def row_for(opening: Opening, terms: Mapping[str, int]) -> Row:
    """The row that applies: exactly its least net assets are enough."""
    return next(
        row
        for row in ROWS
        if (row.kind, row.is_public) == (opening.kind, opening.is_public)
        and (not row.least or opening.net_assets_fen >= terms[row.least])
    )


def needed_fen(row: Row, opening: Opening, terms: Mapping[str, int]) -> int | None:
    """The least that is to be spent in the year, rounded up; None as long as nobody knows last year's income.

    Of last year's income and the mean of three years the lower one is enough.
    """
    percent, last = terms[row.spend], opening.incomes[0]
    if row.basis == INCOME:
        if last is None:
            return None
        known = [income for income in opening.incomes if income is not None]
        mean = Fraction(sum(known), 3) if len(known) == 3 else Fraction(last)
        return _share_of(min(Fraction(last), mean), percent)
    of_assets = _share_of(Fraction(opening.net_assets_fen), percent)
    if row.code != "other_4":
        return of_assets
    return None if last is None else max(of_assets, _share_of(Fraction(last), terms[ALSO_INCOME]))


def _share_of(amount: Fraction, percent: int) -> int:
    return math.ceil(amount * percent / 100)


def judge(
    opening: Opening, terms: Mapping[str, int], *, spent_fen: int, reserved_fen: int, management_fen: int
) -> Judged:
    """The year as far as it has come."""
    row = row_for(opening, terms)
    return Judged(
        row=row,
        needed_fen=needed_fen(row, opening, terms),
        spent_fen=spent_fen,
        reserved_fen=reserved_fen,
        management_fen=management_fen,
        manage_most_fen=(spent_fen + management_fen) * terms[row.manage] // 100,
        is_exempt=management_fen < terms[EXEMPT],
    )
