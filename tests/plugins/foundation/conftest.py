"""A stand-in at which foundations take money online."""

from collections.abc import Iterator

import pytest

from tests.core.payments.stand_in import Cashier, cashier


@pytest.fixture
def stand_in(db: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cashier]:
    with cashier() as running:
        monkeypatch.setenv("YIJI_PAYMENT_STAND_IN", running.url)
        yield running
