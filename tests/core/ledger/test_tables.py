"""What the database itself refuses, to somebody who writes past the module by plain SQL."""

import asyncpg
import pytest

from core.database import fetch, fetch_value, unit_of_work
from core.ledger.queries import differences
from core.ledger.services import fold_waiting
from tests.core.ledger.transfers import Accounts, balance, count, insert_head, post_now, transfer

ENTRY = "insert into ledger_entry (transfer, leg, account, amount) values "


async def refused(sql: str, *args: object) -> str:
    """The constraint that refuses a statement (or the SQL state, where it has no name)."""
    with pytest.raises(asyncpg.PostgresError) as refusal:
        await fetch(sql, *args)
    return refusal.value.constraint_name or refusal.value.sqlstate


async def refused_head(**columns: object) -> str:
    with pytest.raises(asyncpg.PostgresError) as refusal:
        await insert_head("test", **columns)
    return refusal.value.constraint_name or refusal.value.sqlstate


async def test_balanced_entries_in_one_statement_are_taken(accounts: Accounts) -> None:
    head = await insert_head("raw")
    await fetch(f"{ENTRY} ($1, 1, $2, -5), ($1, 2, $3, 5)", head, accounts.outside, accounts.public)
    assert await count("ledger_entry") == 2


async def test_entries_that_do_not_sum_to_zero_are_refused(accounts: Accounts) -> None:
    head = await insert_head("raw")
    two = f"{ENTRY} ($1, 1, $2, -5), ($1, 2, $3, 4)"
    assert await refused(two, head, accounts.outside, accounts.public) == "ledger_entry_balance"
    assert await refused(f"{ENTRY} ($1, 1, $2, 5)", head, accounts.public) == "ledger_entry_balance"
    assert await refused(f"{ENTRY} ($1, 1, $2, 0)", head, accounts.public) == "ledger_entry_amount"
    assert await count("ledger_entry") == 0


async def test_two_transfers_that_only_balance_together_are_refused(accounts: Accounts) -> None:
    one, other = await insert_head("one"), await insert_head("other")
    both = f"{ENTRY} ($1, 1, $3, -5), ($2, 1, $4, 5)"
    assert await refused(both, one, other, accounts.outside, accounts.public) == "ledger_entry_balance"


async def test_entries_added_to_an_old_transfer_are_refused(accounts: Accounts) -> None:
    await post_now(transfer(accounts.outside, accounts.public, 100))
    head = await fetch_value("select id from ledger_transfer")
    again = f"{ENTRY} ($1, 1, $2, -5), ($1, 2, $3, 5)"
    assert await refused(again, head, accounts.outside, accounts.public) == "ledger_entry_pkey"
    later = f"{ENTRY} ($1, 3, $2, -5), ($1, 4, $3, 5)"
    assert await refused(later, head, accounts.outside, accounts.public) == "ledger_entry_closed"
    gap = f"{ENTRY} ($1, 1, $2, -5), ($1, 3, $3, 5)"
    assert await refused(gap, await insert_head("gap"), accounts.outside, accounts.public) == (
        "ledger_entry_closed"
    )


async def test_entries_added_in_the_same_unit_but_later_are_refused(accounts: Accounts) -> None:
    legs = f"{ENTRY} ($1, $4, $2, -5), ($1, $5, $3, 5)"
    with pytest.raises(asyncpg.CheckViolationError, match="added to an old transfer"):
        async with unit_of_work():
            head = await insert_head("raw")
            await fetch(legs, head, accounts.outside, accounts.public, 1, 2)
            await fetch(legs, head, accounts.outside, accounts.public, 3, 4)
    assert await count("ledger_transfer") == 0


async def test_entries_of_an_unknown_transfer_are_refused(accounts: Accounts) -> None:
    legs = f"{ENTRY} ($1, 1, $2, -5), ($1, 2, $3, 5)"
    assert await refused(legs, 10**9, accounts.outside, accounts.public) == "ledger_entry_unit"


async def test_entries_on_an_account_of_another_unit_or_of_none_are_refused(accounts: Accounts) -> None:
    await fetch("insert into ledger_unit (code, plugin) values ('HRS', 'test')")
    minutes = await fetch_value(
        "insert into ledger_account (owner_kind, owner_id, kind, unit) values"
        " ('test', 1, 'core.outside_cash', 'HRS') returning id"
    )
    head = await insert_head("raw")
    legs = f"{ENTRY} ($1, 1, $2, -5), ($1, 2, $3, 5)"
    assert await refused(legs, head, minutes, accounts.public) == "ledger_entry_unit"
    assert await refused(legs, head, 10**9, accounts.public) == "ledger_entry_unit"


