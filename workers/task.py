"""`@task("garden.release_unpaid")`: what a job row of that name does."""

from collections.abc import Callable
from dataclasses import dataclass

from core.jobs.services import Handler


@dataclass(frozen=True)
class Task:
    """An async function that runs inside the unit of work which marks its job as done.

    Its arguments are the job's `args`. It may be repeated after an error, so what it does outside
    the database must bear that.
    """

    name: str
    run: Handler


def task(name: str) -> Callable[[Handler], Task]:
    """Make a Task of an async function; a plugin returns it from `register_tasks`."""
    return lambda run: Task(name, run)
