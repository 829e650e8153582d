"""`python -m tests.bench.tampering`: ten thousand alterations of the record of acts, all found?

Entries are changed, dropped, swapped or put in, or the end is cut off; the chain finds the first
four, the head outside of the table the last.
"""

import argparse
import json
import random

from app.base.audit import first_break
from tests.base.test_audit import KEY, entries, tampered


def measure(times: int) -> dict[str, int]:
    """Alter a record of twenty acts that often; return how many alterations were found."""
    sound, found, cuts = entries(20), 0, 0
    head = sound[-1]
    for seed in range(times):
        if random.Random(seed * 7 + 1).random() < 0.2:
            cuts += 1
            kept = sound[: random.Random(seed).randrange(len(sound))]
            newest = kept[-1] if kept else None
            found += first_break(kept, KEY) is None and newest != head
        else:
            found += first_break(tampered(seed, sound), KEY) is not None
    return {"tamperings": times, "of_them_cuts": cuts, "found": found}


def main() -> None:
    """Print one JSON object; exit code 1 when one was not found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10_000)
    told = measure(parser.parse_args().times)
    print(json.dumps(told))
    if told["found"] < told["tamperings"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
