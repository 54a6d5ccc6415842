"""Which accounts a payment moves. Pure, for a book-keeper to read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.language import mark
from core.ledger.rules import Draw, Entry, Receive, Transfer, opposite
from core.manifest import AccountKind, Reason
from core.payments.rules import CLEARING, OrderLine, Settled
from core.reference import Ref

CASH, ONLINE = "core.outside_cash", CLEARING
UNASSIGNED, REFUND_LOSS = "core.unassigned", "core.refund_loss"
ARRIVED_UNASSIGNED, REFUND = "core.payment_unassigned", "core.payment_refund"
DISPUTE = "core.payment_dispute"
BANK, COSTS = "core.outside_bank", "core.payment_costs"
EXCHANGE, DIFFERENCE = "core.exchange", "core.exchange_difference"
BANK_KEPT, BANK_RETURNED = "core.bank_kept", "core.bank_returned"
BANK_UNDONE = "core.bank_undone"
FEE, PAID_OUT, EXCHANGED = "core.payment_fee", "core.payment_paid_out", "core.payment_exchanged"
UNIT, FOREIGN = "CNY", "FX"
# The accounts that a line in a currency moves.
OF_UNIT = (ONLINE, BANK, COSTS, EXCHANGE, DIFFERENCE)
KINDS = (
    AccountKind(code=CASH, title=mark("柜台现金来源"), floor=None),
    AccountKind(code=ONLINE, title=mark("在线付款来源"), floor=None),
    AccountKind(code=UNASSIGNED, title=mark("待退的付款")),
    AccountKind(code=REFUND_LOSS, title=mark("退款垫付"), floor=None),
    AccountKind(code=BANK, title=mark("银行存款来源"), floor=None),
    AccountKind(code=COSTS, title=mark("收款手续费"), floor=None),
    AccountKind(code=EXCHANGE, title=mark("换汇"), floor=None),
    AccountKind(code=DIFFERENCE, title=mark("汇兑差额"), floor=None),
)
REASONS = (
    Reason(code=ARRIVED_UNASSIGNED, title=mark("在线付款，待退")),
    Reason(code=REFUND, title=mark("退款")),
    Reason(code=DISPUTE, title=mark("付款争议")),
    Reason(code=BANK_KEPT, title=mark("银行到账，待退")),
    Reason(code=BANK_RETURNED, title=mark("银行到账，已退回")),
    Reason(code=BANK_UNDONE, title=mark("更正记错的到账")),
    Reason(code=FEE, title=mark("收款手续费")),
    Reason(code=PAID_OUT, title=mark("提现到银行")),
    Reason(code=EXCHANGED, title=mark("换汇")),
    Reason(code=DIFFERENCE, title=mark("汇兑差额")),
)


@dataclass(frozen=True)
class Part:
    """What goes back of a line: `lots`, (account, amount) of `given`, and the rest out of `account_id`."""

    account_id: int
    amount_fen: int
    given: Ref | None = None
    lots: tuple[tuple[int, int], ...] = ()

    @property
    def rest_fen(self) -> int:
        """What is no part of a lot."""
        return self.amount_fen - sum(amount_fen for _, amount_fen in self.lots)


def receipt(
    order_id: int,
    lines: Sequence[OrderLine],
    *,
    key: str,
    source_account_id: int,
    occurred_at: datetime,
) -> list[Transfer]:
    """An order is paid: one transfer a line, from the world outside to the line's account."""
    return [
        Transfer(
            key=f"{key}:line:{number}",
            unit=UNIT,
            reason=line.reason,
            cause=line.given or Ref("order", order_id),
            occurred_at=occurred_at,
            note=line.note,
            entries=(
                Entry(source_account_id, -line.amount_fen),
                Entry(line.account_id, line.amount_fen, _lot(line)),
            ),
        )
        for number, line in enumerate(lines, 1)
        if line.amount_fen
    ]


def _lot(line: OrderLine) -> Receive | None:
    return Receive(restriction=line.restriction) if line.given else None


def unassigned(
    order_id: int,
    amount_fen: int,
    *,
    key: str,
    source_account_id: int,
    account_id: int,
    occurred_at: datetime,
) -> Transfer:
    """Money has arrived that pays nothing: it is kept apart until it is sent back."""
    return Transfer(
        key=key,
        unit=UNIT,
        reason=ARRIVED_UNASSIGNED,
        cause=Ref("order", order_id),
        occurred_at=occurred_at,
        entries=(Entry(source_account_id, -amount_fen), Entry(account_id, amount_fen)),
    )


def moved(
    amount_fen: int, giver: int, taker: int, *, key: str, reason: str, cause: Ref, occurred_at: datetime
) -> Transfer:
    """Money of the bank is kept apart, or is no longer."""
    return Transfer(
        key=key,
        unit=UNIT,
        reason=reason,
        cause=cause,
        occurred_at=occurred_at,
        entries=(Entry(giver, -amount_fen), Entry(taker, amount_fen)),
    )


