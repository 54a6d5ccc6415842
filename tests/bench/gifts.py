"""Gifts paid online: what providers tell is taken in, looked into, and booked to one fund.

`inbox_ratio`: notifications taken in a second by one web process (signature, inbox row, job row) against a
bare Litestar route that inserts one row, 64 connections, the same bodies; the median of paired rounds.

`gifts_ratio`: gifts booked a second by one worker's loop, as many jobs at once as it runs, from jobs
that wait and snapshots that are fetched already (inbox row, order, attempt, fact, gift, transfer, lot, audit,
event, inbox row closed) to one fund, against the best of 1, 8 and 32 connections that call the bare
row-at-a-time function of `bench ledger` on one account. `fetches_per_s` is what asking the provider's
stand-in, a process of its own, adds.

`visible_s_p95`: from the moment a notification is sent to the real web process until a real worker has
fetched, booked and committed the gift, at half of the rate that one worker's loop books with fetches.

The books are checked afterwards: `differences`.
"""

import asyncio
import functools
import itertools
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import stripe
import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import migrations as migrations
from core import clock, database, plugins
from core.database import fetch, fetch_value
from core.embedded.cluster import Cluster
from core.funds import services
from core.funds.rules import Promise
from core.jobs.services import add_job, claim_due, run_job
from core.ledger.services import fold_waiting
from core.organizations.services import register_organization
from core.payments import queries as payments
from core.payments import services as paying
from core.payments.providers import CAPTURED, Move, Snapshot
from core.payments.services import taking
from core.people.rules import Actor, Grant
from core.people.services import register_person
from core.reference import Ref
from core.regions.services import add_region
from core.settings import load
from migrations import runner
from plugins.practice.rules import control_token, stand_in_key, webhook_secret
from tests.bench import ledger
from tests.bench.contenders.load import Load, run
from tests.bench.contenders.promises import PROMISE, TELL
from tests.core.funds.agreed import open_agreed
from tests.processes import free_port, running, wait_until

_ROUNDS, _SECONDS, _GIFTS, _WARM = 3, 1.5, 2_000, 500
_FETCHED, _PACED_S, _GIFT_FEN = 100, 4.0, 1_000
_SECRET = "bench"
_FOUNDATION = "量样基金会"
_CLAIMED = 8  # as many jobs as a worker claims at once


@dataclass(frozen=True)
class Place:
    """The foundation with its fund, and how its account at the stand-in is addressed."""

    foundation: int
    fund: int
    key: str

    @property
    def path(self) -> str:
        """Where the provider tells it something."""
        return f"/api/v1/payments/notify/stripe/{self.foundation}"

    def signed(self, reference: str, number: int) -> tuple[bytes, str]:
        """(body, signature) of the notification that a payment has come."""
        about = {"metadata": {"reference": reference}}
        body = json.dumps(
            {
                "id": f"evt_{number}",
                "type": "checkout.session.completed",
                "livemode": False,
                "data": {"object": about},
            }
        )
        secret = webhook_secret(self.key, load().secret)
        return body.encode(), stripe.WebhookSignature.generate_signature_header(body, secret)


def measure() -> dict[str, Any]:
    """All figures, in about a minute."""
    root = Path(tempfile.mkdtemp(prefix="yiji-bench-"))
    root.chmod(0o755)
    cluster = Cluster(root)
    try:
        url, cashier = cluster.ensure(), free_port()
        os.environ |= {"YIJI_DATABASE_URL": url, "YIJI_DATA": str(root), "YIJI_SECRET": _SECRET}
        os.environ["YIJI_PAYMENT_STAND_IN"] = f"http://127.0.0.1:{cashier}"
        with running("tests.bench.contenders.quiet_cashier", str(cashier), log=root / "log"):
            return uvloop.run(_measure(url, root))
    finally:
        cluster.release()
        shutil.rmtree(root, ignore_errors=True)


async def _measure(url: str, root: Path) -> dict[str, Any]:
    await database.open_pool(url, size=8)
    await runner.migrate()
    place = await _make_place()
    figures = await _inbox(place, root)
    await fetch("delete from payment_notification")
    await fetch("delete from job")
    await ledger._make_contenders(url)
    pairs = await ledger._open_accounts(1)
    await fetch("insert into bare.ledger_account select * from ledger_account")
    figures |= await _booked(place, url, pairs)
    figures |= await _fetched(place, root)
    await fold_waiting()
    figures["differences"] = len(await plugins.collect("collect_differences"))
    await database.close_pool()
    return figures


