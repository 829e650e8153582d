"""Where the chain of acts last stood, kept in a file beside the database and not in it.

Whoever cuts the end off the table leaves a chain that fits; what was written here then names an
act that is gone. The file is only ever added to, so that it can be made append-only (chattr +a) or
sent to another machine line by line.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

FILE = "audit-head"
_LINE = re.compile(rb"^(\d{1,18}) ([0-9a-f]{64})$", re.MULTILINE)


@dataclass(frozen=True, slots=True, order=True)
class Head:
    """The number of an act and its mac."""

    number: int
    mac: str


def append_head(path: Path, head: Head) -> None:
    """Add a line and force it to the disk; raise OSError when that cannot be done."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        # The empty line first keeps a line that a power cut left half written to itself.
        os.write(handle, f"\n{head.number} {head.mac}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def read_head(path: Path) -> Head | None:
    """Return the highest act of the file, or None when it names none."""
    try:
        lines = _LINE.findall(path.read_bytes())
    except FileNotFoundError:
        return None
    return max((Head(int(number), mac.decode()) for number, mac in lines), default=None)
