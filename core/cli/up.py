"""`yiji up`: the whole product on one machine, until Ctrl-C.

This process lives as long as the product, so it imports neither the database nor the web: what
needs them runs in children.
"""

import contextlib
import errno
import fcntl
import os
import socket
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from core import settings
from core.cli import signals
from core.cli.supervise import Child, Supervisor, Surroundings
from core.embedded import folder
from core.embedded.cluster import Cluster
from core.embedded.errors import CannotStart

_HOST = "127.0.0.1"
_FAILED = 1
_REFUSED = 2
_PREPARE = ("-m", "core.cli", "prepare")
_CHILDREN = {
    "web": ("-m", "web", "--wait"),
    "worker": ("-m", "workers", "worker", "--with-beat"),
}
_CASHIER = ("-m", "core.cli", "cashier")  # the command of the plugin that practises
_PRACTICE = "practice"


@click.command("up")
@click.option("--port", type=int, help="Port of the web pages on this machine (YIJI_PORT).")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Folder that holds everything: database, logs, secret (YIJI_DATA).",
)
def command(port: int | None, data: Path | None) -> None:
    """Start the whole product on this machine: database, pages, worker, timetable.

    Exit status: 0 stopped by Ctrl-C or SIGTERM, 1 something failed, 2 it cannot be started here.
    """
    environ = dict(os.environ)
    if port is not None:
        environ["YIJI_PORT"] = str(port)
    if data is not None:
        environ["YIJI_DATA"] = str(data.absolute())
    with signals.held():
        try:
            status = _up(environ)
        except CannotStart as refusal:
            click.echo(refusal, err=True)
            status = _REFUSED
    sys.exit(status)


def _up(environ: Mapping[str, str]) -> int:
    try:
        config = settings.load(environ)
    except ValueError as error:
        raise CannotStart(str(error)) from error
    folder.claim(config.data)
    with _only_one(config.data):
        _check_port(config.port)
        database = _Database(config)
        try:
            return _run(config, database, _surroundings(config, environ, database.start()))
        finally:
            database.stop()


@dataclass
class _Database:
    """The server we run, or none where the settings name one."""

    config: settings.Settings
    cluster: Cluster | None = None

    def start(self) -> str:
        """Returns the DSN for the children."""
        if self.config.database_url:
            return self.config.database_url
        self.cluster = Cluster(folder.prepare(self.config.data))
        return self.cluster.ensure()

    def watch(self) -> None:
        """A server that died comes back; the children connect again by themselves."""
        if self.cluster and not self.cluster.is_alive():
            self.cluster.ensure()

    def stop(self) -> None:
        if self.cluster:
            self.cluster.release()


def _run(config: settings.Settings, database: _Database, around: Surroundings) -> int:
    commands: dict[str, tuple[str, ...]] = dict(_CHILDREN)
    if stand_in := around.environ.get("YIJI_PAYMENT_STAND_IN"):
        commands["cashier"] = (*_CASHIER, "--port", stand_in.rpartition(":")[2])
    children = [
        Child(name, [sys.executable, *arguments], _probe(name, config.port))
        for name, arguments in commands.items()
    ]
    supervisor = Supervisor(children, around, lambda: _announce(config), database.watch)
    try:
        return supervisor.run([sys.executable, *_PREPARE])
    except CannotStart as failure:  # the database died and does not come back
        click.echo(failure, err=True)
        return _FAILED


def _surroundings(config: settings.Settings, environ: Mapping[str, str], database_url: str) -> Surroundings:
    log_folder = config.data / "log"
    log_folder.mkdir(mode=0o700, exist_ok=True)
    ours = {
        "YIJI_DATABASE_URL": database_url,
        "YIJI_PORT": str(config.port),
        "YIJI_DATA": str(config.data),
        "PYTHONUNBUFFERED": "1",
    }
    if config.demo and _PRACTICE not in config.disabled_plugins:
        ours["YIJI_PAYMENT_STAND_IN"] = f"http://{_HOST}:{_free_port()}"
    # The code's own folder: elsewhere, a user's folder `web` would be taken for ours.
    return Surroundings({**environ, **ours}, settings.ROOT, log_folder)


@contextlib.contextmanager
def _only_one(data: Path) -> Iterator[None]:
    try:
        descriptor = os.open(data / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise CannotStart(
            f"Another `up` is running on {data}: stop it, or choose another folder with --data."
        ) from None
    except OSError as error:
        raise CannotStart(
            f"{data / 'up.lock'} cannot be used ({error.strerror}): check who owns the folder."
        ) from error
    try:
        yield
    finally:
        os.close(descriptor)


def _check_port(port: int) -> None:
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            if port == 0:
                raise OverflowError
            attempt.bind((_HOST, port))
        except OverflowError:
            reason = "it is not between 1 and 65535"
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            reason = "another program uses it" if taken else str(error.strerror)
        else:
            return
    raise CannotStart(f"Port {port} cannot be used ({reason}): choose another with --port or YIJI_PORT.")


def _free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind((_HOST, 0))
        return int(chosen.getsockname()[1])


def _probe(name: str, port: int) -> "_Health | None":
    return _Health(port) if name == "web" else None


@dataclass(frozen=True)
class _Health:
    """Asks the web server whether it answers. By hand: http.client would stay in our memory."""

    port: int

    def __call__(self) -> bool:
        request = f"GET /healthz HTTP/1.0\r\nHost: {_HOST}:{self.port}\r\n\r\n"
        try:
            with socket.create_connection((_HOST, self.port), timeout=1) as connection:
                connection.sendall(request.encode())
                with connection.makefile("rb") as answer:
                    return answer.readline(100).split()[1:2] == [b"200"]
        except OSError:
            return False


def _announce(config: settings.Settings) -> None:
    click.echo(f"ready: http://{_HOST}:{config.port}")
    with contextlib.suppress(FileNotFoundError):
        click.echo((config.data / "demo-accounts.txt").read_text(encoding="utf-8").rstrip("\n"))
    click.echo("Press Ctrl-C to stop.")
    sys.stdout.flush()
