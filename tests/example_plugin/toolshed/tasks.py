"""The tool shed's doors for background work."""

from toolshed import services
from workers.task import task


@task("toolshed.release_unpaid")
async def release_unpaid() -> None:
    """Free the tools whose deposit was not paid in time."""
    await services.release_unpaid()


@task("toolshed.remind_overdue")
async def remind_overdue() -> None:
    """Remind who is late."""
    await services.remind_overdue()
