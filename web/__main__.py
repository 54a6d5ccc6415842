"""`python -m web`: one web process. Behind a load balancer, any number of them."""

import logging

import uvicorn

from core import settings
from web.app import create_app


def main() -> None:
    """Serve until SIGTERM; requests under way are finished first."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    known = settings.load()
    if known.database_url is None:
        raise SystemExit("YIJI_DATABASE_URL is not set; `yiji up` sets it for its own processes")
    uvicorn.run(
        create_app(known),
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
    )


main()
