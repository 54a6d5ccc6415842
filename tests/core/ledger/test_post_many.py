"""Batches on a real database: what is refused, row by row, while the rest goes on; two at once."""

import asyncio
from dataclasses import replace
from datetime import date, datetime
from time import monotonic
from typing import Any

import pytest

from core.database import DB, fetch, unit_of_work
from core.evidence.services import record_evidence
from core.ledger.queries import balance, differences
from core.ledger.rules import Draw, Entry, Outcome, Receive, Transfer
from core.ledger.services import post_many
from core.reference import Ref
from tests.core.ledger.books import open_books, parts_of
from tests.core.ledger.transfers import count, post_now, transfer

CONTRACT = Ref("contract", 7)


async def batch(*transfers: Transfer) -> list[Outcome]:
    async with unit_of_work():
        return await post_many(transfers)


def said(outcomes: list[Outcome]) -> list[str]:
    """ "new", "repeat" or the name of the refusal."""
    return [type(o.refusal).__name__ if o.refusal else "repeat" if o.is_repeat else "new" for o in outcomes]


def move(source: int, target: int, amount: int, **changes: Any) -> Transfer:
    lots = changes.pop("lots", None)
    drawn, received = (lots, None) if isinstance(lots, Draw) else (None, lots)
    legs = (Entry(source, -amount, drawn), Entry(target, amount, received))
    return transfer(source, target, amount, **{"reason": "books.fee", "entries": legs} | changes)


async def record(kind: str, about: Ref = CONTRACT) -> int:
    async with unit_of_work():
        return await record_evidence(f"books.{kind}", about, actor_id=None)


async def test_each_refusal_is_reported_by_row_while_the_rest_goes_on(books: str) -> None:
    outside, public, fund = await open_books("outside", "public", "fund")
    signature, midterm = await record("signature"), await record("midterm")
    posted = move(outside, public, 100)
    await post_now(posted)
    gate = {"reason": "books.first_tranche", "cause": CONTRACT}
    transfers = [
        move(public, outside, 60),
        posted,
        replace(posted, note="x"),
        move(public, outside, 41),
        move(outside, public, 5, reason="books.bribe"),
        move(outside, public, 5, entries=(Entry(outside, -5), Entry(10**12, 5))),
        move(outside, public, 5, **gate),
        move(outside, public, 5, **gate, evidence_id=midterm),
        move(outside, public, 5, **gate, evidence_id=signature),
        move(outside, public, 5, **gate, evidence_id=signature),
        move(fund, outside, 5),
        move(public, outside, 45),
        move(outside, public, 5, note="长" * 81),
    ]
    outcomes = await batch(*transfers)
    assert said(outcomes) == [
        "new", "repeat", "TransferKeyReused", "BalanceTooLow", "TransferRefused", "TransferRefused",
        "EvidenceMissing", "EvidenceMissing", "new", "EvidenceUsed", "BalanceTooLow", "new",
        "TransferRefused",
    ]  # fmt: skip
    ids = [outcome.transfer_id for outcome in outcomes if outcome.transfer_id]
    rows = await fetch("select key, id from ledger_transfer order by id")
    assert [row["id"] for row in rows] == [ids[1], ids[0], *ids[2:]]
    assert {row["key"] for row in rows} == {transfers[n].key for n in (0, 1, 8, 11)}
    assert await count("ledger_entry") == 8
    assert await count("evidence_use") == 1
    assert await balance(public) == 0
    assert await differences() == []


async def test_the_same_batch_again_is_all_repeats(books: str) -> None:
    outside, public = await open_books("outside", "public")
    first = [move(outside, public, n) for n in range(1, 6)]
    outcomes = await batch(*first, first[0])
    assert said(outcomes) == ["new"] * 5 + ["repeat"]
    ids = [outcome.transfer_id for outcome in outcomes]
    assert ids == sorted(ids[:5]) + ids[:1]
    again = await batch(*first, first[0])
    assert (said(again), [outcome.transfer_id for outcome in again]) == (["repeat"] * 6, ids)
    assert await balance(public) == 15
    assert await batch() == []


async def test_lots_are_drawn_in_the_order_of_the_batch(books: str) -> None:
    outside, public, fund = await open_books("outside", "public", "fund")
    for_children = Draw(restriction="children")
    same = move(fund, public, 30)
    outcomes = await batch(
        move(outside, fund, 50, lots=Receive(restriction="children")),
        move(fund, public, 20),  # bound to the children
        move(outside, fund, 40),
        same,
        move(public, outside, 30),  # what the row before has brought
        move(fund, public, 30, lots=for_children),
        same,
        move(fund, public, 31, lots=for_children),
        move(fund, public, 30, lots=for_children),
    )
    assert said(outcomes) == [
        "new",
        "LotsTooLow",
        "new",
        "new",
        "new",
        "new",
        "repeat",
        "BalanceTooLow",
        "new",
    ]
    assert outcomes[6].transfer_id == outcomes[3].transfer_id
    assert await parts_of(fund) == []
    assert [await balance(one) for one in (outside, public, fund)] == [-60, 60, 0]
    assert await differences() == []


