"""Core's own tasks, and the list of all."""

import functools

from core import plugins
from core.approvals import services as approvals
from core.events import services as events
from core.notifications import services as notifications
from core.notifications.services import digests, sending
from core.people import services as people
from workers.task import Task


@functools.cache
def all_tasks() -> dict[str, Task]:
    """Name -> task, of core and all enabled plugins; a plugin's names begin with its own."""
    found = {
        events.DELIVER: Task(events.DELIVER, events.deliver_event),
        approvals.CLOSE_LATE: Task(approvals.CLOSE_LATE, approvals.close_late),
        notifications.DELIVER: Task(notifications.DELIVER, notifications.deliver_notice),
        people.SWEEP: Task(people.SWEEP, people.sweep_sessions),
        notifications.DELETE_OLD: Task(notifications.DELETE_OLD, notifications.delete_old_notices),
        sending.SEND: Task(sending.SEND, sending.send_message),
        digests.DIGESTS: Task(digests.DIGESTS, digests.ask_for_digests),
    }
    for plugin, task in plugins.registered("register_tasks"):
        if not task.name.startswith(f"{plugin}."):
            raise plugins.PluginRefused(f"task {task.name!r} must begin with '{plugin}.'")
        found[task.name] = task
    return found
