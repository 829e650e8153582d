"""The production server as something that can be killed, whole or its worker alone.

Servers are forked from a process that has read all modules: to read them takes a second or two of
processor time each time, which five hundred kills would spend on nothing else. From there on a
server is what the command line starts: Granian with its worker, which makes the application.
"""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.servers import ROOT, descendants

PATIENCE = 60  # seconds until a server that was killed must answer again


class Nursery:
    """The process that servers are forked from."""

    def __init__(self, environ: dict[str, str]) -> None:
        """Start it; what it is told on standard input are ports."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.mortal"],
            cwd=ROOT,
            env={**os.environ, **environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            bufsize=1,
        )

    def start_server(self, port: int) -> int:
        """Start a server on a port; return the process that leads its group."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{port}\n")
        return int(self.process.stdout.readline())

    def close(self) -> None:
        """End it; servers go on."""
        with self.process:
            self.process.kill()


@dataclass
class Mortal:
    """A server on one port, with the one worker that answers."""

    nursery: Nursery
    port: int = 0
    pid: int = 0
    buried: set[int] = field(default_factory=set)  # workers that were killed
    gave_up: int = 0  # times that it ended because its worker was killed

    def __post_init__(self) -> None:
        """Choose a port."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def start(self) -> None:
        """Start it; it does not answer yet."""
        self.pid = self.nursery.start_server(self.port)

    def wait(self) -> None:
        """Wait until a worker answers that was not killed."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.revive()
            if self.is_alive():
                return
            time.sleep(0.02)
        raise SystemExit("a server that was killed did not come back")

    def revive(self) -> None:
        """Start it again if it ended by itself, as a supervisor does.

        Granian ends when its worker dies twice within seconds.
        """
        if not Path(f"/proc/{self.pid}").exists():
            self.gave_up += 1
            self.start()

    def workers(self) -> list[int]:
        """Return the processes below the server that were not killed."""
        return [pid for pid in descendants(self.pid) if pid not in self.buried]

    def is_alive(self) -> bool:
        """Say whether a worker answers that was not killed."""
        if not self.workers():
            return False
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/livez")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def kill_worker(self) -> None:
        """Kill what answers and leave what watches over it."""
        for pid in self.workers():
            self.buried.add(pid)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill(self) -> None:
        """Kill the server and every worker with no chance to finish anything; see them gone."""
        for kill in (os.killpg, os.kill):  # it may not lead a group yet
            with contextlib.suppress(ProcessLookupError):
                kill(self.pid, signal.SIGKILL)
        while Path(f"/proc/{self.pid}").exists():
            time.sleep(0.005)


def main() -> None:
    """Read all modules, then become a new server for every port on standard input."""
    import granian.cli

    from app.factory import create_app
    from tests.bench.plain import make_plain

    assert make_plain
    create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://"}, commands=False)  # reads the rooms
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    for line in sys.stdin:
        pid = os.fork()
        if pid:
            print(pid, flush=True)
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        with open(os.devnull, "r+b") as nothing:
            for handle in (0, 1):
                os.dup2(nothing.fileno(), handle)
        words = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", line.strip()]
        words += ["--workers", "1", "--blocking-threads", "1", "--no-ws"]
        sys.argv = ["granian", *words, "--respawn-failed-workers", "tests.bench.site:application"]
        granian.cli.entrypoint()


if __name__ == "__main__":
    main()
