"""The verbs of parameters."""

from collections.abc import Sequence
from datetime import date

from core import clock, plugins
from core.audit.services import record_audit
from core.database import current_unit, unit_of_work
from core.parameters import queries, rules
from core.parameters.errors import NothingPlanned, ParameterNotHere, ParameterUnchanged
from core.reference import Ref


async def set_parameter(
    code: str,
    scope: Ref,
    value: int,
    *,
    effective_on: date,
    actor_id: int | None,
    beyond: Sequence[Ref] = (),
) -> None:
    """Decide a parameter in a scope from a civil date on. Earlier decisions stay as history.

    `beyond`: the scopes that `scope` takes its value from as long as it has none, near to far. Raises
    ParameterOutOfRange, EffectiveInThePast, EffectiveTooFar, ParameterUnchanged, ParameterNotHere,
    UnknownParameter, or what a plugin's `check_parameter_change` says.
    """
    known = queries.declaration(code)
    if scope.kind not in known.scopes:
        raise ParameterNotHere
    rules.check_limits(known, value)
    rules.check_day(effective_on, clock.today())
    async with unit_of_work():
        await _lock(code, scope)
        present = await queries.effective([code], [scope, *beyond], effective_on)
        if value == present[code] and (beyond or await queries.is_set(code, scope, effective_on)):
            raise ParameterUnchanged
        await plugins.check(
            "check_parameter_change",
            code=code,
            scope_kind=scope.kind,
            scope_id=scope.id,
            value=value,
            effective_on=effective_on,
        )
        await _decide(code, scope, value, effective_on, actor_id)
        record_audit("parameter.set", scope, actor_id=actor_id, code=code, value=value)


async def withdraw_parameter(code: str, scope: Ref, *, effective_on: date, actor_id: int | None) -> None:
    """Take back what is planned for a day to come: what held before goes on. Raises NothingPlanned."""
    queries.declaration(code)
    async with unit_of_work():
        await _lock(code, scope)
        if effective_on <= clock.today() or not await queries.is_planned(code, scope, effective_on):
            raise NothingPlanned
        await _decide(code, scope, None, effective_on, actor_id)
        record_audit("parameter.withdrawn", scope, actor_id=actor_id, code=code)


async def _lock(code: str, scope: Ref) -> None:
    """Decisions about one number in one scope queue up: each sees what the one before has set."""
    await current_unit().connection.execute(
        "select pg_advisory_xact_lock(hashtextextended($1, 0))", f"parameter {code} {scope}"
    )


async def _decide(code: str, scope: Ref, value: int | None, effective_on: date, actor_id: int | None) -> None:
    await current_unit().connection.execute(
        "insert into parameter_value (code, scope_kind, scope_id, value, effective_on, set_by, set_at)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        code,
        *scope,
        value,
        effective_on,
        actor_id,
        clock.now(),
    )
