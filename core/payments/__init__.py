"""Orders and how they are paid. A payee is always the organization itself: a ledger, not a wallet."""
