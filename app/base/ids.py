"""Random ids, some that begin with the time, and secret tokens."""

import base64
import hashlib
import os
import re
import secrets
from collections import deque
from collections.abc import Iterable

from app.base.clock import machine_time

_ID = re.compile(r"[A-Za-z0-9_-]{22}")
_IDS = re.compile(r"[A-Za-z0-9_-]*")
BYTES = 16  # of an id
AT_A_TIME = 64
# Ids drawn beforehand: to ask the system for each lets another thread in between, every time.
_drawn: deque[str] = deque()
os.register_at_fork(after_in_child=_drawn.clear)  # or parent and child would give out the same


def new_id() -> str:
    """Return a random 128-bit id as 22 URL-safe characters."""
    while True:
        try:
            return _drawn.popleft()
        except IndexError:
            _draw()


def new_timed_id() -> str:
    """Return an id that sorts by when it was made: milliseconds in 11 hexadecimal digits, 66 bits.

    Rows with such keys are written side by side, where a hundred random ones touch a hundred pages.
    No order of words tells these digits apart from others, and nothing but speed rests on the time.
    """
    return f"{int(machine_time() * 1000):011x}{new_id()[:11]}"


def _draw() -> None:
    """Draw some ids; threads that do so at once draw different ones."""
    lot = secrets.token_bytes(BYTES * AT_A_TIME)
    pieces = (lot[place : place + BYTES] for place in range(0, len(lot), BYTES))
    _drawn.extend(base64.urlsafe_b64encode(one).rstrip(b"=").decode("ascii") for one in pieces)


def is_id(text: str) -> bool:
    """Say whether `text` has the form of an id made by `new_id`."""
    return _ID.fullmatch(text) is not None


def are_ids(texts: Iterable[str]) -> bool:
    """Say whether all of many texts of 22 characters have the form of an id."""
    return _IDS.fullmatch("".join(texts)) is not None


def new_token() -> str:
    """Return a secret of 256 bits as 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return the SHA-256 of a secret in hexadecimal: what is kept in place of the secret."""
    return hashlib.sha256(token.encode()).hexdigest()
