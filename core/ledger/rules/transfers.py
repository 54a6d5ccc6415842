"""What a transfer is, and when it is well formed. Pure; the database asserts the same again."""

import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from core import plugins
from core.language import translate
from core.ledger.errors import TransferKeyReused, TransferRefused
from core.manifest import Reason
from core.reference import Ref

_AMOUNT_MOST = 2**62  # half of what a column can hold


@dataclass(frozen=True, kw_only=True)
class Receive:
    """Terms of the lot that a leg brings to an account of a kind with lots.

    `restriction` names the purpose it is bound to, "" none; `expires_on` is its last good day; `origin`
    is where it comes from (a gift), by default the transfer's cause.
    """

    restriction: str = ""
    expires_on: date | None = None
    origin: Ref | None = None

    def terms(self) -> dict[str, Any]:
        """As the database wants them; what is not said is left out."""
        known = {"restriction": self.restriction or None, "expires_on": self.expires_on}
        return _said(known, self.origin)


@dataclass(frozen=True, kw_only=True)
class Draw:
    """From which lots a leg takes, first in, first out.

    `use`: those of `restriction`, then free ones, never expired ones. `any`: whatever is there (what a hold
    account holds was chosen before). `return`: what was drawn last comes back first, with its age.
    `expired`: only what has expired. `origin`: only lots of that origin.
    """

    way: Literal["use", "any", "return", "expired"] = "use"
    restriction: str = ""
    origin: Ref | None = None

    def terms(self) -> dict[str, Any]:
        """As the database wants them; what is not said is left out."""
        return _said({"draw": self.way, "restriction": self.restriction or None}, self.origin)


def _said(terms: dict[str, Any], origin: Ref | None) -> dict[str, Any]:
    if origin is not None:
        terms |= {"origin_kind": origin.kind, "origin_id": origin.id}
    return {name: value for name, value in terms.items() if value is not None}


@dataclass(frozen=True)
class Entry:
    """One leg: `amount` in the smallest part of the transfer's unit; plus = the owner has more.

    `lots` says more where the account's kind tracks lots: a free lot is received, free lots are used.
    """

    account_id: int
    amount: int
    lots: Receive | Draw | None = None


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """A head with its legs. `key` makes it happen once; `note` is public and names no person.

    `evidence_id`: evidence about `cause`, of the kind that the reason requires.
    """

    key: str
    unit: str
    reason: str
    cause: Ref
    occurred_at: datetime
    entries: tuple[Entry, ...]
    note: str = ""
    evidence_id: int | None = None
    reverses_id: int | None = None

    def fingerprint(self) -> bytes:
        """Same content, same digest; the time is not content, so that a repeated call is a repeat."""
        legs = sorted((e.account_id, e.amount) for e in self.entries)
        content: tuple[object, ...] = (
            self.unit, self.reason, str(self.cause), self.note, self.reverses_id, legs,
        )  # fmt: skip
        # Said only where there is some, so that the digests of older transfers stay what they were.
        if terms := sorted((e.account_id, e.amount, repr(e.lots)) for e in self.entries if e.lots):
            content += (terms,)
        if self.evidence_id is not None:
            content += (("evidence", self.evidence_id),)
        return hashlib.sha256(repr(content).encode()).digest()


def check(transfer: Transfer) -> None:
    """Raise TransferRefused unless the legs are at least two, none of zero, and sum to zero.

    The lengths are those of the columns: one row that is too long must not stop a batch.
    """
    if len(transfer.key) > 120 or len(transfer.note) > 80 or len(transfer.cause.kind) > 60:
        raise TransferRefused(rule="length")
    if transfer.occurred_at.tzinfo is None:
        raise TransferRefused(rule="time")
    if len(transfer.entries) < 2:
        raise TransferRefused(rule="legs")
    total = 0
    for entry in transfer.entries:
        if entry.amount == 0:
            raise TransferRefused(rule="zero")
        if abs(entry.amount) > _AMOUNT_MOST or (entry.lots and _is_too_long(entry.lots)):
            raise TransferRefused(rule="length")
        if isinstance(entry.lots, Receive if entry.amount < 0 else Draw):
            raise TransferRefused(rule="lots")
        total += entry.amount
    if total != 0:
        raise TransferRefused(rule="balance")


def _is_too_long(terms: Receive | Draw) -> bool:
    return len(terms.restriction) > 60 or (terms.origin is not None and len(terms.origin.kind) > 60)


def once_each(transfers: Sequence[Transfer]) -> list[Transfer]:
    """The same transfer twice is one; raises TransferKeyReused where two under one key differ."""
    if len(transfers) == 1:
        return list(transfers)
    by_key: dict[str, Transfer] = {}
    for transfer in transfers:
        first = by_key.setdefault(transfer.key, transfer)
        if first is not transfer and first.fingerprint() != transfer.fingerprint():
            raise TransferKeyReused
    return list(by_key.values())


def opposite(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The legs that undo these; the ledger itself knows which lots moved."""
    return tuple(Entry(entry.account_id, -entry.amount) for entry in entries)


def evidence_kind(reason: str) -> str | None:
    """The kind of evidence that a declared reason requires; None: none, or nobody declares it."""
    declared = _reasons().get(reason)
    return declared.evidence if declared else None


def unit_title(code: str) -> str:
    """What people call a unit, or the family that it is of (`GREEN:3`); its code if its plugin is gone."""
    titles = {unit.code: unit.title for unit in plugins.contributions("register_units")}
    title = titles.get(code) or titles.get(code.partition(":")[0])
    return translate(title) if title else code


@functools.cache
def _reasons() -> dict[str, Reason]:
    return {reason.code: reason for reason in plugins.contributions("register_reasons")}


def reason_title(code: str) -> str:
    """What people read for a reason, in the language of this context; its code if its plugin is gone."""
    reason = _reasons().get(code)
    return translate(reason.title) if reason else code
