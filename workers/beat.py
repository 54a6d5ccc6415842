"""Beat as a thread of the only worker on a small machine; a city runs it as a process of its own.

A process costs 90 MB there, because the timetable names our tasks and so loads them all.
"""

import logging
import os
import signal
import threading

from celery import Celery
from celery.beat import Service
from celery.signals import worker_ready, worker_shutting_down

from core.errors import describe

log = logging.getLogger(__name__)
_SLEEP_S = 5  # at most; it may be that late to notice that the worker ends


class Beat:
    """Ticks until `stop`. A fault ends the whole process, whose supervisor starts it again: a worker whose
    timetable stands still would look healthy.
    """

    def __init__(self, app: Celery) -> None:
        self._service = Service(app, max_interval=_SLEEP_S)
        # A daemon: nobody waits for its sleep. A tick told twice after the next start adds no second job.
        self._thread = threading.Thread(target=self._tick, name="beat", daemon=True)

    def run_along(self) -> None:
        """From when this process's worker consumes until it begins to stop."""
        worker_ready.connect(lambda **_: self.start(), weak=False)
        worker_shutting_down.connect(lambda **_: self.stop(), weak=False)

    def start(self) -> None:
        """In a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Returns at once."""
        self._service.stop()

    def _tick(self) -> None:
        try:
            self._service.start()
        except Exception as fault:
            log.critical("the timetable stands still, this worker ends: %s", describe(fault))
            os.kill(os.getpid(), signal.SIGTERM)
