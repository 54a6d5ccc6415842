"""What core does when something has happened: the hooks that it is told by.

`core/plugin.py` takes each in by its name.
"""

from core.dossiers.services import forget_packs
from core.funds import rules as funds
from core.funds.rules import leaving
from core.funds.services import settle_leftover, settle_vote
from core.funds.services.gifts import forget_donor
from core.funds.services.wishes import forget_wishes
from core.notifications.services import funds as fund_notices
from core.notifications.services import organizations as organization_notices
from core.notifications.services.approvals import tell_maker, tell_voters
from core.notifications.services.payments import tell_of_dispute, tell_returned
from core.notifications.services.volunteers import tell_revoked, tell_star
from core.payments import rules
from core.payments import services as paying
from core.people import rules as people
from core.people import services as people_services
from core.plugins import hookimpl
from core.privacy import queries as deletions


@hookimpl
async def check_person_deletion(person_id: int) -> None:
    await deletions.check_nothing_left(person_id)


@hookimpl
async def person_deleted(person_id: int) -> None:
    await forget_donor(person_id)
    await forget_wishes(person_id)
    await forget_packs(person_id)


@hookimpl
async def approval_opened(approval_id: int) -> None:
    await tell_voters(approval_id)


_VOTED_ON = {
    people.PROPOSAL: people_services.settle_proposal,
    funds.REQUEST: settle_vote,
    leaving.LEFTOVER: settle_leftover,
    rules.REFUNDS.code: paying.settle_refund_vote,
    rules.LINES.code: paying.settle_line_vote,
    rules.TAKINGS.code: paying.settle_taking_vote,
    rules.MERCHANT_CHANGES.code: paying.settle_change_vote,
}


@hookimpl
async def approval_decided(approval_id: int, subject_kind: str, subject_id: int, outcome: str) -> None:
    if settle := _VOTED_ON.get(subject_kind):
        await settle(subject_id, outcome)
    await tell_maker(approval_id, outcome)


@hookimpl
async def organization_reviewed(organization_id: int, outcome: str) -> None:
    await organization_notices.tell_registrant(organization_id, outcome)


@hookimpl
async def organization_restriction_moved(organization_id: int, state: str) -> None:
    await organization_notices.tell_managers(organization_id, state)


@hookimpl
async def fund_request_moved(request_id: int, state: str) -> None:
    await fund_notices.tell_of_request(request_id, state)


@hookimpl
async def fund_change_moved(change_id: int, state: str) -> None:
    await fund_notices.tell_donors_of_change(change_id, state)


@hookimpl
async def fund_gifts_counted(gift_ids: list[int]) -> None:
    await fund_notices.tell_donors_of_gifts(gift_ids)


@hookimpl
async def fund_gift_refunded(gift_id: int) -> None:
    await fund_notices.tell_donor_of_refund(gift_id)


@hookimpl
async def service_confirmed(person_id: int, minutes: int) -> None:
    await tell_star(person_id, minutes)


@hookimpl
async def service_revoked(service_id: int) -> None:
    await tell_revoked(service_id)


@hookimpl
async def money_returned(order_id: int, amount_fen: int, outcome: str) -> None:
    await tell_returned(order_id, amount_fen=amount_fen, outcome=outcome)


@hookimpl
async def dispute_moved(dispute_id: int, state: str) -> None:
    await tell_of_dispute(dispute_id, state)
