"""Where organizations are paid, for programs."""

from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.organizations import rules
from core.organizations.rules.payees import ACCOUNT_MOST, BANK_MOST, CONFIRMED, BankAccount
from core.organizations.services.payees import decide_payee, propose_payee
from core.people.rules import REPRESENT
from web.access import SIGNED_IN
from web.forms import clean
from web.organizations.pages.payees import visible_payees
from web.parameters import RowId
from web.visit import current_actor

_ALL = "/organizations/{organization_id:int}/payee"


class PayeeOut(msgspec.Struct):
    """An account; of its number the last four digits."""

    id: int
    state: str
    bank: str
    holder: str
    masked: str


class PayeeIn(msgspec.Struct):
    """A bank account; `holder` is the registered name."""

    bank: Annotated[str, msgspec.Meta(max_length=BANK_MOST)]
    holder: Annotated[str, msgspec.Meta(max_length=rules.NAME_MOST)]
    account: Annotated[str, msgspec.Meta(max_length=ACCOUNT_MOST)]


class PayeeDecisionIn(msgspec.Struct):
    """Confirmed or not, and why not."""

    outcome: Literal["confirmed", "rejected"]
    reason: Annotated[str, msgspec.Meta(max_length=rules.REASON_MOST)] = ""


class Proposed(msgspec.Struct):
    """The account that waits for a second person."""

    payee_id: int


@get(_ALL, summary="拨款账户", tags=["organizations"], access=SIGNED_IN)
async def list_payees(organization_id: RowId) -> list[PayeeOut]:
    """The newest twenty, for who holds a role there and for the region's staff."""
    found = await visible_payees(organization_id)
    return [PayeeOut(one.id, one.state, one.bank, one.holder, one.masked) for one in found]


@post(_ALL, summary="填写拨款账户", tags=["organizations"], access=REPRESENT)
async def propose(organization_id: RowId, data: JSONBody[PayeeIn]) -> Proposed:
    """Write down where one's organization is to be paid. Repeating it returns the same one."""
    said = BankAccount(clean(data.bank), clean(data.holder), clean(data.account))
    return Proposed(await propose_payee(organization_id, said, actor=current_actor()))


@post(
    f"{_ALL}/{{payee_id:int}}/decision",
    summary="确认拨款账户",
    tags=["organizations"],
    access=SIGNED_IN,
    status_code=204,
)
async def decide(organization_id: RowId, payee_id: RowId, data: JSONBody[PayeeDecisionIn]) -> None:
    """Confirm or reject it, as another person than who wrote it down."""
    await decide_payee(
        payee_id,
        is_confirmed=data.outcome == CONFIRMED,
        reason=clean(data.reason),
        organization_id=organization_id,
        actor=current_actor(),
    )


HANDLERS = [list_payees, propose, decide]
