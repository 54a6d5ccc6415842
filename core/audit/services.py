"""The one verb of audit."""

from typing import Any

import msgspec

from core import clock
from core.database import current_unit
from core.reference import Ref
from core.writing import Writer

_WRITER = Writer("audit_write", lambda events: (events,))


def record_audit(action: str, subject: Ref, *, actor_id: int | None, **facts: Any) -> None:
    """Add an audit event to the caller's unit of work. `facts`: ids, numbers and states only."""
    event = (clock.now(), actor_id, action, *subject, msgspec.json.encode(facts).decode())
    current_unit().collect(_WRITER, event)
