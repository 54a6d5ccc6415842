"""What a rule's number is, here and on a day, and how it came to be."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core import plugins
from core.database import fetch, fetch_value
from core.manifest import Parameter
from core.parameters.errors import UnknownParameter
from core.reference import Ref


@dataclass(frozen=True)
class Decision:
    """A row of the history. `value` None: what was planned for that day is withdrawn."""

    scope: Ref
    value: int | None
    effective_on: date
    set_by: int | None
    set_at: datetime
    is_withdrawn: bool


@functools.cache
def declared() -> dict[str, Parameter]:
    """Code -> declaration, of all enabled plugins."""
    return {p.code: p for p in plugins.contributions("register_parameters")}


def by_plugin(scope_kind: str) -> list[tuple[str, list[Parameter]]]:
    """(plugin, its parameters that scopes of this kind may set), core's last."""
    found: dict[str, list[Parameter]] = {}
    for plugin, parameter in plugins.registered("register_parameters"):
        if scope_kind in parameter.scopes:
            found.setdefault(plugin, []).append(parameter)
    return sorted(found.items(), key=lambda item: item[0] == "core")


def declaration(code: str) -> Parameter:
    """The declaration of `code`; raises UnknownParameter."""
    if code not in declared():
        raise UnknownParameter
    return declared()[code]


# A later row without a value withdraws those of the same scope and day.
_WITHDRAWN = """exists (
    select from parameter_value w where w.code = v.code and w.scope_kind = v.scope_kind
        and w.scope_id = v.scope_id and w.effective_on = v.effective_on
        and w.id > v.id and w.value is null)"""


@dataclass(frozen=True)
class InForce:
    """A value with where it comes from; without a scope it is the declaration's default."""

    value: int
    scope: Ref | None = None
    since: date | None = None


async def effective(codes: Sequence[str], scopes: Sequence[Ref], on: date) -> dict[str, int]:
    """Values of `codes` on a civil date, each from the first of `scopes` that sets it, else the default.

    `scopes` go from near to far: garden, organization, region, its parents, platform. One query.
    """
    return {code: found.value for code, found in (await in_force(codes, scopes, on)).items()}


async def in_force(codes: Sequence[str], scopes: Sequence[Ref], on: date) -> dict[str, InForce]:
    """The same, each with the scope that sets it and since when."""
    rows = await fetch(
        f"""
        select distinct on (v.code) v.code, v.value, s.kind, s.id, v.effective_on
        from parameter_value v
        join unnest($2::text[], $3::bigint[]) with ordinality s(kind, id, distance)
          on v.scope_kind = s.kind and v.scope_id = s.id
        where v.code = any($1) and v.effective_on <= $4 and v.value is not null and not {_WITHDRAWN}
        order by v.code, s.distance, v.effective_on desc, v.id desc""",
        list(codes),
        [scope.kind for scope in scopes],
        [scope.id for scope in scopes],
        on,
    )
    found = {code: InForce(declaration(code).default) for code in codes}
    return found | {
        row["code"]: InForce(row["value"], Ref(row["kind"], row["id"]), row["effective_on"]) for row in rows
    }


async def history(code: str, scopes: Sequence[Ref], *, limit: int) -> list[Decision]:
    """Decisions in any of these scopes, the latest day first."""
    rows = await fetch(
        f"""
        select v.scope_kind, v.scope_id, v.value, v.effective_on, v.set_by, v.set_at,
            {_WITHDRAWN} as is_withdrawn
        from parameter_value v
        join unnest($2::text[], $3::bigint[]) s(kind, id) on v.scope_kind = s.kind and v.scope_id = s.id
        where v.code = $1 order by v.effective_on desc, v.id desc limit $4""",
        code,
        [scope.kind for scope in scopes],
        [scope.id for scope in scopes],
        limit,
    )
    return [_decision(dict(row)) for row in rows]


def _decision(values: dict[str, Any]) -> Decision:
    return Decision(scope=Ref(values.pop("scope_kind"), values.pop("scope_id")), **values)


async def is_set(code: str, scope: Ref, on: date) -> bool:
    """Has this very scope a value of its own on that day?"""
    return await _exists(code, scope, on, "v.effective_on <= $4")


async def is_planned(code: str, scope: Ref, on: date) -> bool:
    """Does a value of this very scope begin on that day?"""
    return await _exists(code, scope, on, "v.effective_on = $4")


async def _exists(code: str, scope: Ref, on: date, day: str) -> bool:
    return bool(
        await fetch_value(
            "select exists (select from parameter_value v where v.code = $1 and v.scope_kind = $2"
            f" and v.scope_id = $3 and {day} and v.value is not null and not {_WITHDRAWN})",
            code,
            *scope,
            on,
        )
    )
