"""A stand-in for Stripe in this process, on a port of its own; what it would have told is kept."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import pytest

from core import clock
from core.database import fetch_value
from core.payments import queries, services
from core.payments.providers import QR
from core.payments.queries import attempt
from core.payments.rules import Attempt
from core.people.rules import Actor
from core.settings import load
from plugins.practice.commands.books import Books
from plugins.practice.commands.delivery import sign
from plugins.practice.commands.server import StandIn
from plugins.practice.commands.wechat import WeChat
from plugins.practice.commands.wechat_books import WeChatBooks
from plugins.practice.rules import Keys, control_token, stand_in_key, webhook_secret, wechat_credentials
from plugins.practice.services import stand_in_keys
from tests.factories import Committee
from workers.drain import run_due_jobs


@dataclass
class Told:
    """In place of the network: the events that an account would have been told, each once."""

    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    posts: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def send(self, key: str, events: list[dict[str, Any]]) -> None:
        self.events += [(key, event) for event in events]

    def tell(self, path: str, body: str, signed: Callable[[str], dict[str, str]]) -> None:
        self.posts.append((path, body, signed(body)))


@dataclass
class Cashier:
    """The stand-in as a test plays with it."""

    url: str
    told: Told
    books: Books
    wechat: WeChat

    def _control(self, path: str, body: bytes) -> Any:
        headers = {"authorization": f"Bearer {control_token(load().secret)}"}
        with urllib.request.urlopen(
            urllib.request.Request(f"{self.url}/_practice/{path}", body, headers), timeout=5
        ) as answer:
            return json.load(answer)

    def pay(self, external_id: str | None, outcome: str = "paid") -> None:
        """The payer acts."""
        asked = urllib.parse.urlencode({"outcome": outcome}).encode()
        self._control(f"sessions/{external_id}/pay", asked)

    def scan(self, attempt: Attempt, outcome: str = "paid") -> None:
        """The payer scans the code that our page shows."""
        assert attempt.url is not None
        asked = urllib.parse.urlencode({"outcome": outcome}).encode()
        self._control(f"wechat/{attempt.url.rpartition('/')[2]}/pay", asked)

    def fault(self, **fault: Any) -> None:
        """The next request goes wrong."""
        self._control("faults", json.dumps([fault]).encode())

    def fail_refund(self, refund_id: str) -> None:
        """The bank sends it back."""
        self._control(f"refunds/{refund_id}/fail", b"")

    def pay_out(self, committee: Committee) -> None:
        """What is there goes to the committee's bank."""
        key = stand_in_key(committee.id, load().secret)
        self._control("payouts", json.dumps({"key": key}).encode())

    def settle_in(self, committee: Committee, currency: str, rate: float) -> None:
        """The committee gets its money in another currency from now on."""
        key = stand_in_key(committee.id, load().secret)
        asked = {"key": key, "currency": currency, "rate": rate}
        self._control("payouts", json.dumps(asked).encode())

    def refund(self, committee: Committee, external_id: str | None, amount_fen: int) -> str:
        """As the treasurer does it on the provider's own pages."""
        key = stand_in_key(committee.id, load().secret)
        assert external_id is not None
        intent = self.books.session(external_id, key)["payment_intent"]["id"]
        asked = {"payment_intent": intent, "amount": amount_fen}
        return str(self.books.create_refund(key, asked)["id"])


@cache
def wechat_keys() -> Keys:
    """Made once: it takes a while."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("YIJI_DATA", folder)
        return stand_in_keys()


def wechat_of(organization_id: int) -> dict[str, str]:
    """What opens its account at the stand-in for WeChat Pay."""
    return wechat_credentials(organization_id, load().secret, wechat_keys())


@contextmanager
def cashier() -> Iterator[Cashier]:
    """Running until the end of the block."""
    told, books = Told(), Books("http://yiji.test")
    # Its library signs by the system's time, whatever a test says.
    wechat = WeChat(
        WeChatBooks("http://yiji.test"),
        told,  # type: ignore[arg-type]
        load().secret,
        wechat_keys(),
        time.time,
    )
    server = StandIn(0, books, told, load().secret, wechat)  # type: ignore[arg-type]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Cashier(f"http://127.0.0.1:{server.server_port}", told, books, wechat)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def come_back(address: str, back: str, state: str) -> str:
    """A browser goes where it is sent to tell who it is; the code with which it would come back."""
    try:
        urllib.request.build_opener(_NoRedirect).open(address, timeout=5)
    except urllib.error.HTTPError as answer:
        if answer.code != 302:
            raise
        place, _, sent = answer.headers["location"].partition("?")
        found = urllib.parse.parse_qs(sent)
        assert (place, found["state"]) == (back, [state])
        return found["code"][0]
    raise AssertionError("it was not sent back")


async def connect(committee: Committee) -> None:
    """The committee takes money at the stand-in."""
    key = stand_in_key(committee.id, load().secret)
    keys = {"secret_key": key, "webhook_secret": webhook_secret(key, load().secret)}
    await services.connect_merchant(committee.id, "stripe", keys)
    await run_due_jobs()


async def connect_wechat(committee: Committee) -> None:
    """The committee takes money at the stand-in for WeChat Pay."""
    await services.connect_merchant(committee.id, "wechatpay", wechat_of(committee.id))
    await run_due_jobs()


async def start(order_id: int, payer: Actor) -> Attempt:
    """An attempt whose page at the cashier's is open."""
    attempt_id = await services.start_payment(order_id, actor=payer)
    await run_due_jobs()
    return await attempt(attempt_id)


async def tell(committee: Committee, event: dict[str, Any], **changes: Any) -> bool:
    """One notification, signed as the stand-in does; `secret`, `timestamp`, `body` may be another's."""
    key = stand_in_key(committee.id, load().secret)
    body = json.dumps(event)
    secret = changes.get("secret", webhook_secret(key, load().secret))
    signature = sign(body, secret, changes.get("timestamp", int(clock.now().timestamp())))
    return await services.receive_notification(
        "stripe",
        changes.get("organization_id", committee.id),
        body=changes.get("body", body.encode()),
        headers={"stripe-signature": changes.get("signature", signature)},
    )


async def settle(order_id: int, payer: Actor) -> None:
    """The payer is back, and the worker has asked."""
    await services.ask_to_settle(order_id, actor=payer)
    await run_due_jobs()


async def state_of(order_id: int) -> tuple[str, list[tuple[str, str]]]:
    """Of the order, and of each attempt with its problem, in their order."""
    attempts = await queries.attempts(order_id)
    return (await queries.order(order_id)).state, [(a.state, a.problem) for a in reversed(attempts)]


async def balance(committee: Committee, kind: str) -> int:
    """What the committee's account of this kind holds, in fen."""
    return int(
        await fetch_value(
            "select coalesce(sum(e.amount), 0) from ledger_entry e join ledger_account a on a.id = e.account"
            " where a.owner_kind = 'organization' and a.owner_id = $1 and a.kind = $2",
            committee.id,
            kind,
        )
    )


async def pay(order_id: int, payer: Actor, stand_in: Cashier) -> Attempt:
    """An order that is paid online, whole and booked."""
    attempt = await start(order_id, payer)
    if attempt.flow == QR:
        stand_in.scan(attempt)
    else:
        stand_in.pay(attempt.external_id)
    await settle(order_id, payer)
    return await queries.attempt(attempt.id)
