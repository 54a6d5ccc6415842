"""The agreement by which a fund is founded: between its foundation and whoever founds it. Pure.

Practice asks for it in writing, about purpose, use, rights, the end and what is then left:
上海市基金会专项基金管理办法 arts 4–6.
"""

from dataclasses import dataclass
from datetime import date

from core.funds.errors import AgreementEndsEarly, FeeTooHigh, OwnAgreement, SignedTooEarly
from core.funds.rules import states
from core.language import mark
from core.manifest import Parameter
from core.workflow import State, Transition, Workflow

FEE_MOST = "core.fund_fee_percent_most"
PARAMETERS = (
    Parameter(
        code=FEE_MOST,
        title=mark("基金设立协议里的管理费最多百分之几"),
        default=10,
        minimum=0,
        maximum=100,
    ),
)
DRAFTED, SIGNED, DROPPED = "drafted", "signed", "dropped"
ORGANIZATION, COMMUNITY, PERSON = "organization", "community", "person"
FOUNDERS = {
    COMMUNITY: mark("居民自治组织"),
    ORGANIZATION: mark("单位"),
    PERSON: mark("个人"),
}
AGREEMENTS = Workflow(
    code="fund_agreement",
    title=mark("基金设立协议"),
    table="fund_agreement",
    states=(
        State(code=DRAFTED, title=mark("草拟中")),
        State(code=SIGNED, title=mark("已签订")),
        State(code=DROPPED, title=mark("已作废")),
    ),
    transitions=(
        Transition(
            code="fund_agreement.signed",
            title=mark("核对签订"),
            sources=(DRAFTED,),
            target=SIGNED,
            by=states.CHECK,
        ),
        Transition(
            code="fund_agreement.dropped",
            title=mark("作废"),
            sources=(DRAFTED,),
            target=DROPPED,
            by=states.RUN,
        ),
    ),
)
AGREEMENT = AGREEMENTS.code


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is agreed. `uses`: how money is used; `rights`: of the founder; `ending`: when, and the leftovers.

    `until_on` None: without a last day. `fee_percent` of each gift is the foundation's for its work.
    """

    founder_kind: str
    founder: str
    purpose: str
    uses: str
    rights: str
    ending: str
    fee_percent: int
    from_on: date
    until_on: date | None = None


def check_terms(terms: Terms, fee_most: int) -> None:
    """Raise FeeTooHigh or AgreementEndsEarly."""
    if not 0 <= terms.fee_percent <= fee_most:
        raise FeeTooHigh(most=fee_most)
    if terms.until_on is not None and terms.until_on <= terms.from_on:
        raise AgreementEndsEarly


def check_signing(person_id: int, drafted_by: int, signed_on: date, today: date) -> None:
    """Raise OwnAgreement or SignedTooEarly."""
    if person_id == drafted_by:
        raise OwnAgreement
    if signed_on > today:
        raise SignedTooEarly
