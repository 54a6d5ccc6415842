"""Stripe Checkout: a page of Stripe's where an order is paid by card, Alipay or WeChat Pay, in CNY.

The only module that imports `stripe`, and only once somebody pays: it weighs 30 MB.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

import stripe

from core import clock
from core.language import mark
from core.payments.providers import (
    CAPTURED,
    DISPUTE_RETURNED,
    DISPUTED,
    REFUND_FAILED,
    REFUNDED,
    BadSignature,
    CredentialField,
    Credentials,
    Dispute,
    Move,
    Notice,
    PaymentIntent,
    ProviderRefused,
    ProviderSilent,
    RefundRequest,
    SettlementLine,
    Snapshot,
    Started,
)
from core.payments.rules.disputes import LOST, OPEN, WON
from core.payments.rules.online import EXPIRED, FAILED, PENDING, PROCESSING, SUCCEEDED
from core.payments.stripe_settlements import LINES_MOST, settlement_lines
from core.settings import load

STAND_IN = "sk_standin_"
_METHODS = ["card", "alipay", "wechat_pay"]
_TIMEOUT_S, _RETRIES, _TOLERANCE_S = 10, 2, 300
_PAGE, _LISTED_MOST = 100, 2_000  # of one payment
_DECLINED = "requires_payment_method"
_FIELDS = (
    CredentialField(
        name="secret_key",
        label=mark("密钥"),
        hint=mark("在 Stripe 后台“开发者 - API 密钥”里，以 sk_ 或 rk_ 开头。"),
        pattern=r"(sk|rk)_(live|test|standin)_\w{8,200}",
        refusal=mark("密钥应以 sk_ 或 rk_ 开头，请从 Stripe 后台原样复制"),
    ),
    CredentialField(
        name="webhook_secret",
        label=mark("通知签名密钥（可以先不填）"),
        hint=mark("先在 Stripe 后台添加下面的通知地址，再把以 whsec_ 开头的签名密钥填在这里。"),
        pattern=r"whsec_\w{8,200}",
        refusal=mark("通知签名密钥应以 whsec_ 开头，请从 Stripe 后台原样复制"),
        is_optional=True,
    ),
)
Answered = TypeVar("Answered")
# It tells every address with the ids in it.
logging.getLogger("stripe").setLevel(logging.WARNING)


@dataclass(frozen=True)
class StripeCheckout:
    """One Checkout Session an attempt; our reference is the idempotency key of its creation."""

    id: str = "stripe"
    title: str = "Stripe"
    means: str = mark("银行卡、支付宝或微信")
    words: str = mark("用银行卡、支付宝或微信，钱直接进收款方自己的账户。")
    fields: tuple[CredentialField, ...] = _FIELDS

    def is_live(self, credentials: Credentials) -> bool:
        """The key itself says so."""
        return credentials["secret_key"].split("_")[1:2] == ["live"]

    def can_verify(self, credentials: Credentials) -> bool:
        """Anybody could sign with an empty secret."""
        return bool(credentials["webhook_secret"])

    def identify(self, credentials: Credentials, device: str, back: str, state: str) -> str:
        """Stripe's page asks for itself."""
        return ""

    def start(self, intent: PaymentIntent, credentials: Credentials) -> Started:
        """Open a session; the same reference within a day finds the same one."""
        ours = {"reference": intent.reference}
        session = _ask(
            lambda: _client(credentials).v1.checkout.sessions.create(
                {
                    "mode": "payment",
                    "locale": "auto",
                    "allowed_payment_method_types": _METHODS,
                    "payment_method_options": {"wechat_pay": {"client": "web"}},
                    "line_items": [
                        {
                            "quantity": 1,
                            "price_data": {
                                "currency": "cny",
                                "unit_amount": intent.amount_fen,
                                "product_data": {"name": intent.title},
                            },
                        }
                    ],
                    "client_reference_id": intent.reference,
                    "metadata": ours,
                    # Events about the money do not carry the session's.
                    "payment_intent_data": {"metadata": ours},
                    "success_url": intent.return_url,
                    "cancel_url": intent.cancel_url,
                    "expires_at": int(intent.expires_at.timestamp()),
                },
                {"idempotency_key": intent.reference},
            )
        )
        return Started(external_id=session.id, url=session.url or "")

    def fetch(self, external_id: str, credentials: Credentials, refunds: Sequence[str] = ()) -> Snapshot:
        """The session with its money; Stripe lists the refunds by itself."""
        client = _client(credentials)
        session = _ask(
            lambda: client.v1.checkout.sessions.retrieve(
                external_id, {"expand": ["payment_intent.latest_charge"]}
            )
        )
        is_paid = session.payment_status == "paid" and session.payment_intent is not None
        moves = list(_moves(client, session.payment_intent)) if is_paid else []
        found = _disputes(client, session.payment_intent) if is_paid else []
        return Snapshot(
            reference=session.client_reference_id or "",
            state=_state(session),
            currency=session.currency or "",
            moves=[*moves, *(move for dispute in found for move in _dispute_moves(dispute))],
            disputes=[_dispute(dispute) for dispute in found],
        )

    def close(self, external_id: str, credentials: Credentials, refunds: Sequence[str] = ()) -> Snapshot:
        """Expire the session; one that is paid or over already says so."""
        client = _client(credentials)
        with suppress(ProviderRefused):  # only an open one can be expired: what it is now, it tells itself
            _ask(lambda: client.v1.checkout.sessions.expire(external_id))
        return self.fetch(external_id, credentials)

    def refund(self, wanted: RefundRequest, credentials: Credentials) -> str:
        """Send money back; our reference is the idempotency key, and stands in what is sent."""
        client = _client(credentials)
        session = _ask(lambda: client.v1.checkout.sessions.retrieve(wanted.external_id))
        refund = _ask(
            lambda: client.v1.refunds.create(
                {
                    "payment_intent": session.payment_intent,
                    "amount": wanted.amount_fen,
                    "metadata": {"reference": wanted.payment, "refund": wanted.reference},
                },
                {"idempotency_key": wanted.reference},
            )
        )
        return str(refund.id)

    def settlements(self, since: datetime, credentials: Credentials) -> Sequence[SettlementLine]:
        """The balance transactions since then, and those in each payout since then."""
        client = _client(credentials)

        def listed(asked: dict[str, Any]) -> list[Any]:
            found = client.v1.balance_transactions.list(asked | {"limit": 100, "expand": ["data.source"]})
            return list(islice(found.auto_paging_iter(), LINES_MOST))

        return settlement_lines(lambda asked: _ask(lambda: listed(asked)), since)

    def check(self, credentials: Credentials) -> None:
        """Read the account's balance."""
        _ask(lambda: _client(credentials).v1.balance.retrieve())

    def parse_notification(self, body: bytes, headers: Mapping[str, str], credentials: Credentials) -> Notice:
        """An event of which only its object's reference counts: what happened, we ask for ourselves."""
        signature = headers.get("stripe-signature", "")
        try:
            stripe.WebhookSignature.verify_header(body, signature, credentials["webhook_secret"])
            event = json.loads(body)
            about = event["data"]["object"]
            ours = about.get("metadata") or {}
            notice = Notice(
                external_id=str(event["id"]),
                kind=str(event["type"]),
                # A dispute bears no words of ours, but the name of the money.
                reference=str(ours.get("reference") or about.get("payment_intent") or ""),
                is_live=bool(event["livemode"]),
            )
        except (stripe.SignatureVerificationError, ValueError, LookupError, TypeError, AttributeError):
            raise BadSignature from None
        # Stripe's own check looks at the age alone, and takes what is signed for next week.
        if abs(clock.now().timestamp() - _signed_at(signature)) > _TOLERANCE_S:
            raise BadSignature
        return notice


