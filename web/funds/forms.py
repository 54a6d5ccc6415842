"""What people send about funds, gifts and requests for money."""

from datetime import date
from typing import Annotated

import msgspec

from core import money
from core.errors import Invalid
from core.files.rules import Upload
from core.funds import rules
from core.funds.errors import DonorUnknown
from core.funds.queries.gifts import Wanted
from core.funds.rules import GiftDraft, agreements, changes
from core.funds.rules.agreements import Terms
from core.funds.rules.fiscal import Numbers, Wish
from core.language import mark
from core.people.errors import PersonNotFound
from core.people.queries import person_id_of
from web.forms import PHONE, FormRefused, clean, said

Id = Annotated[int, said(mark("请选择一项"), ge=1, le=2**53 - 1)]
Number = Annotated[str, said(mark("号码最多 40 个字"), max_length=40)]
Title = Annotated[str, said(mark("最多 60 个字"), max_length=60)]
Text = Annotated[str, said(mark("最多 200 个字"), max_length=200)]


class AmountMalformed(Invalid):
    """Not an amount of money."""

    message = "只写数字，例如 100.00"
    field = "amount"


class WantedFiscal(msgspec.Struct, kw_only=True):
    """Whether the donor wants a fiscal receipt, and to whom it is made out."""

    wants_fiscal: bool = False
    fiscal_title: Title = ""
    tax_no: Annotated[str, said(mark("税号最多 20 位"), max_length=20)] = ""

    @property
    def wish(self) -> Wish | None:
        """Whoever writes a title wants one, ticked or not."""
        title, tax_no = clean(self.fiscal_title), clean(self.tax_no).upper()
        return Wish(title, tax_no) if self.wants_fiscal or title or tax_no else None


class MineForm(msgspec.Struct):
    """The format of the file, and what one's own gifts are narrowed down to."""

    format: str = ""
    year: Annotated[int, said(mark("请选择一项"), ge=2000, le=2099)] | None = None
    fund: Id | None = None

    @property
    def wanted(self) -> Wanted:
        """As core understands it."""
        return Wanted(self.year, self.fund)


class GiftForm(WantedFiscal, kw_only=True):
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
            fiscal=self.wish,
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
    """The four points of compliance, and why to go on although there are warnings."""

    restriction: bool
    related: bool
    registered: bool
    budget: bool
    aware: Text = ""


class SignForm(msgspec.Struct):
    """Why to pay although there are warnings."""

    aware: Text = ""


class ExplainForm(msgspec.Struct):
    """Which warning is a false alarm, and why; `warning` is its code and person, as `donor_role:7`."""

    warning: Annotated[str, said(mark("请选择一项"), pattern=r"^[a-z_]{1,20}:[0-9]{1,16}$")]
    explanation: Text


class ReasonForm(msgspec.Struct):
    """Why not."""

    reason: Text


class NameForm(msgspec.Struct):
    """Why a name is not published."""

    name_reason: Text


class CodeForm(msgspec.Struct):
    """The code of the acknowledgement alone."""

    code: Number


class PackForm(msgspec.Struct):
    """Of one gift or of all; why, for whoever asks on duty."""

    whole: bool = False
    pack_reason: Text = ""


class FiscalForm(msgspec.Struct):
    """What is printed on a fiscal receipt."""

    code: Number
    number: Number
    check_code: Number
    issued_on: Annotated[date, said(mark("日期写成 2026-12-31 这样"))]

    def numbers(self) -> Numbers:
        """What is meant."""
        return Numbers(self.code, self.number, self.check_code, self.issued_on)


class FiscalWishForm(msgspec.Struct):
    """Made out to whom; a private person has no tax number."""

    fiscal_title: Title
    tax_no: Annotated[str, said(mark("税号最多 20 位"), max_length=20)] = ""


class CodeFiscalForm(FiscalWishForm, kw_only=True):
    """The same by whoever has the acknowledgement."""

    code: Number


class ListForm(msgspec.Struct):
    """A list as CSV or XLSX."""

    list: Upload


class FormatForm(msgspec.Struct):
    """As which kind of file."""

    format: Annotated[str, said(mark("请选择一项"), pattern="^(csv|xlsx)$")]


class PaymentForm(msgspec.Struct):
    """The number of the bank's payment order."""

    payment_no: Number


class VoucherForm(msgspec.Struct):
    """The invoice's number, and what became of the money in public words."""

    voucher_no: Number
    result: Text
    file: Upload


class PaybackForm(msgspec.Struct):
    """What a payee has sent back, with the bank's slip; `amount` in yuan as typed."""

    amount: str
    slip_no: Number
    payback_reason: Text
    slip: Upload

    def amount_fen(self) -> int:
        """Raises FormRefused."""
        try:
            return money.parse_yuan(self.amount)
        except ValueError:
            raise FormRefused({"amount": AmountMalformed()}) from None


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


Passage = Annotated[str, said(mark("最多 500 个字"), max_length=500)]


class AgreementForm(msgspec.Struct):
    """What is to be agreed when a fund is founded."""

    founder_kind: Annotated[str, said(mark("请选择一项"), pattern=f"^({'|'.join(agreements.FOUNDERS)})$")]
    founder: Title
    purpose: Annotated[str, said(mark("最多 300 个字"), max_length=300)]
    uses: Passage
    rights: Passage
    ending: Passage
    fee_percent: Annotated[int, said(mark("只写整数，例如 5"), ge=0, le=100)]
    from_on: Annotated[date, said(mark("日期写成 2026-12-31 这样"))]
    until_on: Annotated[date, said(mark("日期写成 2026-12-31 这样"))] | None = None

    def terms(self) -> Terms:
        """The terms that are meant."""
        return Terms(**msgspec.structs.asdict(self))


class SigningForm(msgspec.Struct):
    """The signed paper, and the day on which both sides signed it."""

    signed_on: Annotated[date, said(mark("日期写成 2026-12-31 这样"))]
    file: Upload


class PurposeForm(msgspec.Struct):
    """What gifts can be bound to."""

    title: Annotated[str, said(mark("用途最多 20 个字"), max_length=20)]


class SeatEndForm(msgspec.Struct):
    """Which member leaves the committee, and why."""

    seat_id: Id
    seat_reason: Text


class MemberForm(msgspec.Struct):
    """Who gets a seat on the committee."""

    phone: Annotated[str, PHONE]
    name: Annotated[str, said(mark("姓名最多 40 个字"), max_length=40)]
