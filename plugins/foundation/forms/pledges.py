"""What people send about pledges."""

from typing import Annotated

import msgspec

from core.funds import rules as fund_rules
from core.language import mark
from plugins.foundation.rules import pledges as rules
from plugins.foundation.rules.pledges import PledgeDraft
from web.forms import PHONE, said
from web.funds.forms import Id, Number, Text, donor_id


class PledgeForm(msgspec.Struct):
    """A promise; `parts` as typed, one instalment a line."""

    fund_id: Id
    parts: Annotated[str, said(mark("最多 2000 个字"), max_length=2000)]
    donor_name: Annotated[str, said(mark("姓名最多 40 个字"), max_length=40)]
    display: Annotated[str, said(mark("请选择一项"), pattern=f"^({'|'.join(fund_rules.DISPLAYS)})$")]
    is_binding: bool
    nickname: Annotated[str, said(mark("昵称最多 20 个字"), max_length=20)] = ""
    donor_phone: Annotated[str, PHONE] = ""

    async def draft(self) -> PledgeDraft:
        """What is meant; raises PartMalformed, TooManyParts or DonorUnknown."""
        return PledgeDraft(
            purpose_id=None,
            donor_id=await donor_id(self.donor_phone, self.donor_name),
            donor_name=self.donor_name,
            nickname=self.nickname,
            display=self.display,
            is_binding=self.is_binding,
            parts=rules.typed_parts(self.parts),
        )


class LinkForm(msgspec.Struct):
    """The receipt number of the gift that keeps it."""

    receipt_no: Number


class WithdrawalForm(msgspec.Struct):
    """Why it is not kept."""

    ground: Annotated[str, said(mark("请选择一项"), pattern=f"^({'|'.join(rules.GROUNDS)})$")]
    reason: Text
