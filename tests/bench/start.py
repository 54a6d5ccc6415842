"""What a person waits for when the product starts, and what it costs while nobody asks for anything.

`warm_start_s`: from the command to the first served page, demo world in place. `idle_pss_mb` and
`idle_cpu_percent` (of one core): the whole process tree, PostgreSQL included. `job_ms`: from the moment a
job row is written to the moment its effect is committed.
"""

import asyncio
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.embedded.cluster import Cluster
from core.embedded.folder import prepare
from tests.processes import ROOT, free_port, wait_until

_STARTS, _IDLE_S, _JOBS = 5, 30, 40


def measure() -> dict[str, Any]:
    """All figures, in about a minute and a half."""
    data = Path(tempfile.mkdtemp(prefix="yiji-bench-"))
    data.chmod(0o755)
    try:
        cold_s, process = _start(data)
        _stop(process)
        warm_s = []
        for _ in range(_STARTS):
            took_s, process = _start(data)
            warm_s.append(took_s)
            if len(warm_s) < _STARTS:
                _stop(process)
        figures = _while_it_runs(data, process)
        _stop(process)
    finally:
        shutil.rmtree(data, ignore_errors=True)
    return {"cold_start_s": round(cold_s, 2), **_spread("warm_start_s", warm_s, 2), **figures}


def _start(data: Path) -> tuple[float, subprocess.Popen[bytes]]:
    port = free_port()
    command = [sys.executable, "-m", "core.cli", "up", "--data", str(data), "--port", str(port)]
    began = time.monotonic()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True, **quiet)
    wait_until(lambda: _serves(f"http://127.0.0.1:{port}/garden/2"), timeout_s=60, what="the first page")
    return time.monotonic() - began, process


def _serves(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(30)


def _while_it_runs(data: Path, process: subprocess.Popen[bytes]) -> dict[str, Any]:
    time.sleep(8)
    tree = _tree(data, process)
    pss_mb = sum(p.memory_full_info().pss for p in tree) / 1e6
    before, began = _cpu_s(tree), time.monotonic()
    time.sleep(_IDLE_S)
    percent = 100 * (_cpu_s(tree) - before) / (time.monotonic() - began)
    jobs_ms = asyncio.run(_job_times_ms(data))
    return {
        "idle_pss_mb": round(pss_mb),
        "idle_cpu_percent": round(percent, 2),
        **_spread("job_ms", jobs_ms, 1),
    }


def _tree(data: Path, process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    up = psutil.Process(process.pid)
    (pid_file,) = data.rglob("postmaster.pid")
    server = psutil.Process(int(pid_file.read_text().split()[0]))
    found = [up, *up.children(recursive=True), server, *server.children(recursive=True)]
    return list({p.pid: p for p in found}.values())


def _cpu_s(tree: list[psutil.Process]) -> float:
    return sum(sum(p.cpu_times()[:2]) for p in tree if p.is_running())


async def _job_times_ms(data: Path) -> list[float]:
    """One job at a time, each on a quiet machine, as the database's own clock saw it."""
    connection = await asyncpg.connect(Cluster(prepare(data)).ensure())
    person_id = await connection.fetchval("select min(id) from person")
    args = f'{{"person_id": {person_id}, "title": "bench", "body": "", "path": "", "params": {{}}}}'
    times_ms = []
    for _ in range(_JOBS):
        job_id = await connection.fetchval(
            "insert into job (name, args, due_at) values ('core.deliver_notice', $1, clock_timestamp())"
            " returning id",
            args,
        )
        await connection.execute("notify yiji_jobs")
        while not (
            took := await connection.fetchval("select finished_at - due_at from job where id = $1", job_id)
        ):
            await asyncio.sleep(0.002)
        times_ms.append(took.total_seconds() * 1000)
        await asyncio.sleep(0.15)
    await connection.close()
    return times_ms


def _spread(name: str, values: list[float], digits: int) -> dict[str, Any]:
    return {
        name: round(statistics.median(values), digits),
        f"{name}_range": [round(min(values), digits), round(max(values), digits)],
    }
