"""A pool of two, and a table of notes."""

from collections.abc import AsyncIterator

import pytest

from core import database
from core.database import fetch
from tests.core.notes import POOL_SIZE


@pytest.fixture
async def notes(empty_url: str) -> AsyncIterator[str]:
    """A pool of two, and a table whose number may repeat until COMMIT."""
    await database.open_pool(empty_url, size=POOL_SIZE)
    await fetch("create table note (n int constraint note_once unique deferrable initially deferred)")
    for name, each in (("numbers", "n"), ("doubles", "2 * n"), ("broken", "n / 0")):
        await fetch(
            f"create function write_{name}(given int[]) returns void language sql as"
            f" $$ insert into note select {each} from unnest(given) n $$"
        )
    yield empty_url
    await database.close_pool()