async def _make_place() -> Place:
    region_id = await add_region("量样市", level="city", parent_id=None)
    foundation = await register_organization(_FOUNDATION, kind="foundation", region_id=region_id)
    head_id = await register_person("量样", phone=None, password=None)
    head = Actor(head_id, "量样", None, (Grant("core.manager", Ref("organization", foundation)),))
    fund = await services.found_fund(
        f"{_FOUNDATION}一号微基金", organization_id=foundation, summary="", actor=head
    )
    await services.add_purpose(fund, "助学", actor=head)
    await open_agreed(fund, head)
    key = stand_in_key(foundation, load().secret)
    keys = {"secret_key": key, "webhook_secret": webhook_secret(key, load().secret)}
    await paying.connect_merchant(foundation, "stripe", keys)
    stand_in = int(os.environ["YIJI_PAYMENT_STAND_IN"].rpartition(":")[2])
    wait_until(functools.partial(_answers, stand_in), what="the stand-in")
    await paying.check_merchant((await payments.merchants(organization_ids=[foundation]))[0].id)
    await fetch("delete from job")
    return Place(foundation, fund, key)


# --- taken in ---


@contextmanager
def _served(root: Path, *modules: str) -> Iterator[list[int]]:
    """Modules as processes, each on a port of its own."""
    with ExitStack() as stack:
        ports = [free_port() for _ in modules]
        for module, port in zip(modules, ports, strict=True):
            stack.enter_context(running(*module.split(), log=root / "log", YIJI_PORT=str(port)))
        yield ports


def _answers(port: int) -> bool:
    try:
        return bool(httpx.get(f"http://127.0.0.1:{port}/nothing-here", timeout=2).status_code)
    except httpx.TransportError:
        return False


async def _inbox(place: Place, root: Path) -> dict[str, Any]:
    numbers = itertools.count(10**6)
    rates: dict[str, list[float]] = {"product": [], "bare": []}
    refused = 0
    with _served(root, "web", "tests.bench.contenders.bare_inbox") as ports:
        for port in ports:
            wait_until(functools.partial(_answers, port), what="a server")
        contenders = dict(zip(rates, ports, strict=True))
        for number in range(-1, _ROUNDS):
            for name in sorted(contenders, reverse=bool(number % 2)):
                told = [_request(place, next(numbers)) for _ in range(int(4_000 * _SECONDS))]
                load = Load(iter(told), until=time.perf_counter() + _SECONDS)
                rate = await run(contenders[name], load)
                refused += load.refused
                if number >= 0:  # the first warms
                    rates[name].append(rate)
    ratios = [ours / bare for ours, bare in zip(rates["product"], rates["bare"], strict=True)]
    return {
        "inbox_ratio": round(statistics.median(ratios), 2),
        "inbox_per_s": _spread(rates["product"]),
        "inbox_bare_per_s": _spread(rates["bare"]),
        "inbox_refused": refused,
    }


