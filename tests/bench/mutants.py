"""`python -m tests.bench.mutants`: does any test notice when a permission is decided wrongly?

Each decision in the code that says who may do what is altered in one way at a time, and the tests
about it are run until one fails: only those that enter the altered function, the ones that noticed
a mutant before first, then the quickest. Every mutant runs in a process of its own, forked from one
that has all modules and tests loaded; there the new code is put into the functions that are there
already, so that everybody who imported them has it too.
"""

import argparse
import ast
import importlib
import itertools
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.altering import enter, mutants, put_in
from tests.bench.pieces import add_up
from tests.bench.trial import DIED, Trial, in_child, with_tests

RIGHTS = ["tests/org/test_rights.py", "tests/org/test_queries.py", "tests/org/test_actions.py"]
PAGES = ["tests/test_permissions.py"]


@dataclass(frozen=True)
class Target:
    """A module, the functions in it that decide, and the tests that watch them, quickest first."""

    module: str
    functions: tuple[str, ...]
    tests: tuple[str, ...]


TARGETS = (
    Target(
        "app.web.permissions",
        (
            *("permission", "fresh", "grants", "declared", "init_permissions", "_split", "_may"),
            *("_guard", "ask_to_confirm", "declared_level"),
        ),
        ("tests/web/test_permissions.py", *PAGES),
    ),
    Target(
        "app.accounts.proof",
        ("is_fresh", "is_asked", "is_confined"),
        ("tests/accounts/test_proof.py",),
    ),
    Target("app.accounts.names", ("may_grant",), ("tests/accounts/test_names.py",)),
    Target(
        "app.accounts.queries.people",
        ("find_viewer", "owner_of"),
        (
            "tests/accounts/test_rights.py",
            "tests/accounts/test_queries.py",
            "tests/accounts/test_actions.py",
        ),
    ),
    Target(
        "app.accounts.login",
        ("_load", "is_confined", "find_confined", "remember"),
        ("tests/accounts/test_login.py", "tests/accounts/test_factors.py"),
    ),
    Target(
        "app.org.queries.people",
        ("get_person", "may_edit", "may_govern", "may_renew", "list_members", "_wanted"),
        tuple(RIGHTS),
    ),
    Target(
        "app.org.queries.units",
        (
            *("scope_of", "scope_to_change", "get_reached_unit", "list_units", "is_within"),
            *("reaches", "below"),
        ),
        (*RIGHTS, "tests/org/test_units.py"),
    ),
    Target("app.org.queries.watchers", ("list_watchers",), tuple(RIGHTS)),
    Target(
        "app.org.actions.people",
        (
            *("invite_person", "renew_invite", "edit_person", "disable_person", "enable_person"),
            *("reset_factors", "name_identity", "_get_governed", "_check_rights", "check_place"),
        ),
        tuple(RIGHTS),
    ),
    Target(
        "app.org.views.people",
        ("renew", "_edit_form"),
        (
            *("tests/org/test_rights.py", "tests/org/test_editing.py"),
            *("tests/accounts/test_factors.py", "tests/org/test_views.py"),
        ),
    ),
)


def try_target(trial: Trial, target: Target, limit: int | None) -> tuple[int, list[str]]:
    """Try every mutant of a target; return how many there were, and which survived.

    Asked are the tests that enter the altered function: those that noticed one before, then the
    quickest.
    """
    module = importlib.import_module(target.module)
    tree = ast.parse(Path(module.__file__ or "").read_text())
    names = [name for test in target.tests for name in trial.items if name.startswith(test)]

    def look() -> list[tuple[float, str, list[str]]]:
        put_in(module, enter(tree, target.functions))
        return trial.look(module, names)

    seen = in_child(look)
    if seen == DIED:
        raise SystemExit(f"{target.module}: the tests fail without a mutant")
    known: list[str] = []  # tests that noticed a mutant, the latest first
    tried, survivors = 0, []
    for what, altered in itertools.islice(mutants(tree, target.functions), limit):
        function = what.split(":")[0]
        apt = [name for _seconds, name, entered in sorted(seen) if function in entered]
        order = [name for name in known if name in apt]
        order += [name for name in apt if name not in known]

        def ask(altered: ast.Module = altered, order: list[str] = order) -> str | None:
            put_in(module, altered)
            return trial.first_failure(order)

        noticed = in_child(ask)
        tried += 1
        if noticed is None:
            survivors.append(f"{target.module} {what}")
            print(survivors[-1], file=sys.stderr, flush=True)
        elif noticed != DIED:
            known = [noticed, *(name for name in known if name != noticed)]
    return tried, survivors


def measure(wanted: str = "", limit: int | None = None) -> dict[str, Any]:
    """Try every mutant of the targets whose name holds `wanted`; return score and survivors."""
    begin = time.monotonic()
    targets = [target for target in TARGETS if wanted in target.module]
    tests = dict.fromkeys(test for target in targets for test in target.tests)

    def act(trial: Trial) -> list[tuple[int, list[str]]]:
        return [try_target(trial, target, limit) for target in targets]

    found = with_tests(tests, act)
    tried = sum(number for number, _survivors in found)
    survivors = [one for _number, left in found for one in left]
    return {
        "seed": wanted,
        "mutants": tried,
        "killed": tried - len(survivors),
        "survivors": survivors,
        "by_module": [
            f"{target.module} {number - len(left)}/{number}"
            for target, (number, left) in zip(targets, found, strict=True)
        ],
        "seconds": round(time.monotonic() - begin, 1),
    }


def main() -> None:
    """Print one JSON object; exit code 1 when fewer than 95 % of the mutants were noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="modules whose name holds this")
    parser.add_argument("--limit", type=int, help="at most so many mutants of each module")
    parser.add_argument("--sum", type=Path, help="add up the pieces in this file instead")
    choice = parser.parse_args()
    if choice.sum:
        found = add_up([json.loads(line) for line in choice.sum.read_text().splitlines()])
    else:
        found = measure(choice.only, choice.limit)
    score = 100 * found["killed"] / found["mutants"] if found["mutants"] else 0.0
    print(json.dumps({**found, "score": round(score, 1)}))
    if score < 95:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
