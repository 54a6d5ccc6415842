"""A visitor who fills in forms as a browser would, and a program with its token."""

import re

import httpx

from tests.factories import PASSWORD


def form_token(html: str) -> str:
    """The hidden token of the first form on a page."""
    found = re.search(r'name="form_token" value="(\w+)"', html)
    assert found, "no form on the page"
    return found[1]


async def send_form(client: httpx.AsyncClient, path: str, *, seen_on: str, **fields: str) -> httpx.Response:
    """Open the page that has the form, then send it."""
    shown = await client.get(seen_on)
    return await client.post(path, data={"form_token": form_token(shown.text), **fields})


async def send_file(
    client: httpx.AsyncClient, path: str, name: str, file: tuple[str, bytes], *, seen_on: str, **fields: str
) -> httpx.Response:
    """The same with a file in the field `name`, as a browser sends it."""
    shown = await client.get(seen_on)
    fields = {"form_token": form_token(shown.text), **fields}
    return await client.post(path, data=fields, files={name: file})


async def log_in(client: httpx.AsyncClient, phone: str) -> httpx.Response:
    """Sign in through the login page."""
    return await send_form(client, "/login", seen_on="/login", phone=phone, password=PASSWORD)


async def bearer(client: httpx.AsyncClient, phone: str) -> dict[str, str]:
    """The header of a program that has signed in."""
    answer = await client.post("/api/v1/sessions", json={"phone": phone, "password": PASSWORD})
    assert answer.status_code == 201
    return {"authorization": f"Bearer {answer.json()['token']}"}
