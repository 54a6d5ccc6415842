"""What the timetable does for matching pools."""

from plugins.foundation.services import pools
from workers.task import task


@task("foundation.end_pools")
async def end_pools() -> None:
    """End the matching pools whose last day is over."""
    await pools.end_over()
