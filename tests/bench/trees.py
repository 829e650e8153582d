"""`bench trees FOLDER…`: this tree beside others of the project, for whoever has changed something.

Each FOLDER is a checkout with the same tables; all run on this environment and on copies of the
same data, and are measured in turn, `rounds` times. A printed ratio is the median of the rounds'
ratios to this tree: above 1 is faster (`rate`) or less work (`cpu`) than here.
"""

import argparse
import json
import os
import shutil
import statistics
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import product
from pathlib import Path
from typing import Any

from app.factory import create_app
from tests.bench.answers import PHONES, delivering
from tests.bench.load import Rate, Request, run
from tests.bench.run import (
    CONNECTIONS,
    EACH,
    ROOT,
    _pages,
    _ratios,
    _study_a_lot,
    _with_cpu,
    answering_in_turn,
    prepare,
    visit,
)
from tests.bench.servers import server

KINDS = ("home", "question", "answer", "delivery")
Measure = Callable[[], Rate]


def measure(
    trees: Sequence[Path], kinds: Sequence[str], rounds: int, seconds: float, each: int
) -> dict[str, Any]:
    """Return medians of each kind and tree, and ratios to the first tree.

    On each connection `each` members take turns.
    """
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        base = Path(name) / "base"
        cookies = prepare(base, CONNECTIONS * (each + PHONES))
        app = create_app()
        questions = _study_a_lot(app)
        sites = []
        for number, tree in enumerate(trees):
            data = Path(name) / str(number)
            shutil.copytree(base, data)
            phones = delivering(list(enumerate(cookies, 1))[CONNECTIONS * each :], questions)
            members = cookies[: CONNECTIONS * each]
            sites.append(_site(stack, app, tree, data, members, phones, seconds))
        found: dict[str, list[list[Rate]]] = {kind: [[] for _tree in trees] for kind in kinds}
        for kind, _round in product(kinds, range(rounds)):  # deliveries leave work behind: last
            for number, site in enumerate(sites):
                found[kind][number].append(site[kind]())
    return {kind: [_told(rates, of[0]) for rates in of] for kind, of in found.items()}


def _site(
    stack: ExitStack,
    app: Any,
    tree: Path,
    data: Path,
    cookies: list[str],
    phones: Callable[[], Request],
    seconds: float,
) -> dict[str, Measure]:
    """Start the site of a tree, warm it, and return how each kind is measured on it."""
    environ = {"XUEJI_DATA": str(data), "XUEJI_BENCH_TOKENS": "1"}
    used = stack.enter_context(server("tests.bench.site:application", environ, root=tree))
    browsers = [visit(used.port, cookie) for cookie in cookies]
    held = [browser.cookie for browser in browsers]
    takers = [browsers[n::CONNECTIONS] for n in range(CONNECTIONS)]
    makers = [answering_in_turn(app, own, [{} for _browser in own]) for own in takers]
    run(used.port, makers, min(1.0, seconds))  # reads the bank, compiles templates
    return {
        "home": lambda: _pages(used, "/", held, seconds),
        "question": lambda: _pages(used, "/study", held, seconds),
        "answer": lambda: _with_cpu(used, makers, seconds),
        "delivery": lambda: _with_cpu(used, [phones], seconds),
    }


def _told(found: list[Rate], ours: list[Rate]) -> dict[str, Any]:
    """Return the medians of a tree, and how it stands beside this one."""
    return {
        "per_second": statistics.median(one.per_second for one in found),
        "cpu_ms": statistics.median(one.cpu_ms for one in found),
        "p99_ms": statistics.median(one.p99_ms for one in found),
        "of_this": _ratios(found, ours),
        "statuses": found[-1].statuses,
    }


def main(words: list[str]) -> None:
    """Print one JSON object; exit code 1 when a request failed."""
    parser = argparse.ArgumentParser(prog="bench trees", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--only", default=",".join(KINDS), help="kinds, with commas")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--quick", action="store_true", help="one short round")
    choice = parser.parse_args(words)
    kinds = [kind for kind in KINDS if kind in choice.only.split(",")]
    trees = [ROOT, *(folder.resolve() for folder in choice.folders)]
    how = (1, 0.1, 2) if choice.quick else (choice.rounds, choice.seconds, EACH)
    found = measure(trees, kinds, *how)
    print(json.dumps({"trees": [str(t) for t in trees], **found, "load": os.getloadavg()}))
    if any(set(one["statuses"]) != {200} for kind in kinds for one in found[kind]):
        raise SystemExit(1)
