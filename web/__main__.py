"""`python -m web`: one web process. Behind a load balancer, any number of them.

`--wait`: begin when the standard input ends; `yiji up` lets it load while the database is being prepared.
"""

import gc
import logging
import sys

import uvicorn
from litestar.types import ASGIApp

from core import settings
from core.settings import Settings
from web.app import create_app


def main() -> None:
    """Serve until SIGTERM; requests under way are finished first."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    known = settings.load()
    if known.database_url is None:
        raise SystemExit("YIJI_DATABASE_URL is not set; `yiji up` sets it for its own processes")
    app = create_app(known)
    if "--wait" in sys.argv[1:]:
        sys.stdin.read()
    serve(app, known)


def serve(app: ASGIApp, known: Settings) -> None:
    """Run an application on the server that the product runs on."""
    # A page makes thousands of objects and drops them all; what is here at the start stays.
    gc.set_threshold(10_000, 20, 20)
    gc.freeze()
    uvicorn.run(
        app,
        host=known.host,
        port=known.port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        server_header=False,
        log_config=None,
        timeout_graceful_shutdown=10,
        timeout_keep_alive=15,
        limit_concurrency=500,
        # Who asks, and whether by https, only our own proxies may say.
        proxy_headers=known.trusted_proxies > 0,
        forwarded_allow_ips="*",
    )


if __name__ == "__main__":
    main()
