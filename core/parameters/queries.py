"""What a rule's number is, here and on a day."""

import functools
from collections.abc import Sequence
from datetime import date

from core import plugins
from core.database import fetch
from core.manifest import Parameter
from core.parameters.errors import UnknownParameter
from core.reference import Ref


@functools.cache
def declared() -> dict[str, Parameter]:
    """Code -> declaration, of all enabled plugins."""
    return {p.code: p for p in plugins.contributions("register_parameters")}


def declaration(code: str) -> Parameter:
    """The declaration of `code`; raises UnknownParameter."""
    if code not in declared():
        raise UnknownParameter
    return declared()[code]


async def effective(codes: Sequence[str], scopes: Sequence[Ref], on: date) -> dict[str, int]:
    """Values of `codes` on a civil date, each from the first of `scopes` that sets it, else the default.

    `scopes` go from near to far: garden, organization, region, its parents. One query.
    """
    rows = await fetch(
        """
        select distinct on (v.code) v.code, v.value
        from parameter_value v
        join unnest($2::text[], $3::bigint[]) with ordinality s(kind, id, distance)
          on v.scope_kind = s.kind and v.scope_id = s.id
        where v.code = any($1) and v.effective_on <= $4
        order by v.code, s.distance, v.effective_on desc, v.id desc""",
        list(codes),
        [scope.kind for scope in scopes],
        [scope.id for scope in scopes],
        on,
    )
    values = {code: declaration(code).default for code in codes}
    return values | {row["code"]: row["value"] for row in rows}
