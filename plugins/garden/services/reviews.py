"""A lease's money has gone back: the committee sees it, and decides about the plot."""

from typing import Any

from core import clock
from core.audit.services import advance, record_audit
from core.database import fetch, unit_of_work
from core.language import mark
from core.money import format_yuan
from core.notifications.services import notify
from core.payments import queries as orders
from core.people import queries as people
from core.people.rules import REPRESENT, Actor
from core.reference import Ref
from plugins.garden import rules
from plugins.garden.errors import LeaseNotFound, OwnLease, ReviewClosed
from plugins.garden.queries import reviews
from plugins.garden.rules import LEASES


async def look_at_money(lease_id: int, *, why: str) -> None:
    """Money of the lease's order has moved: open a review, or close one that has become needless.

    In the unit of work of the event's receipt; may run again.
    """
    found = await reviews.review(lease_id, lock=True)
    if found.order_id is None:
        return
    returned_fen = (await orders.returned([found.order_id]))[found.order_id]
    review = rules.next_review(
        found.state, found.review, returned_fen=returned_fen, decided_fen=found.returned_fen
    )
    if (review, returned_fen) == (found.review, found.returned_fen):
        return
    await fetch(
        "update garden_lease set review = $2, returned_fen = $3, review_why = $4 where id = $1",
        lease_id,
        review,
        returned_fen,
        why if review == rules.OPEN_REVIEW else found.review_why,
    )
    if review == rules.OPEN_REVIEW:
        await _tell_committee(found, returned_fen)


async def _tell_committee(found: reviews.Review, returned_fen: int) -> None:
    committee = Ref("organization", found.organization_id)
    for person_id in await people.holders(REPRESENT, committee):
        notify(
            person_id,
            title=mark("菜园地块的钱退回去了"),
            body=mark("%(garden)s %(plot)s 号的 %(sum)s 元退了回去，地块还在认领，请决定怎么办。"),
            path=f"/garden/leases/{found.id}/review",
            garden=found.garden,
            plot=found.number,
            sum=format_yuan(returned_fen),
        )


async def look_at_dispute(dispute_id: int, state: str) -> None:
    """A dispute has ended: if the bank has kept the money, it is as if it had been sent back."""
    if state not in ("won", "lost"):
        return
    order = await orders.order((await orders.dispute(dispute_id)).order_id)
    if order.cause.kind == LEASES.code:
        await look_at_money(order.cause.id, why="dispute")


async def decide_review(lease_id: int, *, ends: bool, note: str, actor: Actor) -> None:
    """The plot stays with the household, or is free again. The second click changes nothing.

    For those who represent the committee, and not about the own household. Raises LeaseNotFound, OwnLease,
    ReviewClosed, NoteMissing.
    """
    rules.check_note(note)
    outcome = rules.ENDED if ends else rules.KEPT
    async with unit_of_work():
        found = await reviews.review(lease_id, lock=True)
        committee = Ref("organization", found.organization_id)
        if not actor.may(REPRESENT, committee):
            raise LeaseNotFound
        if found.household_id == actor.household_id or found.person_id == actor.person_id:
            raise OwnLease
        if found.review == outcome:
            return
        if found.review != rules.OPEN_REVIEW:
            raise ReviewClosed
        columns: dict[str, Any] = {"review": outcome, "review_note": note, "decided_by": actor.person_id}
        if ends:
            columns |= {"decided_at": clock.now()}
            await advance(LEASES, "garden.lease_ended", lease_id, actor_id=actor.person_id, **columns)
        else:
            await fetch(
                "update garden_lease set review = $2, review_note = $3, decided_by = $4, decided_at = $5"
                " where id = $1",
                lease_id,
                *columns.values(),
                clock.now(),
            )
            record_audit("garden.lease_kept", Ref(LEASES.code, lease_id), actor_id=actor.person_id)
        _tell_holder(found, ends)


def _tell_holder(found: reviews.Review, ends: bool) -> None:
    body = (
        mark("%(garden)s的 %(plot)s 号地块的钱已经退回，管委会收回了地块。14 天内可以采收。")
        if ends
        else mark("%(garden)s的 %(plot)s 号地块的钱已经退回，管委会同意您继续种到期满。")
    )
    title = mark("地块已收回") if ends else mark("地块继续由您种")
    notify(
        found.person_id,
        title=title,
        body=body,
        path="/garden/mine",
        garden=found.garden,
        plot=found.number,
    )
