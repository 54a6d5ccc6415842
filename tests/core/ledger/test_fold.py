"""The fold: what waits counts at once, folding changes nothing that people see, and nobody waits for it."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from core.database import fetch_value
from core.ledger import queries
from core.ledger.errors import BalanceTooLow
from core.ledger.queries import accounts_of_kind, differences, lines_after, statement
from core.ledger.services import accounts as services
from core.ledger.services import fold_waiting
from tests.core.ledger.transfers import Accounts, count, lines, open_public, post_now, transfer


async def shown(accounts: Accounts) -> list[object]:
    """Everything that people can see of the two accounts."""
    found: list[object] = []
    for kind, id_ in (("core.public", accounts.public), ("core.outside_cash", accounts.outside)):
        found.append(await queries.balance(id_))
        found.append(await accounts_of_kind(kind, limit=10))
        found += [await statement(accounts.owner, kind=kind, unit="CNY", page=n, size=4) for n in range(1, 6)]
        found += [await lines_after(id_, number=n, limit=5) for n in range(12)]
    return found


async def waiting(account_id: int) -> int:
    return int(await fetch_value("select count(*) from ledger_queue where account = $1", account_id))


async def test_a_waiting_leg_counts_at_once(accounts: Accounts) -> None:
    for amount in (100, 30):
        await post_now(transfer(accounts.outside, accounts.public, amount))
    assert await waiting(accounts.public) == 2
    assert await fetch_value("select balance from ledger_account where id = $1", accounts.public) == 0
    assert await queries.balance(accounts.public) == 130
    page = await statement(accounts.owner, kind="core.public", unit="CNY", page=1, size=10)
    assert page is not None
    assert (page.balance, page.lines_total) == (130, 2)
    assert [(line.number, line.amount, line.balance) for line in page.lines] == [(2, 30, 130), (1, 100, 100)]
    assert [line.number for line in await lines_after(accounts.public, number=1, limit=10)] == [2]
    assert await lines_after(accounts.public, number=2, limit=10) == []
    assert await differences() == []


@pytest.mark.parametrize("folded", [0, 1, 4, 8])
async def test_folding_changes_nothing_that_people_see(accounts: Accounts, folded: int) -> None:
    """Also where some lines stand already, and a page has both."""
    for n in range(8):
        if n == folded:
            await fold_waiting()
        await post_now(transfer(accounts.outside, accounts.public, 10 + n))
    await post_now(transfer(accounts.public, accounts.outside, 5))
    before = await shown(accounts)
    assert await fold_waiting() > 0
    assert await waiting(accounts.outside) == 0
    assert await shown(accounts) == before
    assert await fold_waiting() == 0
    assert await differences() == []


async def test_who_spends_folds_first_and_spends_what_just_came(accounts: Accounts) -> None:
    for amount in (1, 2, 4):
        await post_now(transfer(accounts.outside, accounts.public, amount))
    with pytest.raises(BalanceTooLow):
        await post_now(transfer(accounts.public, accounts.outside, 8))
    assert await waiting(accounts.public) == 3
    await post_now(transfer(accounts.public, accounts.outside, 7))
    assert (await waiting(accounts.public), await waiting(accounts.outside)) == (0, 4)
    assert await lines(accounts.public) == [(1, 1), (2, 3), (3, 7), (4, 0)]
    assert await differences() == []


@asynccontextmanager
async def held(url: str, account_id: int) -> AsyncIterator[None]:
    """Another connection locks the account all the while, as a long report or a stuck verb would."""
    other = await asyncpg.connect(url)
    try:
        await other.execute(f"begin; select from ledger_account where id = {account_id} for update")
        yield
        await other.execute("commit")
    finally:
        await other.close()


async def test_nobody_waits_for_an_account_that_only_receives(accounts: Accounts, db: str) -> None:
    giver = await open_public(1)
    await post_now(transfer(accounts.outside, giver, 1000))
    async with held(db, accounts.public):
        async with asyncio.timeout(5):
            await asyncio.gather(
                *(post_now(transfer(accounts.outside, accounts.public, 3)) for _ in range(20)),
                *(post_now(transfer(giver, accounts.public, 3)) for _ in range(20)),
            )
            assert await queries.balance(accounts.public) == 120
            await fold_waiting()  # passes over it, and folds the others
        assert (await waiting(accounts.public), await waiting(accounts.outside)) == (40, 0)
        spender = asyncio.create_task(post_now(transfer(accounts.public, accounts.outside, 120)))
        done, _ = await asyncio.wait({spender}, timeout=0.3)
        assert not done  # who spends does wait, and folds what came meanwhile
    await spender
    assert [number for number, _ in await lines(accounts.public)] == list(range(1, 42))
    assert await queries.balance(accounts.public) == 0
    assert await differences() == []


async def test_nobody_waits_for_the_outside_world(accounts: Accounts, db: str) -> None:
    async with held(db, accounts.outside), asyncio.timeout(5):
        await asyncio.gather(*(post_now(transfer(accounts.outside, accounts.public, 3)) for _ in range(10)))
        await post_now(transfer(accounts.public, accounts.outside, 30))
    assert await queries.balance(accounts.outside) == 0


async def test_a_long_queue_is_folded_some_at_a_time(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "_FOLD_MOST", 3)
    others = [await open_public(n) for n in range(1, 5)]
    for n in range(10):
        await post_now(transfer(accounts.outside, others[n % 4], 1 + n))
    assert await fold_waiting() == 20
    assert await count("ledger_queue") == 0
    assert await lines(accounts.outside) == [(n, -n * (n + 1) // 2) for n in range(1, 11)]
    assert await differences() == []


async def test_folders_and_spenders_at_once_lose_and_double_nothing(accounts: Accounts) -> None:
    dice = random.Random(3)
    done = asyncio.Event()

    async def keep_folding() -> int:
        folded = 0
        while not done.is_set():
            folded += await fold_waiting()
        return folded

    async def live() -> int:
        spent = 0
        for _ in range(25):
            await post_now(transfer(accounts.outside, accounts.public, dice.randint(1, 9)))
            amount = dice.randint(1, 9)
            try:
                await post_now(transfer(accounts.public, accounts.outside, amount))
                spent += amount
            except BalanceTooLow:
                pass
        return spent

    folders = [asyncio.create_task(keep_folding()) for _ in range(2)]
    async with asyncio.timeout(30):
        spent = sum(await asyncio.gather(*(live() for _ in range(4))))
        done.set()
        folded = sum(await asyncio.gather(*folders))
    assert folded > 0
    await fold_waiting()
    income = await fetch_value(
        "select sum(amount) from ledger_entry where account = $1 and amount > 0", accounts.public
    )
    assert await queries.balance(accounts.public) == income - spent
    numbered = await lines(accounts.public)
    assert [number for number, _ in numbered] == list(range(1, len(numbered) + 1))
    assert min(balance for _, balance in numbered) >= 0
    assert len(numbered) == await fetch_value(
        "select count(*) from ledger_entry where account = $1", accounts.public
    )
    assert await differences() == []
