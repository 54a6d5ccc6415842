"""Pages against a bare Litestar application that runs the same SQL and renders the same templates.

`visitor_ratio` (the garden's map, a public account) and `signed_in_ratio` (both, and the inbox; 500 session
tokens take turns): answers a second of one process of ours to those of `contenders/bare_pages.py`, on the
same server options, pool and database, 64 connections; the median of the rounds' paired ratios, of the
pages' the geometric mean. Contenders alternate. Before the rounds every answer of both is compared byte by
byte. `page_kb`: the largest page with its stylesheet, uncompressed and without pictures.
`requests_per_page`: the page and all that its HTML names; `requests_again`: what a browser that has been
here before asks for.
"""

import itertools
import os
import re
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core import clock
from core.embedded.cluster import Cluster
from core.people.queries import hash_token
from tests.bench.contenders.load import Load, run
from tests.processes import ROOT, free_port, read_log, running, wait_until

_ROUNDS, _SECONDS, _SESSIONS = 3, 2.0, 500
_MAP, _ACCOUNT, _INBOX = "/garden/1", "/accounts/1", "/inbox"
_SHOWN = ("/", "/login", "/garden", "/garden/mine", "/garden/plots/172", "/accounts", _MAP, _ACCOUNT, _INBOX)
_NAMED = re.compile(r'<(?:link rel="(?:stylesheet|icon)" href|img src|script src)="([^"]+)"')
Requests = list[tuple[int, bytes]]


def measure() -> dict[str, Any]:
    """All figures, in about two minutes."""
    root = Path(tempfile.mkdtemp(prefix="yiji-bench-"))
    root.chmod(0o755)
    cluster = Cluster(root)
    try:
        url = cluster.ensure()
        with _served(url, root) as ports:
            return uvloop.run(_measure(url, ports))
    finally:
        cluster.release()
        shutil.rmtree(root, ignore_errors=True)


@contextmanager
def _served(url: str, root: Path) -> Iterator[dict[str, int]]:
    """The demo world, and both contenders on ports of their own."""
    ports = {"product": free_port(), "bare": free_port()}
    around = {"YIJI_DATABASE_URL": url, "YIJI_DATA": str(root), "YIJI_SECRET": "bench"}
    command = [sys.executable, "-m", "core.cli", "prepare"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **around}, check=True, stdout=subprocess.DEVNULL)
    log = root / "log"
    with (
        running("web", log=log, YIJI_PORT=str(ports["product"]), **around),
        running("tests.bench.contenders.bare_pages", log=log, YIJI_PORT=str(ports["bare"]), **around),
    ):
        for port in ports.values():
            wait_until(lambda port=port: _serves(f"http://127.0.0.1:{port}{_MAP}"), what=read_log(log))
        yield ports


def _serves(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.TransportError:
        return False


async def _measure(url: str, ports: dict[str, int]) -> dict[str, Any]:
    cookies = await _open_sessions(url)
    kinds = {
        "visitor_map": _requests(_MAP, []),
        "visitor_account": _requests(_ACCOUNT, []),
        "signed_in_map": _requests(_MAP, cookies),
        "signed_in_account": _requests(_ACCOUNT, cookies),
        "signed_in_inbox": _requests(_INBOX, cookies),
    }
    for requests in kinds.values():
        await _compare(ports, requests)
    rates, refused = await _rounds(ports, kinds)
    return {**_ratios(rates), "not_200": refused, **_sizes(ports["product"], cookies[0])}


async def _open_sessions(url: str) -> list[str]:
    """Cookies of 500 sessions, of everybody in the demo world in turn."""
    connection = await asyncpg.connect(url)
    people = [row["id"] for row in await connection.fetch("select id from person order by id")]
    tokens = [secrets.token_urlsafe(32) for _ in range(_SESSIONS)]
    now = clock.now()
    await connection.executemany(
        "insert into session (token_hash, person, door, opened_at, expires_at)"
        " values ($1, $2, 'web', $3, $4)",
        [
            (hash_token(token), person, now, now + timedelta(days=1))
            for token, person in zip(tokens, itertools.cycle(people), strict=False)
        ],
    )
    await connection.execute("vacuum analyze")
    await connection.close()
    return [f"yiji_session={token}" for token in tokens]


def _requests(path: str, cookies: list[str]) -> Requests:
    head = f"GET {path} HTTP/1.1\r\nHost: yiji.bench\r\nAccept-Language: zh-CN\r\n"
    ends = [f"Cookie: {cookie}\r\n" for cookie in cookies] or [""]
    return [(number, f"{head}{end}\r\n".encode()) for number, end in enumerate(ends)]


async def _compare(ports: dict[str, int], requests: Requests) -> None:
    """Every answer of both must be the same, once what was new has been seen; RuntimeError if not."""
    digests = []
    for name in ("product", "bare", "product"):
        load = Load(iter(requests), digests={})
        await run(ports[name], load)
        assert load.digests is not None
        digests.append(load.digests)
        if load.refused:
            raise RuntimeError(f"{name} refuses {load.refused} of {requests[0][1][:40]!r}")
    if digests[1] != digests[2]:
        raise RuntimeError(f"the contenders' answers differ: {requests[0][1][:40]!r}")


async def _rounds(
    ports: dict[str, int], kinds: dict[str, Requests]
) -> tuple[dict[str, dict[str, list[float]]], int]:
    """Kind of page -> contender -> rate of each round; and how many answers were refusals."""
    rates: dict[str, dict[str, list[float]]] = {kind: {name: [] for name in ports} for kind in kinds}
    refused = 0
    for number in range(_ROUNDS):
        for kind, requests in kinds.items():
            for name in sorted(ports, reverse=bool(number % 2)):
                load = Load(itertools.cycle(requests), until=time.perf_counter() + _SECONDS)
                rates[kind][name].append(await run(ports[name], load))
                refused += load.refused
    return rates, refused


def _ratios(rates: dict[str, dict[str, list[float]]]) -> dict[str, Any]:
    paired = {
        kind: [ours / bare for ours, bare in zip(of["product"], of["bare"], strict=True)]
        for kind, of in rates.items()
    }
    figures: dict[str, Any] = {
        f"{who}_ratio": round(
            statistics.geometric_mean(
                statistics.median(values) for kind, values in paired.items() if kind.startswith(who)
            ),
            3,
        )
        for who in ("visitor", "signed_in")
    }
    for kind, values in paired.items():
        figures[f"{kind}_ratio"] = _spread(values, 3)
        for name, of in rates[kind].items():
            figures[f"{kind}_{name}_per_s"] = _spread(of, 0)
    return figures


def _spread(values: list[float], digits: int) -> list[float]:
    """Median, lowest, highest."""
    return [round(value, digits) for value in (statistics.median(values), min(values), max(values))]


def _sizes(port: int, cookie: str) -> dict[str, Any]:
    """Of every kind of page, signed in where that makes it longer."""
    sizes, counts, again = {}, [], []
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"cookie": cookie}) as browser:
        for path in _SHOWN:
            page = browser.get(path, follow_redirects=True).raise_for_status()
            named = {name: browser.get(name).raise_for_status() for name in set(_NAMED.findall(page.text))}
            styles = sum(len(got.content) for name, got in named.items() if ".css" in name)
            sizes[path] = len(page.content) + styles
            counts.append(1 + len(named))
            again.append(1 + sum("immutable" not in got.headers["cache-control"] for got in named.values()))
    largest = max(sizes, key=lambda path: sizes[path])
    return {
        "page_kb": round(sizes[largest] / 1000, 1),
        "page_largest": largest,
        "requests_per_page": max(counts),
        "requests_again": max(again),
    }
