"""The verb of parameters."""

from datetime import date

from core import clock
from core.audit.services import record_audit
from core.database import unit_of_work
from core.parameters.errors import ParameterOutOfRange
from core.parameters.queries import declaration
from core.parameters.tables import ParameterValue
from core.reference import Ref


async def set_parameter(
    code: str, scope: Ref, value: int, *, effective_on: date, actor_id: int | None
) -> None:
    """Decide a parameter in a scope from a civil date on. Earlier decisions stay as history."""
    known = declaration(code)
    if not known.minimum <= value <= known.maximum:
        raise ParameterOutOfRange(minimum=known.minimum, maximum=known.maximum)
    async with unit_of_work():
        await ParameterValue(
            code=code,
            scope_kind=scope.kind,
            scope_id=scope.id,
            value=value,
            effective_on=effective_on,
            set_by=actor_id,
            set_at=clock.now(),
        ).save()
        record_audit("parameter.set", scope, actor_id=actor_id, code=code, value=value)
