"""The one door of the ledger: a transfer is collected, and written just before COMMIT."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg

from core import clock
from core.database import current_unit, fetch
from core.evidence.errors import EvidenceMissing, EvidenceUsed
from core.ledger import rules
from core.ledger.errors import (
    BalanceTooLow,
    LotsTooLow,
    TransferAlreadyPosted,
    TransferKeyReused,
    TransferNotFound,
    TransferRefused,
    TransferReversed,
)
from core.ledger.rules import Entry, Transfer
from core.reference import Ref
from core.writing import Writer

KEY_TAKEN = "YJ001"
FUNCTION = "ledger_post"


def post(transfer: Transfer) -> None:
    """Add a transfer to the caller's unit of work; it is written just before COMMIT.

    All transfers of the unit go down in one call. A leg that cannot break a floor locks nothing; the
    other accounts are locked in id order. It can there still raise BalanceTooLow, LotsTooLow,
    EvidenceMissing, EvidenceUsed, TransferAlreadyPosted (same key, same content), TransferKeyReused,
    TransferReversed or TransferRefused; the whole unit of work is then rolled back.
    """
    rules.check(transfer)
    current_unit().collect(_WRITER, transfer)


async def reverse(
    transfer_id: int, *, reason: str, cause: Ref, occurred_at: datetime, note: str = ""
) -> None:
    """Post the opposite of a transfer, lots and all; once. Raises TransferNotFound or TransferReversed.

    Nothing is rewritten: both stand in the statement. What was spent meanwhile refuses the reversal
    (BalanceTooLow, LotsTooLow): then the rest belongs on the owner's loss account.
    """
    rows = await fetch(
        "select t.unit, e.account, e.amount, t.reverses is not null"
        " or exists (select from ledger_transfer r where r.reverses = t.id) as is_done from ledger_transfer t"
        " join ledger_entry e on e.transfer = t.id where t.id = $1 order by e.leg",
        transfer_id,
    )
    if not rows:
        raise TransferNotFound
    if rows[0]["is_done"]:
        raise TransferReversed
    post(
        Transfer(
            key=f"reversal:{transfer_id}",
            unit=rows[0]["unit"],
            reason=reason,
            cause=cause,
            occurred_at=occurred_at,
            note=note,
            entries=rules.opposite([Entry(row["account"], row["amount"]) for row in rows]),
            reverses_id=transfer_id,
        )
    )


def arguments(transfers: Sequence[Transfer], fingerprints: Sequence[bytes] | None = None) -> Sequence[Any]:
    """What `ledger_post()` takes for transfers under different keys."""
    now = clock.now()
    heads = [
        (
            t.key,
            t.unit,
            t.reason,
            t.evidence_id,
            "" if t.evidence_id is None else rules.evidence_kind(t.reason) or "",
            *t.cause,
            t.note,
            t.fingerprint() if fingerprints is None else fingerprints[n],
            t.reverses_id,
            t.occurred_at,
            now,
        )
        for n, t in enumerate(transfers)
    ]
    legs = [(n, leg, entry) for n, t in enumerate(transfers, 1) for leg, entry in enumerate(t.entries, 1)]
    return heads, [(n, leg, e.account_id, e.amount) for n, leg, e in legs], _lots(legs)


def _lots(legs: Sequence[tuple[int, int, Entry]]) -> str | None:
    terms = [
        {"transfer": n, "leg": leg, **entry.lots.terms()} for n, leg, entry in legs if entry.lots is not None
    ]
    return json.dumps(terms, default=str) if terms else None


def explain(refusal: asyncpg.PostgresError) -> Exception | None:
    """Our word for what the database refused; None where it is not about the ledger."""
    if refusal.sqlstate == KEY_TAKEN:
        transfer_id, same = (refusal.detail or "").split()
        return TransferAlreadyPosted(transfer_id=int(transfer_id)) if same == "same" else TransferKeyReused()
    constraint: str = getattr(refusal, "constraint_name", None) or ""
    if constraint in _REFUSALS:
        return _REFUSALS[constraint]()
    if refusal.sqlstate == "23503" and constraint == "ledger_transfer_reason_fkey":
        return _wrong_reason(refusal.detail or "")
    if constraint.startswith("ledger_"):
        return TransferRefused(rule=constraint)
    return None


_REFUSALS: dict[str, type[Exception]] = {
    "ledger_account_floor": BalanceTooLow,
    "ledger_lot_short": LotsTooLow,
    "ledger_transfer_evidence_fkey": EvidenceMissing,
    "ledger_transfer_reverses_key": TransferReversed,
    "evidence_use_once": EvidenceUsed,
}


def _wrong_reason(detail: str) -> Exception:
    """The key is (reason, evidence kind): is the reason unknown, or is its evidence missing?"""
    is_without_evidence = "=(" in detail and detail.partition("=(")[2].partition(")")[0].endswith(", ")
    reason = detail.partition("=(")[2].partition(",")[0]
    if is_without_evidence and rules.evidence_kind(reason):
        return EvidenceMissing()
    return TransferRefused(rule="ledger_transfer_reason_fkey")


_WRITER = Writer(FUNCTION, lambda transfers: arguments(rules.once_each(transfers)), explain)
