"""The practice plugin's door for background work."""

from plugins.practice import services
from workers.task import task


@task("practice.delete_old")
async def delete_old() -> None:
    """Forget what is older than a week."""
    await services.delete_old()
