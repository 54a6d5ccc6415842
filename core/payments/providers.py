"""What a payment provider is: a pure adapter between us and the place where people pay.

It knows neither our database nor HTTP frameworks, and changes no state: it answers, we decide. Its methods
block, and are called in threads of the worker.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core import plugins
from core.errors import YijiError
from core.payments.errors import CredentialMalformed, CredentialMissing, CredentialsRefused

CAPTURED, REFUNDED, REFUND_FAILED = "captured", "refunded", "refund_failed"
DISPUTED, DISPUTE_RETURNED = "disputed", "dispute_returned"
PAYOUT, OTHER = "payout", "other"
REDIRECT, QR, JSAPI = "redirect", "qr", "jsapi"
DESKTOP, PHONE, WECHAT = "desktop", "phone", "wechat"
# What comes back of what has left: under the same name of the provider.
RETURNS = {REFUND_FAILED: REFUNDED, DISPUTE_RETURNED: DISPUTED}


class ProviderRefused(Exception):
    """The provider will not do it, now or later: a wrong key, an amount that it does not take."""


class ProviderSilent(Exception):
    """No answer, or none to rely on: whatever was asked may have happened. Ask again with the same key."""


class BadSignature(Exception):
    """The notification is not from the provider, or not of this time."""


@dataclass(frozen=True, kw_only=True)
class CredentialField:
    """One of the things that open an account, as its form asks for it. All words are marked messages.

    `pattern` fits the whole value; `refusal` says why another one is not taken. A name with `secret` in it is
    never shown again, nor kept for a form that is sent anew.
    """

    name: str
    label: str
    hint: str
    pattern: str
    refusal: str
    is_optional: bool = False
    is_long: bool = False

    @property
    def is_secret(self) -> bool:
        """May nobody read it again?"""
        return "secret" in self.name


@dataclass(frozen=True)
class Credentials:
    """What opens an organization's account at the provider: a value for each of its fields. Never logged."""

    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """Raises ProviderRefused for what the account was not asked for when it was connected."""
        if name not in self.values:
            raise ProviderRefused(f"no {name}")
        return self.values[name]

    def __repr__(self) -> str:
        return "Credentials(…)"


@dataclass(frozen=True, kw_only=True)
class PaymentIntent:
    """What is to be paid. `reference` is ours: asking twice with the same one opens one payment.

    `device`: DESKTOP, PHONE or WECHAT (its own browser); `payer`: what the provider must know of who sits
    there: the address of a phone, or the code with which `identify` came back.
    """

    reference: str
    amount_fen: int
    title: str
    return_url: str
    cancel_url: str
    notify_url: str
    expires_at: datetime
    device: str = DESKTOP
    payer: str = ""


@dataclass(frozen=True, kw_only=True)
class Started:
    """How the payer pays, and what the provider calls the payment.

    `url` is, by `flow`: a page to go to (REDIRECT), what a phone scans (QR), or what WeChat's browser is
    given, as JSON (JSAPI).
    """

    external_id: str
    url: str
    flow: str = REDIRECT


@dataclass(frozen=True, kw_only=True)
class RefundRequest:
    """What is to go back of the payment `external_id`, which we know as `payment`.

    `reference` is ours too: asked twice with the same one, the money goes once.
    """

    reference: str
    payment: str
    external_id: str
    amount_fen: int
    notify_url: str


@dataclass(frozen=True, kw_only=True)
class Move:
    """Money that has moved, by the provider's name of it. `reference`: of our own refund, if it is one.

    `kind`: CAPTURED, REFUNDED, REFUND_FAILED, DISPUTED or DISPUTE_RETURNED.
    """

    kind: str
    external_id: str
    amount_fen: int
    happened_at: datetime
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """The payer's bank asks whether a payment was right; `state`: open, won or lost.

    Whether money has moved for it is said by a Move of the same name.
    """

    external_id: str
    state: str
    amount_fen: int
    reason: str
    opened_at: datetime
    due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What the provider says now: the only source of truth. `state` is one of an attempt's."""

    reference: str
    state: str
    currency: str = "cny"
    moves: Sequence[Move] = ()
    disputes: Sequence[Dispute] = ()

    @property
    def is_held(self) -> bool:
        """Has more come in than gone back?"""
        left = RETURNS.values()
        return sum(-move.amount_fen if move.kind in left else move.amount_fen for move in self.moves) > 0