def _signed_at(signature: str) -> int:
    return next(int(part[2:]) for part in signature.split(",") if part.startswith("t="))


def _client(credentials: Credentials) -> Any:
    """A client of this account; a stand-in's key goes to the stand-in, and never to Stripe."""
    if not credentials["secret_key"].startswith(STAND_IN):
        addresses = {}
    elif stand_in := load().payment_stand_in:
        addresses = {"api": stand_in}
    else:
        raise ProviderRefused("no stand-in is running")
    return stripe.StripeClient(
        credentials["secret_key"],
        base_addresses=addresses,
        max_network_retries=_RETRIES,
        http_client=stripe.RequestsClient(timeout=_TIMEOUT_S),
    )


def _ask(call: Callable[[], Answered]) -> Answered:
    """Stripe's errors as ours, without its words: those may quote what was sent."""
    try:
        return call()
    except (stripe.RateLimitError, stripe.APIConnectionError) as error:
        raise ProviderSilent(type(error).__name__) from None
    except stripe.StripeError as error:
        if (error.http_status or 500) >= 500 or error.http_status == 409:
            raise ProviderSilent(type(error).__name__) from None
        raise ProviderRefused(f"{type(error).__name__} {error.code or ''}".strip()) from None


def _state(session: Any) -> str:
    if session.payment_status == "paid":
        return SUCCEEDED
    if session.status == "complete":
        intent = session.payment_intent
        return FAILED if intent is not None and intent.status in (_DECLINED, "canceled") else PROCESSING
    return EXPIRED if session.status == "expired" else PENDING


