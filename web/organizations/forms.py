"""What people may send about an organization that is registered."""

from datetime import date
from typing import Annotated

import msgspec

from core.files.rules import Upload
from core.language import mark
from core.organizations import rules
from core.organizations.rules import payees
from core.organizations.rules import records as record_rules
from core.organizations.rules import restrictions as restriction_rules
from core.organizations.rules.imports import ROWS_MOST
from core.organizations.rules.payees import BankAccount
from core.organizations.rules.records import Finding
from web.forms import said, tidy_line

_DAY = mark("日期写成 2026-12-31 这样")
Reason = Annotated[str, said(mark("请写明原因，最多 200 个字"), max_length=rules.REASON_MOST)]


class ExportForm(msgspec.Struct):
    """The format, and what the list is narrowed down to."""

    format: str = ""
    words: Annotated[str, said(mark("最多 40 个字，请写短一些"), max_length=40)] = ""
    kind: Annotated[str, said(mark("请选择组织类型"), max_length=20)] = ""
    region_id: Annotated[int, said(mark("请选择所在地区"), ge=1, le=2**53 - 1)] | None = None


class FormatForm(msgspec.Struct):
    """The format of a file."""

    format: str = ""


class ListForm(msgspec.Struct):
    """A list of organizations."""

    file: Upload


class ConfirmForm(msgspec.Struct):
    """How many rows one has seen to be good."""

    good: Annotated[int, said(mark("没有可以导入的行"), ge=1, le=ROWS_MOST)]


class FindingForm(msgspec.Struct):
    """A finding; which fields it has, its kind says."""

    value: Annotated[str, said(mark("请选择一项结果"), max_length=12)]
    given_by: Annotated[
        str, said(mark("请填写作出认定的机关，2 到 60 个字"), max_length=record_rules.GIVEN_BY_MOST)
    ]
    valid_from: Annotated[date, said(_DAY)]
    reason: Reason
    valid_until: Annotated[date | None, said(_DAY)] = None
    year: Annotated[int, said(mark("请填写检查的年度，例如 2025"), ge=1900, le=2999)] | None = None
    number: Annotated[
        str, said(mark("请填写证书编号，最多 40 个字"), max_length=record_rules.NUMBER_MOST)
    ] = ""
    file: Upload | None = None

    def finding(self, kind: str) -> Finding:
        """As core understands it."""
        return Finding(
            kind=kind,
            value=self.value,
            given_by=self.given_by,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            year=self.year,
            number=self.number,
            reason=self.reason,
        )


class RestrictionForm(msgspec.Struct):
    """How hard, why, until when."""

    grade: Annotated[str, said(mark("请选择一种限制"), max_length=10)]
    reason: Reason
    until_on: Annotated[date, said(_DAY)]


class AppealForm(msgspec.Struct):
    """Why it is wrong."""

    appeal: Annotated[
        str, said(mark("请写明申诉理由，最多 500 个字"), max_length=restriction_rules.APPEAL_MOST)
    ]


class DecisionForm(msgspec.Struct):
    """What becomes of a restriction, and why."""

    outcome: Annotated[str, said(mark("请选择一项结果"), pattern="^(upheld|lifted)$")]
    answer: Reason


class PayeeForm(msgspec.Struct):
    """A bank account."""

    bank: Annotated[str, said(mark("请填写开户银行，2 到 60 个字"), max_length=payees.BANK_MOST)]
    holder: Annotated[str, said(mark("户名最多 60 个字"), max_length=rules.NAME_MOST)]
    account: Annotated[
        str, said(mark("账号是 8 到 32 位数字"), tidy=tidy_line, max_length=payees.ACCOUNT_MOST)
    ]

    def bank_account(self) -> BankAccount:
        """As core understands it."""
        return BankAccount(self.bank, self.holder, self.account)


class PayeeDecisionForm(msgspec.Struct):
    """Confirmed or not, and why not."""

    outcome: Annotated[str, said(mark("请选择一项结果"), pattern="^(confirmed|rejected)$")]
    reason: Annotated[str, said(mark("请写明原因，最多 200 个字"), max_length=rules.REASON_MOST)] = ""
