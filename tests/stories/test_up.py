"""One command runs the product: it survives deaths, stops cleanly, and loses nothing."""

import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.processes import wait_until
from tests.stories.conftest import Product, start, stop

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="yiji-up-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.with_suffix(".log").unlink(missing_ok=True)


def balance(product: Product) -> int | None:
    try:
        answer = httpx.get(f"{product.base}/api/v1/accounts/1")
        assert answer.status_code in (200, 503), answer.text
        return int(answer.json()["balance_fen"]) if answer.status_code == 200 else None
    except httpx.TransportError:
        return None


def child(product: Product, *words: str) -> psutil.Process:
    children = psutil.Process(product.process.pid).children()
    return next(c for c in children if " ".join(words) in " ".join(c.cmdline()))


def test_first_start_builds_the_demo_world_and_says_how_to_go_on(data: Path) -> None:
    product = start(data, data.with_suffix(".log"))
    said = product.log.read_text()
    assert "龙凤新区共享菜园: 171/171" in said
    assert "13800000002  yiji-demo" in said
    assert "Ctrl-C" in said
    # 171 x 30.00 yuan of plot fees and 171 x 5.00 of membership.
    account = httpx.get(f"{product.base}/api/v1/accounts/1").json()
    assert (account["balance_fen"], account["lines_total"]) == (171 * 3500, 342)
    gardens = httpx.get(f"{product.base}/api/v1/garden/gardens").json()
    assert [(g["plots"], g["free"]) for g in gardens] == [(171, 0), (24, 24)]
    assert stop(product, signal.SIGINT) == 0


def test_what_dies_comes_back_and_a_stop_leaves_nothing_behind(data: Path) -> None:
    product = start(data, data.with_suffix(".log"))
    assert "first start" not in product.log.read_text().split("ready:", 1)[1]
    for words in (("-m", "web"), ("workers", "worker"), ("workers", "beat")):
        victim = child(product, *words)
        victim.kill()
        wait_until(lambda victim=victim, words=words: _replaced(product, victim, words), what="a new one")
    wait_until(lambda: balance(product) == 171 * 3500, what="the page")
    family = psutil.Process(product.process.pid).children(recursive=True)
    assert stop(product) == 0
    assert [p for p in family if p.is_running() and p.status() != psutil.STATUS_ZOMBIE] == []


def _replaced(product: Product, victim: psutil.Process, words: tuple[str, ...]) -> bool:
    try:
        return child(product, *words).pid != victim.pid
    except (StopIteration, psutil.NoSuchProcess):
        return False


def test_a_killed_database_is_started_again_with_everything_in_it(data: Path) -> None:
    product = start(data, data.with_suffix(".log"))
    pid_file = next(data.rglob("postmaster.pid"))
    psutil.Process(int(pid_file.read_text().split()[0])).kill()
    wait_until(lambda: balance(product) == 171 * 3500, what="the balance")
    assert stop(product) == 0
