"""What an approval says to people: its title with the names that its params only point to."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.approvals.rules import Approval
from core.language import translate
from core.organizations import queries as organizations
from core.people import queries as people
from core.people.rules import roles


async def titles(approvals: Sequence[Approval]) -> dict[int, str]:
    """Approval id -> title in the visitor's language."""
    names = await people.names(_ids(approvals, "person"))
    found = await organizations.organizations(_ids(approvals, "organization"))
    names_of: dict[str, Mapping[Any, str]] = {
        "person": names,
        "organization": {one.id: one.name for one in found},
        "role": {code: translate(role.title) for code, role in roles().items()},
    }
    return {one.id: translate(one.title, **_filled(one.params, names_of)) for one in approvals}


def _ids(approvals: Sequence[Approval], name: str) -> list[int]:
    return [int(one.params[name]) for one in approvals if name in one.params]


def _filled(params: Mapping[str, Any], names_of: Mapping[str, Mapping[Any, str]]) -> dict[str, Any]:
    return {name: names_of.get(name, {}).get(value, value) for name, value in params.items()}
