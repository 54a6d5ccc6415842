"""Stripe's adapter keeps what every provider keeps; and its money what every way to pay keeps."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import pytest
import stripe

from core import clock
from core.payments import services
from core.payments.providers import Credentials, PaymentProvider
from core.payments.stripe_checkout import StripeCheckout
from core.people.rules import Actor
from core.settings import load
from plugins.practice.rules import stand_in_key, webhook_secret
from tests.conformance.channels import Channel, ChannelConformance
from tests.conformance.providers import DISPUTES, SETTLEMENTS, Play, ProviderConformance
from tests.core.payments.stand_in import Cashier, cashier, connect, pay
from tests.factories import Committee
from workers.drain import run_due_jobs


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cashier]:
    with cashier() as running:
        monkeypatch.setenv("YIJI_PAYMENT_STAND_IN", running.url)
        yield running


class StripePlay:
    """The stand-in for Stripe, as the account of one organization plays with it."""

    plays = frozenset({DISPUTES, SETTLEMENTS})

    def __init__(self, stand_in: Cashier) -> None:
        self._stand_in = stand_in
        self.provider: PaymentProvider = StripeCheckout()
        key = stand_in_key(7, load().secret)
        self.key, self.secret = key, webhook_secret(key, load().secret)
        self.credentials = self._opening(key, self.secret)

    def _opening(self, key: str, secret: str) -> Credentials:
        return Credentials({"secret_key": key, "webhook_secret": secret})

    def wrong_key(self) -> Credentials:
        return self._opening(self.key + "x", self.secret)

    def wrong_signature(self) -> Credentials:
        return self._opening(self.key, "whsec_of_somebody_else")

    def pay(self, external_id: str) -> None:
        self._stand_in.pay(external_id)

    def refund_elsewhere(self, external_id: str, amount_fen: int) -> None:
        books, key = self._stand_in.books, self.key
        intent = books.session(external_id, key)["payment_intent"]["id"]
        books.create_refund(key, {"payment_intent": intent, "amount": amount_fen})

    def fail_refund(self, refund_id: str) -> None:
        self._stand_in.fail_refund(refund_id)

    def dispute(self, external_id: str, outcome: str) -> None:
        self._stand_in.pay(external_id, outcome if outcome == "disputed" else f"dispute_{outcome}")

    def lose_answers(self, how_many: int, *, applied: bool) -> None:
        for _ in range(how_many):
            self._stand_in.fault(kind="apply_then_drop" if applied else "drop")

    def books_at(self) -> datetime:
        return clock.now()

    def opened(self) -> int:
        return len(self._stand_in.books._sessions)

    def notification(
        self, external_id: str, *, age: timedelta = timedelta()
    ) -> tuple[bytes, Mapping[str, str]]:
        body = json.dumps(self._stand_in.books.event("checkout.session.completed", external_id))
        signed_at = int((clock.now() - age).timestamp())
        header = stripe.WebhookSignature.generate_signature_header(body, self.secret, signed_at)
        return body.encode(), {"stripe-signature": header}


class TestStripe(ProviderConformance):
    @pytest.fixture
    def play(self, stand_in: Cashier) -> Play:
        return StripePlay(stand_in)


class StripeChannel:
    """A page of Stripe's, and the refund that it sends."""

    source = "core.outside_online"

    def __init__(self, stand_in: Cashier) -> None:
        self._stand_in = stand_in

    async def pay(self, order_id: int, payer: Actor, committee: Committee) -> None:
        await pay(order_id, payer, self._stand_in)

    async def give_back(self, refund_id: int, committee: Committee) -> None:
        await services.send_refund(refund_id)
        await run_due_jobs()


class TestStripeMoney(ChannelConformance):
    @pytest.fixture
    async def channel(self, committee: Committee, stand_in: Cashier) -> Channel:
        await connect(committee)
        return StripeChannel(stand_in)
