"""Signed-in officials, on pages and through the API."""

import httpx

from core.people.rules import Actor
from tests.factories import PASSWORD, make_official, new_phone
from tests.web.visitors import log_in


async def enter_as(client: httpx.AsyncClient, *roles: str) -> Actor:
    """Sign in as a new person who holds these roles for the deployment."""
    phone = new_phone()
    official = await make_official(*roles, phone=phone)
    await log_in(client, phone)
    return official


async def api_headers(client: httpx.AsyncClient, *roles: str) -> dict[str, str]:
    """A bearer token of a new person who holds these roles for the deployment."""
    phone = new_phone()
    await make_official(*roles, phone=phone)
    answer = await client.post("/api/v1/sessions", json={"phone": phone, "password": PASSWORD})
    return {"authorization": f"Bearer {answer.json()['token']}"}