def _moves(client: Any, intent: Any) -> Iterator[Move]:
    charge = intent.latest_charge
    yield Move(
        kind=CAPTURED,
        external_id=intent.id,
        amount_fen=intent.amount_received,
        happened_at=_moment(charge.created if charge is not None else intent.created),
    )
    for refund in _of_payment(client.v1.refunds, intent):
        yield Move(
            kind=REFUNDED,
            external_id=refund.id,
            amount_fen=refund.amount,
            happened_at=_moment(refund.created),
            reference=_ours(refund, "refund"),
        )
        if refund.status in ("failed", "canceled"):  # it has come back
            yield Move(
                kind=REFUND_FAILED,
                external_id=refund.id,
                amount_fen=refund.amount,
                happened_at=_moment(refund.created),
            )


def _disputes(client: Any, intent: Any) -> list[Any]:
    charge = intent.latest_charge
    if charge is None or not charge.disputed:
        return []
    return _of_payment(client.v1.disputes, intent)


def _of_payment(things: Any, intent: Any) -> list[Any]:
    """All of them, the oldest first; Stripe lists the newest first, a page at a time."""
    asked = {"payment_intent": intent.id, "limit": _PAGE}
    found = _ask(lambda: list(islice(things.list(asked).auto_paging_iter(), _LISTED_MOST)))
    return found[::-1]


def _dispute(dispute: Any) -> Dispute:
    is_won = dispute.status in ("won", "warning_closed", "prevented")
    due_by = dispute.evidence_details.due_by if dispute.evidence_details else None
    return Dispute(
        external_id=dispute.id,
        state=WON if is_won else LOST if dispute.status == "lost" else OPEN,
        amount_fen=dispute.amount,
        reason=dispute.reason or "",
        opened_at=_moment(dispute.created),
        due_at=_moment(due_by) if due_by else None,
    )


def _dispute_moves(dispute: Any) -> Iterator[Move]:
    """The bank takes the money when it asks, and may give it back; a mere question takes none."""
    for booked in dispute.balance_transactions:
        yield Move(
            kind=DISPUTED if booked.amount < 0 else DISPUTE_RETURNED,
            external_id=dispute.id,
            amount_fen=dispute.amount,
            happened_at=_moment(booked.created),
        )


def _ours(thing: Any, name: str) -> str:
    """What we have written on it."""
    return str(thing.metadata[name]) if thing.metadata and name in thing.metadata else ""


def _moment(timestamp: int) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)
