"""What people send about funds, gifts and requests for money."""

from datetime import date
from typing import Annotated

import msgspec

from core import money
from core.errors import Invalid
from core.files.rules import Upload
from core.funds import rules
from core.funds.errors import DonorUnknown
from core.funds.rules import GiftDraft, changes
from core.language import mark
from core.people.errors import PersonNotFound
from core.people.queries import person_id_of
from web.forms import PHONE, FormRefused, said

Id = Annotated[int, said(mark("请选择一项"), ge=1, le=2**53 - 1)]
Number = Annotated[str, said(mark("号码最多 40 个字"), max_length=40)]
Title = Annotated[str, said(mark("最多 60 个字"), max_length=60)]
Text = Annotated[str, said(mark("最多 200 个字"), max_length=200)]


class AmountMalformed(Invalid):
    """Not an amount of money."""

    message = "只写数字，例如 100.00"
    field = "amount"


class GiftForm(msgspec.Struct):
    """A gift that has come; `amount` in yuan as typed."""

    amount: str
    received_on: Annotated[date, said(mark("日期写成 2026-12-31 这样"))]
    receipt_no: Number
    method: Annotated[str, said(mark("请选择一项"), pattern=f"^({'|'.join(rules.METHODS)})$")]
    display: Annotated[str, said(mark("请选择一项"), pattern=f"^({'|'.join(rules.DISPLAYS)})$")]
    donor_name: Annotated[str, said(mark("姓名最多 40 个字"), max_length=40)] = ""
    nickname: Annotated[str, said(mark("昵称最多 20 个字"), max_length=20)] = ""
    donor_phone: Annotated[str, PHONE] = ""
    purpose_id: Id | None = None
    file: Upload | None = None

    async def draft(self) -> GiftDraft:
        """The gift that is meant; raises FormRefused or DonorUnknown."""
        try:
            amount_fen = money.parse_yuan(self.amount)
        except ValueError:
            amount_fen = 0
        if not 0 < amount_fen <= rules.AMOUNT_MOST:
            raise FormRefused({"amount": AmountMalformed()})
        return GiftDraft(
            amount_fen=amount_fen,
            purpose_id=self.purpose_id,
            donor_id=await donor_id(self.donor_phone, self.donor_name),
            donor_name=self.donor_name,
            nickname=self.nickname,
            display=self.display,
            method=self.method,
            receipt_no=self.receipt_no,
            received_on=self.received_on,
        )


async def donor_id(phone: str, name: str) -> int | None:
    """The donor's account, for whoever has one; raises DonorUnknown."""
    try:
        return await person_id_of(phone, name) if phone else None
    except PersonNotFound:
        raise DonorUnknown from None


class AskForm(msgspec.Struct):
    """A request for money; `lines` as typed, one a line."""

    organization_id: Id
    title: Title
    lines: Annotated[str, said(mark("用款明细最多 2000 个字"), max_length=2000)]
    purpose_id: Id | None = None
    project_id: Id | None = None


class CheckForm(msgspec.Struct):
    """The four points of compliance."""

    restriction: bool
    related: bool
    registered: bool
    budget: bool


class ReasonForm(msgspec.Struct):
    """Why not."""

    reason: Text


class PaymentForm(msgspec.Struct):
    """The number of the bank's payment order."""

    payment_no: Number


class VoucherForm(msgspec.Struct):
    """The invoice's number, and what became of the money in public words."""

    voucher_no: Number
    result: Text
    file: Upload


class RefundForm(msgspec.Struct):
    """Why a gift goes back, and the number of the bank's payment order."""

    reason: Text
    payment_no: Number


class LeftoverForm(msgspec.Struct):
    """Where a fund's rest is to go: `12-34` is purpose 34 of fund 12, `12-` whatever fund 12 needs."""

    target: Annotated[str, said(mark("请选择一项"), pattern=r"^[1-9][0-9]{0,15}-([1-9][0-9]{0,15})?$")]
    reason: Text

    def places(self) -> tuple[int, int | None]:
        """(fund, purpose)"""
        fund, _, purpose = self.target.partition("-")
        return int(fund), int(purpose) if purpose else None


class ChangeForm(msgspec.Struct):
    """From which purpose to which, and why."""

    from_purpose_id: Id
    to_purpose_id: Id
    change_reason: Text


class AnswerForm(msgspec.Struct):
    """What a donor says to a change of purpose."""

    answer: Annotated[str, said(mark("请选择一项"), pattern=f"^({'|'.join(changes.ANSWERS)})$")]


class CodeAnswerForm(AnswerForm):
    """The same by whoever has the acknowledgement."""

    code: Number


class FundForm(msgspec.Struct):
    """A new fund."""

    organization_id: Id
    name: Annotated[str, said(mark("名称最多 60 个字"), max_length=60)]
    summary: Text = ""


class PurposeForm(msgspec.Struct):
    """What gifts can be bound to."""

    title: Annotated[str, said(mark("用途最多 20 个字"), max_length=20)]


class MemberForm(msgspec.Struct):
    """Who gets a seat on the committee."""

    phone: Annotated[str, PHONE]
    name: Annotated[str, said(mark("姓名最多 40 个字"), max_length=40)]
