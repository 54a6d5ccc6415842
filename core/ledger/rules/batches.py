"""Which transfers of a batch the books accept, decided in the order in which they come. Pure.

The caller has locked the accounts that may fall to their floor, so that what is decided here holds until
COMMIT; the database asserts the same again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from core.errors import YijiError
from core.evidence.errors import EvidenceMissing, EvidenceUsed
from core.ledger.errors import BalanceTooLow, TransferKeyReused, TransferRefused
from core.ledger.rules.transfers import Transfer, check


class AccountFacts(NamedTuple):
    """`floor` None: none."""

    unit: str
    floor: int | None
    tracks_lots: bool


class EvidenceFacts(NamedTuple):
    """A piece of evidence: its kind, what it is about (`kind:id`), and what it was used for."""

    kind: str
    subject: str
    purposes: frozenset[str]


@dataclass(frozen=True)
class Books:
    """What the books say, as far as a batch touches them.

    `reasons`: code -> (evidence kind or "", purpose). `posted`: key -> (transfer id, fingerprint).
    `balances`: of locked accounts.
    """

    accounts: Mapping[int, AccountFacts]
    reasons: Mapping[str, tuple[str, str]]
    posted: Mapping[str, tuple[int, bytes]]
    evidence: Mapping[int, EvidenceFacts]
    balances: Mapping[int, int]


@dataclass(frozen=True)
class Outcome:
    """What became of one transfer of a batch: its id (`is_repeat`: from before), or why it was refused."""

    transfer_id: int | None = None
    is_repeat: bool = False
    refusal: YijiError | None = None


@dataclass(frozen=True)
class Batch:
    """A decided batch, by position: `accepted` to be written together, `drawing` one after the other
    because only the lots can say whether they suffice, `settled` with an outcome already, and `repeats`
    of an accepted one."""

    accepted: list[int] = field(default_factory=list)
    drawing: list[int] = field(default_factory=list)
    settled: dict[int, Outcome] = field(default_factory=dict)
    repeats: dict[int, int] = field(default_factory=dict)


def decide(transfers: Sequence[Transfer], fingerprints: Sequence[bytes], books: Books) -> Batch:
    """Each transfer by itself: one that is refused leaves no trace on those after it."""
    batch = Batch()
    taken: dict[str, int] = {}
    used: set[tuple[int, str]] = set()
    balances = dict(books.balances)
    for n, transfer in enumerate(transfers):
        before = books.posted.get(transfer.key)
        first = taken.get(transfer.key)
        if before is not None:
            batch.settled[n] = _repeat(before, fingerprints[n])
            continue
        if first is not None:
            if fingerprints[first] == fingerprints[n]:
                batch.repeats[n] = first
            else:
                batch.settled[n] = Outcome(refusal=TransferKeyReused())
            continue
        try:
            _check(transfer, books, used, balances)
        except YijiError as refusal:
            batch.settled[n] = Outcome(refusal=refusal)
            continue
        taken[transfer.key] = n
        (batch.drawing if _draws(transfer, books) else batch.accepted).append(n)
    return batch


def _repeat(before: tuple[int, bytes], fingerprint: bytes) -> Outcome:
    transfer_id, first = before
    if first == fingerprint:
        return Outcome(transfer_id, is_repeat=True)
    return Outcome(refusal=TransferKeyReused())


def _check(transfer: Transfer, books: Books, used: set[tuple[int, str]], balances: dict[int, int]) -> None:
    """Raise why it is refused, or note in `used` and `balances` what it takes."""
    check(transfer)
    for entry in transfer.entries:
        account = books.accounts.get(entry.account_id)
        if account is None or account.unit != transfer.unit:
            raise TransferRefused(rule="ledger_entry_unit")
    use = _evidence_use(transfer, books)
    if use is not None and use in used:
        raise EvidenceUsed
    after = dict(_balances_after(transfer, books, balances))
    if use is not None:
        used.add(use)
    balances |= after


def _evidence_use(transfer: Transfer, books: Books) -> tuple[int, str] | None:
    """(evidence, purpose) that the transfer consumes; raises where it has not what its reason requires."""
    reason = books.reasons.get(transfer.reason)
    if reason is None:
        raise TransferRefused(rule="ledger_transfer_reason_fkey")
    kind, purpose = reason
    if not kind and transfer.evidence_id is None:
        return None
    if not kind:
        raise TransferRefused(rule="ledger_transfer_evidence")
    evidence = books.evidence.get(transfer.evidence_id or 0)
    if evidence is None or evidence.kind != kind or evidence.subject != str(transfer.cause):
        raise EvidenceMissing
    if purpose in evidence.purposes:
        raise EvidenceUsed
    assert transfer.evidence_id is not None
    return transfer.evidence_id, purpose


def _balances_after(
    transfer: Transfer, books: Books, balances: Mapping[int, int]
) -> Iterator[tuple[int, int]]:
    """(account, balance after) of the locked accounts that it touches; raises BalanceTooLow."""
    after: dict[int, int] = {}
    for entry in transfer.entries:
        known = after.get(entry.account_id, balances.get(entry.account_id))
        if known is not None:
            after[entry.account_id] = known + entry.amount
    for account_id, balance in after.items():
        floor = books.accounts[account_id].floor
        if floor is not None and balance < floor and balance < balances[account_id]:
            raise BalanceTooLow
        yield account_id, balance


def _draws(transfer: Transfer, books: Books) -> bool:
    return any(e.amount < 0 and books.accounts[e.account_id].tracks_lots for e in transfer.entries)
