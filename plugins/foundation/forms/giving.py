"""What a donor sends: how much, what for, under which name."""

from typing import Annotated

from core import money
from core.errors import Invalid
from core.funds import rules
from core.funds.rules import Promise
from core.language import mark
from web.forms import FormRefused, clean, said
from web.funds.forms import WantedFiscal


class AmountMalformed(Invalid):
    """Not an amount of money."""

    message = "写 0.01 到 10 亿元，最多两位小数，例如 50 或 50.00"
    field = "amount"


class GivingIn(WantedFiscal, kw_only=True):
    """`target`: `12-34` is purpose 34 of fund 12, `12-` whatever fund 12 needs."""

    target: Annotated[str, said(mark("请选择用途"), pattern=r"^[1-9][0-9]{0,15}-([1-9][0-9]{0,15})?$")]
    display: Annotated[str, said(mark("请选择一项"), pattern=f"^({'|'.join(rules.DISPLAYS)})$")]
    donor_name: Annotated[str, said(mark("姓名最多 40 个字"), max_length=40)] = ""
    nickname: Annotated[str, said(mark("昵称最多 20 个字"), max_length=20)] = ""

    def meant(self, amount_fen: int) -> tuple[int, Promise]:
        """(fund, gift)"""
        fund, _, purpose = self.target.partition("-")
        promise = Promise(
            amount_fen=amount_fen,
            purpose_id=int(purpose) if purpose else None,
            display=self.display,
            donor_name=clean(self.donor_name),
            nickname=clean(self.nickname),
            fiscal=self.wish,
        )
        return int(fund), promise


class GivingForm(GivingIn, kw_only=True):
    """The same as a page sends it, the amount in yuan as typed."""

    amount: str

    def gift(self) -> tuple[int, Promise]:
        """(fund, gift); raises FormRefused."""
        return self.meant(fen_of(self.amount))


def fen_of(typed: str) -> int:
    """Yuan as typed; raises FormRefused."""
    try:
        amount_fen = money.parse_yuan(typed)
    except ValueError:
        amount_fen = 0
    if not 0 < amount_fen <= rules.AMOUNT_MOST:
        raise FormRefused({"amount": AmountMalformed()})
    return amount_fen
