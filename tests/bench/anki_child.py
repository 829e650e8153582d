"""What the child of the Anki proofs runs: the reading itself, and how much memory it took."""

import re
from pathlib import Path
from typing import Any

from app.anki.package import read_for_parent


def measure(data: bytes, now_ms: str, known: str) -> dict[str, Any]:
    """Return what was read, and the most memory this process ever held, in KiB.

    Asked of the kernel for this program alone: what a parent counts of its children includes
    its own size from before they became another program.
    """
    told = read_for_parent(data, now_ms, known)
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return {**told, "peak_kib": int(found[1]) if found else 0}
