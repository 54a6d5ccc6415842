"""A payer chooses to transfer the money from a bank: where to, with which code, and how long we wait."""

from core import clock
from core.audit.services import record_audit
from core.database import current_unit, unit_of_work
from core.organizations.queries.payees import payee_of
from core.payments import queries, rules
from core.payments.errors import OrderNotFound
from core.payments.errors.bank import TransferNotOffered
from core.payments.rules import transfers
from core.people.rules import Actor
from core.reference import Ref


async def begin_transfer(order_id: int, *, actor: Actor | None) -> None:
    """Show the payer the payee's account; the order is not cancelled while the money may be on its way.

    `actor` as in `start_payment`. A second click changes nothing. Raises OrderNotFound for an order that is
    not the actor's, OrderPaidAlready, OrderHeld, OrderNotOpen, TransferNotOffered.
    """
    actor_id = actor.person_id if actor else None
    async with unit_of_work():
        order = await queries.order(order_id, lock=True)
        if actor is not None and not rules.is_own(order, actor):
            raise OrderNotFound
        now = clock.now()
        if order.state == rules.OPEN and await queries.is_awaited(order_id, now):
            return
        rules.check_payable(order, now)
        if not order.total_fen or await payee_of(order.payee_id) is None:
            raise TransferNotOffered
        wait_days = (await queries.terms(order.payee_id))[transfers.WAIT]
        await current_unit().connection.execute(
            'insert into payment_transfer ("order", asked_by, asked_at, held_until) values ($1, $2, $3, $4)'
            ' on conflict ("order") do update set asked_by = excluded.asked_by,'
            " asked_at = excluded.asked_at, held_until = excluded.held_until",
            order_id,
            actor_id,
            now,
            transfers.held_until(now, order.expires_at, wait_days),
        )
        record_audit("order.transfer_begun", Ref("order", order_id), actor_id=actor_id)


async def drop_transfer(order_id: int, *, actor: Actor | None) -> None:
    """The payer will not transfer it after all: nothing is waited for. Raises OrderNotFound."""
    actor_id = actor.person_id if actor else None
    async with unit_of_work() as unit:
        order = await queries.order(order_id, lock=True)
        if actor is not None and not rules.is_own(order, actor):
            raise OrderNotFound
        is_new = await unit.connection.fetchval(
            'update payment_transfer set held_until = $2 where "order" = $1 and held_until > $2'
            " returning true",
            order_id,
            clock.now(),
        )
        if is_new:
            record_audit("order.transfer_dropped", Ref("order", order_id), actor_id=actor_id)
