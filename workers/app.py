"""The Celery application: configuration, a Celery task for each of ours, the dispatcher."""

import logging
from datetime import timedelta
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_ready, worker_shutdown, worker_shutting_down
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from core.errors import describe
from core.jobs.services import run_job
from core.settings import Settings
from workers.dispatch import Dispatcher
from workers.fold import Folder
from workers.loop import WorkerLoop
from workers.schedule import ASK, ask_for, timetable
from workers.task import Task
from workers.tasks import all_tasks

log = logging.getLogger(__name__)
QUEUE = "yiji"
_INVISIBLE_S = 1800
# Jobs on the broker for each thread: one runs, the others are at hand when it has ended.
_QUEUED_A_THREAD = 4


def create_app(settings: Settings) -> Celery:
    """A Celery application for the worker or for beat. Needs `settings.database_url`."""
    if settings.database_url is None:
        raise SystemExit("YIJI_DATABASE_URL is not set; `yiji up` sets it for its own processes")
    app = Celery("yiji", broker=settings.broker_url or "pgmq://localhost", set_as_current=False)
    app.conf.update(_configuration(settings, settings.database_url))
    loop = WorkerLoop(settings.database_url, pool_size=settings.pool_size)
    dispatcher = Dispatcher(
        settings.database_url,
        lease=timedelta(seconds=settings.job_lease_s),
        send=lambda name, job_id: app.send_task(name, args=(job_id,)),
        names=all_tasks(),
        most=_QUEUED_A_THREAD * settings.worker_threads,
    )
    for task in all_tasks().values():
        _register(app, loop, task, dispatcher)
    _register_timetable(app, loop)
    _connect_signals(loop, dispatcher)
    return app


def _configuration(settings: Settings, url: str) -> dict[str, Any]:
    return {
        "task_default_queue": QUEUE,
        "task_ignore_result": True,
        "task_acks_late": True,
        "worker_pool": "threads",
        "worker_concurrency": settings.worker_threads,
        "worker_prefetch_multiplier": 4,
        "worker_enable_remote_control": False,
        "worker_send_task_events": False,
        "worker_hijack_root_logger": False,
        "broker_connection_retry_on_startup": True,
        "broker_transport_options": _transport_options(settings, url),
        "beat_schedule": timetable(),
        "beat_schedule_filename": str(settings.data / "beat-schedule"),
        "timezone": "UTC",
    }


def _transport_options(settings: Settings, url: str) -> dict[str, Any]:
    """pgmq in our own database: woken by NOTIFY, so that idle costs nothing."""
    if settings.broker_url is not None:
        return {"visibility_timeout": _INVISIBLE_S}
    return {
        # As key=value: pgmq's own parser ignores `?host=` of a URL, where the socket folder stands.
        "conn_string": make_conninfo("", **conninfo_to_dict(url)),
        "init_extension": False,
        "visibility_timeout": _INVISIBLE_S,
        "use_notify": True,
        "notify_throttle_interval_ms": 0,
        "wait_time_seconds": 0,
        "polling_interval": 5,
        "pool_size": 2,
    }


def _register(app: Celery, loop: WorkerLoop, task: Task, dispatcher: Dispatcher) -> None:
    async def run_and_tell(job_id: int) -> None:
        try:
            await run_job(job_id, task.run)
        finally:
            dispatcher.take_done(job_id)

    def run(job_id: int) -> None:
        try:
            loop.run(run_and_tell(job_id))
        except Exception as error:
            # Without the message: it may hold personal data.
            log.error("job %s (%s) failed: %s", job_id, task.name, describe(error))

    app.task(name=task.name)(run)


def _register_timetable(app: Celery, loop: WorkerLoop) -> None:
    def ask(name: str, every_s: int) -> None:
        loop.run(ask_for(name, every_s))

    app.task(name=ASK)(ask)


def _connect_signals(loop: WorkerLoop, dispatcher: Dispatcher) -> None:
    """Dispatch and fold from when the worker consumes until it stops; beat alone sends none of these."""
    folder = Folder()
    worker_init.connect(lambda **_: loop.open(), weak=False)
    for steady in (dispatcher, folder):
        worker_ready.connect(lambda s=steady, **_: loop.start(s.run()), weak=False)
        worker_shutting_down.connect(lambda s=steady, **_: loop.start(s.stop()), weak=False)
    worker_shutdown.connect(lambda **_: loop.close(), weak=False)
