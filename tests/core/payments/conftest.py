"""A committee that takes money online at a stand-in, its payer, and a second treasurer."""

from collections.abc import AsyncIterator, Iterator

import pytest

from core.people.rules import Actor
from tests.core.payments.closing import Closing, check_closing
from tests.core.payments.stand_in import Cashier, cashier, connect
from tests.factories import Committee, make_committee, make_resident


@pytest.fixture
def stand_in(db: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cashier]:
    with cashier() as running:
        monkeypatch.setenv("YIJI_PAYMENT_STAND_IN", running.url)
        yield running


@pytest.fixture
async def committee(stand_in: Cashier) -> Committee:
    made = await make_committee()
    await connect(made)
    return made


@pytest.fixture
async def payer(committee: Committee) -> Actor:
    return await make_resident(committee.region_id)


@pytest.fixture
async def closing(stand_in: Cashier) -> AsyncIterator[Closing]:
    """Whatever the test has done: afterwards everything agrees (`closing.py`)."""
    found = Closing()
    yield found
    if not found.left_open:
        await check_closing(stand_in)
