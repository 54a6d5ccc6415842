"""The verbs of the ledger: declare, open an account, post, reverse, post a batch, fold, keep a proof."""

from core.ledger.services.accounts import (
    EXPORT,
    PAPER,
    declare_codes,
    fold_waiting,
    open_account,
    open_accounts,
    open_unit,
)
from core.ledger.services.batches import post_many
from core.ledger.services.checkpoints import keep_checkpoint, prepare_checkpoint
from core.ledger.services.posting import post, reverse

__all__ = [
    "EXPORT",
    "PAPER",
    "declare_codes",
    "fold_waiting",
    "keep_checkpoint",
    "open_account",
    "open_accounts",
    "open_unit",
    "post",
    "post_many",
    "prepare_checkpoint",
    "reverse",
]
