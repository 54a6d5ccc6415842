"""Who decides about a household, and what a request leads to. Pure."""

import secrets
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from core.households.errors import (
    GuardianTooYoung,
    HeadLeaves,
    HeadMustHandOver,
    HeadTooYoung,
    HouseholdFull,
    NotHead,
    NotMember,
    NotMinor,
    OtherHousehold,
    SameRegion,
)
from core.language import mark
from core.manifest import Parameter
from core.people.identity import is_minor
from core.workflow import CONCERNED, State, Transition, Workflow

JOIN, MOVE, MERGE, SPLIT = "join", "move", "merge", "split"
INVITATION_LIFE = timedelta(days=7)
# Without letters and digits that look alike.
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_CODE_LENGTH = 10

# What is known of an account with which nothing was done yet: names of parts of a copy of one's data.
OF_AN_ACCOUNT = frozenset(
    {
        "core.profile",
        "core.consents",
        "core.accesses",
        "core.sessions",
        "core.notices",
        "core.messages",
        "core.notice_choices",
        "core.actions",
        "core.household_requests",
    }
)

MEMBERS_MOST = Parameter(
    code="core.household.members_most",
    title=mark("一户最多几人"),
    unit=mark("人"),
    scopes=("platform",),
    default=15,
    minimum=1,
    maximum=50,
)
PARAMETERS = (MEMBERS_MOST,)

REQUESTS = Workflow(
    code="household_request",
    title=mark("家庭户的申请"),
    table="household_request",
    states=(
        State(code="waiting", title=mark("等答复")),
        State(code="agreed", title=mark("已同意")),
        State(code="refused", title=mark("未同意")),
        State(code="withdrawn", title=mark("已撤回")),
    ),
    transitions=(
        Transition(
            code="household_request.agreed",
            title=mark("同意家庭户的申请"),
            sources=("waiting",),
            target="agreed",
            by=CONCERNED,
        ),
        Transition(
            code="household_request.refused",
            title=mark("不同意家庭户的申请"),
            sources=("waiting",),
            target="refused",
            by=CONCERNED,
        ),
        Transition(
            code="household_request.withdrawn",
            title=mark("撤回家庭户的申请"),
            sources=("waiting",),
            target="withdrawn",
            by=CONCERNED,
        ),
    ),
)


def new_code() -> str:
    """What a head gives to somebody who is to join: 49 random bits, good for once."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))


def tidy_code(typed: str) -> str:
    """Blanks and dashes mean nothing, small letters are large ones."""
    return "".join(c for c in typed.upper() if c.isalnum())


def check_head(head_id: int | None, person_id: int) -> None:
    """Raise NotHead."""
    if head_id != person_id:
        raise NotHead


def check_head_age(is_grown_up: bool) -> None:
    """Raise HeadTooYoung."""
    if not is_grown_up:
        raise HeadTooYoung


def check_leaving(head_id: int | None, person_id: int, members: Collection[int]) -> None:
    """Raise HeadMustHandOver: only the last member leaves without a new head."""
    if head_id == person_id and len(members) > 1:
        raise HeadMustHandOver


def check_member(person_id: int, members: Collection[int]) -> None:
    """Raise NotMember."""
    if person_id not in members:
        raise NotMember


def check_room(members: int, most: int) -> None:
    """Raise HouseholdFull unless so many may live in one household."""
    if members > most:
        raise HouseholdFull(most=most)


def check_other(household_id: int, other_id: int) -> None:
    """Raise OtherHousehold."""
    if household_id == other_id:
        raise OtherHousehold


def check_move(region_id: int, here: int) -> None:
    """Raise SameRegion."""
    if region_id == here:
        raise SameRegion


def check_split(leaving: Sequence[int], new_head: int, head_id: int, members: Collection[int]) -> None:
    """Raise NotMember or HeadLeaves: some of the members go, with the new head among them."""
    if head_id in leaving:
        raise HeadLeaves
    for person_id in (new_head, *leaving):
        check_member(person_id, members)
    check_member(new_head, leaving)


def check_minor(born_on: date, today: date) -> None:
    """Raise NotMinor unless the birthday is that of somebody younger than 18."""
    if born_on > today or not is_minor(born_on, today):
        raise NotMinor


def check_grown_up(is_grown_up: bool) -> None:
    """Raise GuardianTooYoung: a minor is nobody's guardian."""
    if not is_grown_up:
        raise GuardianTooYoung
