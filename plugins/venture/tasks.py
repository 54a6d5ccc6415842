"""The door for background work."""

from plugins.venture.services import calls
from workers.task import task


@task("venture.close_late")
async def close_late() -> None:
    """Close the calls whose deadline is over."""
    await calls.close_late()
