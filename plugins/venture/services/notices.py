"""Telling those concerned: everybody who may act for an organization."""

from typing import Any

from core.notifications.services import notify
from core.people import queries as people
from core.people.rules import REPRESENT
from core.reference import Ref


async def tell(
    organization_id: int,
    permission: str = REPRESENT,
    *,
    title: str,
    body: str,
    path: str,
    **params: Any,
) -> None:
    """Tell those who hold the permission at the organization, in the caller's unit of work."""
    for person_id in await people.holders(permission, Ref("organization", organization_id)):
        notify(person_id, title=title, body=body, path=path, **params)