async def test_a_draw_that_its_lots_refuse_leaves_no_trace_on_the_rows_after_it(books: str) -> None:
    outside, public, fund = await open_books("outside", "public", "fund")
    signature = await record("signature")
    gate = {"reason": "books.first_tranche", "cause": CONTRACT, "evidence_id": signature}
    await batch(move(outside, fund, 50, lots=Receive(restriction="children")), move(outside, fund, 50))
    wrong = move(fund, public, 60, **gate)
    outcomes = await batch(
        wrong,
        move(public, outside, 1),
        replace(wrong, entries=(Entry(fund, -50), Entry(public, 50))),
        move(fund, public, 50, lots=Draw(restriction="children")),
        move(outside, public, 5, **gate),
    )
    assert said(outcomes) == ["LotsTooLow", "BalanceTooLow", "new", "new", "EvidenceUsed"]
    assert [await balance(one) for one in (public, fund)] == [100, 0]
    assert await count("ledger_transfer") == 4
    assert await differences() == []


async def test_reversals_in_a_batch_are_refused_one_by_one(books: str) -> None:
    outside, public = await open_books("outside", "public")
    first, _ = await batch(move(outside, public, 100), move(outside, public, 100))
    back = {"reverses_id": first.transfer_id, "reason": "books.correction"}
    outcomes = await batch(
        move(public, outside, 99, **back),
        move(public, outside, 100, **back),
        move(public, outside, 100, **back),
        move(outside, public, 5, reverses_id=10**9),
        move(outside, public, 5),
    )
    assert said(outcomes) == ["TransferRefused", "new", "TransferReversed", "TransferRefused", "new"]
    assert await balance(public) == 105
    assert await differences() == []


async def test_a_batch_is_part_of_its_unit_of_work(books: str) -> None:
    outside, public = await open_books("outside", "public")
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work():
            await post_many([move(outside, public, 5)])
            raise ZeroDivisionError
    with pytest.raises(RuntimeError, match="needs a unit of work"):
        await post_many([move(outside, public, 5)])
    assert await count("ledger_transfer") == 0
    async with unit_of_work():
        await post_many([move(outside, public, 5)])
        await post_many([move(public, outside, 4)])
    assert await balance(public) == 1


async def test_ten_thousand_and_no_more(books: str) -> None:
    (outside,) = await open_books("outside", unit="POINTS")
    homes = [(await open_books("points", owner=n, unit="POINTS"))[0] for n in range(100)]
    until = Receive(expires_on=date(2027, 12, 31))
    awards = [
        move(outside, homes[n % 100], 3, lots=until, unit="POINTS", reason="books.award")
        for n in range(10_000)
    ]
    began = monotonic()
    outcomes = await batch(*awards)
    assert monotonic() - began < 15  # the longest that one statement may take
    assert said(outcomes) == ["new"] * 10_000
    assert [await balance(one) for one in (outside, homes[0], homes[99])] == [-30_000, 300, 300]
    assert await count("ledger_lot") == 10_000
    with pytest.raises(ValueError, match="at most 10000 transfers"):
        await batch(*awards, awards[0])
    assert await differences() == []


# --- several at once -----------------------------------------------------------------------------


async def test_overlapping_batches_at_once_write_everything_once(books: str) -> None:
    """The same rows, in opposite orders, on ten connections: with floors, lots and evidence."""
    outside, public, fund, other = [
        *(await open_books("outside", "public", "fund")), *(await open_books("fund", owner=2))
    ]  # fmt: skip
    await batch(move(outside, fund, 1000), move(outside, other, 1000), move(outside, public, 1000))
    gates = [Ref("contract", n) for n in range(10)]
    records = [await record("signature", about) for about in gates]
    pairs = [(outside, public), (public, outside), (fund, other), (other, fund), (outside, fund)]
    rows = [move(*pairs[n % 5], 7) for n in range(40)] + [
        move(outside, public, 1, reason="books.first_tranche", cause=about, evidence_id=one)
        for about, one in zip(gates, records, strict=True)
    ]
    work = [rows if n % 2 else rows[::-1] for n in range(8)]
    async with asyncio.timeout(30):
        results = await asyncio.gather(*(batch(*one) for one in work))
    found = [said(one) if n % 2 else said(one)[::-1] for n, one in enumerate(results)]
    assert {tuple(sorted(set(column))) for column in zip(*found, strict=True)} == {("new", "repeat")}
    assert sum(column.count("new") for column in zip(*found, strict=True)) == 50
    assert await count("ledger_transfer") == 53
    assert [await balance(one) for one in (public, fund, other)] == [1010, 1056, 1000]
    assert await differences() == []


