"""A database for a command: the deployment's, or the data folder's own server for as long as it runs."""

import asyncio
from collections.abc import Awaitable, Callable

import click

from core import settings
from core.database import close_pool, open_pool
from core.embedded.cluster import Cluster
from core.embedded.errors import CannotStart
from core.embedded.folder import prepare
from core.jobs.bell import BELL


def run_connected(work: Callable[[], Awaitable[None]]) -> None:
    """Run `work` with the pool open. A server that `yiji up` runs already is shared, not stopped."""
    known = settings.load()
    if known.database_url is not None:
        asyncio.run(_connected(known.database_url, work))
        return
    try:
        cluster = Cluster(prepare(known.data))
    except CannotStart as reason:
        click.echo(str(reason), err=True)
        raise SystemExit(2) from None
    try:
        asyncio.run(_connected(cluster.ensure(), work))
    finally:
        cluster.release()


async def _connected(url: str, work: Callable[[], Awaitable[None]]) -> None:
    await open_pool(url, size=4)
    BELL.open(url)
    try:
        await work()
    finally:
        await BELL.close()
        await close_pool()
