"""PostgreSQL's own tools, called so that the password is on no command line; no Flask."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from app.base.errors import Invalid


def dump(target: Path, snapshot: str, reach: Mapping[str, str], schema: str | None) -> None:
    """Write a dump of the moment that `snapshot` names, and read it through once.

    `reach` are libpq's variables (PGHOST, PGPASSWORD …).
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    words = ["--format=custom", f"--snapshot={snapshot}", f"--file={target}"]
    _call("pg_dump", words + ([f"--schema={schema}"] if schema else []), reach)
    _call("pg_restore", [f"--file={os.devnull}", str(target)], reach)


def _call(tool: str, words: list[str], reach: Mapping[str, str]) -> None:
    path = shutil.which(tool)
    if path is None:
        raise Invalid(f"没有找到 {tool}。请安装与服务器同版本的 postgresql-client 再备份。")
    environ = {**os.environ, **reach}
    done = subprocess.run([path, *words], env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        told = done.stderr.strip().splitlines()
        raise Invalid(f"{tool} 没有成功：{told[0] if told else done.returncode}")
