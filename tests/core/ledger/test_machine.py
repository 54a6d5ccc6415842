"""Any verbs of the ledger in any order, on a real database, against the model of `model.py`."""

import asyncio
import itertools
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from core import clock, database
from core.database import fetch_value, unit_of_work
from core.errors import YijiError
from core.ledger import rules
from core.ledger.queries import balance, differences, parts
from core.ledger.rules import Draw, Entry, Receive, Transfer
from core.ledger.services import fold_waiting, post, post_many, reverse
from core.reference import Ref
from tests.core.ledger.books import declared, open_books
from tests.core.ledger.model import Model, Move

_NUMBERS = itertools.count(1)
_START = datetime(2026, 1, 1, 4, tzinfo=UTC)
AMOUNT = st.integers(1, 60)
PURPOSE = st.sampled_from(["", "children", "elders"])
WAYS = {
    "gift": ("outside", "fund"),
    "income": ("outside", "public"),
    "spend": ("public", "outside"),
    "hold": ("fund", "hold"),
    "pay": ("hold", "public"),
    "release": ("hold", "fund"),
    "expire": ("fund", "outside"),
    "refund": ("fund", "outside"),
}
STEP = st.tuples(st.sampled_from(sorted(WAYS)), AMOUNT, PURPOSE, st.sampled_from([None, 0, 2]))


class Machine(RuleBasedStateMachine):
    run: ClassVar[Any]  # of the test's event loop

    def __init__(self) -> None:
        super().__init__()
        self.now = _START
        owner = next(_NUMBERS)
        names = ("outside", "public", "loss", "fund", "hold")
        ids = self.run(open_books(*names, owner=owner))
        self.ids = dict(zip(names, ids, strict=True))
        self.model = Model({id_: name for name, id_ in self.ids.items()})
        self.posted: list[tuple[int, Transfer, list[Move]]] = []
        self.undone: set[int] = set()

    def transfer(self, way: str, amount: int, purpose: str, days: int | None) -> Transfer:
        source, target = (self.ids[name] for name in WAYS[way])
        number = next(_NUMBERS)
        expires_on = None if days is None else clock.local(self.now).date() + timedelta(days=days)
        origin = Ref("books.gift", next(iter(self.model.shown("fund")), (0, 0))[0])
        terms = {
            "gift": Receive(restriction=purpose, expires_on=expires_on),
            "hold": Draw(restriction=purpose),
            "pay": Draw(way="any"),
            "release": Draw(way="return"),
            "expire": Draw(way="expired"),
            "refund": Draw(way="any", origin=origin),
        }.get(way)
        drawn, received = (None, terms) if isinstance(terms, Receive) else (terms, None)
        legs = [Entry(source, -amount, drawn), Entry(target, amount, received)]
        if way == "refund":  # what is gone stands as a loss
            left = min(amount, dict(self.model.shown("fund")).get(origin.id, 0))
            legs = [Entry(source, -left, drawn)] if left else []
            legs += [Entry(self.ids["loss"], left - amount - 1), Entry(target, amount + 1)]
        return Transfer(
            key=f"machine:{number}",
            unit="CNY",
            reason="books.fee",
            cause=Ref("books.gift", number),
            occurred_at=self.now,
            entries=tuple(legs),
        )

    def expect(self, transfer: Transfer, undo: list[Move] | None = None) -> str | list[Move]:
        return self.model.apply(transfer, clock.local(self.now).date(), undo)

    def tried(self, act: Coroutine[Any, Any, Any]) -> tuple[str, Any]:
        try:
            return "", self.run(act)
        except YijiError as refusal:
            return type(refusal).__name__, None

    @rule(step=STEP)
    def post_one(self, step: Any) -> None:
        transfer = self.transfer(*step)
        expected = self.expect(transfer)
        refusal, id_ = self.tried(_post(transfer))
        assert refusal == (expected if isinstance(expected, str) else "")
        if not isinstance(expected, str):
            self.posted.append((id_, transfer, expected))

    @rule(steps=st.lists(STEP, max_size=6))
    def post_batch(self, steps: Any) -> None:
        batch = [self.transfer(*step) for step in steps] + [t for _, t, _ in self.posted[:1]]
        expected = [self.expect(t) for t in batch[: len(steps)]]
        outcomes = self.run(_post_many(batch))
        for transfer, outcome, wanted in zip(batch, outcomes, expected, strict=False):
            found = type(outcome.refusal).__name__ if outcome.refusal else ""
            assert found == (wanted if isinstance(wanted, str) else "")
            if not isinstance(wanted, str):
                self.posted.append((outcome.transfer_id, transfer, wanted))
        assert [o.is_repeat for o in outcomes] == [n >= len(steps) for n in range(len(batch))]

    @rule(number=st.integers(0, 30))
    def reverse_one(self, number: int) -> None:
        if not self.posted:
            return
        id_, transfer, moves = self.posted[number % len(self.posted)]
        opposite = replace(transfer, entries=rules.opposite(transfer.entries))
        expected = "TransferReversed" if id_ in self.undone else self.expect(opposite, undo=moves)
        refusal, _ = self.tried(_reverse(id_, self.now))
        assert refusal == (expected if isinstance(expected, str) else "")
        if not refusal:
            self.undone.add(id_)

    @rule(number=st.integers(0, 30))
    def repeat_one(self, number: int) -> None:
        if self.posted:
            refusal, _ = self.tried(_post(self.posted[number % len(self.posted)][1]))
            assert refusal == "TransferAlreadyPosted"

    @rule()
    def fold(self) -> None:
        self.run(fold_waiting())

    @rule(days=st.integers(1, 3))
    def sleep(self, days: int) -> None:
        self.now += timedelta(days=days)

    @invariant()
    def the_books_say_the_same(self) -> None:
        assert self.run(_shown(self.ids)) == (
            {name: self.model.balances[name] for name in self.ids},
            {name: self.model.shown(name) for name in ("fund", "hold")},
        )

    def teardown(self) -> None:
        assert self.run(differences()) == []


async def _post(transfer: Transfer) -> int:
    async with unit_of_work():
        post(transfer)
    return int(await fetch_value("select id from ledger_transfer where key = $1", transfer.key))


async def _post_many(transfers: list[Transfer]) -> Any:
    async with unit_of_work():
        return await post_many(transfers)


async def _reverse(transfer_id: int, now: datetime) -> None:
    async with unit_of_work():
        await reverse(transfer_id, reason="books.correction", cause=Ref("test", 1), occurred_at=now)


async def _shown(ids: dict[str, int]) -> tuple[dict[str, int], dict[str, list[tuple[int, int]]]]:
    return (
        {name: await balance(id_) for name, id_ in ids.items()},
        {name: sorted((p.origin.id, p.amount) for p in await parts(ids[name])) for name in ("fund", "hold")},
    )


@pytest.fixture
def runner(database_url: str) -> Iterator[asyncio.Runner]:
    """One event loop with the pool open and the codes declared, for all examples."""
    stack = AsyncExitStack()

    async def start() -> None:
        await database.open_pool(database_url, size=2)
        stack.push_async_callback(database.close_pool)
        await stack.enter_async_context(declared())

    with asyncio.Runner() as loop:
        loop.run(start())
        yield loop
        loop.run(stack.aclose())


def test_any_verbs_in_any_order_agree_with_the_model(runner: asyncio.Runner) -> None:
    Machine.run = staticmethod(runner.run)
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=100,
            stateful_step_count=30,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
