"""The whole product, as `yiji up` starts it, on a data folder and a port of its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
from tests.processes import ROOT, free_port, read_log, wait_until


@dataclass
class Product:
    """A running `yiji up`."""

    process: subprocess.Popen[str]
    data: Path
    base: str
    log: Path

    def yiji(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command on the same data folder."""
        return subprocess.run(
            [sys.executable, "-m", "core.cli", *arguments],
            env={**os.environ, "YIJI_DATA": str(self.data)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def start(data: Path, log: Path, **environ: str) -> Product:
    """Start it and wait for its `ready:` line of this start."""
    port = free_port()
    with log.open("a") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "core.cli", "up", "--data", str(data), "--port", str(port)],
            stdout=output,
            stderr=output,
            env={**os.environ, **environ},
            cwd=ROOT,
            text=True,
            start_new_session=True,
        )
    product = Product(process, data, f"http://127.0.0.1:{port}", log)
    ready = f"ready: {product.base}"
    wait_until(lambda: ready in read_log(log) or process.poll() is not None, timeout_s=150, what="ready")
    assert process.poll() is None, read_log(log)
    return product


def stop(product: Product, number: int = signal.SIGTERM) -> int:
    """End it by a signal and return its exit status."""
    product.process.send_signal(number)
    return product.process.wait(30)


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """One running product for the stories of a module."""
    # Below the temporary folder itself: the account that runs the server must reach it.
    data = Path(tempfile.mkdtemp(prefix="yiji-story-"))
    data.chmod(0o755)
    running = start(data, data.with_suffix(".log"))
    yield running
    if running.process.poll() is None:
        stop(running)
    shutil.rmtree(data, ignore_errors=True)
    running.log.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for the stories of a module."""
    with chromium() as started:
        yield started
