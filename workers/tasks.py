"""Core's own tasks, and the list of all."""

import functools

from core import plugins
from core.events import services as events
from core.notifications import services as notifications
from core.people import services as people
from workers.task import Task


@functools.cache
def all_tasks() -> dict[str, Task]:
    """Name -> task, of core and all enabled plugins; a plugin's names begin with its own."""
    found = {
        events.DELIVER: Task(events.DELIVER, events.deliver_event),
        notifications.DELIVER: Task(notifications.DELIVER, notifications.deliver_notice),
        people.SWEEP: Task(people.SWEEP, people.sweep_sessions),
    }
    for plugin, task in plugins.registered("register_tasks"):
        if not task.name.startswith(f"{plugin}."):
            raise plugins.PluginRefused(
                f"plugin {plugin!r}: the task {task.name!r} must begin with '{plugin}.'"
            )
        if task.name in found:
            raise plugins.PluginRefused(f"plugin {plugin!r}: two tasks are called {task.name!r}")
        found[task.name] = task
    return found
