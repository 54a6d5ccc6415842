"""Reads of the ledger: balances and statements, lots and what became of them, and the proof."""

from core.ledger.queries.checkpoints import Checkpoint, legs_since, newest_checkpoint, trusted_checkpoint
from core.ledger.queries.lots import LotPart, LotUse, lot_uses, lying, parts
from core.ledger.queries.proof import differences, differences_since
from core.ledger.queries.statements import (
    AccountBalance,
    Line,
    Statement,
    accounts_of_kind,
    balance,
    lines_after,
    statement,
)

__all__ = [
    "AccountBalance",
    "Checkpoint",
    "Line",
    "LotPart",
    "LotUse",
    "Statement",
    "accounts_of_kind",
    "balance",
    "differences",
    "differences_since",
    "legs_since",
    "lines_after",
    "lot_uses",
    "lying",
    "newest_checkpoint",
    "parts",
    "statement",
    "trusted_checkpoint",
]
