"""A provider's payouts and the bank's lines with which they arrive. The books moved when they left."""

from core.audit.services import advance_many
from core.database import current_unit, fetch, unit_of_work
from core.payments import queries
from core.payments.errors.bank import BankLineDecided, PayoutDiffers
from core.payments.rules import payouts as rules
from core.payments.rules.bank_lines import ARRIVED, LINES, WAITING
from core.payments.services.bank import decide_lines, drop_kept, own_line
from core.people.rules import Actor


async def match_arrivals(organization_id: int) -> int:
    """Take every payout off the way whose line of the bank is beyond doubt, in the caller's unit of work.

    What only may be one keeps waiting, and says so. Returns how many have arrived.
    """
    payouts = await queries.open_payouts(organization_id, lock=True)
    sums = sorted({one.amount_fen for one in payouts})
    lines = await queries.arrivals(organization_id, sums, lock=True) if sums else []
    if not lines:
        return 0
    found = rules.match_payouts(lines, payouts)
    await fetch("update payment_bank_line set reason = 'payout' where id = any($1)", found.perhaps)
    await current_unit().connection.execute(
        "update payment_settlement_line l set bank_line = n.line"
        " from unnest($1::bigint[], $2::bigint[]) as n (line, payout) where l.id = n.payout",
        list(found.sure),
        list(found.sure.values()),
    )
    await advance_many(LINES, "bank_line.arrived", list(found.sure), actor_id=None, reason="")
    return len(found.sure)


async def take_as_payout(line_id: int, payout_id: int, *, actor: Actor) -> None:
    """The line is this payout's arrival. Repeating it changes nothing.

    Needs `core.payments.confirm` at the payee. Raises BankLineNotFound, BankLineDecided, PayoutDiffers.
    """
    async with unit_of_work() as unit:
        line = await own_line(line_id, actor)
        if line.state == ARRIVED and await queries.payout_of(line_id) == payout_id:
            return
        if line.state != WAITING:
            raise BankLineDecided
        if payout_id not in [one.id for one in await queries.payouts_like(line_id)]:
            raise PayoutDiffers
        taken = await unit.connection.fetchval(
            "update payment_settlement_line set bank_line = $2 where id = $1 and bank_line is null"
            " returning true",
            payout_id,
            line_id,
        )
        if not taken:  # another line took it just now
            raise PayoutDiffers
        await drop_kept(line)
        await decide_lines("bank_line.arrived", [line_id], actor.person_id, reason="")
