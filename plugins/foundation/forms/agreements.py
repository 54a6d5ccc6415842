"""What people send about agreements with donors."""

from datetime import date
from typing import Annotated

import msgspec

from core import money
from core.files.rules import Upload
from core.language import mark
from core.organizations.errors import NameAmbiguous, NameUnknown
from core.organizations.queries import called
from core.organizations.rules import NAME_MOST
from plugins.foundation.errors.agreements import ValueOutOfRange
from plugins.foundation.rules import agreements as rules
from plugins.foundation.rules.agreements import AgreementDraft
from web.forms import PHONE, FormRefused, said
from web.funds.forms import Id, Text, donor_id

_Day = Annotated[date, said(mark("日期写成 2026-12-31 这样"))]


class AgreementForm(msgspec.Struct):
    """What is agreed; `value` in yuan as typed."""

    fund_id: Id
    donor_name: Annotated[str, said(mark("姓名最多 40 个字"), max_length=40)]
    kind: Annotated[str, said(mark("请选择一项"), pattern=f"^({'|'.join(rules.KINDS)})$")]
    what: Annotated[str, said(mark("写 1 到 60 个字"), pattern=r"\S", max_length=60)]
    value: str
    uses: Annotated[str, said(mark("写 1 到 200 个字"), pattern=r"\S", max_length=200)]
    deliver_by: _Day
    quantity: Annotated[str, said(mark("最多 40 个字"), max_length=40)] = ""
    quality: Text = ""
    donor_phone: Annotated[str, PHONE] = ""
    beneficiary: Annotated[str, said(mark("最多 60 个字"), max_length=NAME_MOST)] = ""
    is_unrelated: bool = False

    async def draft(self) -> AgreementDraft:
        """What is meant; raises FormRefused or DonorUnknown."""
        try:
            value_fen = money.parse_yuan(self.value)
        except ValueError:
            raise FormRefused({"value": ValueOutOfRange()}) from None
        return AgreementDraft(
            donor_id=await donor_id(self.donor_phone, self.donor_name),
            donor_name=self.donor_name,
            kind=self.kind,
            what=self.what,
            quantity=self.quantity,
            quality=self.quality,
            value_fen=value_fen,
            uses=self.uses,
            deliver_by=self.deliver_by,
            beneficiary_id=await self._beneficiary_id(),
            is_unrelated=self.is_unrelated,
        )

    async def _beneficiary_id(self) -> int | None:
        if not self.beneficiary:
            return None
        try:
            found = await called(self.beneficiary)
        except NameAmbiguous as refused:
            raise FormRefused({"beneficiary": refused}) from None
        if found is None:
            raise FormRefused({"beneficiary": NameUnknown()})
        return found


class SigningForm(msgspec.Struct):
    """When both sides signed, and the paper that they signed."""

    signed_on: _Day
    file: Upload


class FulfilmentForm(msgspec.Struct):
    """The receipt of a gift, or the slip of a delivery."""

    receipt_no: Annotated[str, said(mark("写 1 到 40 个字"), pattern=r"\S", max_length=40)]


class BindingForm(msgspec.Struct):
    """Which pledge is what was agreed."""

    pledge_id: Id


class SettlingForm(msgspec.Struct):
    """Why it is fulfilled although not all came."""

    settled_reason: Text


class EndingForm(msgspec.Struct):
    """Why it ends."""

    reason: Text
