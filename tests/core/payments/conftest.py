"""A committee that takes money online at a stand-in, its payer, and a second treasurer."""

from collections.abc import Iterator

import pytest

from core.people.rules import Actor
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