def gone_back(
    order_id: int,
    parts: Sequence[Part],
    *,
    key: str,
    reason: str,
    source_account_id: int,
    occurred_at: datetime,
) -> list[Transfer]:
    """Money goes back to where it came from, part by part: a refund, or a dispute takes it."""
    return [
        Transfer(
            key=part_key(key, number),
            unit=UNIT,
            reason=reason,
            cause=part.given or Ref("order", order_id),
            occurred_at=occurred_at,
            entries=(
                Entry(source_account_id, part.amount_fen),
                *(
                    Entry(account_id, -amount_fen, Draw(way="any", origin=part.given))
                    for account_id, amount_fen in part.lots
                ),
                *([Entry(part.account_id, -part.rest_fen)] if part.rest_fen else []),
            ),
        )
        for number, part in enumerate(parts, 1)
    ]


def from_lots(parts: Sequence[Part], lying: Mapping[Ref, dict[int, int]], loss_account_id: int) -> list[Part]:
    """The same out of the lots that came with it, wherever they lie, and the rest, which is spent, as a loss.

    `lying`: origin -> account -> what is there; what is taken is taken off it.
    """
    found = []
    for part in parts:
        if part.given is None:
            found.append(part)
            continue
        there, rest, lots = lying.get(part.given, {}), part.amount_fen, []
        for account_id in list(there):
            if taken := min(there[account_id], rest):
                lots.append((account_id, taken))
                rest -= taken
                there[account_id] -= taken
        found.append(replace(part, account_id=loss_account_id, lots=tuple(lots)))
    return found


def come_again(left: Sequence[tuple[int, Transfer]], *, key: str, occurred_at: datetime) -> list[Transfer]:
    """What has left (id, transfer) comes in again, into the very accounts and lots that gave it."""
    return [
        replace(
            transfer,
            key=part_key(key, number),
            occurred_at=occurred_at,
            entries=opposite(transfer.entries),
            reverses_id=transfer_id,
        )
        for number, (transfer_id, transfer) in enumerate(left, 1)
    ]


def part_key(key: str, number: int) -> str:
    """The key of one part of what has gone back, or come again."""
    return f"{key}:part:{number}"


def from_loss(transfer: Transfer, loss_account_id: int) -> Transfer:
    """The same refund out of the loss account: what it paid for is spent already."""
    outside = max(transfer.entries, key=lambda entry: entry.amount)
    return replace(transfer, entries=(outside, Entry(loss_account_id, -outside.amount)))


def refund_parts(lines: Sequence[OrderLine], *, gone_fen: int, amount_fen: int) -> list[Part]:
    """What goes back of each line: the last one gives first, after what it has given already."""
    parts, skipped, wanted = [], gone_fen, amount_fen
    for line in reversed(lines):
        given = min(line.amount_fen, skipped)
        taken = min(line.amount_fen - given, wanted)
        skipped, wanted = skipped - given, wanted - taken
        if taken:
            parts.append(Part(line.account_id, taken, line.given))
    return parts


def beyond(parts: Sequence[Part], amount_fen: int, loss_account_id: int) -> list[Part]:
    """The same, and what the lines do not hold any more as a loss: a bank may take it all after a refund."""
    more = amount_fen - sum(part.amount_fen for part in parts)
    return [*parts, *([Part(loss_account_id, more)] if more else [])]


def settled_unit(currency: str) -> str:
    """What the provider's own books count in."""
    return UNIT if currency == UNIT.lower() else f"{FOREIGN}:{currency.upper()}"


def settled(line: Settled, accounts: Mapping[tuple[str, str], int]) -> list[Transfer]:
    """What the provider's books add to a move of money: fee, change into another currency, payout.

    `accounts`: (kind, unit) -> account of the payee. ONLINE is the provider's clearing account, with the
    sign of the world outside: what is less than nothing there is the payee's money at the provider.
    """
    unit, own = (
        settled_unit(line.currency),
        {kind: accounts[kind, settled_unit(line.currency)] for kind in OF_UNIT},
    )

    def moving(
        what: str, reason: str, giver: int, taker: int, amount: int, in_unit: str = unit
    ) -> list[Transfer]:
        if not amount:
            return []
        return [
            Transfer(
                key=f"settled:{line.line_id}:{what}",
                unit=in_unit,
                reason=reason,
                cause=Ref("order", line.order_id),
                occurred_at=line.booked_at,
                entries=(Entry(giver, -amount), Entry(taker, amount)),
            )
        ]

    found = moving("fee", FEE, own[COSTS], own[ONLINE], line.fee)
    if unit != UNIT:
        here = {kind: accounts[kind, UNIT] for kind in (EXCHANGE, ONLINE)}
        found += moving("changed", EXCHANGED, here[EXCHANGE], here[ONLINE], line.moved_fen, UNIT)
        found += moving("exchange", EXCHANGED, own[ONLINE], own[EXCHANGE], line.amount)
        paid_fen, came_to = line.at_first
        expected = round(came_to * line.moved_fen / paid_fen)
        found += moving("difference", DIFFERENCE, own[EXCHANGE], own[DIFFERENCE], line.amount - expected)
    if line.payout:
        found += moving("payout", PAID_OUT, own[BANK], own[ONLINE], line.amount - line.fee)
    return found