def _request(place: Place, number: int) -> tuple[int, bytes]:
    body, signature = place.signed(f"{number:032x}", number)
    head = (
        f"POST {place.path} HTTP/1.1\r\nHost: yiji.bench\r\nContent-Type: application/json\r\n"
        f"Stripe-Signature: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return number, head.encode() + body


# --- booked ---


async def _promised(place: Place, count: int, *, state: str = "pending") -> dict[int, str]:
    """Attempt -> reference of so many gifts that are being paid."""
    order_id = await services.begin_gift(place.fund, Promise(amount_fen=_GIFT_FEN), actor=None)
    (merchant,) = await payments.merchants(organization_ids=[place.foundation])
    return {row["id"]: row["reference"] for row in await fetch(PROMISE, order_id, merchant.id, count, state)}


async def _tell(place: Place, references: list[str]) -> None:
    (merchant,) = await payments.merchants(organization_ids=[place.foundation])
    await fetch(TELL, merchant.id, references, clock.now())


async def _work() -> float:
    """What one worker's loop does until no notification waits; the seconds that it took."""
    began = time.perf_counter()
    room = asyncio.Semaphore(load().worker_threads)

    async def run(job_id: int) -> None:
        async with room:
            await run_job(job_id, paying.take_notification)

    while due := await claim_due(limit=_CLAIMED, lease=timedelta(minutes=1), names=[paying.TAKE]):
        await asyncio.gather(*(run(job_id) for job_id, _ in due))
    return time.perf_counter() - began


async def _booked(place: Place, url: str, pairs: list[tuple[int, int]]) -> dict[str, Any]:
    rates: dict[str, list[float]] = {name: [] for name in ("gifts", *(f"bare_{n}" for n in (1, 8, 32)))}
    ask = taking._ask_about
    try:
        for number in range(-1, _ROUNDS):
            rate = await _book(place, _WARM if number < 0 else _GIFTS)
            if number < 0:
                await fetch("analyze")
                continue
            rates["gifts"].append(rate)
            for count in (1, 8, 32):
                async with ledger._bare("bare", url, count, lambda _: pairs[0]) as call:
                    await ledger._rate(call, count, [], 0.3)
                    rates[f"bare_{count}"].append(await ledger._rate(call, count, [], _SECONDS))
    finally:
        taking._ask_about = ask  # type: ignore[assignment]
    median = {name: statistics.median(values) for name, values in rates.items()}
    best = max(value for name, value in median.items() if name != "gifts")
    return {"gifts_ratio": round(median["gifts"] / best, 2)} | {
        f"{name}_per_s": _spread(values) for name, values in rates.items()
    }


async def _book(place: Place, count: int) -> float:
    attempts = await _promised(place, count)
    seen = {id_: _snapshot(reference) for id_, reference in attempts.items()}

    async def known(_merchant: Any, asked: Any) -> Any:
        return {one.id: seen[one.id] for one in asked}, {}

    taking._ask_about = known  # type: ignore[assignment]
    await _tell(place, list(attempts.values()))
    counted = "select count(*) from fund_gift where state = 'counted'"
    before = await fetch_value(counted)
    seconds = await _work()
    if await fetch_value(counted) != before + count:
        raise RuntimeError("not every gift was booked")
    return count / seconds


def _snapshot(reference: str) -> Snapshot:
    came = Move(kind=CAPTURED, external_id=f"pi_{reference}", amount_fen=_GIFT_FEN, happened_at=clock.now())
    return Snapshot(reference=reference, state="succeeded", moves=[came])


# --- fetched, and seen ---


async def _fetched(place: Place, root: Path) -> dict[str, Any]:
    attempts = await _paid(place, _FETCHED)
    ask, took = taking._ask_about, []

    async def timed(*asked: Any) -> Any:
        began = time.perf_counter()
        found = await ask(*asked)
        took.append(time.perf_counter() - began)
        return found

    taking._ask_about = timed  # type: ignore[assignment]
    await _tell(place, list(attempts.values()))
    seconds = await _work()
    taking._ask_about = ask  # type: ignore[assignment]
    rate = _FETCHED / seconds
    waits = await _watched(place, root, rate / 2)
    return {
        "fetches_per_s": round(_FETCHED / sum(took)),
        "gifts_with_fetches_per_s": round(rate),
        "visible_at_per_s": round(rate / 2),
        "visible_s_p95": round(statistics.quantiles(waits, n=20)[18], 2),
        "visible_s_median_worst": [round(statistics.median(waits), 2), round(max(waits), 2)],
        "visible_of": len(waits),
    }


async def _paid(place: Place, count: int) -> dict[int, str]:
    """Gifts whose pages at the stand-in are open and paid; we have not been told."""
    attempts = await _promised(place, count, state="created")
    token = control_token(load().secret)
    base = os.environ["YIJI_PAYMENT_STAND_IN"]
    room = asyncio.Semaphore(8)
    async with httpx.AsyncClient(headers={"authorization": f"Bearer {token}"}, timeout=30) as control:

        async def pay(attempt_id: int) -> None:
            async with room:
                await paying.open_payment(attempt_id)
                session = (await payments.attempt(attempt_id)).external_id
                sent = urllib.parse.urlencode({"outcome": "paid"})
                answer = await control.post(f"{base}/_practice/sessions/{session}/pay", content=sent)
                answer.raise_for_status()

        await asyncio.gather(*(pay(attempt_id) for attempt_id in attempts))
    return attempts


async def _watched(place: Place, root: Path, rate: float) -> list[float]:
    """Seconds from each notification until its gift is counted, at an even pace."""
    attempts = await _paid(place, int(rate * _PACED_S))
    sent: dict[str, float] = {}
    waits: list[float] = []
    with _served(root, "web", "workers worker") as (port, _):
        wait_until(functools.partial(_answers, port), what="the web process")
        await _until_it_works()
        watching = asyncio.create_task(_watch(set(attempts.values()), sent, waits))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10) as provider:
            began, telling = time.perf_counter(), []
            for number, reference in enumerate(attempts.values()):
                await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
                sent[reference] = time.perf_counter()
                body, signature = place.signed(reference, number)
                headers = {"stripe-signature": signature, "content-type": "application/json"}
                told = provider.post(place.path, content=body, headers=headers)
                telling.append(asyncio.create_task(told))  # type: ignore[arg-type]
            for answer in await asyncio.gather(*telling):
                answer.raise_for_status()
        await watching
    return waits


async def _until_it_works() -> None:
    """The worker has done a job."""
    async with database.unit_of_work():
        add_job(paying.TAKE, {"notification_id": 0}, key="probe")
    async with asyncio.timeout(30):
        while await fetch_value("select state from job where key = 'probe'") != "done":
            await asyncio.sleep(0.1)


async def _watch(waiting: set[str], sent: dict[str, float], waits: list[float]) -> None:
    """What the public page would show, asked every 20 ms."""
    async with asyncio.timeout(30):
        while waiting:
            rows = await fetch(
                'select a.reference from payment_attempt a join fund_gift g on g."order" = a."order"'
                " where a.reference = any($1) and g.state = 'counted'",
                list(waiting),
            )
            for row in rows:
                waits.append(time.perf_counter() - sent[row["reference"]])
                waiting.discard(row["reference"])
            await asyncio.sleep(0.02)


def _spread(values: list[float]) -> list[int]:
    """Median, lowest, highest."""
    return [round(value) for value in (statistics.median(values), min(values), max(values))]
