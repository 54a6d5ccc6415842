"""What treasurers send about lists from platforms."""

from datetime import date
from typing import Annotated

import msgspec

from core.errors import Invalid
from core.files.rules import Upload
from core.language import mark
from plugins.foundation.forms.pools import amount_fen
from plugins.foundation.rules.platforms import COLUMNS, TITLE_MOST, Payout
from web.forms import FormRefused, clean, said


class PayoutMalformed(Invalid):
    """Not an amount of money."""

    message = "只写数字，例如 50 或 50.00"
    field = "payout"


Title = Annotated[str, said(mark("最多 100 个字"), max_length=TITLE_MOST)]


class PlatformForm(msgspec.Struct):
    """A list, and the fund and purpose of its gifts: `12-34`, `12-` for whatever fund 12 needs.

    `column_…`: the title of that column, where it is chosen by hand.
    """

    file: Upload
    target: Annotated[str, said(mark("请选择用途"), pattern=r"^[1-9][0-9]{0,15}-([1-9][0-9]{0,15})?$")]
    column_order_no: Title = ""
    column_paid_on: Title = ""
    column_amount: Title = ""
    column_name: Title = ""
    column_fee: Title = ""

    def columns(self) -> dict[str, str]:
        """Field -> title, as far as chosen."""
        found = {name: getattr(self, f"column_{name}") for name in COLUMNS}
        return {name: title for name, title in found.items() if title}


class PayoutForm(msgspec.Struct):
    """What the platform has paid out, as the bank shows it."""

    payout: str
    payout_no: Annotated[str, said(mark("请填写银行回单号，最多 40 个字"), min_length=1, max_length=40)]
    paid_out_on: Annotated[date, said(mark("日期写成 2026-12-31 这样"))]
    file: Upload | None = None

    def meant(self) -> Payout:
        """As the service wants it; raises FormRefused."""
        found = amount_fen(self.payout)
        if found is None:
            raise FormRefused({"payout": PayoutMalformed()})
        return Payout(payout_fen=found, payout_no=clean(self.payout_no), paid_out_on=self.paid_out_on)


class UndoForm(msgspec.Struct):
    """Why it was wrong."""

    reason: Annotated[str, said(mark("最多 200 个字"), max_length=200)]


class SheetForm(msgspec.Struct):
    """The format of a file."""

    format: str = ""
