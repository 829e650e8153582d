"""Whose turn a job is, and what becomes of it when it fails; pure.

A job is waiting, running under a lease, done, or failed. A worker that dies says nothing: its
lease runs out, and the next worker takes the job again. So a job is begun at least once; that its
effect shows once is seen to by `finish_in` and by the holder's token, which a late worker no
longer has.
"""

from typing import Literal

State = Literal["waiting", "running", "done", "failed"]
STATES: tuple[State, ...] = ("waiting", "running", "done", "failed")
LEASE = 60  # seconds a worker may be silent before its job is somebody else's
BEAT = 10  # seconds between two signs of life
FIRST_WAIT = 30  # seconds before the second try
LONGEST_WAIT = 6 * 3600  # seconds


def wait_after(tries: int) -> int:
    """Return how many seconds to wait after so many failed tries (from 1): 30 s, 2 min, 8 min …"""
    return int(min(LONGEST_WAIT, FIRST_WAIT * 4 ** min(tries - 1, 9)))


def after_failure(tries: int, limit: int, now: int) -> tuple[State, int]:
    """Return the state and the epoch second of the next try after try number `tries` failed."""
    if tries >= limit:
        return "failed", now
    return "waiting", now + wait_after(tries)
