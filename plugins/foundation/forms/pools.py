"""What people send about matching pools."""

from datetime import date
from typing import Annotated

import msgspec

from core import money
from core.errors import YijiError
from core.files.rules import Upload
from core.funds.errors import DonorUnknown
from core.funds.rules import AMOUNT_MOST
from core.language import mark
from plugins.foundation.errors.pools import FundsMissing, SponsorUnknown
from plugins.foundation.rules import pools as rules
from plugins.foundation.rules.pools import Plan, Terms
from plugins.foundation.services.pools import Slip
from web.forms import PHONE, FormRefused, said
from web.funds.forms import AmountMalformed, Id, Number, donor_id

Day = Annotated[date, said(mark("日期写成 2026-12-31 这样"))]


class PoolForm(msgspec.Struct):
    """A pool as it is set up; sums in yuan as typed, a cap left empty is none."""

    title: Annotated[str, said(mark("最多 60 个字"), max_length=60)]
    sponsor_name: Annotated[str, said(mark("最多 60 个字"), max_length=60)]
    ratio: str
    whole: str
    begins_on: Day
    ends_on: Day
    rest: Annotated[str, said(mark("请选择一项"), pattern=f"^({'|'.join(rules.RESTS)})$")]
    every_fund: bool
    sponsor_phone: Annotated[str, PHONE] = ""
    per_gift: str = ""
    per_donor_day: str = ""
    per_fund: str = ""
    fund_1: Id | None = None
    fund_2: Id | None = None
    fund_3: Id | None = None
    rest_fund: Id | None = None

    async def plan(self, open_funds: list[int]) -> Plan:
        """The pool that is meant; raises FormRefused, RatioMalformed or SponsorUnknown."""
        sums = self._sums()
        numerator, denominator = rules.parse_ratio(self.ratio)
        chosen = [one for one in (self.fund_1, self.fund_2, self.fund_3) if one is not None]
        if not chosen and not self.every_fund:
            raise FormRefused({"fund_1": FundsMissing()})
        return Plan(
            title=self.title,
            sponsor_name=self.sponsor_name,
            sponsor_person=await sponsor_id(self.sponsor_phone, self.sponsor_name),
            terms=Terms(
                numerator=numerator,
                denominator=denominator,
                per_gift_fen=sums["per_gift"],
                per_donor_day_fen=sums["per_donor_day"],
                per_fund_fen=sums["per_fund"],
            ),
            whole_fen=sums["whole"] or 0,
            begins_on=self.begins_on,
            ends_on=self.ends_on,
            fund_ids=tuple(sorted(open_funds if self.every_fund else set(chosen))),
            rest=self.rest,
            rest_fund=self.rest_fund,
        )

    def _sums(self) -> dict[str, int | None]:
        found: dict[str, int | None] = {}
        refused: dict[str, YijiError] = {}
        for name in ("whole", "per_gift", "per_donor_day", "per_fund"):
            typed = getattr(self, name)
            found[name] = amount_fen(typed) if typed else None
            if typed and found[name] is None:
                refused[name] = AmountMalformed()
        if refused:
            raise FormRefused(refused)
        return found


async def sponsor_id(phone: str, name: str) -> int | None:
    """The sponsor's account, for whoever has one; raises SponsorUnknown."""
    try:
        return await donor_id(phone, name)
    except DonorUnknown:
        raise SponsorUnknown from None


def amount_fen(typed: str) -> int | None:
    """Yuan as typed; None for what is no sum."""
    try:
        found = money.parse_yuan(typed)
    except ValueError:
        return None
    return found if 0 < found <= AMOUNT_MOST else None


class SlipForm(msgspec.Struct):
    """The sponsor's payment, as the bank shows it."""

    amount: str
    received_on: Day
    receipt_no: Number
    file: Upload | None = None

    def slip(self) -> Slip:
        """What is meant; raises FormRefused."""
        found = amount_fen(self.amount)
        if found is None:
            raise FormRefused({"amount": AmountMalformed()})
        return Slip(amount_fen=found, receipt_no=self.receipt_no, received_on=self.received_on)


class RestForm(msgspec.Struct):
    """The number of the bank's payment order, or of our own where the rest stays with us."""

    payment_no: Number


class PoolStepForm(msgspec.Struct):
    """What is done with a pool."""

    step: Annotated[str, said(mark("请选择一项"), pattern="^(open|end|drop_rest|settle_rest)$")]


class MoneyStepForm(msgspec.Struct):
    """What is done with money that waits."""

    step: Annotated[str, said(mark("请选择一项"), pattern="^(confirm|drop)$")]
