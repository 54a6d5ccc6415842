"""A program of somebody's, or of nobody's, that does at `/api/v1` what a person does on the pages."""

from typing import Any

import httpx

from core.manifest import DemoAccount
from tests.processes import wait_until
from tests.stories.conftest import Product


class Program:
    """Signed in with a bearer token if it is somebody's; `host`: at which of the product's names it is."""

    def __init__(self, product: Product, account: DemoAccount | None = None, *, host: str = "") -> None:
        self._base = f"{product.base}/api/v1"
        self._headers = {"host": f"{host}:{product.base.rpartition(':')[2]}"} if host else {}
        if account is not None:
            token = self.post("/sessions", phone=account.phone, password=account.password)["token"]
            self._headers["authorization"] = f"Bearer {token}"

    def get(self, path: str, **asked: Any) -> Any:
        """What is there."""
        return self._answer(self._send("GET", path, params=asked or None))

    def post(self, path: str, **fields: Any) -> Any:
        """Do it."""
        return self._answer(self._send("POST", path, json=fields))

    def put(self, path: str, **fields: Any) -> None:
        """Say it otherwise."""
        self._answer(self._send("PUT", path, json=fields))

    def refused(self, path: str, **fields: Any) -> dict[str, Any]:
        """Try it in vain: the problem, in words."""
        answer = self._send("POST", path, json=fields)
        assert answer.is_client_error, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        problem: dict[str, Any] = answer.json()
        return problem

    def until(self, path: str, **state: Any) -> Any:
        """What is there, once it is so: a worker brings it."""

        def found() -> Any:
            answer = self.get(path)
            return answer if state.items() <= answer.items() else None

        return wait_until(found, what=f"{path} {state}")

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        options |= {"headers": self._headers, "trust_env": False, "timeout": 20}
        return httpx.request(method, self._base + path, **options)

    def _answer(self, answer: httpx.Response) -> Any:
        assert answer.is_success, f"{answer.url.path} {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None
