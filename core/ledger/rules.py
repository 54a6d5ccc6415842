"""What a transfer is, and when it is well formed. Pure; the database asserts the same again."""

import functools
import hashlib
from dataclasses import dataclass
from datetime import datetime

from core import plugins
from core.language import translate
from core.ledger.errors import TransferRefused
from core.manifest import Reason
from core.reference import Ref


@dataclass(frozen=True)
class Entry:
    """One leg: `amount` in the smallest part of the transfer's unit; plus = the owner has more."""

    account_id: int
    amount: int


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """A head with its legs. `key` makes it happen once; `note` is public and names no person."""

    key: str
    unit: str
    reason: str
    cause: Ref
    occurred_at: datetime
    entries: tuple[Entry, ...]
    note: str = ""
    reverses_id: int | None = None

    def fingerprint(self) -> bytes:
        """Same content, same digest; the time is not content, so that a repeated call is a repeat."""
        legs = sorted((e.account_id, e.amount) for e in self.entries)
        content = (self.unit, self.reason, str(self.cause), self.note, self.reverses_id, legs)
        return hashlib.sha256(repr(content).encode()).digest()


def check(transfer: Transfer) -> None:
    """Raise TransferRefused unless the legs are at least two, none of zero, and sum to zero."""
    if len(transfer.entries) < 2:
        raise TransferRefused(rule="legs")
    if any(entry.amount == 0 for entry in transfer.entries):
        raise TransferRefused(rule="zero")
    if sum(entry.amount for entry in transfer.entries) != 0:
        raise TransferRefused(rule="balance")


@functools.cache
def _reasons() -> dict[str, Reason]:
    return {reason.code: reason for reason in plugins.contributions("register_reasons")}


def reason_title(code: str) -> str:
    """What people read for a reason, in the language of this context; its code if its plugin is gone."""
    reason = _reasons().get(code)
    return translate(reason.title) if reason else code
