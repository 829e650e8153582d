"""Files made aside, in a limited child process: the request that asks never waits for seconds.

A finished file lies in the data folder for an hour under the hash of what it was made from, so
that whoever asks again, of whichever server process, finds it. It may hold a key or names: only its
owner can read it, and only the page that checks who asks sends it.
"""

import base64
import hashlib
import os
import re
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _

from app.base import child
from app.base.errors import Invalid, TooMany
from app.quiz.job import Job, encode_job

KEPT_S = 3600  # how long a finished file is kept
SECONDS = 40  # of processor time; the longest paper in six versions takes a quarter of it
MEMORY = 700 * 1024 * 1024  # bytes of address space: fonts for rare characters are large
WALL = 120  # seconds by the clock: a busy machine must not refuse good papers
MOST_WAITING = 20  # orders of one server process that wait for the press
FAILED = "-"  # what a failure that is not the font's is written down as
PRINTED = "app.quiz.job:print_job"

_one_at_a_time = threading.Lock()
_guard = threading.Lock()
_making: dict[Path, threading.Thread] = {}


@dataclass(frozen=True, slots=True)
class Order:
    """What the press is to make: function `target` ("package.module:name") of `data`.

    `about` names what the file tells of, so that nobody fetches it through another page. `target`
    returns the file in base64 ("file"), or characters the font has no shape for ("lacking").
    """

    about: str
    target: str
    data: bytes

    @property
    def name(self) -> str:
        """The name of the file: the same for the same order."""
        told = b"\0".join((self.target.encode(), self.data))
        return f"{_digest(self.about.encode())[:12]}-{_digest(told)}"


def find_print(folder: Path, job: Job, now_s: int) -> bytes | None:
    """Return the PDF of a paper's job, None while it is being made; raise Invalid when it cannot.

    `now_s` is in epoch seconds. The first who asks sets the press going; after a failure, the next.
    """
    order = Order(job.title, PRINTED, encode_job(job))
    failed = _("这份试卷没有排成，可能是太长或服务器太忙。请减少卷数，或过一会儿再试。")
    try:
        return find_made(folder, order.about, order.name, failed)
    except Unordered:
        place_order(folder, order, now_s)
        return None


class Unordered(Exception):
    """Nobody has ordered this, or it was so long ago that it is gone."""


def place_order(folder: Path, order: Order, now_s: int) -> str:
    """Set the press going unless it has made this already; return the name to ask for it by.

    Raises TooMany when too many orders wait. The order itself lies beside its file until that is
    made, so that another process can take over.
    """
    sweep(folder, now_s)
    path = folder / f"{order.name}.made"
    if not path.exists():
        if len(_making) >= MOST_WAITING:
            raise TooMany(_("正在排版的文件太多，请过几分钟再来。"))
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _put(path.with_suffix(".order"), order.target.encode() + b"\n" + order.data)
        _set_going(path)
    return order.name


def find_made(folder: Path, about: str, name: str, failed: str) -> bytes | None:
    """Return the file of that name about that thing, None while it is being made.

    Raises Unordered when there is no such order; Invalid once when it could not be made, with the
    sentence `failed` unless it is known why.
    """
    whose, _dash, rest = name.partition("-")
    if whose != _digest(about.encode())[:12] or not re.fullmatch(r"[0-9a-f]{32}", rest):
        raise Unordered
    path = folder / f"{name}.made"
    with suppress(FileNotFoundError):
        return path.read_bytes()
    with suppress(FileNotFoundError):
        reason = path.with_suffix(".failed").read_text()
        path.with_suffix(".failed").unlink()
        raise Invalid(_why(reason, failed))
    if not path.with_suffix(".order").exists():
        with suppress(FileNotFoundError):  # it may have been finished between the two looks
            return path.read_bytes()
        raise Unordered
    _set_going(path)
    return None


def wait_for_press() -> None:
    """Wait until nothing is being printed; for tests and for a server that stops."""
    for thread in list(_making.values()):
        thread.join()


def _why(reason: str, failed: str) -> str:
    """Return a failure in a sentence, `failed` when it is not the font's."""
    if reason == FAILED:
        return failed
    return str(
        _(
            "字体里没有这些字：%(text)s。请管理员安装收字更全的字体"
            "（Debian：apt-get install fonts-babelstone-han）。",
            text=reason,
        )
    )


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def _set_going(path: Path) -> None:
    """Start a thread that waits for the child, unless one does already."""
    with _guard:
        if path not in _making:
            _making[path] = threading.Thread(target=_make, args=(path,), daemon=True)
            _making[path].start()


def _make(path: Path) -> None:
    """Let a child make a file and put it, or why there is none, where the next request looks."""
    order = path.with_suffix(".order")
    try:
        with _one_at_a_time, suppress(FileNotFoundError):  # made by another process meanwhile
            target, _line, data = order.read_bytes().partition(b"\n")
            limits = {"memory": MEMORY, "seconds": SECONDS, "wall": WALL}
            made = child.run(target.decode(), data, **limits)
            if "file" in made:
                _put(path, base64.b64decode(made["file"]))
            else:
                _put(path.with_suffix(".failed"), made["lacking"].encode())
    except Invalid:
        _put(path.with_suffix(".failed"), FAILED.encode())
    finally:
        order.unlink(missing_ok=True)
        with _guard:
            del _making[path]


def _put(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.part")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    aside.replace(path)


def sweep(folder: Path, now_s: int) -> None:
    """Delete what has lain long enough, counted from `now_s` (epoch seconds)."""
    for path in folder.glob("*"):
        with suppress(OSError):
            if now_s - path.stat().st_mtime > KEPT_S:
                path.unlink()


def clear(folder: Path) -> None:
    """Delete everything that was made or ordered: whoever still wants it orders it again."""
    for path in folder.glob("*"):
        path.unlink(missing_ok=True)
