"""What people send about goods."""

from datetime import date
from typing import Annotated

import msgspec

from core import money
from core.files.rules import Upload
from core.language import mark
from core.organizations.errors import NameAmbiguous
from core.organizations.queries import called
from core.organizations.rules import NAME_MOST
from plugins.foundation.errors.goods import GoodsValueOutOfRange
from plugins.foundation.rules import goods as rules
from plugins.foundation.rules.goods import GoodsDraft, MoveDraft
from web.forms import FormRefused, said
from web.funds.forms import Id, Text

_Day = Annotated[date, said(mark("日期写成 2026-12-31 这样"))]
_Slip = Annotated[str, said(mark("写 1 到 40 个字"), pattern=r"\S", max_length=40)]
_Quantity = Annotated[int, said(mark("数量要写 1 到 1000000 的整数"), ge=1, le=rules.QUANTITY_MOST)]


def _one_of(codes: object) -> msgspec.Meta:
    return said(mark("请选择一项"), pattern=f"^({'|'.join(map(str, codes))})$")  # type: ignore[call-overload]


class GoodsForm(msgspec.Struct):
    """What came; `value` in yuan as typed, empty where nobody knows it; `day`: when it came."""

    kind: Annotated[str, _one_of(rules.KINDS)]
    what: Annotated[str, said(mark("写 1 到 60 个字"), pattern=r"\S", max_length=60)]
    quantity: _Quantity
    unit: Annotated[str, said(mark("写 1 到 10 个字"), pattern=r"\S", max_length=10)]
    valued: Annotated[str, _one_of(rules.VALUED)]
    condition: Text
    day: _Day
    slip_no: _Slip
    file: Upload
    value: str = ""
    expires_on: _Day | None = None
    donor_name: Annotated[str, said(mark("姓名最多 40 个字"), max_length=40)] = ""
    is_anonymous: bool = False
    fund_id: Id | None = None
    campaign_id: Id | None = None

    def draft(self) -> GoodsDraft:
        """What is meant; raises FormRefused."""
        try:
            value_fen = money.parse_yuan(self.value) if self.value else 0
        except ValueError:
            raise FormRefused({"value": GoodsValueOutOfRange()}) from None
        return GoodsDraft(
            fund_id=self.fund_id,
            campaign_id=self.campaign_id,
            donor_name=self.donor_name,
            is_anonymous=self.is_anonymous,
            kind=self.kind,
            what=self.what,
            quantity=self.quantity,
            unit=self.unit,
            value_fen=value_fen,
            valued=self.valued,
            condition=self.condition,
            expires_on=self.expires_on,
            received_on=self.day,
            slip_no=self.slip_no,
        )


class MoveForm(msgspec.Struct):
    """What is handed out or written off; `day`: when it left."""

    move: Annotated[str, _one_of(rules.MOVES)]
    quantity: _Quantity
    why: Text
    day: _Day
    slip_no: _Slip
    file: Upload
    receiver_name: Annotated[str, said(mark("最多 60 个字"), max_length=NAME_MOST)] = ""
    request_id: Id | None = None

    async def draft(self) -> MoveDraft:
        """What is meant: an organization where one is called so, else the name; raises FormRefused."""
        try:
            receiver_id = await called(self.receiver_name) if self.receiver_name else None
        except NameAmbiguous as refused:
            raise FormRefused({"receiver_name": refused}) from None
        return MoveDraft(
            kind=self.move,
            quantity=self.quantity,
            receiver_id=receiver_id,
            receiver_name="" if receiver_id else self.receiver_name,
            request_id=self.request_id,
            why=self.why,
            happened_on=self.day,
            slip_no=self.slip_no,
        )


class GoodsReverseForm(msgspec.Struct):
    """Why what was received is reversed."""

    reason: Text


class MoveReverseForm(msgspec.Struct):
    """Which line is reversed, and why."""

    move_id: Id
    reason: Text
