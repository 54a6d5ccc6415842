"""Builders of transfers, through the one door and past it."""

import itertools
from dataclasses import dataclass
from typing import Any

from core import clock
from core.database import fetch, fetch_value, unit_of_work
from core.ledger.rules import Entry, Transfer
from core.ledger.services import fold_waiting, open_account, post
from core.reference import Ref

_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Accounts:
    """Two accounts of one committee."""

    owner: Ref
    outside: int
    public: int


def transfer(source: int, target: int, amount: int, **changes: Any) -> Transfer:
    """A sound transfer of a key of its own, unless told otherwise."""
    content: dict[str, Any] = {
        "key": f"test:{next(_NUMBERS)}",
        "unit": "CNY",
        "reason": "garden.plot_fee",
        "cause": Ref("test", 1),
        "occurred_at": clock.now(),
        "entries": (Entry(source, -amount), Entry(target, amount)),
    }
    return Transfer(**(content | changes))


async def post_now(*transfers: Transfer) -> None:
    """Post in a unit of work of their own."""
    async with unit_of_work():
        for one in transfers:
            post(one)


async def open_public(number: int) -> int:
    """The public account of an owner that needs no row."""
    async with unit_of_work():
        return await open_account(Ref("test.owner", number), kind="core.public", unit="CNY")


async def balance(account_id: int) -> int:
    """The folded balance, after the fold has caught up."""
    await fold_waiting()
    return int(await fetch_value("select balance from ledger_account where id = $1", account_id))


async def lines(account_id: int) -> list[tuple[int, int]]:
    """(number, balance after it) of the account's lines, after the fold has caught up."""
    await fold_waiting()
    rows = await fetch(
        "select number, balance from ledger_line where account = $1 order by number", account_id
    )
    return [tuple(row) for row in rows]


async def count(table: str) -> int:
    """How many rows there are."""
    return int(await fetch_value(f"select count(*) from {table}"))


async def insert_head(key: str, **columns: Any) -> int:
    """A transfer's head by plain SQL, as somebody would who writes past the module."""
    values = {"unit": "CNY", "reason": "garden.plot_fee", "reverses": None} | columns
    return int(
        await fetch_value(
            "insert into ledger_transfer (key, unit, reason, cause_kind, cause_id, fingerprint, reverses,"
            " occurred_at, posted_at) values ($1, $2, $3, 'test', 1, '', $4, now(), now()) returning id",
            key,
            values["unit"],
            values["reason"],
            values["reverses"],
        )
    )
