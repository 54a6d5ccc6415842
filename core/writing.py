"""What a unit of work has collected, as one statement: new rows, and calls of functions of the database."""

import functools
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg


@dataclass(frozen=True, eq=False)
class Writer:
    """How the collected items of one sort go down: all at once, in one call of `function` in the database.

    `arguments` makes its arguments of the items; `explain` makes a refusal of the database one of ours.
    """

    function: str
    arguments: Callable[[list[Any]], Sequence[Any]]
    explain: Callable[[asyncpg.PostgresError], Exception | None] = lambda _: None


@dataclass(frozen=True, eq=False)
class NewRow:
    """A row to be inserted, whose content nobody in the unit of work reads."""

    table: str
    values: dict[str, Any]


Collected = tuple[Writer, Any] | NewRow


@dataclass(frozen=True)
class Statement:
    """SQL with its arguments, and the writers that can explain its refusal."""

    sql: str
    arguments: list[Any]
    writers: list[Writer]


def compose(collected: Sequence[Collected]) -> Statement:
    """One statement for everything: all of it happens, or nothing."""
    items: dict[Writer, list[Any]] = {}
    rows: dict[tuple[str, tuple[str, ...]], list[NewRow]] = {}
    for one in collected:
        if isinstance(one, NewRow):
            rows.setdefault((one.table, tuple(one.values)), []).append(one)
        else:
            items.setdefault(one[0], []).append(one[1])
    # In one order everywhere, so that two units of work never wait for each other crosswise.
    writers = sorted(items, key=lambda writer: writer.function)
    calls = [writer.arguments(items[writer]) for writer in writers]
    sql = _sql(
        tuple((*shape, len(its)) for shape, its in rows.items()),
        tuple((writer.function, len(given)) for writer, given in zip(writers, calls, strict=True)),
    )
    values = [value for its in rows.values() for row in its for value in row.values.values()]
    return Statement(sql, [*values, *itertools.chain.from_iterable(calls)], writers)


@functools.lru_cache(maxsize=1000)
def _sql(rows: tuple[tuple[str, tuple[str, ...], int], ...], calls: tuple[tuple[str, int], ...]) -> str:
    """`with n1 as (insert into t (a, b) values ($1, $2)) select f($3)`."""
    numbers = itertools.count(1)

    def places(count: int) -> str:
        return ", ".join(f"${next(numbers)}" for _ in range(count))

    inserts = []
    for n, (table, columns, count) in enumerate(rows, 1):
        names = ", ".join(f'"{column}"' for column in columns)
        values = ", ".join(f"({places(len(columns))})" for _ in range(count))
        inserts.append(f'n{n} as (insert into "{table}" ({names}) values {values})')
    head = f"with {', '.join(inserts)} " if inserts else ""
    return f"{head}select {', '.join(f'{function}({places(count)})' for function, count in calls)}"
