"""WeChat Pay's adapter keeps what every provider keeps; and its money what every way to pay keeps."""

import urllib.error
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from core import clock
from core.payments import services
from core.payments.providers import (
    JSAPI,
    PHONE,
    QR,
    REDIRECT,
    WECHAT,
    BadSignature,
    Credentials,
    PaymentProvider,
    ProviderSilent,
)
from core.payments.wechatpay import WeChatPayments
from core.people.rules import Actor
from tests.conformance.channels import Channel, ChannelConformance
from tests.conformance.providers import SETTLEMENTS, ProviderConformance
from tests.core.payments.stand_in import Cashier, cashier, come_back, connect_wechat, pay, wechat_of
from tests.factories import Committee
from workers.drain import run_due_jobs


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cashier]:
    with cashier() as running:
        monkeypatch.setenv("YIJI_PAYMENT_STAND_IN", running.url)
        yield running


def other_keys() -> dict[str, str]:
    """A pair that nobody knows."""
    pair = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    private = pair.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {
        "private_secret": private.decode(),
        "public_key": pair.public_key().public_bytes(pem, form).decode(),
    }


class WeChatPlay:
    """The stand-in for WeChat Pay, as the account of one organization plays with it."""

    plays = frozenset({SETTLEMENTS})

    def __init__(self, stand_in: Cashier) -> None:
        self.stand_in, self.wechat = stand_in, stand_in.wechat
        self.provider: PaymentProvider = WeChatPayments()
        self.credentials = Credentials(wechat_of(7))
        self.mchid = self.credentials["mchid"]

    def but(self, **changed: str) -> Credentials:
        """Like `credentials`, with another value."""
        return Credentials({**self.credentials.values, **changed})

    def wrong_key(self) -> Credentials:
        return self.but(private_secret=other_keys()["private_secret"])

    def wrong_signature(self) -> Credentials:
        return self.but(public_key=other_keys()["public_key"])

    def pay(self, external_id: str) -> None:
        self.wechat.pay(self.wechat.books.order(self.mchid, external_id)["code"], "paid")

    def refund_elsewhere(self, external_id: str, amount_fen: int) -> None:
        total = self.wechat.books.order(self.mchid, external_id)["total"]
        amount = {"refund": amount_fen, "total": total, "currency": "CNY"}
        asked = {"out_refund_no": f"by-hand-{external_id}", "out_trade_no": external_id, "amount": amount}
        self.wechat.books.refund(self.mchid, asked)

    def fail_refund(self, refund_id: str) -> None:
        self.wechat.end_refund(self.mchid, refund_id, "CLOSED")

    def dispute(self, external_id: str, outcome: str) -> None:
        raise NotImplementedError("WeChat has complaints, which move no money")

    def lose_answers(self, how_many: int, *, applied: bool) -> None:
        for _ in range(how_many):
            self.stand_in.fault(kind="apply_then_drop" if applied else "drop", path="/v3/")

    def opened(self) -> int:
        return len(self.wechat.books.orders)

    def books_at(self) -> datetime:
        tomorrow = clock.local(clock.now()) + timedelta(days=1)
        return tomorrow.replace(hour=11)

    def notification(
        self, external_id: str, *, age: timedelta = timedelta()
    ) -> tuple[bytes, Mapping[str, str]]:
        books = self.wechat.books
        shown = books.shown(books.order(self.mchid, external_id))
        body = self.wechat.notification(self.mchid, "TRANSACTION.SUCCESS", "transaction", shown)
        return body.encode(), self.wechat.signed(body, int((clock.now() - age).timestamp()))


