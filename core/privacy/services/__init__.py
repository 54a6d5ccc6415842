"""The verbs of one's own data: who has looked at it, a copy of it, and its end."""

from core.privacy.services.accesses import SWEEP, record_access, see_resident, sweep_accesses
from core.privacy.services.copies import COPY, ask_for_copy, write_copy

__all__ = [
    "COPY",
    "SWEEP",
    "ask_for_copy",
    "record_access",
    "see_resident",
    "sweep_accesses",
    "write_copy",
]
