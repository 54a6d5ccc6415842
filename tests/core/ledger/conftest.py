"""Accounts to move money between."""

from collections.abc import AsyncIterator

import pytest

from tests.core.ledger.books import declared
from tests.core.ledger.transfers import Accounts
from tests.factories import make_accounts, make_committee


@pytest.fixture
async def accounts(db: str) -> Accounts:
    """The outside world's cash (no floor) and the public account (floor 0) of a committee."""
    committee = await make_committee()
    outside, public = await make_accounts(committee)
    return Accounts(committee.ref, outside, public)


@pytest.fixture
async def books(db: str) -> AsyncIterator[str]:
    """A database with the codes of the plugin of `books.py`; its URL."""
    async with declared():
        yield db
