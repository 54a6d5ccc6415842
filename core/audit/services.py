"""The verbs of audit: write down what was done; take a row to another state, which writes it down too."""

from typing import Any

import msgspec

from core import clock
from core.database import current_unit
from core.reference import Ref
from core.workflow import Workflow
from core.writing import Writer

_WRITER = Writer("audit_write", lambda events: (events,))


def record_audit(action: str, subject: Ref, *, actor_id: int | None, **facts: Any) -> None:
    """Add an audit event to the caller's unit of work. `facts`: ids, numbers and states only."""
    event = (clock.now(), actor_id, action, *subject, msgspec.json.encode(facts).decode())
    current_unit().collect(_WRITER, event)


async def advance(
    workflow: Workflow,
    code: str,
    row_id: int,
    *,
    actor_id: int | None,
    facts: dict[str, Any] | None = None,
    **columns: Any,
) -> bool:
    """Take a row through a transition in the caller's unit of work: one update, one audit event.

    `columns` are set along with the state, `facts` go into the event. False: the row is in none of the
    states from which the transition leads; nothing was changed.
    """
    transition = workflow.transition(code)
    along = "".join(f", {column} = ${number}" for number, column in enumerate(columns, 4))
    moved = await current_unit().connection.fetchval(
        f"update {workflow.table} set state = $2{along} where id = $1 and state = any($3) returning id",
        row_id,
        transition.target,
        list(transition.sources),
        *columns.values(),
    )
    if moved is None:
        return False
    record_audit(code, Ref(workflow.code, row_id), actor_id=actor_id, **(facts or {}))
    return True
