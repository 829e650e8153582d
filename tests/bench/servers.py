"""The production server started for a measurement, and what it has used: processor time, memory."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Server:
    """A server and the processes it has started."""

    port: int
    pid: int

    def processes(self) -> list[int]:
        """Return the ids of the server and everything below it."""
        return [self.pid, *descendants(self.pid)]

    def seconds(self) -> float:
        """Return the processor time used so far, in seconds, by all of them."""
        return sum(_stat(pid)[0] for pid in self.processes())

    def megabytes(self) -> float:
        """Return the memory of the largest of them (a worker), resident, in MB."""
        return round(max(_stat(pid)[1] for pid in self.processes()) / 2**20, 1)


def descendants(pid: int) -> list[int]:
    """Return the ids of all processes below one, as far as they still hang together."""
    found, parents = [pid], _parents()
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def _parents() -> dict[int, int]:
    """Return process → its parent."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            found[int(path.parent.name)] = int(path.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:  # it has just ended
            continue
    return found


def _stat(pid: int) -> tuple[float, int]:
    """Return (processor seconds, resident bytes) of a process; nothing of one that has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0, 0
    return sum(map(int, fields[11:15])) / TICK, int(fields[21]) * PAGE  # with children that ended


@contextmanager
def server(
    target: str, environ: dict[str, str], threads: int = 6, port: int = 0, root: Path = ROOT
) -> Iterator[Server]:
    """Start the production server on `target` of a tree, yield it, stop it gracefully."""
    port = port or free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--blocking-threads", str(threads)]
    process = subprocess.Popen(
        [*command, "--no-ws", "--log-level", "warning", target],
        cwd=root,
        env={"MALLOC_ARENA_MAX": "1", **os.environ, **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,  # a line a request; the site writes them all the same
    )
    try:
        wait_for(port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    """Wait until something listens on `port`, at most 30 s."""
    for _try in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not start")
