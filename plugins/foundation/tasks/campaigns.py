"""What the timetable does for campaigns."""

from plugins.foundation.services import campaigns
from workers.task import task


@task("foundation.end_campaigns")
async def end_campaigns() -> None:
    """End those whose last day is over."""
    await campaigns.end_campaigns()
