"""What people send about a foundation's year."""

from datetime import date
from typing import Annotated

import msgspec
from litestar.params import PathParameter

from core import money
from core.errors import Invalid, YijiError
from core.files.rules import Upload
from core.language import mark
from plugins.foundation.rules import ratios, years
from plugins.foundation.rules.years import EntryDraft, OpeningDraft
from web.forms import FormRefused, said

Year = Annotated[int, PathParameter(ge=years.FIRST_YEAR, le=2099)]
_DAY = said(mark("日期写成 2026-12-31 这样"))


class YuanMalformed(Invalid):
    """Not an amount of money."""

    message = "只写数字，例如 100.00"


class EntryForm(msgspec.Struct):
    """Income or cost with its voucher; `amount` in yuan as typed."""

    kind: Annotated[str, said(mark("请选择一项"), pattern=f"^({'|'.join(years.ENTRY_KINDS)})$")]
    what: Annotated[str, said(mark("最多 60 个字"), max_length=60)]
    amount: str
    occurred_on: Annotated[date, _DAY]
    voucher_no: Annotated[str, said(mark("号码最多 40 个字"), max_length=40)]
    file: Upload

    def draft(self) -> EntryDraft:
        """The entry that is meant; raises FormRefused."""
        return EntryDraft(
            kind=self.kind,
            what=self.what,
            amount_fen=_all_fen({"amount": self.amount})["amount"] or 0,
            occurred_on=self.occurred_on,
            voucher_no=self.voucher_no,
        )


class OpeningForm(msgspec.Struct):
    """The figures of a year's beginning, in yuan as typed; an income that nobody knows is left empty."""

    registered_as: Annotated[str, said(mark("请选择一项"), pattern=f"^({'|'.join(ratios.KINDS)})$")]
    net_assets: str
    report: Upload
    is_public: bool = False
    income_1: str = ""
    income_2: str = ""
    income_3: str = ""
    note: Annotated[str, said(mark("最多 200 个字"), max_length=200)] = ""

    def draft(self) -> OpeningDraft:
        """The figures that are meant; raises FormRefused."""
        names = ("net_assets", "income_1", "income_2", "income_3")
        typed = _all_fen({name: getattr(self, name) for name in names})
        return OpeningDraft(
            kind=self.registered_as,
            is_public=self.is_public,
            net_assets_fen=typed["net_assets"] or 0,
            income_1_fen=typed["income_1"],
            income_2_fen=typed["income_2"],
            income_3_fen=typed["income_3"],
            note=self.note,
        )


def _all_fen(typed: dict[str, str]) -> dict[str, int | None]:
    amounts: dict[str, int | None] = {}
    refused: dict[str, YijiError] = {}
    for name, text in typed.items():
        try:
            amounts[name] = money.parse_yuan(text) if text else None
        except ValueError:
            refused[name] = YuanMalformed()
    if refused:
        raise FormRefused(refused)
    return amounts


class ReverseForm(msgspec.Struct):
    """Why what was counted is taken back."""

    reason: Annotated[str, said(mark("最多 200 个字"), max_length=200)]
