"""The stand-ins' HTTP: Stripe's addresses, WeChat's, what our pages and tests ask for, faults on demand."""

import hashlib
import json
import socket
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, get_args
from urllib.parse import parse_qs, urlsplit

from plugins.practice.commands import shapes
from plugins.practice.commands.books import Books
from plugins.practice.commands.delivery import Delivery
from plugins.practice.commands.lists import paged
from plugins.practice.commands.shapes import BadRequest
from plugins.practice.commands.wechat import WeChat
from plugins.practice.commands.wechat_books import Refused
from plugins.practice.rules import OUTCOMES, ScanOutcome, control_token, organization_of_key

_BODY_MOST = 256_000
_FAULTS = ("status", "drop", "apply_then_drop", "delay", "forge")
_JSON = {"content-type": "application/json"}


class StandIn(ThreadingHTTPServer):
    """Listens on this machine only. `faults`: what is to go wrong with the next requests, one each."""

    daemon_threads = True

    def __init__(self, port: int, books: Books, delivery: Delivery, secret: bytes, wechat: WeChat) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.books, self.delivery, self.secret, self.wechat = books, delivery, secret, wechat
        self.faults: list[dict[str, Any]] = []


class _Handler(BaseHTTPRequestHandler):
    server: StandIn
    protocol_version = "HTTP/1.1"
    # The body goes out behind the head at once, else each answer on a kept connection waits 40 ms.
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: addresses of requests hold ids of payments."""

    def do_GET(self) -> None:
        self._serve("GET", urlsplit(self.path).query)

    def do_POST(self) -> None:
        length = min(int(self.headers.get("content-length") or 0), _BODY_MOST)
        self._serve("POST", self.rfile.read(length).decode(errors="replace"))

    def _serve(self, method: str, sent: str) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/v3/"):
            return self._serve_wechat(method, "" if method == "GET" else sent)
        if path in ("/connect/oauth2/authorize", "/sns/oauth2/access_token"):
            return self._serve_identity(path, sent)
        key = (self.headers.get("authorization") or "").removeprefix("Bearer ")
        try:
            if path.startswith("/_practice/"):
                status, answer = self._control(path, sent, key)
            elif organization_of_key(key, self.server.secret) is None:
                status, answer = 401, _error("Invalid API Key provided", "invalid_request_error")
            else:
                fault = self._fault(path)
                if fault.get("kind") == "status":
                    return self._answer(int(fault["status"]), _error("asked for", "api_error"))
                if self._is_lost(fault):
                    return None
                status, answer = self._once(method, path, sent, key)
                if fault.get("kind") == "apply_then_drop":
                    return self._drop()
        except BadRequest as refused:
            code = 404 if refused.code == "resource_missing" else 400
            status, answer = code, _error(str(refused), refused.type, refused.code, refused.param)
        return self._answer(status, answer)

    def _serve_wechat(self, method: str, body: str) -> None:
        fault = self._fault(self.path)
        if fault.get("kind") == "status":
            return self._send(int(fault["status"]), b'{"code": "SYSTEM_ERROR"}', _JSON)
        if self._is_lost(fault):
            return None
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, answer, with_headers = self.server.wechat.answer(method, self.path, body, headers)
        if fault.get("kind") == "forge":
            with_headers |= self.server.wechat.signed("another body")
        if fault.get("kind") == "apply_then_drop":
            return self._drop()
        return self._send(status, answer, with_headers)

    def _serve_identity(self, path: str, sent: str) -> None:
        asked = {name: values[0] for name, values in parse_qs(sent).items()}
        if path == "/sns/oauth2/access_token":
            return self._answer(200, self.server.wechat.who(asked))
        try:
            back = self.server.wechat.come_back(asked)
        except Refused as refused:
            return self._answer(refused.status, _error(refused.code, "invalid_request_error"))
        return self._send(302, b"", {"location": back})

    def _is_lost(self, fault: dict[str, Any]) -> bool:
        """Waits if asked to; True: no answer will come."""
        if fault.get("kind") == "delay":
            time.sleep(float(fault["seconds"]))
        if fault.get("kind") == "drop":
            self._drop()
        return fault.get("kind") == "drop"

    def _fault(self, path: str) -> dict[str, Any]:
        with self.server.books.lock:
            for fault in self.server.faults:
                if path.startswith(fault.get("path", "/v1")):
                    self.server.faults.remove(fault)
                    return fault
        return {}

    def _once(self, method: str, path: str, sent: str, key: str) -> tuple[int, Any]:
        """With an idempotency key, the same question gets the same answer."""
        name = self.headers.get("idempotency-key") if method == "POST" else None
        with self.server.books.lock:
            if name is None:
                return 200, self._stripe(method, path, sent, key)
            place, digest = f"{key} {name}", hashlib.sha256(f"{path} {sent}".encode()).hexdigest()
            if known := self.server.books.answered.get(place):
                if known["digest"] != digest:
                    raise BadRequest("Keys for idempotent requests differ", type_="idempotency_error")
                return 200, known["answer"]
            answer = self._stripe(method, path, sent, key)
            # As it was then, whatever becomes of it.
            self.server.books.answered[place] = json.loads(json.dumps({"digest": digest, "answer": answer}))
            self.server.books.keep()
            return 200, answer

    def _stripe(self, method: str, path: str, sent: str, key: str) -> Any:
        books = self.server.books
        match (method, path.strip("/").split("/")):
            case "GET", ["v1", "balance"]:
                return {"object": "balance", "available": [], "pending": [], "livemode": False}
            case "POST", ["v1", "checkout", "sessions"]:
                return books.create_session(key, shapes.read(sent, "create_session"))
            case "GET", ["v1", "checkout", "sessions", session_id]:
                shapes.read(sent, "retrieve_session")
                return books.session(session_id, key)
            case "POST", ["v1", "checkout", "sessions", session_id, "expire"]:
                shapes.read(sent, "expire_session")
                return books.expire(session_id, key)
            case "POST", ["v1", "refunds"]:
                return books.create_refund(key, shapes.read(sent, "create_refund"))
            case "GET", ["v1", "refunds"]:
                asked = shapes.read(sent, "list_refunds")
                return paged("/v1/refunds", books.refunds(key, asked.get("payment_intent", "")), asked)
            case "GET", ["v1", "disputes"]:
                asked = shapes.read(sent, "list_disputes")
                return paged("/v1/disputes", books.disputes(key, asked.get("payment_intent", "")), asked)
            case "GET", ["v1", "balance_transactions"]:
                return books.lines(key, shapes.read(sent, "list_lines"))
        raise BadRequest("Unrecognized request URL", code="resource_missing")

    def _control(self, path: str, sent: str, token: str) -> tuple[int, Any]:
        """For our pages and for tests: who knows the token, which never leaves this machine."""
        if token != control_token(self.server.secret):
            return 401, _error("not for you", "invalid_request_error")
        if path.startswith(("/_practice/wechat/", "/_practice/withdrawals")):
            return 200, self._control_wechat(path, sent)
        return self._control_stripe(path, sent)

    def _control_stripe(self, path: str, sent: str) -> tuple[int, Any]:
        books = self.server.books
        with books.lock:
            match path.strip("/").split("/"):
                case ["_practice", "sessions", session_id]:
                    return 200, books.session(session_id, None)
                case ["_practice", "sessions", session_id, "pay"]:
                    outcome = parse_qs(sent).get("outcome", [""])[0]
                    if outcome not in OUTCOMES:
                        raise BadRequest("no such outcome", param="outcome")
                    kinds = books.pay(session_id, outcome)
                    books.keep()
                    told = json.loads(json.dumps([books.event(kind, session_id) for kind in kinds]))
                    self.server.delivery.send(books.owner(session_id), told)
                    return 200, books.session(session_id, None)
                case ["_practice", "refunds", refund_id, "fail"]:
                    books.fail_refund(refund_id)
                    books.keep()
                    return 200, {}
                case ["_practice", "payouts"]:
                    asked = json.loads(sent)
                    if "currency" in asked:
                        books.statement.settle_in(asked["key"], asked["currency"], asked["rate"])
                    else:
                        books.statement.pay_out(asked["key"])
                    books.keep()
                    return 200, {}
                case ["_practice", "faults"]:
                    asked = json.loads(sent)
                    if not all(fault.get("kind") in _FAULTS for fault in asked):
                        raise BadRequest("no such fault", param="kind")
                    self.server.faults.extend(asked)
                    return 200, {}
        raise BadRequest("no such address", code="resource_missing")

    def _control_wechat(self, path: str, sent: str) -> Any:
        wechat = self.server.wechat
        try:
            match path.strip("/").split("/"):
                case ["_practice", "wechat", code]:
                    return wechat.books.by_code(code)
                case ["_practice", "wechat", code, "pay"]:
                    outcome = parse_qs(sent).get("outcome", [""])[0]
                    if outcome not in get_args(ScanOutcome):
                        raise BadRequest("no such outcome", param="outcome")
                    return wechat.pay(code, outcome)
                case ["_practice", "withdrawals"]:
                    asked = json.loads(sent)
                    with wechat.books.lock:
                        wechat.books.withdraw(asked["mchid"], asked["amount"])
                        wechat.books.keep()
                    return {}
        except Refused as refused:
            raise BadRequest(refused.code, code="resource_missing" if refused.status == 404 else "") from None
        raise BadRequest("no such address", code="resource_missing")

    def _answer(self, status: int, answer: Any) -> None:
        self._send(status, json.dumps(answer).encode(), _JSON)

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drop(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


def _error(message: str, type_: str, code: str = "", param: str = "") -> Any:
    return {"error": {"message": message, "type": type_, "code": code or None, "param": param or None}}
