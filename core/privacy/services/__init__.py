"""The verbs of one's own data: who has looked at it, a copy of it, and its end."""

from core.privacy.services.accesses import SWEEP, note_seen, record_access, see_resident, sweep_accesses
from core.privacy.services.copies import COPY, ask_for_copy, write_copy
from core.privacy.services.deletions import END, ask_deletion, end_accounts, withdraw_deletion

__all__ = [
    "COPY",
    "END",
    "SWEEP",
    "ask_deletion",
    "ask_for_copy",
    "end_accounts",
    "note_seen",
    "record_access",
    "see_resident",
    "sweep_accesses",
    "withdraw_deletion",
    "write_copy",
]
