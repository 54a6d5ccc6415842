"""The timetable of all plugins, as Celery beat wants it: each tick asks for a job row."""

from typing import Any

from core import clock, plugins
from core.database import unit_of_work
from core.errors import PluginRefused
from core.jobs.services import add_job
from core.manifest import ScheduledTask
from workers.tasks import all_tasks

ASK = "core.ask_for"


def timetable() -> dict[str, dict[str, Any]]:
    """Task name -> beat entry."""
    return {
        scheduled.task: {
            "task": ASK,
            "schedule": scheduled.every,
            "args": (scheduled.task, int(scheduled.every.total_seconds())),
        }
        for scheduled in _scheduled()
    }


def _scheduled() -> list[ScheduledTask]:
    scheduled: list[ScheduledTask] = []
    for plugin, entry in plugins.registered("register_schedule"):
        if entry.task not in all_tasks():
            raise PluginRefused(
                f"plugin {plugin!r}: the schedule names {entry.task!r}, which register_tasks does not give"
            )
        scheduled.append(entry)
    return scheduled


async def ask_for(name: str, every_s: int) -> None:
    """Add the job of this tick. Two beats, or a tick told twice, add one."""
    slot = int(clock.now().timestamp()) // every_s
    async with unit_of_work():
        add_job(name, {}, key=f"schedule:{name}:{slot}")
