"""`python -m workers worker` and `python -m workers beat`: what `yiji up` starts, and a city's units too."""

import logging
import sys

from core import settings
from workers.app import create_app


def main(which: str) -> None:
    """Run one of the two until SIGTERM."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("kombu").setLevel(logging.WARNING)
    app = create_app(settings.load())
    if which == "worker":
        options = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        app.worker_main(["worker", "--pool=threads", "--loglevel=INFO", *options])
    elif which == "beat":
        app.start(["beat", "--loglevel=WARNING", "--pidfile="])
    else:
        raise SystemExit(f"python -m workers worker|beat, not {which!r}")


main(sys.argv[1] if len(sys.argv) > 1 else "")
