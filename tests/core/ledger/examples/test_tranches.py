"""A contract's money is held, and leaves in two tranches: each only with its own evidence, once."""

import asyncpg
import pytest

from core.database import fetch
from core.evidence.errors import EvidenceMissing, EvidenceUsed
from core.evidence.queries import evidence_of
from core.ledger.errors import TransferRefused
from core.ledger.rules import Draw
from core.reference import Ref
from tests.core.ledger.examples.journal import Journal, credit, debit

CONTRACT, OTHER = Ref("books.contract", 7), Ref("books.contract", 8)


async def signed(book: Journal) -> None:
    """600.00 are held for a contract."""
    await book.open(city="outside", organisation="outside", budget="fund", held="hold")
    await book.on("2026-01-05", "公益创投", "gift", debit("city", "1000.00"), credit("budget", "1000.00"))
    await book.on("2026-02-01", "七号合同", "hold", debit("budget", "600.00"), credit("held", "600.00"),
                  cause=CONTRACT, after={"budget": "400.00", "held": "600.00"})  # fmt: skip


async def pay(book: Journal, day: str, tranche: str, yuan: str, evidence: int | None, **more: str) -> None:
    """Out of the hold, to the organisation."""
    await book.on(day, "拨款", tranche, debit("held", yuan, Draw(way="any")), credit("organisation", yuan),
                  cause=CONTRACT, evidence=evidence, after=more)  # fmt: skip


async def test_tranches_are_paid_with_their_evidence_only(books: str) -> None:
    book = Journal()
    await signed(book)
    signature = await book.evidence("signature", CONTRACT)
    of_another = await book.evidence("signature", OTHER)
    of_another_kind = await book.evidence("shift", CONTRACT)

    for wrong in (None, of_another, of_another_kind, 10**9):
        with pytest.raises(EvidenceMissing):
            await pay(book, "2026-02-10", "first_tranche", "360.00", wrong)
    with pytest.raises(TransferRefused):  # evidence that nobody asked for is a mistake
        await pay(book, "2026-02-10", "spend", "360.00", signature)
    await book.stands({"held": "600.00", "organisation": "0.00"})

    await pay(book, "2026-02-10", "first_tranche", "360.00", signature, held="240.00", organisation="360.00")
    with pytest.raises(EvidenceUsed):
        await pay(book, "2026-02-11", "first_tranche", "100.00", signature)

    for wrong in (None, signature):  # the contract's signature does not open the second gate
        with pytest.raises(EvidenceMissing):
            await pay(book, "2026-07-01", "second_tranche", "240.00", wrong)
    midterm = await book.evidence("midterm", CONTRACT)
    await pay(book, "2026-07-02", "second_tranche", "240.00", midterm, held="0.00", organisation="600.00")

    used = {record.kind: record.purposes for record in await evidence_of(CONTRACT)}
    assert used == {
        "books.signature": ("books.first_tranche",),
        "books.midterm": ("books.second_tranche",),
        "books.shift": (),
    }


async def test_one_shift_serves_each_purpose_once(books: str) -> None:
    book = Journal()
    await book.open(city="outside", volunteer="public")
    shift, hours = Ref("books.shift", 3), debit("city", "1.00")
    record = await book.evidence("shift", shift)
    await book.on(
        "2026-03-01", "工时", "hour", hours, credit("volunteer", "1.00"), cause=shift, evidence=record
    )
    with pytest.raises(EvidenceUsed):  # another reason, but the same purpose
        await book.on("2026-03-02", "奖励", "bonus", hours, credit("volunteer", "1.00"), cause=shift,
                      evidence=record)  # fmt: skip
    await book.on("2026-03-02", "申报", "claim", hours, credit("volunteer", "1.00"), cause=shift,
                  evidence=record, after={"volunteer": "2.00"})  # fmt: skip


HEAD = (
    "insert into ledger_transfer (key, unit, reason, evidence, evidence_kind, cause_kind, cause_id,"
    " fingerprint, occurred_at, posted_at)"
    " values ('by hand', 'CNY', 'books.first_tranche', $1, $2, 'books.contract', $3, '', now(), now())"
)


async def test_plain_sql_is_refused_the_same(books: str) -> None:
    book = Journal()
    await signed(book)
    signature = await book.evidence("signature", CONTRACT)
    shift = await book.evidence("shift", CONTRACT)
    await pay(book, "2026-02-10", "first_tranche", "360.00", signature)

    for evidence, kind, contract, constraint in (
        (None, "", 7, "ledger_transfer_reason_fkey"),
        (shift, "books.shift", 7, "ledger_transfer_reason_fkey"),
        (shift, "books.signature", 7, "ledger_transfer_evidence_fkey"),
        (signature, "books.signature", 8, "ledger_transfer_evidence_fkey"),
        (None, "books.signature", 7, "ledger_transfer_evidence"),
        (signature, "", 7, "ledger_transfer_evidence"),
        (signature, "books.signature", 7, "evidence_use_once"),
    ):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refusal:
            await fetch(HEAD, evidence, kind, contract)
        assert refusal.value.constraint_name == constraint
    for change in (
        "update evidence_use set purpose = 'x'",
        "delete from evidence_use",
        "delete from evidence",
    ):
        with pytest.raises(asyncpg.RestrictViolationError):
            await fetch(change)
    await book.stands({"held": "240.00"})
