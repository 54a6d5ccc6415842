"""Which accounts a payment moves. Pure, for a book-keeper to read."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.language import mark
from core.ledger.rules import Entry, Transfer
from core.manifest import AccountKind, Reason
from core.payments.rules import OrderLine
from core.reference import Ref

CASH, ONLINE = "core.outside_cash", "core.outside_online"
UNASSIGNED, REFUND_LOSS = "core.unassigned", "core.refund_loss"
ARRIVED_UNASSIGNED, REFUND = "core.payment_unassigned", "core.payment_refund"
DISPUTE = "core.payment_dispute"
UNIT = "CNY"
KINDS = (
    AccountKind(code=CASH, title=mark("柜台现金来源"), floor=None),
    AccountKind(code=ONLINE, title=mark("在线付款来源"), floor=None),
    AccountKind(code=UNASSIGNED, title=mark("待退的在线付款")),
    AccountKind(code=REFUND_LOSS, title=mark("退款垫付"), floor=None),
)
REASONS = (
    Reason(code=ARRIVED_UNASSIGNED, title=mark("在线付款，待退")),
    Reason(code=REFUND, title=mark("退款")),
    Reason(code=DISPUTE, title=mark("付款争议")),
)


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
            cause=Ref("order", order_id),
            occurred_at=occurred_at,
            note=line.note,
            entries=(
                Entry(source_account_id, -line.amount_fen),
                Entry(line.account_id, line.amount_fen),
            ),
        )
        for number, line in enumerate(lines, 1)
        if line.amount_fen
    ]


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


def gone_back(
    order_id: int,
    parts: Sequence[tuple[int, int]],
    *,
    key: str,
    reason: str,
    source_account_id: int,
    occurred_at: datetime,
) -> list[Transfer]:
    """Money goes back to where it came from, out of (account, amount): a refund, or a dispute takes it."""
    return [
        Transfer(
            key=part_key(key, number),
            unit=UNIT,
            reason=reason,
            cause=Ref("order", order_id),
            occurred_at=occurred_at,
            entries=(Entry(source_account_id, amount_fen), Entry(account_id, -amount_fen)),
        )
        for number, (account_id, amount_fen) in enumerate(parts, 1)
    ]


def come_again(left: Sequence[Transfer], *, key: str, occurred_at: datetime) -> list[Transfer]:
    """What has left comes in again, into the very accounts that gave it: the refund failed, we were right."""
    return [
        replace(
            transfer,
            key=part_key(key, number),
            occurred_at=occurred_at,
            entries=tuple(Entry(entry.account_id, -entry.amount) for entry in transfer.entries),
        )
        for number, transfer in enumerate(left, 1)
    ]


def part_key(key: str, number: int) -> str:
    """The key of one part of what has gone back, or come again."""
    return f"{key}:part:{number}"


def from_loss(transfer: Transfer, loss_account_id: int) -> Transfer:
    """The same refund out of the loss account: what it paid for is spent already."""
    outside, _ = sorted(transfer.entries, key=lambda entry: -entry.amount)
    return replace(transfer, entries=(outside, Entry(loss_account_id, -outside.amount)))


def refund_parts(lines: Sequence[OrderLine], *, gone_fen: int, amount_fen: int) -> list[tuple[int, int]]:
    """(account, amount) of what goes back: the last line gives first, after what it has given already."""
    parts, skipped, wanted = [], gone_fen, amount_fen
    for line in reversed(lines):
        given = min(line.amount_fen, skipped)
        taken = min(line.amount_fen - given, wanted)
        skipped, wanted = skipped - given, wanted - taken
        if taken:
            parts.append((line.account_id, taken))
    return parts
