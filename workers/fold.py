"""The fold: every second or so, adds what was posted to hot accounts to their balances and statements.

Nothing waits for it: a balance shown is the folded one plus what waits. Any number of workers may fold.
"""

import asyncio
import logging

import asyncpg

from core.database import UNREACHABLE
from core.ledger.services import fold_waiting

_PAUSE_S = 1.0
log = logging.getLogger(__name__)


class Folder:
    """Folds from `run()` to `stop()`."""

    def __init__(self) -> None:
        self._ending = asyncio.Event()

    async def stop(self) -> None:
        """End after the fold under way."""
        self._ending.set()

    async def run(self) -> None:
        """Fold until `stop()`; a database that is away is tried again."""
        while not self._ending.is_set():
            try:
                await fold_waiting()
            except (*UNREACHABLE, asyncpg.PostgresError) as lost:
                log.warning("the fold waits: %s", type(lost).__name__)
            try:
                await asyncio.wait_for(self._ending.wait(), _PAUSE_S)
            except TimeoutError:
                continue
