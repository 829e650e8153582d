"""A long proof made in pieces: what each found, added up."""

from collections.abc import Sequence
from typing import Any


def add_up(pieces: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return numbers added, lists joined, and of everything else what all say; none of no pieces.

    Raises ValueError when pieces of two proofs, or one piece twice, are in it.
    """
    seeds = [piece.get("seed") for piece in pieces]
    if len(seeds) != len(set(seeds)):
        raise ValueError("a piece is there twice")
    total: dict[str, Any] = {"pieces": len(pieces)}
    for piece in pieces:
        for name, found in piece.items():
            if name == "seed":
                continue
            if isinstance(found, str):
                if total.setdefault(name, found) != found:
                    raise ValueError(f"pieces with another {name}")
            else:
                total[name] = total[name] + found if name in total else found
    return {k: round(v, 1) if isinstance(v, float) else v for k, v in total.items()}
