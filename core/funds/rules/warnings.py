"""Who is paid may be close to those who give, decide or pay (令81: related parties). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.funds.errors import AwareMissing, ConcernedYourself
from core.funds.rules import states
from core.language import mark, translate

WARNINGS = {
    "donor_role": mark("捐赠人在收款组织任职"),
    "donor_family": mark("捐赠人的家人在收款组织任职"),
    "donor_name": mark("有一位没有账号的捐赠人，和收款组织的任职人员同名"),
    "donor_self": mark("收款组织自己给%(keeper)s捐过款"),
    "committee_role": mark("管委会成员在收款组织任职"),
    "committee_family": mark("管委会成员的家人在收款组织任职"),
    "staff_role": mark("%(keeper)s的工作人员在收款组织任职"),
    "staff_family": mark("%(keeper)s工作人员的家人在收款组织任职"),
    "account": mark("收款账户的银行和尾号，和另一个组织的相同"),
}
# Who keeps the fund, by the kind of organization, as these sentences call it.
_KEEPERS = {"foundation": mark("基金会"), "committee": mark("社区组织")}
CHECK, SIGN = "check", "sign"
STEPS = {CHECK: mark("合规审核"), SIGN: mark("复核付款")}
# As long as the money is not out, the facts are asked anew whenever somebody looks.
GOES_ON = (states.VOTING, states.APPROVED, states.HELD, states.PREPARED)


def keeper_words(kind: str) -> str:
    """What the keeper of a fund is called within a sentence."""
    return translate(_KEEPERS[kind]).lower()


def warning_words(kind: str) -> dict[str, str]:
    """What each warning says about a fund that such an organization keeps."""
    return {code: translate(words, keeper=keeper_words(kind)) for code, words in WARNINGS.items()}


@dataclass(frozen=True, kw_only=True)
class PayeeWarning:
    """A fact about who is paid. `person_id` is whom it is about, who has given `amount_fen`.

    `explained`: why it is a false alarm, in public words; it stays on record.
    """

    code: str
    person_id: int | None
    name: str
    amount_fen: int
    found_at: datetime | None
    explained: str = ""

    @property
    def key(self) -> str:
        """What names it among those of its request."""
        return f"{self.code}:{self.person_id or 0}"


def check_aware(found: Iterable[PayeeWarning], person_id: int, reason: str) -> bool:
    """Is there something to be on record? Raises ConcernedYourself, AwareMissing."""
    open_ = [one for one in found if not one.explained]
    check_not_concerned(open_, person_id)
    if open_ and not reason.strip():
        raise AwareMissing
    return bool(open_)


def check_not_concerned(found: Iterable[PayeeWarning], person_id: int) -> None:
    """Raise ConcernedYourself."""
    if any(one.person_id == person_id for one in found):
        raise ConcernedYourself
