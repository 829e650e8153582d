"""Questions that ask nearly the same in nearly the same words; pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from app.bank.folding import fold

ALIKE = 0.8  # share of common character trigrams from which two stems count as one
PROBES = 6  # the rarest trigrams of a stem by which its twins are looked up


def trigrams(text: str) -> frozenset[str]:
    """Return the runs of three characters in the folded text; the text itself when shorter."""
    plain = fold(text)
    return frozenset(plain[n : n + 3] for n in range(max(1, len(plain) - 2)))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the Jaccard index (0…1) of two sets of trigrams."""
    return len(one & other) / len(one | other) if one | other else 1.0


def list_twins(texts: Mapping[str, str], alike: float = ALIKE) -> Iterator[tuple[str, str, float]]:
    """Yield (id, earlier id, likeness) of texts that are alike, in the order of `texts`.

    Twins are looked for only among texts that share one of their rarest trigrams, so that the
    time grows with the number of texts and not with its square.
    """
    parts = {name: trigrams(text) for name, text in texts.items()}
    common = Counter(part for found in parts.values() for part in found)
    seen: dict[str, list[str]] = defaultdict(list)
    for name, found in parts.items():
        rarest = sorted(found, key=lambda part: (common[part], part))[:PROBES]
        near = {other for part in rarest for other in seen[part]}
        for other in sorted(near):
            share = likeness(found, parts[other])
            if share >= alike:
                yield name, other, share
        for part in found:
            if common[part] > 1:
                seen[part].append(name)
