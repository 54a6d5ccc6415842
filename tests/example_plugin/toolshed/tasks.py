"""The tool shed's door for background work."""

from toolshed import services
from workers.task import task


@task("toolshed.remind_overdue")
async def remind_overdue() -> None:
    """Remind who is late."""
    await services.remind_overdue()
