"""Run one function on hostile bytes in a process of its own that may use little memory and time.

Run as a script this file is that child: one line of JSON (what to call, with which limits) and
the bytes on standard input, one JSON value on standard output. A crafted file then costs one
child, not the site. Nothing is written to disk and what the child says on stderr is dropped.
"""

import gc
import importlib
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

MEMORY = 400 * 1024 * 1024  # bytes of address space
SECONDS = 4  # of processor time
WALL = 20  # seconds by the clock: a busy machine must not refuse good files
LARGEST_REPLY = 64 * 1024 * 1024  # bytes
OPEN_FILES = 64
AT_ONCE = 2  # children of one server process
ROOT = Path(__file__).resolve().parents[2]
REFUSED = "文件太大或有问题，没有读取。请检查文件，或分成几份再试。"
BUSY = "正在处理别的文件，请过一会儿再试。"

_slots = threading.BoundedSemaphore(AT_ONCE)


def run(
    target: str,
    data: bytes,
    *words: str,
    memory: int = MEMORY,
    seconds: int = SECONDS,
    wall: int = WALL,
) -> Any:
    """Return what function `target` ("package.module:name") of this application makes of `data`.

    It is called with `data` and `words` and must return what JSON can hold. `memory` is in bytes
    of address space, `seconds` of processor time, `wall` of time by the clock. Raises Invalid with
    the function's own sentence when it raised Invalid, with a general one for any other failure or
    passed limit.
    """
    from app.base.errors import Invalid
    from app.base.processor import anywhere

    order = json.dumps([target, words, memory, seconds]).encode() + b"\n"
    if not _slots.acquire(timeout=WALL):
        raise Invalid(BUSY)
    try:
        with anywhere():
            reply = _exchange(order + data, wall)
    finally:
        _slots.release()
    try:
        answer = json.loads(reply or b"")
        if "invalid" in answer:
            raise Invalid(str(answer["invalid"]))
        return answer["value"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Invalid(REFUSED) from None


def _exchange(sent: bytes, wall: int) -> bytes | None:
    """Return what a new child answers to `sent`, None when it fails, floods or takes too long."""
    with subprocess.Popen(
        [sys.executable, "-I", __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"OPENPYXL_LXML": "False"},  # defusedxml guards the standard parser only
        start_new_session=True,
    ) as child:
        assert child.stdin
        assert child.stdout
        killer = threading.Timer(wall, child.kill)
        feeder = threading.Thread(target=_feed, args=(child.stdin, sent))
        killer.start()
        feeder.start()
        try:
            reply = child.stdout.read(LARGEST_REPLY + 1)
            if len(reply) > LARGEST_REPLY:
                child.kill()
            feeder.join()
            child.wait()
        finally:
            child.kill()
            killer.cancel()
    return reply if child.returncode == 0 else None


def _feed(pipe: IO[bytes], sent: bytes) -> None:
    """Write to a child that may die meanwhile."""
    try:
        with pipe:
            pipe.write(sent)
    except OSError:
        pass


def _limit(memory: int, seconds: int) -> None:
    """Lower what this process may use; it cannot be raised again."""
    import resource

    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _child() -> None:
    """Obey the order on standard input."""
    target, words, memory, seconds = json.loads(sys.stdin.buffer.readline())
    _limit(memory, seconds)
    gc.disable()  # it would only cost time: this process ends soon
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(ROOT))
    from app.base.errors import Invalid

    module, name = target.split(":")
    function = getattr(importlib.import_module(module), name)
    try:
        answer = {"value": function(sys.stdin.buffer.read(), *words)}
    except Invalid as error:
        answer = {"invalid": error.message}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _child()
