"""The one verb of audit."""

import json
from typing import Any

from core import clock
from core.database import current_unit
from core.reference import Ref


async def record_audit(action: str, subject: Ref, *, actor_id: int | None, **facts: Any) -> None:
    """Write an audit event in the caller's unit of work. `facts`: ids, numbers and states only."""
    await current_unit().connection.execute(
        "insert into audit_event (happened_at, actor_id, action, subject_kind, subject_id, facts)"
        " values ($1, $2, $3, $4, $5, $6)",
        clock.now(),
        actor_id,
        action,
        *subject,
        json.dumps(facts),
    )
