"""Many transfers at once: awards of a month, an import, a settlement file."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

import asyncpg

from core.database import current_unit, fetch, fetch_value, unit_of_work
from core.evidence.errors import EvidenceUsed
from core.ledger import rules
from core.ledger.errors import (
    LotsTooLow,
    TransferAlreadyPosted,
    TransferKeyReused,
    TransferRefused,
    TransferReversed,
)
from core.ledger.rules import Books, Outcome, Transfer
from core.ledger.rules.batches import AccountFacts, EvidenceFacts
from core.ledger.services.posting import FUNCTION, arguments, explain

MOST = 10_000
_TRIES = 20
_POST = f"select {FUNCTION}($1, $2, $3)"
_HELD = "select * from ledger_hold($1)"


async def post_many(transfers: Sequence[Transfer]) -> list[Outcome]:
    """Write up to MOST transfers now, in the caller's unit of work; one outcome each, in their order.

    A refused one (BalanceTooLow, TransferKeyReused, EvidenceMissing …) stops no other. The accounts that
    give are locked until COMMIT: let it be the unit's only writing to the ledger. Where another process
    takes a key or a piece of evidence in the same moment, the batch is decided anew.
    """
    if len(transfers) > MOST:
        raise ValueError(f"at most {MOST} transfers at once, not {len(transfers)}")
    current_unit()
    fingerprints = [transfer.fingerprint() for transfer in transfers]
    for _ in range(_TRIES - 1):
        with suppress(TransferAlreadyPosted, TransferKeyReused, EvidenceUsed):
            return await _try(transfers, fingerprints)
    return await _try(transfers, fingerprints)


async def _try(transfers: Sequence[Transfer], fingerprints: Sequence[bytes]) -> list[Outcome]:
    books = await _books(transfers)
    async with unit_of_work():
        return await _write(transfers, fingerprints, books)


async def _books(transfers: Sequence[Transfer]) -> Books:
    accounts = {
        row["id"]: AccountFacts(row["unit"], row["floor"], row["tracks_lots"])
        for row in await fetch(
            "select id, unit, floor, tracks_lots from ledger_account where id = any($1)",
            list({e.account_id for t in transfers for e in t.entries}),
        )
    }
    giving = {e.account_id for t in transfers for e in t.entries if e.amount < 0}
    # The very accounts that ledger_post() will lock: a second choice later could lock crosswise.
    held = [id_ for id_, a in accounts.items() if a.tracks_lots or (id_ in giving and a.floor is not None)]
    # Locked before the keys are looked up: who posts the same batch at once waits here, then finds them.
    balances = {row["id"]: row["balance"] for row in await fetch(_HELD, held)} if held else {}
    return Books(
        accounts=accounts,
        reasons={
            row["code"]: (row["evidence_kind"], row["purpose"])
            for row in await fetch(
                "select code, evidence_kind, purpose from ledger_reason where code = any($1)",
                list({t.reason for t in transfers}),
            )
        },
        posted={
            row["key"]: (row["id"], row["fingerprint"])
            for row in await fetch(
                "select key, id, fingerprint from ledger_transfer where key = any($1)",
                [t.key for t in transfers],
            )
        },
        evidence=await _evidence([t.evidence_id for t in transfers if t.evidence_id is not None]),
        balances=balances,
    )


async def _evidence(ids: Iterable[int]) -> dict[int, EvidenceFacts]:
    wanted = list(set(ids))
    if not wanted:
        return {}
    rows = await fetch(
        "select e.id, e.kind, e.subject_kind, e.subject_id,"
        " array(select u.purpose from evidence_use u where u.evidence = e.id) as purposes"
        " from evidence e where e.id = any($1)",
        wanted,
    )
    return {
        row["id"]: EvidenceFacts(
            row["kind"], f"{row['subject_kind']}:{row['subject_id']}", frozenset(row["purposes"])
        )
        for row in rows
    }


async def _write(transfers: Sequence[Transfer], fingerprints: Sequence[bytes], books: Books) -> list[Outcome]:
    outcomes: dict[int, Outcome] = {}
    start = 0
    while start < len(transfers):
        batch = rules.decide(transfers, fingerprints, books, start)
        outcomes |= batch.settled
        if batch.accepted:
            ids = await _post([(transfers[n], fingerprints[n]) for n in batch.accepted])
            for n, id_ in zip(batch.accepted, ids, strict=True):
                outcomes[n] = Outcome(id_)
                books.posted[transfers[n].key] = id_, fingerprints[n]
        for n, first in batch.repeats.items():
            outcomes[n] = Outcome(outcomes[first].transfer_id, is_repeat=True)
        if batch.alone is None:
            break
        n, start = batch.alone, batch.alone + 1
        outcomes[n] = await _post_alone(transfers[n], fingerprints[n], books)
    return [outcomes[n] for n in range(len(transfers))]


async def _post_alone(transfer: Transfer, fingerprint: bytes, books: Books) -> Outcome:
    try:
        async with unit_of_work():
            (transfer_id,) = await _post([(transfer, fingerprint)])
    except (LotsTooLow, TransferReversed, TransferRefused) as refusal:
        return Outcome(refusal=refusal)
    rules.note(transfer, books)
    books.posted[transfer.key] = transfer_id, fingerprint
    return Outcome(transfer_id)


async def _post(signed: Sequence[tuple[Transfer, bytes]]) -> list[int]:
    try:
        return list(await fetch_value(_POST, *arguments(*zip(*signed, strict=True))))
    except asyncpg.PostgresError as refusal:
        raise explain(refusal) or refusal from refusal
