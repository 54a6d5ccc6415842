"""One running server as the operating system sees it: its pid file, its process, its options."""

import os
import signal
import time
from pathlib import Path

from core.embedded.account import Account
from core.embedded.errors import CannotStart

PORT = 5432  # names the socket file; no TCP port is opened
_LARGEST_LOG = 5_000_000  # bytes
_NEVER_A_PID = 2**22 + 1  # Linux counts to 2**22
_MODES = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
_HAS_PROC = Path("/proc/self/cmdline").exists()


class Postmaster:
    """The server process of the data in `pgdata`, whoever started it."""

    def __init__(self, pgdata: Path, sockets: Path) -> None:
        self.pgdata = pgdata
        self.sockets = sockets
        self.log = pgdata / "server.log"

    def is_alive(self) -> bool:
        """Whether the process of the pid file is there and is this server. Costs microseconds."""
        pid = self._pid()
        return pid is not None and self.is_ours(pid)

    def is_ready(self) -> bool:
        """Whether it lives and takes connections; the server itself notes that in line 8."""
        lines = self._pid_file()
        return len(lines) >= 8 and lines[7].strip() == "ready" and self.is_alive()

    def start(self, bin_folder: Path, account: Account, options: list[str]) -> int:
        """Start it detached from us; returns its pid, at once. Read the log when it dies."""
        self._disown_reused_pid()
        if self.log.exists() and self.log.stat().st_size > _LARGEST_LOG:
            self.log.rename(self.log.with_suffix(".log.1"))
        # The shell leaves at once, so that the server is nobody's child and nobody's zombie.
        script = '"$@" >>"$0" 2>&1 & echo $!'
        server = [str(bin_folder / "postgres"), "-D", str(self.pgdata), *options]
        status, output = account.run(["/bin/sh", "-c", script, str(self.log), *server])
        if status:
            raise CannotStart(f"/bin/sh could not start PostgreSQL ({output}): repair the shell.")
        return int(output)

    def stop(self, mode: str, within_s: float = 60) -> None:
        """Stop it and wait until it is gone; what does not stop in time is stopped the hard way."""
        pid = self._pid()
        if pid is None or not self.is_ours(pid):
            return
        for number, patience_s in ((_MODES[mode], within_s), (signal.SIGQUIT, 10)):
            os.kill(pid, number)
            deadline = time.monotonic() + patience_s
            while time.monotonic() < deadline:
                if not self.is_ours(pid):
                    return
                time.sleep(0.005)

    def last_words(self, lines: int = 8) -> str:
        """The end of the server's log."""
        try:
            text = self.log.read_bytes()[-4000:].decode(errors="replace")
        except OSError:
            return "(no log)"
        return "\n".join(text.splitlines()[-lines:])

    def _pid_file(self) -> list[str]:
        try:
            return (self.pgdata / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _pid(self) -> int | None:
        lines = self._pid_file()
        return int(lines[0]) if lines and lines[0].isdecimal() else None

    def is_ours(self, pid: int) -> bool:
        """Whether that process is, or is about to become, a server of this data.

        A zombie has no command line and so counts as dead; a reused pid has another one.
        """
        if _HAS_PROC:
            return os.fsencode(self.pgdata) in _command_line(pid)
        try:
            os.kill(pid, 0)
        except OSError:
            return False
        return True

    def _disown_reused_pid(self) -> None:
        """Make a stale pid file name no process, where its pid is now a stranger's or a zombie's.

        The server would refuse to start while any process has that pid. The file is kept: its
        shared memory key is what keeps two servers off one data folder while backends of a killed
        server are still about.
        """
        lines = self._pid_file()
        pid = self._pid()
        if pid is None or self.is_ours(pid):
            return
        path = self.pgdata / "postmaster.pid"
        path.write_text("\n".join([str(_NEVER_A_PID), *lines[1:]]) + "\n")
        (self.sockets / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)


def _command_line(pid: int) -> list[bytes]:
    """Empty for a process that is gone, and for a zombie."""
    for _ in range(20):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            if command or _is_zombie(pid):
                return command.split(b"\0")
        except OSError:
            break
        time.sleep(0.001)  # it is empty, too, for a moment within exec
    return []


def _is_zombie(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"


def buffers_mb(memory_mb: int) -> int:
    """What the server keeps of its pages: an eighth of the memory.

    With 64 MB, and still with 1 GB beside all the rest of a city of 300,000, the staff's search was 1.7 times
    as slow as in a tenth of it; when all that is looked up again and again has room, 1.2 times. Only what is
    used is taken: a demo world never comes near.
    """
    return min(max(memory_mb // 8, 64), 4096)


def _memory_mb() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20


def options(sockets: Path, major: int, *, test: bool) -> list[str]:
    """The server's settings: a small server for one machine, reached through its socket only."""
    chosen = {
        "cluster_name": "yiji",
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "60",
        "shared_buffers": f"{buffers_mb(_memory_mb())}MB",
        "jit": "off",
        "max_logical_replication_workers": "0",  # its launcher would be one more process
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
    }
    if major >= 18:
        chosen["io_method"] = "sync"  # as before 18; the alternative keeps three more processes
    if test:
        chosen |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        # One transaction may touch all there is, to be undone: `tests/contracts/test_permissions.py`.
        chosen["max_locks_per_transaction"] = "512"
        chosen |= {"wal_level": "minimal", "max_wal_senders": "0"}
        chosen["shared_buffers"] = "256MB"  # to make and drop a database looks at every buffer
    return [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
