"""On which processor the threads of a serving process run: all on the same one.

Python runs one thread of a process at a time, and each small read of SQLite lets another one in.
Where threads lie on different processors, every such change wakes one processor from the other,
which costs more than a small page. What needs no turn (a password's hash, a child) goes anywhere.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ALLOWED = re.compile(r"^Cpus_allowed_list:\s*(\d+)$", re.MULTILINE)  # of those bound to one
_free = set[int]()  # where this process might run; empty as long as it is not bound


def share_one() -> None:
    """Bind this thread, and those it starts, to the processor that the fewest are bound to.

    Nothing changes where the system does not know how, or does not let us.
    """
    if not hasattr(os, "sched_setaffinity"):
        return
    might = os.sched_getaffinity(0)
    if len(might) > 1:
        taken = _count_bound()
        with suppress(OSError):
            os.sched_setaffinity(0, {min(might, key=lambda one: (taken[one], one))})
            _free.update(might)


def _count_bound() -> Counter[int]:
    """Return processor → how many processes are bound to it alone."""
    found = Counter[int]()
    for path in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):  # it has just ended
            bound = ALLOWED.search(path.read_text())
            if bound:
                found[int(bound[1])] += 1
    return found


@contextmanager
def anywhere() -> Iterator[None]:
    """Let this thread, and the processes it starts, run on every processor meanwhile."""
    if not _free:
        yield
        return
    own = os.sched_getaffinity(0)
    with suppress(OSError):  # all of them have been switched off since
        os.sched_setaffinity(0, _free)
    try:
        yield
    finally:
        with suppress(OSError):
            os.sched_setaffinity(0, own)
