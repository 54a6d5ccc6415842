"""What a transfer is and when it is well formed; what of a batch is accepted. Pure."""

from core.ledger.rules.batches import Batch, Books, Outcome, decide, note
from core.ledger.rules.transfers import (
    Draw,
    Entry,
    Receive,
    Transfer,
    check,
    evidence_kind,
    once_each,
    opposite,
    reason_title,
    unit_title,
)

__all__ = [
    "Batch",
    "Books",
    "Draw",
    "Entry",
    "Outcome",
    "Receive",
    "Transfer",
    "check",
    "decide",
    "evidence_kind",
    "note",
    "once_each",
    "opposite",
    "reason_title",
    "unit_title",
]
