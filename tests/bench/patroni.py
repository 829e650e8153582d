"""`python -m tests.bench.patroni --program …/bin/patroni`: Patroni chooses a new primary by itself.

Three PostgreSQL servers on the loopback, each under a Patroni of its own; what they agree on is
kept among the three themselves (Raft), so that nothing else is needed. Members answer through the
site's own action as fast as they can; by turns the primary's database or its whole node, Patroni
with it, gets `kill -9`, and nobody but Patroni does anything about it. In the end every
acknowledged answer must be there, once.

Patroni is no part of the site: install it where PostgreSQL's user may run it, `pip install
'patroni[raft,psycopg3]' 'psycopg[binary]'` in an environment of its own.
"""

import argparse
import contextlib
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.cluster import account, address_of, binaries
from tests.bench.quorum import under_load
from tests.bench.servers import descendants

NAMES = ("one", "two", "three")
KINDS = ("database", "node")
# What Patroni asks of each other's clocks: the shortest times it allows.
AGREED = {
    "ttl": 20,
    "loop_wait": 1,
    "retry_timeout": 3,
    "primary_start_timeout": 0,
    "synchronous_mode": "quorum",
    "synchronous_mode_strict": True,
    "synchronous_node_count": 1,
    "postgresql": {
        "use_pg_rewind": True,
        "parameters": {
            "wal_keep_size": "256MB",
            "wal_log_hints": "on",
            "synchronous_commit": "on",
            "shared_buffers": "32MB",
        },
    },
}
PATIENCE = 120  # seconds until three servers agree


@dataclass
class Keeper:
    """One node: a Patroni, the database it starts, and what is known of both."""

    name: str
    folder: Path
    ports: tuple[int, int, int]  # PostgreSQL, Patroni's own, Raft
    program: str
    process: subprocess.Popen[bytes] | None = None

    def write(self, partners: list[int]) -> None:
        """Write its configuration; JSON is YAML too."""
        database, own, raft = self.ports
        trust = ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"]
        here = f"127.0.0.1:{database}"
        told = {
            "scope": "xueji",
            "name": self.name,
            "restapi": {"listen": f"127.0.0.1:{own}", "connect_address": f"127.0.0.1:{own}"},
            "raft": {
                "data_dir": str(self.folder / "raft"),
                "self_addr": f"127.0.0.1:{raft}",
                "partner_addrs": [f"127.0.0.1:{port}" for port in partners],
            },
            "bootstrap": {
                "dcs": AGREED,
                "initdb": [{"encoding": "UTF8"}, {"locale": "C"}, "no-sync"],
            },
            "postgresql": {
                "listen": here,
                "connect_address": here,
                "data_dir": str(self.folder / "data"),
                "bin_dir": str(binaries()),
                "pgpass": str(self.folder / "pgpass"),
                "pg_hba": trust,
                "parameters": {"unix_socket_directories": ""},
                "authentication": {
                    "superuser": {"username": "xueji"},
                    "replication": {"username": "xueji"},
                    "rewind": {"username": "xueji"},
                },
            },
        }
        self.folder.mkdir()
        (self.folder / "patroni.yml").write_text(json.dumps(told))
        user = account()
        if user:
            shutil.chown(self.folder, user)

    def start(self) -> None:
        """Start Patroni, which starts the database."""
        words = [self.program, str(self.folder / "patroni.yml")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                words, user=account(), cwd="/", stdout=log, stderr=log, start_new_session=True
            )

    def kill_database(self) -> None:
        """Kill every process of the database; it is no child of Patroni's."""
        with contextlib.suppress(OSError, ValueError):
            first = int((self.folder / "data" / "postmaster.pid").read_text().split("\n")[0])
            for pid in (first, *descendants(first)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def kill(self) -> None:
        """Kill the whole node: Patroni first, so that it has no chance to hand over."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
        self.kill_database()


@dataclass
class Ensemble:
    """All three of them."""

    keepers: list[Keeper] = field(default_factory=list)
    turns: Any = field(default_factory=lambda: itertools.cycle(KINDS))
    primary: Keeper | None = None

    def make(self, folder: Path, program: str) -> None:
        """Start three nodes and wait until they agree."""
        folder.chmod(0o755)
        for name in NAMES:
            self.keepers.append(Keeper(name, folder / name, _ports(), program))
        for keeper in self.keepers:
            keeper.write([other.ports[2] for other in self.keepers if other is not keeper])
            keeper.start()
        self.wait()

    def url(self) -> str:
        """Return an address for the site that finds whichever server takes writes."""
        return address_of([keeper.ports[0] for keeper in self.keepers])

    def wait(self) -> None:
        """Wait until there is a primary and both others follow it as its quorum."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            roles = self._roles()
            self.primary = next((k for k in self.keepers if roles.get(k.name) == "leader"), None)
            if self.primary and list(roles.values()).count("quorum_standby") == 2:
                return
            time.sleep(0.2)
        raise SystemExit(f"the three do not agree: {self._roles()}")

    def _roles(self) -> dict[str, str]:
        """Return node → role of those that run, as one of the Patronis sees it."""
        for keeper in self.keepers:
            with contextlib.suppress(OSError, ValueError, KeyError):
                address = f"http://127.0.0.1:{keeper.ports[1]}/cluster"
                with urllib.request.urlopen(address, timeout=2) as reply:
                    members = json.load(reply)["members"]
                alive = ("running", "streaming")
                return {one["name"]: one["role"] for one in members if one["state"] in alive}
        return {}

    def kill_primary(self) -> str:
        """Kill the primary's database or its whole node, by turns; return which."""
        assert self.primary is not None
        kind: str = next(self.turns)
        if kind == "node":
            self.primary.kill()
        else:
            self.primary.kill_database()
        return kind

    def heal(self) -> None:
        """Start a killed node again, and wait until all three are as before."""
        for keeper in self.keepers:
            if keeper.process is None:
                keeper.start()
        self.wait()

    def stop(self) -> None:
        """Kill what runs."""
        for keeper in self.keepers:
            keeper.kill()


def _ports() -> tuple[int, int, int]:
    """Return three ports that nobody listens on."""
    with socket.socket() as one, socket.socket() as two, socket.socket() as three:
        for probe in (one, two, three):
            probe.bind(("127.0.0.1", 0))
        first, second, third = (probe.getsockname()[1] for probe in (one, two, three))
    return first, second, third


def measure(program: str, kills: int, seconds: float) -> dict[str, Any]:
    """Kill the primary `kills` times under load; return what was kept and each gap."""
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # a PostgreSQL of its own user must be able to pass
        nodes = Path(folder) / "nodes"
        nodes.mkdir()
        ensemble = Ensemble()
        try:
            ensemble.make(nodes, program)
            found = under_load(ensemble, Path(folder) / "site", kills, seconds)
        finally:
            ensemble.stop()
    return {"kills": kills, **found, "seconds": round(time.monotonic() - begin, 1)}


def main() -> None:
    """Print one JSON object; exit code 1 when anything was lost or nobody took over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True, help="where the command patroni is")
    parser.add_argument("--kills", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=3.0, help="of load before each kill")
    choice = parser.parse_args()
    found = measure(choice.program, choice.kills, choice.seconds)
    print(json.dumps(found))
    wrong = found["lost"] or found["doubled"] or found["drifted"] or found["unexpected"]
    if wrong or max(found["gaps_s"]) > 60:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
