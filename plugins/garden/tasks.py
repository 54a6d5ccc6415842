"""The garden's doors for background work."""

from plugins.garden import services
from workers.task import task


@task("garden.release_unpaid")
async def release_unpaid() -> None:
    """Free the plots whose time to pay is over."""
    await services.release_unpaid()
