"""Asking for refunds, and what became of them."""

from core.database import fetch
from core.payments import queries, services
from core.people.rules import Actor


async def ask(
    order_id: int, actor: Actor, amount_fen: int, attempt_id: int | None = None, **more: int
) -> int:
    """A refund asked for; its id."""
    return await services.ask_refund(
        order_id, amount_fen=amount_fen, reason="名字写错了", actor=actor, attempt_id=attempt_id, **more
    )


async def state(refund_id: int) -> tuple[str, str]:
    """Where it is, and what went wrong."""
    refund = await queries.refund(refund_id)
    return refund.state, refund.problem


async def told(person: Actor) -> list[str]:
    """What the person was told, in order."""
    rows = await fetch("select title from notification where person = $1 order by id", person.person_id)
    return [row["title"] for row in rows]
