"""Where an organization is paid: an account of its own name, set by two persons. Pure."""

import re
import unicodedata
from dataclasses import dataclass

from core.language import mark
from core.organizations.errors import ReasonMissing
from core.organizations.errors.payees import AccountMalformed, BankMissing, HolderDiffers, OwnProposal
from core.organizations.rules import REASON_MOST
from core.people.rules import REPRESENT
from core.workflow import State, Transition, Workflow

PAYEE = "organization_payee"
PROPOSED, CONFIRMED, REJECTED, REPLACED = "proposed", "confirmed", "rejected", "replaced"
BANK_MOST, ACCOUNT_MOST = 60, 60
_ACCOUNT = re.compile(r"[0-9]{8,32}")

PAYEES = Workflow(
    code=PAYEE,
    title=mark("拨款账户"),
    table="organization_payee",
    states=(
        State(code=PROPOSED, title=mark("待第二人确认")),
        State(code=CONFIRMED, title=mark("使用中")),
        State(code=REJECTED, title=mark("未通过")),
        State(code=REPLACED, title=mark("已更换")),
    ),
    transitions=(
        Transition(
            code="organization_payee.confirmed",
            title=mark("确认"),
            sources=(PROPOSED,),
            target=CONFIRMED,
            by=REPRESENT,
        ),
        Transition(
            code="organization_payee.rejected",
            title=mark("不确认"),
            sources=(PROPOSED,),
            target=REJECTED,
            by=REPRESENT,
        ),
        Transition(
            code="organization_payee.replaced",
            title=mark("更换"),
            sources=(CONFIRMED,),
            target=REPLACED,
            by=REPRESENT,
        ),
    ),
)


@dataclass(frozen=True)
class BankAccount:
    """An account at a bank, as somebody writes it down."""

    bank: str
    holder: str
    number: str

    def checked(self, registered_name: str) -> "BankAccount":
        """The same, tidied; raises BankMissing, HolderDiffers or AccountMalformed."""
        bank = " ".join(self.bank.split())
        if not 2 <= len(bank) <= BANK_MOST:
            raise BankMissing
        if _same(self.holder) != _same(registered_name):
            raise HolderDiffers(name=registered_name)
        number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", self.number))
        if not _ACCOUNT.fullmatch(number):
            raise AccountMalformed
        return BankAccount(bank, registered_name, number)


def _same(name: str) -> str:
    """Full-width letters and brackets are the same, and blanks mean nothing."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def mask(last4: str) -> str:
    """As it is shown."""
    return f"****{last4}"


def check_decision(proposed_by: int, decider_id: int, *, is_confirmed: bool, reason: str) -> None:
    """Raise OwnProposal, or ReasonMissing: only who confirms need not say why."""
    if proposed_by == decider_id:
        raise OwnProposal
    if len(reason) > REASON_MOST or (not is_confirmed and not reason):
        raise ReasonMissing
