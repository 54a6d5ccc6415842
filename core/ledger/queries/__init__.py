"""Reads of the ledger: balances and statements, lots and what became of them, and the proof."""

from core.ledger.queries.lots import LotPart, LotUse, lot_uses, parts
from core.ledger.queries.proof import differences
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
    "Line",
    "LotPart",
    "LotUse",
    "Statement",
    "accounts_of_kind",
    "balance",
    "differences",
    "lines_after",
    "lot_uses",
    "parts",
    "statement",
]
