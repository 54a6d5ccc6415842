"""The one door of the ledger: what it writes, what it refuses, and many at once."""

import asyncio
import random
from dataclasses import replace

import pytest

from core.database import fetch, fetch_value, unit_of_work
from core.ledger.errors import (
    BalanceTooLow,
    TransferAlreadyPosted,
    TransferKeyReused,
    TransferRefused,
    TransferReversed,
)
from core.ledger.queries import differences
from core.ledger.rules import Entry
from core.ledger.services import declare_codes, fold_waiting, open_account, post
from core.reference import Ref
from tests.core.ledger.transfers import Accounts, balance, count, lines, open_public, post_now, transfer


async def test_a_transfer_moves_both_balances_and_appends_both_lines(accounts: Accounts) -> None:
    await post_now(transfer(accounts.outside, accounts.public, 3500))
    await post_now(transfer(accounts.outside, accounts.public, 500))
    assert (await balance(accounts.outside), await balance(accounts.public)) == (-4000, 4000)
    assert await lines(accounts.public) == [(1, 3500), (2, 4000)]
    assert await differences() == []


async def test_nothing_is_written_before_the_commit(accounts: Accounts) -> None:
    async with unit_of_work():
        post(transfer(accounts.outside, accounts.public, 100))
        assert await count("ledger_transfer") == 0
    assert await count("ledger_transfer") == 1


async def test_several_transfers_of_one_unit_make_numbered_lines(accounts: Accounts) -> None:
    third = await open_public(1)
    await post_now(
        transfer(accounts.outside, accounts.public, 100),
        transfer(accounts.public, third, 30),
        transfer(accounts.outside, accounts.public, 5),
    )
    assert await lines(accounts.public) == [(1, 100), (2, 105), (3, 75)]
    assert await differences() == []


async def test_posting_outside_a_unit_of_work_is_refused(accounts: Accounts) -> None:
    with pytest.raises(RuntimeError, match="needs a unit of work"):
        post(transfer(accounts.outside, accounts.public, 1))


async def test_a_malformed_transfer_is_refused_on_the_spot(accounts: Accounts) -> None:
    async with unit_of_work():
        with pytest.raises(TransferRefused):
            post(transfer(accounts.outside, accounts.public, 0))
    assert await count("ledger_transfer") == 0


async def test_an_account_reaches_its_floor_and_goes_no_lower(accounts: Accounts) -> None:
    await post_now(transfer(accounts.outside, accounts.public, 100))
    await post_now(transfer(accounts.public, accounts.outside, 100))
    assert await balance(accounts.public) == 0
    with pytest.raises(BalanceTooLow):
        await post_now(transfer(accounts.public, accounts.outside, 1))
    assert await balance(accounts.public) == 0
    assert await count("ledger_transfer") == 2


async def test_undeclared_codes_and_strange_accounts_are_refused(accounts: Accounts) -> None:
    sound = transfer(accounts.outside, accounts.public, 1)
    strange = (Entry(accounts.outside, -1), Entry(10**12, 1))
    for change, rule in (
        ({"reason": "garden.bribe"}, "ledger_transfer_reason_fkey"),
        ({"unit": "GOLD"}, "ledger_entry_unit"),
        ({"entries": strange}, "ledger_entry_unit"),
    ):
        with pytest.raises(TransferRefused) as refusal:
            await post_now(replace(sound, **change))
        assert refusal.value.params["rule"] == rule
    assert await count("ledger_transfer") == 0
    assert await count("ledger_entry") == 0


async def test_the_same_transfer_again_names_the_first(accounts: Accounts) -> None:
    first = transfer(accounts.outside, accounts.public, 100)
    await post_now(first)
    with pytest.raises(TransferAlreadyPosted) as refusal:
        await post_now(first)
    assert refusal.value.transfer_id == await fetch_value("select id from ledger_transfer")
    assert await balance(accounts.public) == 100


async def test_a_key_with_other_content_is_refused(accounts: Accounts) -> None:
    first = transfer(accounts.outside, accounts.public, 100)
    await post_now(first)
    for change in ({"note": "x"}, {"entries": (Entry(accounts.outside, -1), Entry(accounts.public, 1))}):
        with pytest.raises(TransferKeyReused):
            await post_now(replace(first, **change))
    assert await balance(accounts.public) == 100


async def test_one_taken_key_takes_the_whole_unit_down(accounts: Accounts) -> None:
    first = transfer(accounts.outside, accounts.public, 100)
    await post_now(first)
    with pytest.raises(TransferAlreadyPosted):
        async with unit_of_work() as unit:
            await unit.connection.execute("insert into ledger_unit (code, plugin) values ('NEW', 'test')")
            post(transfer(accounts.outside, accounts.public, 7))
            post(first)
    assert await balance(accounts.public) == 100
    assert await fetch_value("select count(*) from ledger_unit where code = 'NEW'") == 0


async def test_a_transfer_is_reversed_once(accounts: Accounts) -> None:
    await post_now(transfer(accounts.outside, accounts.public, 100))
    first = await fetch_value("select id from ledger_transfer")
    await post_now(transfer(accounts.public, accounts.outside, 100, reverses_id=first))
    assert await balance(accounts.public) == 0
    with pytest.raises(TransferReversed):
        await post_now(transfer(accounts.public, accounts.outside, 100, reverses_id=first))
    with pytest.raises(TransferRefused) as refusal:
        await post_now(transfer(accounts.outside, accounts.public, 1, reverses_id=10**9))
    assert refusal.value.params["rule"] == "ledger_transfer_reverses_fkey"


