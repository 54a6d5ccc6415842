"""What an organization's registration must say, and what becomes of it. Pure."""

from dataclasses import dataclass

from stdnum.cn import uscc as codes
from stdnum.exceptions import ValidationError

from core.errors import Message
from core.language import mark
from core.organizations.errors import (
    CodeMalformed,
    CodeMissing,
    CodeOfAnotherKind,
    NameMissing,
    OwnRegistration,
    ReasonMissing,
    TooManyUnderReview,
)
from core.workflow import CONCERNED, State, Transition, Workflow

REVIEW = "core.organizations.review"
STAFF = "core.region_staff"
PENDING, APPROVED, RETURNED, REFUSED = "pending", "approved", "returned", "refused"
NAME_MOST, REASON_MOST, UNDER_REVIEW_MOST = 60, 200, 5


@dataclass(frozen=True)
class Kind:
    """A kind of organization: the first two characters of its code (GB 32100).

    `old_title`: what lists from before 2016 call it.
    """

    title: str
    prefixes: tuple[str, ...]
    needs_code: bool = True
    old_title: str = ""


KINDS = {
    "association": Kind(mark("社会团体"), ("51",)),
    "service_agency": Kind(mark("社会服务机构"), ("52",), old_title="民办非企业单位"),
    "social_organization": Kind(mark("其他社会组织"), ("59",)),
    "foundation": Kind(mark("基金会"), ("53",)),
    "community_group": Kind(mark("社区社会组织"), ("51", "52"), needs_code=False),
    "committee": Kind(mark("村(居)委会或自治委员会"), ("54",), needs_code=False),
    "street_office": Kind(mark("机关或事业单位"), ("11", "12")),
    "company": Kind(mark("企业"), ("91", "92", "93")),
}

ORGANIZATIONS = Workflow(
    code="organization",
    title=mark("组织登记"),
    table="organization",
    states=(
        State(code=PENDING, title=mark("待审核")),
        State(code=APPROVED, title=mark("已登记")),
        State(code=RETURNED, title=mark("退回修改")),
        State(code=REFUSED, title=mark("未通过")),
    ),
    transitions=(
        Transition(
            code="organization.approved",
            title=mark("审核通过"),
            sources=(PENDING,),
            target=APPROVED,
            by=REVIEW,
        ),
        Transition(
            code="organization.returned",
            title=mark("退回修改"),
            sources=(PENDING,),
            target=RETURNED,
            by=REVIEW,
        ),
        Transition(
            code="organization.refused",
            title=mark("不予登记"),
            sources=(PENDING,),
            target=REFUSED,
            by=REVIEW,
        ),
        Transition(
            code="organization.corrected",
            title=mark("改好再交"),
            sources=(RETURNED,),
            target=PENDING,
            by=CONCERNED,
        ),
    ),
)


@dataclass(frozen=True)
class Registration:
    """What somebody says of an organization."""

    name: str
    kind: str
    region_id: int
    uscc: str | None

    def checked(self) -> "Registration":
        """The same, tidied; raises NameMissing, CodeMissing, CodeMalformed or CodeOfAnotherKind."""
        name = " ".join(self.name.split())
        if not 2 <= len(name) <= NAME_MOST or not name.isprintable():
            raise NameMissing
        return Registration(name, self.kind, self.region_id, check_code(self.uscc, self.kind))


def check_code(code: str | None, kind: str) -> str | None:
    """The code as it is written, None where there is none and need not be any."""
    known = KINDS[kind]
    if not code:
        if known.needs_code:
            raise CodeMissing
        return None
    try:
        tidy: str = codes.validate(code)
    except ValidationError:
        raise CodeMalformed from None
    if not tidy.startswith(known.prefixes):
        raise CodeOfAnotherKind(kind=Message(known.title), prefixes="、".join(known.prefixes))
    return tidy


def check_under_review(count: int) -> None:
    """Raise TooManyUnderReview."""
    if count >= UNDER_REVIEW_MOST:
        raise TooManyUnderReview(most=UNDER_REVIEW_MOST)


def check_review(outcome: str, reason: str, *, registrant_id: int | None, reviewer_id: int) -> None:
    """Raise OwnRegistration, or ReasonMissing: only who approves need not say why."""
    if registrant_id == reviewer_id:
        raise OwnRegistration
    if len(reason) > REASON_MOST or (outcome != APPROVED and not reason):
        raise ReasonMissing