class TestWeChatPay(ProviderConformance):
    @pytest.fixture
    def play(self, stand_in: Cashier) -> WeChatPlay:
        return WeChatPlay(stand_in)

    def test_what_a_device_can_do(self, play: WeChatPlay) -> None:
        at_desk = play.provider.start(self.intent(play), play.credentials)
        assert at_desk.flow == QR
        on_phone = replace(self.intent(play), device=PHONE, payer="203.0.113.7")
        started = play.provider.start(on_phone, play.credentials)
        assert started.flow == REDIRECT
        assert "redirect_url=http%3A%2F%2Fyiji.test%2Forders%2F1%2Freturn" in started.url
        unknown = replace(self.intent(play), device=WECHAT)
        assert play.provider.start(unknown, play.credentials).flow == QR

    def test_wechats_own_browser_tells_first_who_pays(self, play: WeChatPlay) -> None:
        back = "http://yiji.test/orders/1/payer/wechatpay"
        for device, credentials in ((PHONE, play.credentials), (WECHAT, play.but(app_secret=""))):
            assert play.provider.identify(credentials, device, back, "s") == ""
        address = play.provider.identify(play.credentials, WECHAT, back, "state 1")
        code = come_back(address, back, "state 1")
        inside = replace(self.intent(play), device=WECHAT, payer=code)
        window = play.provider.start(inside, play.credentials)
        assert window.flow == JSAPI
        assert '"signType": "RSA"' in window.url
        again = replace(self.intent(play), device=WECHAT, payer=code)  # a code is good once
        assert play.provider.start(again, play.credentials).flow == QR
        elsewhere = play.provider.identify(play.credentials, WECHAT, "http://evil.test/", "s")
        with pytest.raises(urllib.error.HTTPError):
            come_back(elsewhere, "http://evil.test/", "s")

    def test_an_answer_that_is_not_signed_by_wechat_is_none(self, play: WeChatPlay) -> None:
        intent = self.intent(play)
        play.stand_in.fault(kind="forge", path="/v3/")
        with pytest.raises(ProviderSilent):
            play.provider.start(intent, play.credentials)
        assert play.provider.start(intent, play.credentials).flow == QR
        assert play.opened() == 1

    @pytest.mark.parametrize(("status", "silent"), [(500, True), (429, True), (202, True), (403, False)])
    def test_which_answers_leave_it_open(self, play: WeChatPlay, status: int, silent: bool) -> None:
        from core.payments.providers import ProviderRefused

        play.stand_in.fault(kind="status", status=status, path="/v3/")
        with pytest.raises(ProviderSilent if silent else ProviderRefused):
            play.provider.start(self.intent(play), play.credentials)

    @pytest.mark.parametrize(("age_s", "holds"), [(298, True), (301, False), (-298, True), (-301, False)])
    def test_five_minutes_both_ways(self, play: WeChatPlay, age_s: int, holds: bool) -> None:
        _, started = self.paid(play)
        with clock.frozen(clock.now().replace(microsecond=0)):
            body, headers = play.notification(started.external_id, age=timedelta(seconds=age_s))
            if holds:
                assert play.provider.parse_notification(body, headers, play.credentials).kind
            else:
                with pytest.raises(BadSignature):
                    play.provider.parse_notification(body, headers, play.credentials)

    def test_a_notification_of_another_merchant_or_seal(self, play: WeChatPlay) -> None:
        _, started = self.paid(play)
        body, headers = play.notification(started.external_id)
        for other in (
            play.but(mchid="1900000008"),
            play.but(v3_secret="0" * 32),
            play.but(public_key_id="PUB_KEY_ID_STANDIN_another"),
        ):
            with pytest.raises(BadSignature):
                play.provider.parse_notification(body, headers, other)
        for missing in headers:
            some = {name: value for name, value in headers.items() if name != missing}
            with pytest.raises(BadSignature):
                play.provider.parse_notification(body, some, play.credentials)


class WeChatChannel:
    """A code that is scanned, and the refund that WeChat sends."""

    source = "core.outside_online"

    def __init__(self, stand_in: Cashier) -> None:
        self._stand_in = stand_in

    async def pay(self, order_id: int, payer: Actor, committee: Committee) -> None:
        await pay(order_id, payer, self._stand_in)

    async def give_back(self, refund_id: int, committee: Committee) -> None:
        await services.send_refund(refund_id)
        await run_due_jobs()


class TestWeChatMoney(ChannelConformance):
    @pytest.fixture
    async def channel(self, committee: Committee, stand_in: Cashier) -> Channel:
        await connect_wechat(committee)
        return WeChatChannel(stand_in)
