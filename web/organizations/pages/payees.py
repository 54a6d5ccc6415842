"""Where an organization is paid: written down by one person, confirmed by another one."""

from typing import Any

from litestar import Request, get, post

from core.organizations import queries
from core.organizations.errors import OrganizationNotFound
from core.organizations.queries import payees, records
from core.organizations.queries.payees import Payee
from core.organizations.rules.payees import CONFIRMED, PAYEES, PROPOSED
from core.organizations.services.payees import decide_payee, propose_payee
from core.people.rules import REPRESENT
from core.reference import Ref
from web.access import SIGNED_IN
from web.forms import Answer, Form, see_other, submit
from web.organizations.forms import PayeeDecisionForm, PayeeForm
from web.parameters import RowId
from web.templates import page
from web.visit import current_actor

_ALL = "/organizations/{organization_id:int}/payee"


async def visible_payees(organization_id: int) -> list[Payee]:
    """For who holds a role there and for the region's staff; raises OrganizationNotFound."""
    await queries.visible_file(organization_id, current_actor())
    if not await records.is_concerned(organization_id, current_actor()):
        raise OrganizationNotFound
    return await payees.payees(organization_id)


@get(_ALL, include_in_schema=False, access=SIGNED_IN)
async def show_payee(organization_id: RowId) -> Answer:
    """The account, masked, those before it, and the forms."""
    return await _payee_page(organization_id, {})


async def _payee_page(organization_id: int, forms: dict[str, Form], status: int = 200) -> Answer:
    actor, found = current_actor(), await visible_payees(organization_id)
    file = await queries.file(organization_id)
    is_own = actor.may(REPRESENT, Ref(queries.OWNER, file.id))
    waiting = next((one for one in found if one.state == PROPOSED), None)
    may_decide = waiting is not None and waiting.proposed_by != actor.person_id
    return page(
        "web/organization_payee.html",
        status=status,
        file=file,
        current=next((one for one in found if one.state == CONFIRMED), None),
        waiting=waiting,
        found=found,
        flow=PAYEES,
        may_propose=is_own and waiting is None,
        may_decide=may_decide and (is_own or await queries.may_review(actor, file.region_id)),
        form_of=lambda name: forms.get(name) or Form(),
    )


@post(_ALL, include_in_schema=False, access=REPRESENT, status_code=303)
async def propose(request: Request[Any, Any, Any], organization_id: RowId) -> Answer:
    """Write an account down."""

    async def act(form: PayeeForm) -> Answer:
        await propose_payee(organization_id, form.bank_account(), actor=current_actor())
        return see_other(f"/organizations/{organization_id}/payee")

    async def again(form: Form, status: int) -> Answer:
        return await _payee_page(organization_id, {"propose": form}, status)

    return await submit(request, PayeeForm, act, again)


@post(f"{_ALL}/{{payee_id:int}}/decision", include_in_schema=False, access=SIGNED_IN, status_code=303)
async def decide(request: Request[Any, Any, Any], organization_id: RowId, payee_id: RowId) -> Answer:
    """Confirm or reject it."""

    async def act(form: PayeeDecisionForm) -> Answer:
        await decide_payee(
            payee_id,
            is_confirmed=form.outcome == CONFIRMED,
            reason=form.reason,
            organization_id=organization_id,
            actor=current_actor(),
        )
        return see_other(f"/organizations/{organization_id}/payee")

    async def again(form: Form, status: int) -> Answer:
        return await _payee_page(organization_id, {"decide": form}, status)

    return await submit(request, PayeeDecisionForm, act, again)


HANDLERS = [show_payee, propose, decide]
