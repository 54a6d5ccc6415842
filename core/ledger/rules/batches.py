"""Which transfers of a batch the books accept, decided in the order in which they come. Pure.

The caller has locked the accounts that may fall to their floor, so that what is decided here holds until
COMMIT; the database asserts the same again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
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
    """What the books say, as far as a batch touches them; what is accepted is noted here.

    `reasons`: code -> (evidence kind or "", purpose). `posted`: key -> (transfer id, fingerprint).
    `balances`: of locked accounts.
    """

    accounts: Mapping[int, AccountFacts]
    reasons: Mapping[str, tuple[str, str]]
    posted: dict[str, tuple[int, bytes]]
    evidence: Mapping[int, EvidenceFacts]
    balances: dict[int, int]
    used: set[tuple[int, str]] = field(default_factory=set)


@dataclass(frozen=True)
class Outcome:
    """What became of one transfer of a batch: its id (`is_repeat`: from before), or why it was refused."""

    transfer_id: int | None = None
    is_repeat: bool = False
    refusal: YijiError | None = None


@dataclass
class Batch:
    """Decided transfers by position: `accepted` to be written together, `repeats` of an accepted one, and
    `settled` with an outcome already. Only the database can decide the one `alone` at which it stopped."""

    accepted: list[int] = field(default_factory=list)
    settled: dict[int, Outcome] = field(default_factory=dict)
    repeats: dict[int, int] = field(default_factory=dict)
    alone: int | None = None


def decide(
    transfers: Sequence[Transfer], fingerprints: Sequence[bytes], books: Books, start: int = 0
) -> Batch:
    """Each transfer from `start` by itself: one that is refused leaves no trace on those after it.

    It stops at a transfer that draws lots or reverses another. The caller writes what is accepted, then
    that one, tells the books with `note()`, and goes on after it.
    """
    batch = Batch()
    taken: dict[str, int] = {}
    for n in range(start, len(transfers)):
        transfer = transfers[n]
        before, first = books.posted.get(transfer.key), taken.get(transfer.key)
        if before is not None:
            same = before[1] == fingerprints[n]
            batch.settled[n] = Outcome(before[0], is_repeat=True) if same else _REUSED
        elif first is None:
            refusal = _refusal(transfer, books)
            if refusal is not None:
                batch.settled[n] = Outcome(refusal=refusal)
            elif _is_for_the_database(transfer, books):
                batch.alone = n
                break
            else:
                note(transfer, books)
                taken[transfer.key] = n
                batch.accepted.append(n)
        elif fingerprints[first] == fingerprints[n]:
            batch.repeats[n] = first
        else:
            batch.settled[n] = _REUSED
    return batch


_REUSED = Outcome(refusal=TransferKeyReused())


def note(transfer: Transfer, books: Books) -> None:
    """Let the books know of a transfer that was accepted."""
    use = _evidence_use(transfer, books)
    if use is not None:
        books.used.add(use)
    for entry in transfer.entries:
        if entry.account_id in books.balances:
            books.balances[entry.account_id] += entry.amount


def _refusal(transfer: Transfer, books: Books) -> YijiError | None:
    try:
        check(transfer)
        for entry in transfer.entries:
            account = books.accounts.get(entry.account_id)
            if account is None or account.unit != transfer.unit:
                raise TransferRefused(rule="ledger_entry_unit")
        if _evidence_use(transfer, books) in books.used:
            raise EvidenceUsed
        _check_floors(transfer, books)
    except YijiError as refusal:
        return refusal
    return None


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


def _check_floors(transfer: Transfer, books: Books) -> None:
    moved: Counter[int] = Counter()
    for entry in transfer.entries:
        moved[entry.account_id] += entry.amount
    for account_id, amount in moved.items():
        floor = books.accounts[account_id].floor
        if floor is not None and amount < 0 and books.balances[account_id] + amount < floor:
            raise BalanceTooLow


def _is_for_the_database(transfer: Transfer, books: Books) -> bool:
    return transfer.reverses_id is not None or any(
        entry.amount < 0 and books.accounts[entry.account_id].tracks_lots for entry in transfer.entries
    )