async def test_batches_and_single_transfers_at_once_neither_deadlock_nor_double(books: str) -> None:
    """The single ones have the batch's keys and accounts, too."""
    outside, public, fund = await open_books("outside", "public", "fund")
    await batch(move(outside, public, 1000), move(outside, fund, 1000))
    rows = [move(*((public, fund) if n % 2 else (fund, public)), 3) for n in range(20)]
    async with asyncio.timeout(30):
        results = await asyncio.gather(
            batch(*rows), *(post_now(one) for one in rows), batch(*rows[::-1]), return_exceptions=True
        )
    assert {type(result).__name__ for result in results} <= {"list", "NoneType", "TransferAlreadyPosted"}
    assert await count("ledger_transfer") == 22
    assert [await balance(one) for one in (public, fund)] == [1000, 1000]
    assert await differences() == []


async def test_a_key_taken_in_the_same_moment_has_the_batch_decided_anew(books: str) -> None:
    outside, public = await open_books("outside", "public")
    taken, free = move(outside, public, 5), move(outside, public, 7)
    async with unit_of_work():
        assert said(await post_many([taken])) == ["new"]
        waiting = asyncio.create_task(_elsewhere(taken, replace(free, key=taken.key), free))
        await _blocked()
    outcomes = await waiting
    assert said(outcomes) == ["repeat", "TransferKeyReused", "new"]
    assert await balance(public) == 12


async def test_evidence_taken_in_the_same_moment_refuses_its_row_alone(books: str) -> None:
    outside, public = await open_books("outside", "public")
    gate = {"reason": "books.first_tranche", "cause": CONTRACT, "evidence_id": await record("signature")}
    async with unit_of_work():
        assert said(await post_many([move(outside, public, 5, **gate)])) == ["new"]
        waiting = asyncio.create_task(_elsewhere(move(outside, public, 5, **gate), move(outside, public, 7)))
        await _blocked()
    assert said(await waiting) == ["EvidenceUsed", "new"]
    assert await balance(public) == 12


async def _elsewhere(*transfers: Transfer) -> list[Outcome]:
    """A batch on a connection of its own, though the task was made inside a unit of work."""
    DB.current_transaction.set(None)
    return await batch(*transfers)


async def _blocked() -> None:
    """Somebody waits for a lock. Asked elsewhere: a unit of work sees other backends as they were."""
    waiting = "select count(*) from pg_locks where not granted"
    assert DB.pool is not None
    async with asyncio.timeout(5):
        while not await DB.pool.fetchval(waiting):
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "changes",
    [
        {"cause": Ref("长" * 61, 1)},
        {"lots": Receive(restriction="长" * 61)},
        {"lots": Receive(origin=Ref("长" * 61, 1))},
        {"occurred_at": datetime(2026, 1, 1)},  # noqa: DTZ001
    ],
    ids=["cause", "restriction", "origin", "time"],
)
async def test_what_no_column_can_hold_stops_only_its_row(books: str, changes: dict[str, Any]) -> None:
    outside, fund = await open_books("outside", "fund")
    good, huge = move(outside, fund, 5), move(outside, fund, 2**63)
    outcomes = await batch(move(outside, fund, 5, **changes), good, huge)
    assert said(outcomes) == ["TransferRefused", "new", "TransferRefused"]
    assert await balance(fund) == 5


async def test_a_named_gift_is_used_only_for_what_it_was_given_for(books: str) -> None:
    outside, public, fund = await open_books("outside", "public", "fund")
    gift, free = Ref("gift", 1), Ref("gift", 2)
    for_playground = Receive(restriction="playground", origin=gift)
    await post_now(
        move(outside, fund, 100, lots=for_playground), move(outside, fund, 50, lots=Receive(origin=free))
    )

    def use(restriction: str, origin: Ref) -> Transfer:
        return move(fund, public, 10, lots=Draw(restriction=restriction, origin=origin))

    outcomes = await batch(
        use("books", gift), use("", gift), use("playground", gift), use("books", free), use("", free)
    )
    assert said(outcomes) == ["LotsTooLow", "LotsTooLow", "new", "new", "new"]
