"""The production server as something that can be killed, whole or its worker alone."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field

from tests.bench.servers import ROOT, descendants

PATIENCE = 60  # seconds until a server that was killed must answer again


@dataclass
class Mortal:
    """A server on one port, with the one worker that answers."""

    environ: dict[str, str]
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    buried: set[int] = field(default_factory=set)  # workers that were killed
    gave_up: int = 0  # times that it ended because its worker was killed

    def __post_init__(self) -> None:
        """Choose a port."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def start(self) -> None:
        """Start it as the leader of its own group; it does not answer yet."""
        words = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        words += ["--port", str(self.port), "--workers", "1", "--blocking-threads", "1", "--no-ws"]
        self.process = subprocess.Popen(
            [*words, "--respawn-failed-workers", "tests.bench.site:application"],
            cwd=ROOT,
            env={**os.environ, **self.environ},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def wait(self) -> None:
        """Wait until a worker answers that was not killed."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.revive()
            if self.workers() and self._answers():
                return
            time.sleep(0.02)
        raise SystemExit("a server that was killed did not come back")

    def revive(self) -> None:
        """Start it again if it ended by itself, as a supervisor does.

        Granian ends when its worker dies twice within seconds.
        """
        if self.process is None or self.process.poll() is not None:
            self.gave_up += 1
            self.start()

    def workers(self) -> list[int]:
        """Return the processes below the server that were not killed."""
        below = descendants(self.process.pid) if self.process else []
        return [pid for pid in below if pid not in self.buried]

    def _answers(self) -> bool:
        """Say whether a worker answers."""
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
        """Kill the server and every worker with no chance to finish anything."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
