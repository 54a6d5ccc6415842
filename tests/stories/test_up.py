"""One command runs the product: it survives deaths, stops cleanly, and loses nothing."""

import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from core.demo import RESIDENT, TREASURER
from core.manifest import DemoAccount
from tests.processes import read_log, wait_until
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
    said = read_log(product.log)
    assert "龙凤新区共享菜园: 171/171" in said
    assert "13800000002  yiji-demo" in said
    assert "Ctrl-C" in said
    pages = [httpx.get(f"{product.base}/api/v1/accounts/1?page={n}").json() for n in range(1, 19)]
    lines = [line for page in pages for line in page["lines"]]
    for reason, total_fen in (("garden.plot_fee", 513_000), ("garden.membership_fee", 85_500)):
        amounts = [line["amount_fen"] for line in lines if line["reason"] == reason]
        assert (len(amounts), sum(amounts)) == (171, total_fen)
    assert pages[0]["balance_fen"] == 598_500
    gardens = httpx.get(f"{product.base}/api/v1/garden/gardens").json()
    assert [(g["plots"], g["free"]) for g in gardens] == [(171, 0), (24, 24)]
    assert stop(product, signal.SIGINT) == 0


def test_what_dies_comes_back_and_a_stop_leaves_nothing_behind(data: Path) -> None:
    product = start(data, data.with_suffix(".log"))
    assert "first start" not in read_log(product.log).split("ready:", 1)[1]
    for words in (("-m", "web"), ("workers", "worker")):
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


def test_a_stop_right_after_the_money_was_taken_loses_nothing(data: Path) -> None:
    product = start(data, data.with_suffix(".log"))
    resident, treasurer = token(product, RESIDENT), token(product, TREASURER)
    gardens = httpx.get(f"{product.base}/api/v1/garden/gardens").json()
    plots = httpx.get(f"{product.base}/api/v1/garden/gardens/{gardens[1]['id']}/plots").json()
    claim = f"{product.base}/api/v1/garden/plots/{plots[0]['id']}/claim"
    order_id = httpx.post(claim, json={"agreed": True}, headers=resident).json()["order_id"]
    cash = f"{product.base}/api/v1/counter/orders/{order_id}/cash"
    paid = httpx.post(cash, json={"amount_fen": 3500, "receipt_no": "X1"}, headers=treasurer)
    assert paid.status_code == 200
    assert stop(product) == 0

    product = start(data, data.with_suffix(".log"))
    leases = f"{product.base}/api/v1/garden/leases"
    wait_until(lambda: httpx.get(leases, headers=resident).json()[0]["state"] == "active", what="the lease")
    notices = f"{product.base}/api/v1/notices"
    wait_until(lambda: httpx.get(notices, headers=resident).json(), what="the notice")
    assert len(httpx.get(notices, headers=resident).json()) == 1
    assert balance(product) == 598_500 + 3_500
    assert product.yiji("verify").stdout.splitlines()[-1] == "clean"
    assert stop(product) == 0


def token(product: Product, account: DemoAccount) -> dict[str, str]:
    body = {"phone": account.phone, "password": account.password}
    answer = httpx.post(f"{product.base}/api/v1/sessions", json=body)
    return {"authorization": f"Bearer {answer.json()['token']}"}


def test_with_a_database_of_its_own_no_server_is_started(database_url: str, tmp_path: Path) -> None:
    product = start(tmp_path / "data", tmp_path / "up.log", YIJI_DATABASE_URL=database_url)
    assert balance(product) == 598_500
    assert stop(product) == 0
    assert not list(tmp_path.rglob("postmaster.*"))


def test_a_killed_database_is_started_again_with_everything_in_it(data: Path) -> None:
    product = start(data, data.with_suffix(".log"))
    pid_file = next(data.rglob("postmaster.pid"))
    psutil.Process(int(pid_file.read_text().split()[0])).kill()
    wait_until(lambda: balance(product) == 598_500 + 3_500, what="the balance")
    assert stop(product) == 0
