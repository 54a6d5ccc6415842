"""What the API says of itself is complete for every route, and true where it refuses."""

from typing import Any

import httpx
import pytest

from web.description import describe


@pytest.fixture
async def described(client: httpx.AsyncClient) -> dict[str, Any]:
    return dict((await client.get("/api/v1/openapi.json")).json())


def operations(described: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method, path): operation
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }


async def test_every_operation_tells_its_refusals_as_problems(described: dict[str, Any]) -> None:
    for name, operation in operations(described).items():
        refusals = {status for status in operation["responses"] if status >= "400"}
        protected = {"401", "403"} if operation["security"] else set()
        large = set() if name[0] == "get" else {"413"}
        assert refusals == {"400", "404", "409", "422", "429", "503"} | protected | large, name
    for status, response in described["components"]["responses"].items():
        assert list(response["content"]) == ["application/problem+json"], status
        assert not response["description"].isascii(), status


async def test_whoever_must_sign_in_is_told_how(described: dict[str, Any]) -> None:
    assert described["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    said = {name: operation["security"] for name, operation in operations(described).items()}
    assert said["get", "/api/v1/garden/gardens"] == []
    assert said["post", "/api/v1/sessions"] == []
    assert said["post", "/api/v1/garden/plots/{plot_id}/claim"] == [{"token": []}]
    assert said["get", "/api/v1/notices"] == [{"token": []}]


async def test_a_key_is_offered_for_whatever_changes_something(described: dict[str, Any]) -> None:
    keyed = {
        name
        for name, operation in operations(described).items()
        if {"$ref": "#/components/parameters/IdempotencyKey"} in operation.get("parameters", [])
    }
    changing = {name for name in operations(described) if name[0] != "get"}
    assert keyed == changing - {("post", f"/api/v1/{path}") for path in _WITH_PASSWORDS}


_WITH_PASSWORDS = ("sessions", "password", "password-resets", "registrations")


async def test_a_strangers_route_is_completed_like_ours() -> None:
    ok = {"description": "ok"}
    bare = {"paths": {"/api/v1/toolshed/tools": {"post": {"responses": {"201": ok}}}}}
    made = describe(bare, {("/api/v1/toolshed/tools", "POST"): "toolshed.lend"})
    operation = made["paths"]["/api/v1/toolshed/tools"]["post"]
    assert operation["security"] == [{"token": []}]
    assert "403" in operation["responses"]
    assert "idempotency-replayed" in operation["responses"]["201"]["headers"]
    assert bare["paths"]["/api/v1/toolshed/tools"]["post"] == {"responses": {"201": {"description": "ok"}}}


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/api/v1/garden/gardens", "GET, HEAD, OPTIONS"),
        ("GET", "/api/v1/password/", "OPTIONS, POST"),
        ("PUT", "/login", "GET, HEAD, OPTIONS, POST"),
    ],
)
async def test_a_wrong_method_is_told_the_right_ones(
    client: httpx.AsyncClient, method: str, path: str, allowed: str
) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/v1/sessions", "GET, HEAD, OPTIONS, POST"),
        ("/api/v1/garden/plots/1/claim", "OPTIONS, POST"),
        ("/login/", "GET, HEAD, OPTIONS, POST"),
    ],
)
async def test_an_address_says_all_that_it_takes(client: httpx.AsyncClient, path: str, allowed: str) -> None:
    answer = await client.options(path)
    assert (answer.status_code, answer.headers["allow"], answer.content) == (204, allowed, b"")


async def test_no_address_says_that_it_is_none(client: httpx.AsyncClient) -> None:
    for method in ("OPTIONS", "GET", "POST"):
        answer = await client.request(method, "/api/v1/nothing")
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_a_key_with_a_wrong_method_is_a_wrong_method(client: httpx.AsyncClient) -> None:
    answer = await client.put("/api/v1/garden/gardens", headers={"idempotency-key": "k"})
    assert answer.status_code == 405