async def test_the_log_is_append_only(accounts: Accounts) -> None:
    await post_now(transfer(accounts.outside, accounts.public, 100))
    await fold_waiting()
    for table, column in (
        ("ledger_transfer", "note = 'x'"),
        ("ledger_entry", "amount = amount * 2"),
        ("ledger_line", "balance = 1"),
        ("audit_event", "action = 'x'"),
    ):
        rows = await fetch(f"select * from {table} order by 1, 2")
        assert rows
        for statement in (
            f"update {table} set {column}",
            f"delete from {table}",
            f"truncate {table} cascade",
        ):
            assert await refused(statement) == "23001", statement
        assert await fetch(f"select * from {table} order by 1, 2") == rows


async def test_a_balance_may_stand_on_its_floor_and_not_below(accounts: Accounts) -> None:
    move = "update ledger_account set balance = $2 where id = $1"
    await fetch(move, accounts.public, 0)
    assert await refused(move, accounts.public, -1) == "ledger_account_floor"
    await fetch(move, accounts.outside, -(10**15))
    lower = "insert into ledger_account (owner_kind, owner_id, kind, unit, floor)"
    (row,) = await fetch(f"{lower} values ('test', 9, 'core.public', 'CNY', -50) returning id")
    await fetch(move, row["id"], -50)
    assert await refused(move, row["id"], -51) == "ledger_account_floor"
    assert await balance(row["id"]) == -50


@pytest.mark.parametrize("change", ["owner_id = 9", "unit = unit || ''", "floor = -50"])
async def test_an_account_stays_and_stays_the_same(accounts: Accounts, change: str) -> None:
    same = change == "unit = unit || ''"
    await post_now(transfer(accounts.outside, accounts.public, 100))
    statement = f"update ledger_account set {change} where id = $1"
    if same:
        await fetch(statement, accounts.public)
    else:
        with pytest.raises(asyncpg.RestrictViolationError):
            await fetch(statement, accounts.public)
    with pytest.raises(asyncpg.RestrictViolationError):
        await fetch("delete from ledger_account where id = $1", accounts.public)


@pytest.mark.parametrize("table", ["payment", "payment_order_line"])
async def test_what_was_paid_and_owed_is_never_changed(db: str, table: str) -> None:
    for statement in (f"delete from {table}", f"update {table} set amount_fen = 1", f"truncate {table}"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await fetch(statement)


async def test_undeclared_codes_are_refused(accounts: Accounts) -> None:
    assert await refused_head(reason="garden.bribe") == "ledger_transfer_reason_fkey"
    account = "insert into ledger_account (owner_kind, owner_id, kind, unit) values ('test', 1, $1, $2)"
    assert await refused(account, "test.secret", "CNY") == "ledger_account_kind_fkey"
    assert await refused(account, "core.public", "GOLD") == "ledger_account_unit_fkey"


async def test_a_declared_code_in_use_cannot_be_taken_away(accounts: Accounts) -> None:
    await post_now(transfer(accounts.outside, accounts.public, 100))
    for statement in (
        "delete from ledger_reason where code = 'garden.plot_fee'",
        "update ledger_reason set code = 'x' where code = 'garden.plot_fee'",
        "delete from ledger_kind where code = 'core.public'",
        "update ledger_unit set code = 'x' where code = 'CNY'",
    ):
        assert (await refused(statement)).startswith("ledger_"), statement


async def test_a_key_and_a_reversal_are_used_once(accounts: Accounts) -> None:
    first = await insert_head("key")
    with pytest.raises(asyncpg.UniqueViolationError):
        await insert_head("key")
    await insert_head("reversal", reverses=first)
    assert await refused_head(reverses=first) == "ledger_transfer_reverses_key"
    assert await refused_head(reverses=10**9) == "ledger_transfer_reverses_fkey"


async def test_an_owner_has_one_account_of_a_kind_and_unit(accounts: Accounts) -> None:
    again = (
        "insert into ledger_account (owner_kind, owner_id, kind, unit)"
        " select owner_kind, owner_id, kind, unit from ledger_account where id = $1"
    )
    assert await refused(again, accounts.public) == "ledger_account_owner"
    assert await differences() == []
