"""Statement pages, and the proof by differences: each kind of damage is found and named."""

import pytest

from core.database import fetch, fetch_value
from core.ledger.queries import accounts_of_kind, differences, statement
from core.ledger.services import fold_waiting
from core.reference import Ref
from tests.core.ledger.transfers import Accounts, open_public, post_now, transfer


async def page(accounts: Accounts, number: int, size: int = 3) -> list[tuple[int, int, int]]:
    found = await statement(accounts.owner, kind="core.public", unit="CNY", page=number, size=size)
    assert found is not None
    assert found.account_id == accounts.public
    return [(line.number, line.amount, line.balance) for line in found.lines]


async def test_a_statement_is_paged_from_the_newest_line_to_the_first(accounts: Accounts) -> None:
    for amount in range(1, 8):
        await post_now(transfer(accounts.outside, accounts.public, amount, note=f"{amount} 号"))
    assert await page(accounts, 1) == [(7, 7, 28), (6, 6, 21), (5, 5, 15)]
    assert await page(accounts, 2) == [(4, 4, 10), (3, 3, 6), (2, 2, 3)]
    assert await page(accounts, 3) == [(1, 1, 1)]
    assert await page(accounts, 4) == []
    assert await page(accounts, 1, size=7) == await page(accounts, 1, size=100)
    assert await page(accounts, 2, size=7) == []
    found = await statement(accounts.owner, kind="core.public", unit="CNY", page=9, size=3)
    assert found is not None
    assert (found.balance, found.lines_total) == (28, 7)


async def test_a_line_says_why_and_when(accounts: Accounts) -> None:
    sound = transfer(accounts.outside, accounts.public, 5, note="3 号")
    await post_now(sound)
    found = await statement(accounts.owner, kind="core.outside_cash", unit="CNY", page=1, size=1)
    assert found is not None
    (line,) = found.lines
    assert (line.reason, line.note, line.occurred_at) == ("garden.plot_fee", "3 号", sound.occurred_at)
    assert (line.amount, line.balance) == (-5, -5)


async def test_an_empty_account_has_an_empty_page_and_a_missing_one_none(accounts: Accounts) -> None:
    assert await page(accounts, 1) == []
    assert await statement(Ref("organization", 0), kind="core.public", unit="CNY", page=1, size=3) is None
    assert await statement(accounts.owner, kind="core.public", unit="MIN", page=1, size=3) is None


async def test_accounts_of_a_kind_are_listed_by_owner(accounts: Accounts) -> None:
    for number in (3, 1, 2):
        await open_public(number)
    found = await accounts_of_kind("core.public", limit=10)
    assert sorted(a.owner_id for a in found) == [a.owner_id for a in found]
    assert len(found) == 4
    assert len(await accounts_of_kind("core.public", limit=2)) == 2


DAMAGE = {
    "balance": (
        "update ledger_account set balance = balance + 1 where id = {public}",
        {("account {public}: balance", "300", "301")},
    ),
    "count of lines": (
        "update ledger_account set lines = 5 where id = {public}",
        {("account {public}: number of statement lines", "5", "3 there, the last 3")},
    ),
    "balance after a line": (
        "update ledger_line set balance = 7 where account = {public} and number = 2",
        {("account {public}: balances after its lines", "3 right", "1 wrong")},
    ),
    "amount of one entry": (
        "update ledger_entry set amount = 150 where transfer = {transfer} and account = {public}",
        {
            ("account {public}: balance", "350", "300"),
            ("transfer {transfer}: sum of entries", "0", "50"),
            ("account {public}: balances after its lines", "3 right", "2 wrong"),
        },
    ),
    "a leg that waits twice": (
        "insert into ledger_queue select account, transfer, leg, amount from ledger_entry"
        " where transfer = {transfer} and account = {public}",
        {
            ("account {public}: balance", "300", "400"),
            ("transfer {transfer}: each leg waiting or on a line, once", "3", "3"),
        },
    ),
    "entries of a transfer gone": (
        "delete from ledger_entry where transfer = {transfer}",
        {
            ("account {public}: balance", "200", "300"),
            ("account {outside}: balance", "-200", "-300"),
            ("transfer {transfer}: each leg waiting or on a line, once", "0", "2"),
            ("transfer {transfer}: sum of entries", "0", "0"),
            ("account {public}: balances after its lines", "2 right", "1 wrong"),
            ("account {outside}: balances after its lines", "2 right", "1 wrong"),
        },
    ),
    "floor": (
        "alter table ledger_account drop constraint ledger_account_floor;"
        "update ledger_account set floor = 301 where id = {public}",
        {("account {public}: lowest allowed balance", "301", "300")},
    ),
}


async def ids_of(accounts: Accounts) -> dict[str, int]:
    """Names for the middle one of three transfers of 100, and for its accounts."""
    return {
        "public": accounts.public,
        "outside": accounts.outside,
        "transfer": await fetch_value("select id from ledger_transfer order by id offset 1 limit 1"),
    }


async def break_open(script: str) -> None:
    """Run statements as an intruder with the owner's rights would: triggers off."""
    for table in ("ledger_account", "ledger_transfer", "ledger_entry", "ledger_line"):
        await fetch(f"alter table {table} disable trigger all")
    for sql in script.split(";"):
        await fetch(sql)


@pytest.mark.parametrize("kind", DAMAGE)
async def test_damage_is_found_and_named(accounts: Accounts, kind: str) -> None:
    for _ in range(3):
        await post_now(transfer(accounts.outside, accounts.public, 100))
    await fold_waiting()
    assert await differences() == []

    script, expected = DAMAGE[kind]
    names = await ids_of(accounts)
    await break_open(script.format(**names))
    found = {(d.subject, d.expected, d.found) for d in await differences()}
    assert found == {tuple(part.format(**names) for part in parts) for parts in expected}


async def test_a_long_list_of_differences_is_cut(accounts: Accounts) -> None:
    for _ in range(5):
        await post_now(transfer(accounts.outside, accounts.public, 100))
    await break_open("update ledger_transfer set unit = 'MIN'")
    assert len(await differences(limit=3)) == 3
    assert len(await differences()) == 5


@pytest.mark.parametrize(
    "script",
    [
        "delete from ledger_line where account = {public} and number = 3",
        "delete from ledger_line",
        "update ledger_line set number = number + 10 where account = {public}",
        "delete from ledger_transfer where id = {transfer}",
        "delete from ledger_account where id = {public}",
        "insert into ledger_unit values ('GOLD', 'x', 0);"
        " update ledger_account set unit = 'GOLD' where id = {public}",
    ],
)
async def test_damage_to_what_hangs_together_is_found(accounts: Accounts, script: str) -> None:
    for _ in range(3):
        await post_now(transfer(accounts.outside, accounts.public, 100))
    await fold_waiting()
    await break_open(script.format(**await ids_of(accounts)))
    assert await differences() != []
