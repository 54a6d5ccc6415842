"""The verbs of the ledger: declare, open an account, post, reverse, post a batch, fold."""

from core.ledger.services.accounts import EXPORT, PAPER, declare_codes, fold_waiting, open_account
from core.ledger.services.batches import post_many
from core.ledger.services.posting import post, reverse

__all__ = ["EXPORT", "PAPER", "declare_codes", "fold_waiting", "open_account", "post", "post_many", "reverse"]