async def test_a_rolled_back_savepoint_drops_its_transfers(accounts: Accounts) -> None:
    async with unit_of_work():
        post(transfer(accounts.outside, accounts.public, 1))
        with pytest.raises(ZeroDivisionError):
            async with unit_of_work():
                post(transfer(accounts.outside, accounts.public, 20))
                raise ZeroDivisionError
        post(transfer(accounts.outside, accounts.public, 300))
    assert await balance(accounts.public) == 301
    assert await count("ledger_transfer") == 2


async def test_an_account_is_opened_once_even_by_two_at_once(db: str) -> None:
    async def open_one() -> int:
        async with unit_of_work():
            return await open_account(Ref("test.owner", 1), kind="core.public", unit="CNY")

    ids = await asyncio.gather(*(open_one() for _ in range(6)))
    assert len(set(ids)) == 1
    assert await count("ledger_account") == 1
    assert await fetch_value("select floor from ledger_account") == 0


async def test_an_account_of_an_undeclared_kind_is_refused(db: str) -> None:
    async with unit_of_work():
        with pytest.raises(TransferRefused):
            await open_account(Ref("test.owner", 1), kind="test.secret", unit="CNY")


async def test_declaring_again_changes_nothing_and_keeps_what_is_gone(db: str) -> None:
    async with unit_of_work() as unit:
        await unit.connection.execute("insert into ledger_reason values ('gone.fee', 'gone')")
        before = await fetch("select * from ledger_reason order by code")
        await declare_codes()
    assert await fetch("select * from ledger_reason order by code") == before
    assert {"gone.fee", "garden.plot_fee", "garden.membership_fee"} <= {row["code"] for row in before}
    assert await fetch_value("select floor from ledger_kind where code = 'core.outside_cash'") is None


# --- many at once ------------------------------------------------------------------------------


async def test_two_connections_with_one_key_make_one_transfer(accounts: Accounts) -> None:
    one = transfer(accounts.outside, accounts.public, 100)
    results = await asyncio.gather(*(post_now(one) for _ in range(6)), return_exceptions=True)
    assert sorted(type(r).__name__ for r in results) == ["NoneType"] + ["TransferAlreadyPosted"] * 5
    first = await fetch_value("select id from ledger_transfer")
    assert {r.transfer_id for r in results if isinstance(r, TransferAlreadyPosted)} == {first}
    assert await balance(accounts.public) == 100


async def test_two_contents_with_one_key_make_one_transfer(accounts: Accounts) -> None:
    third = await open_public(1)
    key = "contested"
    results = await asyncio.gather(
        post_now(transfer(accounts.outside, accounts.public, 100, key=key)),
        post_now(transfer(accounts.outside, third, 100, key=key)),
        return_exceptions=True,
    )
    assert sorted(type(r).__name__ for r in results) == ["NoneType", "TransferKeyReused"]
    assert await balance(accounts.public) + await balance(third) == 100


async def test_an_overdraft_race_pays_out_no_more_than_there_is(accounts: Accounts) -> None:
    await post_now(transfer(accounts.outside, accounts.public, 100))
    results = await asyncio.gather(
        *(post_now(transfer(accounts.public, accounts.outside, 30)) for _ in range(10)),
        return_exceptions=True,
    )
    assert sorted(type(r).__name__ for r in results) == ["BalanceTooLow"] * 7 + ["NoneType"] * 3
    assert await balance(accounts.public) == 10
    assert await differences() == []


async def test_transfers_in_all_directions_neither_deadlock_nor_lose_a_fen(accounts: Accounts) -> None:
    dice = random.Random(7)
    ids = [await open_public(n) for n in range(5)]
    await post_now(*(transfer(accounts.outside, one, 10_000) for one in ids))

    def random_transfers() -> list:
        pairs = [dice.sample(ids, 2) for _ in range(dice.randint(1, 3))]
        return [transfer(source, target, dice.randint(1, 200)) for source, target in pairs]

    work = [random_transfers() for _ in range(40)]
    async with asyncio.timeout(10):
        await asyncio.gather(*(post_now(*transfers) for transfers in work))

    await fold_waiting()
    assert await fetch_value("select sum(balance) from ledger_account where id = any($1)", ids) == 50_000
    assert await fetch_value("select sum(balance) from ledger_account") == 0
    assert await count("ledger_transfer") == 5 + sum(map(len, work))
    assert await differences() == []
    for one in ids:
        rows = await fetch(
            "select l.number, l.balance, e.amount from ledger_line l"
            " join ledger_entry e using (transfer, leg) where l.account = $1 order by l.number",
            one,
        )
        assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
        running = 0
        for row in rows:
            running += row["amount"]
            assert row["balance"] == running >= 0
        assert await balance(one) == running


async def test_the_same_transfer_twice_in_one_unit_happens_once(accounts: Accounts) -> None:
    one = transfer(accounts.outside, accounts.public, 100)
    await post_now(one, one)
    assert await balance(accounts.public) == 100


async def test_two_transfers_under_one_key_in_one_unit_are_refused(accounts: Accounts) -> None:
    one = transfer(accounts.outside, accounts.public, 100)
    with pytest.raises(TransferKeyReused):
        await post_now(one, replace(one, note="another"))
    assert await balance(accounts.public) == 0
