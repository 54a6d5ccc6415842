"""`python -m workers worker --with-beat`: what `yiji up` starts. A city: workers, and one `workers beat`."""

import logging
import sys

from core import settings
from workers.app import create_app
from workers.beat import Beat

_WITH_BEAT = "--with-beat"


def main(which: str, *options: str) -> None:
    """Run one of the two until SIGTERM."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("kombu").setLevel(logging.WARNING)
    app = create_app(settings.load())
    if (which, options) in (("worker", ()), ("worker", (_WITH_BEAT,))):
        if options:
            Beat(app).run_along()
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        app.worker_main(["worker", "--pool=threads", "--loglevel=INFO", *quiet])
    elif (which, options) == ("beat", ()):
        app.start(["beat", "--loglevel=WARNING", "--pidfile="])
    else:
        raise SystemExit(
            f"python -m workers worker [{_WITH_BEAT}] or beat, not {' '.join((which, *options))!r}"
        )


main(*(sys.argv[1:] or [""]))
