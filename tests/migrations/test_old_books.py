"""Books kept before legs waited in a queue are carried forward: nothing of them changes."""

import contextlib
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from piccolo.apps.migrations.commands.forwards import run_forwards

from core import database
from core.database import fetch, fetch_value, unit_of_work
from core.ledger.errors import TransferAlreadyPosted, TransferKeyReused, TransferReversed
from core.ledger.queries import balance, differences, lines_after
from core.ledger.rules import Entry, Transfer
from core.ledger.services import post, reverse
from core.reference import Ref
from migrations import runner

LAST_OLD = "2026-11-22T07:43:00:883328"
NOON = datetime(2026, 11, 1, 4, tzinfo=UTC)
OUTSIDE, PUBLIC, OTHER = 1, 2, 3
OLD_POST = (
    "select ledger_post($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[],"
    " $7::bytea[], $8::bigint[], $9::timestamptz[], $10::timestamptz, $11::int[], $12::bigint[],"
    " $13::bigint[])"
)
# What the ledger of then wrote for FEE; a digest that changes would make every old repeat a conflict.
OLD_FINGERPRINT = "f66121c9bb96658b2867a60a452b939b0d834e0de5950158b82aed57896b6262"


def transfer(key: str, *legs: tuple[int, int], **more: Any) -> Transfer:
    return Transfer(
        **{
            "key": key,
            "unit": "CNY",
            "reason": "garden.plot_fee",
            "cause": Ref("order", 1),
            "occurred_at": NOON,
            "note": "3 号",
            "entries": tuple(Entry(*leg) for leg in legs),
            **more,
        }
    )


FEE = transfer("order:1:line:1", (OUTSIDE, -3000), (PUBLIC, 3000))
OLD = [
    FEE,
    transfer("order:2:line:1", (OUTSIDE, -500), (PUBLIC, 300), (OTHER, 200)),
    transfer("spent", (PUBLIC, -1300), (OUTSIDE, 1300)),
    transfer("back", (PUBLIC, 1300), (OUTSIDE, -1300), reverses_id=3),
]


async def post_as_then(*transfers: Transfer) -> None:
    legs = [(n, e.account_id, e.amount) for n, t in enumerate(transfers, 1) for e in t.entries]
    await fetch(
        OLD_POST,
        *([getattr(t, name) for t in transfers] for name in ("key", "unit", "reason")),
        [t.cause.kind for t in transfers],
        [t.cause.id for t in transfers],
        [t.note for t in transfers],
        [t.fingerprint() for t in transfers],
        [t.reverses_id for t in transfers],
        [t.occurred_at for t in transfers],
        NOON,
        *(list(column) for column in zip(*legs, strict=True)),
    )


@pytest.fixture
async def old_books(empty_url: str) -> AsyncIterator[dict[str, Any]]:
    """A database as it was, with four transfers; what its statements said."""
    await database.open_pool(empty_url, size=2)
    async with unit_of_work() as unit:
        with contextlib.redirect_stdout(io.StringIO()):
            await run_forwards("core", migration_id=LAST_OLD)
        await unit.connection.execute(
            "insert into ledger_unit (code, plugin, digits) values ('CNY', 'core', 2);"
            "insert into ledger_kind (code, plugin, floor) values"
            " ('core.public', 'core', 0), ('core.outside_cash', 'core', null);"
            "insert into ledger_reason (code, plugin) values ('garden.plot_fee', 'garden');"
            "insert into ledger_account (id, owner_kind, owner_id, kind, unit, floor) values"
            " (1, 'organization', 1, 'core.outside_cash', 'CNY', null),"
            " (2, 'organization', 1, 'core.public', 'CNY', 0),"
            " (3, 'organization', 2, 'core.public', 'CNY', 0);"
            "select setval('ledger_account_id_seq', 3)"
        )
    await post_as_then(*OLD[:1])
    await post_as_then(*OLD[1:3])
    await post_as_then(*OLD[3:])
    lines = await fetch(
        "select l.account, l.number, e.transfer, e.amount, l.balance from ledger_line l"
        " join ledger_entry e on e.id = l.entry order by 1, 2"
    )
    entries = await fetch("select transfer, account, amount from ledger_entry order by id")
    heads = await fetch(
        "select id, key, fingerprint, reverses, note, posted_at from ledger_transfer order by id"
    )
    yield {"lines": lines, "entries": entries, "heads": heads}
    await database.close_pool()


async def test_old_books_are_carried_forward_unchanged(old_books: dict[str, Any]) -> None:
    assert len(old_books["lines"]) == len(old_books["entries"]) == 9
    await runner.migrate()
    assert old_books["heads"] == await fetch(
        "select id, key, fingerprint, reverses, note, posted_at from ledger_transfer order by id"
    )
    assert old_books["entries"] == await fetch(
        "select transfer, account, amount from ledger_entry order by transfer, leg"
    )
    assert old_books["lines"] == await fetch(
        "select l.account, l.number, l.transfer, e.amount, l.balance from ledger_line l"
        " join ledger_entry e using (transfer, leg) order by 1, 2"
    )
    assert [await balance(one) for one in (OUTSIDE, PUBLIC, OTHER)] == [-3500, 3300, 200]
    assert [line.balance for line in await lines_after(PUBLIC, number=0, limit=10)] == [
        3000,
        3300,
        2000,
        3300,
    ]
    assert await differences() == []


async def test_old_keys_and_reversals_are_known(old_books: dict[str, Any]) -> None:
    await runner.migrate()
    for n, old in enumerate(OLD, 1):
        with pytest.raises(TransferAlreadyPosted) as repeated:
            await post_now(old)
        assert repeated.value.transfer_id == n
        with pytest.raises(TransferKeyReused):
            await post_now(transfer(old.key, (OUTSIDE, -1), (PUBLIC, 1)))
    with pytest.raises(TransferReversed):
        async with unit_of_work():
            await reverse(3, reason="garden.plot_fee", cause=Ref("order", 1), occurred_at=NOON)
    assert await balance(PUBLIC) == 3300


async def test_the_books_go_on(old_books: dict[str, Any]) -> None:
    await runner.migrate()
    await post_now(transfer("new", (OUTSIDE, -100), (PUBLIC, 100)))
    async with unit_of_work():
        await reverse(2, reason="garden.plot_fee", cause=Ref("order", 1), occurred_at=NOON)
    await post_now(transfer("newer", (PUBLIC, -3100), (OTHER, 3100)))
    assert [line.balance for line in await lines_after(PUBLIC, number=4, limit=10)] == [3400, 3100, 0]
    assert await fetch_value("select array_agg(id order by id) from ledger_transfer") == [1, 2, 3, 4, 5, 6, 7]
    assert await differences() == []


async def post_now(one: Transfer) -> None:
    async with unit_of_work():
        post(one)


def test_a_transfer_keeps_the_fingerprint_that_it_had() -> None:
    assert FEE.fingerprint().hex() == OLD_FINGERPRINT
