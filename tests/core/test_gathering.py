"""Many callers' statements as one."""

import asyncio
from collections.abc import Sequence

import pytest

from core.gathering import Gathering


class Counter:
    """Doubles numbers, slowly; keeps what it was asked together, and refuses thirteen."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    async def double(self, numbers: Sequence[int]) -> list[int]:
        """Raises ValueError if thirteen is among them."""
        self.batches.append(list(numbers))
        await asyncio.sleep(0)
        if 13 in numbers:
            raise ValueError("thirteen")
        return [number * 2 for number in numbers]


def test_who_comes_while_one_is_under_way_goes_together_in_the_next() -> None:
    counter = Counter()

    async def crowd() -> list[int]:
        gathering = Gathering(counter.double, most=3)
        first = asyncio.create_task(gathering.ask(0))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return [*await asyncio.gather(*map(gathering.ask, range(1, 6))), await first]

    assert asyncio.run(crowd()) == [2, 4, 6, 8, 10, 0]
    assert counter.batches == [[0], [1, 2, 3], [4, 5]]


def test_nobody_is_refused_for_what_another_one_brought() -> None:
    counter = Counter()

    async def crowd() -> list[int | BaseException]:
        gathering = Gathering(counter.double, most=10)
        return await asyncio.gather(*map(gathering.ask, (12, 13, 14)), return_exceptions=True)

    twelve, thirteen, fourteen = asyncio.run(crowd())
    assert (twelve, fourteen) == (24, 28)
    assert isinstance(thirteen, ValueError)


def test_who_went_away_keeps_nobody_from_the_answer() -> None:
    counter = Counter()

    async def crowd() -> int:
        gathering = Gathering(counter.double, most=10)
        gone = asyncio.create_task(gathering.ask(1))
        stays = asyncio.create_task(gathering.ask(2))
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        return await stays

    assert asyncio.run(crowd()) == 4


def test_a_new_event_loop_starts_anew() -> None:
    gathering = Gathering(Counter().double, most=10)
    assert asyncio.run(gathering.ask(1)) == 2

    async def leave() -> None:
        asyncio.create_task(gathering.ask(5))  # noqa: RUF006 - it is to be left behind
        await asyncio.sleep(0)

    asyncio.run(leave())
    assert asyncio.run(gathering.ask(2)) == 4
