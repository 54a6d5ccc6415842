"""The verbs of one's own data: who has looked at it, a copy of it, and its end."""

from core.privacy.services.accesses import SWEEP, record_access, see_resident, sweep_accesses

__all__ = ["SWEEP", "record_access", "see_resident", "sweep_accesses"]
