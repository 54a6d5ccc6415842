"""A pledge that belongs to an agreement: its gifts fulfil both."""

import asyncpg

from core import clock
from core.audit.services import record_audit
from core.database import unit_of_work
from core.funds.rules import states as fund_states
from core.people.rules import Actor
from core.reference import Ref
from plugins.foundation.errors.agreements import GiftOfOther, PledgeBound, PledgeOfOther
from plugins.foundation.queries import agreements as queries
from plugins.foundation.queries import pledges
from plugins.foundation.queries.agreements import AgreementView
from plugins.foundation.queries.pledges import PledgeView
from plugins.foundation.rules import agreements as rules
from plugins.foundation.rules.agreements import AGREEMENT, AGREEMENTS
from plugins.foundation.rules.pledges import WITHDRAWN
from plugins.foundation.services.agreements import found_for, fulfil_if_come
from plugins.foundation.tables.agreements import AgreementPledge


async def bind_pledge(agreement_id: int, pledge_id: int, *, actor: Actor) -> None:
    """The instalments of the pledge are what was agreed. A second time changes nothing.

    Raises AgreementNotFound, PermissionMissing, PledgeNotFound, PledgeOfOther, PledgeBound, GiftOfOther or
    WrongState.
    """
    try:
        async with unit_of_work():
            await found_for(agreement_id, actor, fund_states.RECORD)
            # Locked in the order in which a gift that keeps a pledge does it.
            pledge = await pledges.pledge(pledge_id, lock=True)
            gift_ids = await pledges.locked_gifts(pledge_id)
            found = await queries.agreement(agreement_id, lock=True)
            if pledge_id in await queries.pledges_of(agreement_id):
                return
            _check(found, pledge)
            if await queries.agreements_of_gifts(gift_ids) - {agreement_id}:
                raise GiftOfOther
            by = actor.person_id
            bound = AgreementPledge(
                agreement=agreement_id, pledge=pledge_id, linked_by=by, linked_at=clock.now()
            )
            await bound.save()
            ref = Ref(AGREEMENT, agreement_id)
            record_audit("foundation.agreement_bound", ref, actor_id=by, pledge_id=pledge_id)
            await fulfil_if_come(agreement_id, actor_id=by)
    except asyncpg.UniqueViolationError:
        raise PledgeBound from None


def _check(found: AgreementView, pledge: PledgeView) -> None:
    if found.state not in (rules.DRAFT, rules.SIGNED):
        AGREEMENTS.check("foundation.agreement_fulfilled", found, clock.now())
    is_same_donor = (
        pledge.donor_id == found.donor_id
        if pledge.donor_id or found.donor_id
        else pledge.donor_name == found.donor_name
    )
    is_same = is_same_donor and pledge.fund_id == found.fund_id
    if not is_same or found.kind != rules.MONEY or pledge.state == WITHDRAWN:
        raise PledgeOfOther