@dataclass(frozen=True, kw_only=True)
class SettlementLine:
    """A line of the provider's own books. `amount` (out: less than nothing) and `fee` are in `currency`.

    `kind`: that of a Move, PAYOUT or OTHER; `source`: the external id of that Move; `paid_fen`: what it moved
    in CNY, as the payer saw it, if the provider says so; `payout`: with which it went to the bank.
    """

    external_id: str
    kind: str
    amount: int
    fee: int
    currency: str
    booked_at: datetime
    source: str = ""
    reference: str = ""
    paid_fen: int | None = None
    payout: str = ""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A notification, verified. `reference` is that of our attempt, or the provider's name of its money.

    Empty: not about a payment.
    """

    external_id: str
    kind: str
    reference: str
    is_live: bool


class PaymentProvider(Protocol):
    """All raise ProviderRefused or ProviderSilent."""

    @property
    def id(self) -> str:
        """Stands in accounts and addresses; never changed."""

    @property
    def title(self) -> str:
        """A marked message: the name that the payee's people know."""

    @property
    def means(self) -> str:
        """A marked message: with what one pays there, short enough for a button."""

    @property
    def words(self) -> str:
        """A marked message: a sentence on how one pays there, and whom."""

    @property
    def fields(self) -> Sequence[CredentialField]:
        """What opens an account."""

    def is_live(self, credentials: Credentials) -> bool:
        """Does the account move real money?"""

    def can_verify(self, credentials: Credentials) -> bool:
        """Could a notification to this account be told from a forged one? If not, its address is closed."""

    def identify(self, credentials: Credentials, device: str, back: str, state: str) -> str:
        """Where this device's browser goes first, so that it comes `back` with a `code` of who pays.

        "" where that is not needed, or not to be had; `state` comes back as it is, and the code is the
        `payer` of a PaymentIntent.
        """

    def start(self, intent: PaymentIntent, credentials: Credentials) -> Started:
        """Open the payment, or find the one that was opened with the same reference."""

    def fetch(self, external_id: str, credentials: Credentials, refunds: Sequence[str] = ()) -> Snapshot:
        """What became of it. `refunds`: those that we know of, for a provider that does not list them."""

    def close(self, external_id: str, credentials: Credentials, refunds: Sequence[str] = ()) -> Snapshot:
        """Take no money for it any more. May answer that it is paid already."""

    def refund(self, wanted: RefundRequest, credentials: Credentials) -> str:
        """Send money back, or find what was sent with the same reference; the provider's name of it."""

    def settlements(self, since: datetime, credentials: Credentials) -> Sequence[SettlementLine]:
        """Everything that the account's books have got since then, and all that was paid out since then."""

    def check(self, credentials: Credentials) -> None:
        """Does the key open an account?"""

    def parse_notification(self, body: bytes, headers: Mapping[str, str], credentials: Credentials) -> Notice:
        """Verify the raw bytes; raises BadSignature. Header names are in lower case."""


def check_fields(fields: Sequence[CredentialField], values: Mapping[str, str]) -> Credentials:
    """What was typed, if each field could be right; raises CredentialsRefused with the reason of each."""
    refused: dict[str, YijiError] = {}
    for field in fields:
        typed = values.get(field.name, "")
        if not typed and not field.is_optional:
            refused[field.name] = CredentialMissing()
        elif typed and not re.fullmatch(field.pattern, typed, re.ASCII | re.DOTALL):
            refused[field.name] = CredentialMalformed(field.refusal)
    if refused:
        raise CredentialsRefused(refused)
    return Credentials({field.name: values.get(field.name, "") for field in fields})


def providers() -> list[PaymentProvider]:
    """Those of the enabled plugins."""
    return list(plugins.contributions("register_payment_providers"))


def provider(provider_id: str) -> PaymentProvider:
    """The provider of an enabled plugin; raises LookupError."""
    for one in providers():
        if one.id == provider_id:
            return one
    raise LookupError(f"no enabled plugin has the payment provider {provider_id!r}")
