"""Papers printed aside, in a limited child process: the request that asks never waits for seconds.

A finished file lies in the data folder for an hour under the hash of what it was made from, so
that whoever asks again, of whichever server process, finds it. It may hold a key: only its owner
can read it, and only the page that checks who asks sends it.
"""

import base64
import hashlib
import os
import threading
from contextlib import suppress
from pathlib import Path

from flask_babel import gettext as _

from app.base import child
from app.base.errors import Invalid
from app.quiz.job import Job, encode_job

KEPT_S = 3600  # how long a finished file is kept
SECONDS = 40  # of processor time; the longest paper in six versions takes a quarter of it
WALL = 120  # seconds by the clock: a busy machine must not refuse good papers
FAILED = "-"  # what a failure that is not the font's is written down as

_one_at_a_time = threading.Lock()
_guard = threading.Lock()
_making: dict[Path, threading.Thread] = {}


def find_print(folder: Path, job: Job, now_s: int) -> bytes | None:
    """Return the PDF of a job, None while it is being made; raise Invalid when it cannot be.

    `now_s` is in epoch seconds. The first who asks sets the press going; after a failure, the next.
    """
    _sweep(folder, now_s)
    data = encode_job(job)
    path = folder / f"{hashlib.sha256(data).hexdigest()[:32]}.pdf"
    with suppress(FileNotFoundError):
        return path.read_bytes()
    with suppress(FileNotFoundError):
        reason = path.with_suffix(".failed").read_text()
        path.with_suffix(".failed").unlink()
        raise Invalid(_why(reason))
    _set_going(path, data)
    return None


def wait_for_press() -> None:
    """Wait until nothing is being printed; for tests and for a server that stops."""
    for thread in list(_making.values()):
        thread.join()


def _why(reason: str) -> str:
    """Return a failure in a sentence."""
    if reason == FAILED:
        return str(_("这份试卷没有排成，可能是太长或服务器太忙。请减少卷数，或过一会儿再试。"))
    return str(_("字体里没有这些字：%(text)s。请管理员换一个字体。", text=reason))


def _set_going(path: Path, data: bytes) -> None:
    """Start a thread that waits for the child, unless one does already."""
    with _guard:
        if path not in _making:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _making[path] = threading.Thread(target=_print, args=(path, data), daemon=True)
            _making[path].start()


def _print(path: Path, data: bytes) -> None:
    """Let a child print and put its file, or why there is none, where the next request looks."""
    try:
        with _one_at_a_time:
            made = child.run("app.quiz.job:print_job", data, seconds=SECONDS, wall=WALL)
        if "pdf" in made:
            _put(path, base64.b64decode(made["pdf"]))
        else:
            _put(path.with_suffix(".failed"), made["lacking"].encode())
    except Invalid:
        _put(path.with_suffix(".failed"), FAILED.encode())
    finally:
        with _guard:
            del _making[path]


def _put(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all."""
    aside = path.with_suffix(f".{os.getpid()}.part")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    aside.replace(path)


def _sweep(folder: Path, now_s: int) -> None:
    """Delete what has lain long enough."""
    for path in folder.glob("*"):
        with suppress(OSError):
            if now_s - path.stat().st_mtime > KEPT_S:
                path.unlink()
