"""Agreements with donors (慈善法 39, 40): what they say, and who may be named to benefit. Pure."""

from dataclasses import dataclass
from datetime import date

from core.funds.errors import DonorNameMissing
from core.funds.rules import AMOUNT_MOST
from core.funds.rules import states as fund_states
from core.language import mark
from core.manifest import Parameter
from core.workflow import State, Transition, Workflow
from plugins.foundation.errors.agreements import (
    DeliveredInThePast,
    NothingCame,
    OwnAgreement,
    QuantityMissing,
    RelatedBeneficiary,
    RelatedUndeclared,
    SettledReasonMissing,
    SignedTooEarly,
    ValueOutOfRange,
)

AGREEMENT = "foundation.agreement"
MONEY, GOODS = "money", "goods"
KINDS = {MONEY: mark("资金"), GOODS: mark("物资")}
DRAFT, SIGNED, FULFILLED, ENDED = "draft", "signed", "fulfilled", "ended"
FROM_FEN = "foundation.agreement_from_fen"
PARAMETER = Parameter(
    code=FROM_FEN,
    title=mark("多大的捐赠要签书面协议 (样例)"),
    default=1_000_000,
    minimum=1,
    maximum=AMOUNT_MOST,
    unit=mark("分"),
)
AGREEMENTS = Workflow(
    code=AGREEMENT,
    title=mark("捐赠协议"),
    table="foundation_agreement",
    states=(
        State(code=DRAFT, title=mark("草稿")),
        State(code=SIGNED, title=mark("已签订")),
        State(code=FULFILLED, title=mark("已履行")),
        State(code=ENDED, title=mark("已终止")),
    ),
    transitions=(
        Transition(
            code="foundation.agreement_signed",
            title=mark("核对签订"),
            sources=(DRAFT,),
            target=SIGNED,
            by=fund_states.CHECK,
        ),
        Transition(
            code="foundation.agreement_fulfilled",
            title=mark("履行完毕"),
            sources=(SIGNED,),
            target=FULFILLED,
            by=fund_states.RECORD,
        ),
        Transition(
            code="foundation.agreement_settled",
            title=mark("没有到齐，说明理由后办结"),
            sources=(SIGNED,),
            target=FULFILLED,
            by=fund_states.RUN,
        ),
        Transition(
            code="foundation.agreement_ended",
            title=mark("终止"),
            sources=(DRAFT, SIGNED),
            target=ENDED,
            by=fund_states.RUN,
        ),
    ),
)


@dataclass(frozen=True, kw_only=True)
class AgreementDraft:
    """What article 39 asks for. `beneficiary_id`: an organization that the donor names to benefit."""

    donor_id: int | None
    donor_name: str
    kind: str
    what: str
    quantity: str
    quality: str
    value_fen: int
    uses: str
    deliver_by: date
    beneficiary_id: int | None
    is_unrelated: bool


def check_draft(draft: AgreementDraft, today: date) -> None:
    """Raise DonorNameMissing, ValueOutOfRange, QuantityMissing, DeliveredInThePast or RelatedUndeclared."""
    if not draft.donor_name:
        raise DonorNameMissing
    if not 0 < draft.value_fen <= AMOUNT_MOST:
        raise ValueOutOfRange
    if draft.kind == GOODS and not (draft.quantity and draft.quality):
        raise QuantityMissing
    if draft.deliver_by < today:
        raise DeliveredInThePast
    if draft.beneficiary_id is not None and not draft.is_unrelated:
        raise RelatedUndeclared


def check_related(is_related: bool) -> None:
    """Raise RelatedBeneficiary."""
    if is_related:
        raise RelatedBeneficiary


def check_settling(reason: str, kind: str, received_fen: int) -> None:
    """Raise SettledReasonMissing or NothingCame."""
    if not reason.strip():
        raise SettledReasonMissing
    if kind == MONEY and received_fen <= 0:
        raise NothingCame


def check_signing(person_id: int, drafted_by: int, signed_on: date, today: date) -> None:
    """Raise OwnAgreement or SignedTooEarly."""
    if person_id == drafted_by:
        raise OwnAgreement
    if signed_on > today:
        raise SignedTooEarly
