"""`python -m tests.bench.mutants`: does any test notice when a permission is decided wrongly?

Each decision in the code that says who may do what is altered in one way at a time, and the tests
about it are run until one fails. Every mutant runs in a process of its own, forked from one that
has all modules and tests loaded; there the new code is put into the functions that are there
already, so that everybody who imported them has it too.
"""

import argparse
import ast
import contextlib
import copy
import importlib
import io
import json
import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 600  # seconds for the tests of one mutant; longer is a mutant that hangs
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
        ("tests/org/test_rights.py", "tests/accounts/test_factors.py", "tests/org/test_views.py"),
    ),
)

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


def alter(node: ast.AST) -> Iterator[tuple[str, ast.AST | None]]:
    """Yield (what is done, the other node) for every way to alter one node; None takes it out."""
    match node:
        case ast.Compare(ops=[op]):
            other = copy.deepcopy(node)
            other.ops = [COMPARED[type(op)]()]
            yield "turn the comparison", other
        case ast.BoolOp():
            other_bool = copy.deepcopy(node)
            other_bool.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield "and for or", other_bool
            for place in range(len(node.values)):
                kept = [v for n, v in enumerate(node.values) if n != place]
                one = copy.deepcopy(node)
                one.values = copy.deepcopy(kept)
                yield f"without part {place + 1}", one if len(kept) > 1 else copy.deepcopy(kept[0])
        case ast.UnaryOp(op=ast.Not()):
            yield "without not", copy.deepcopy(node.operand)
        case ast.If() | ast.IfExp():
            for value in (True, False):
                sure = copy.deepcopy(node)
                sure.test = ast.Constant(value)
                yield f"always {value}", sure
        case ast.Constant(value=bool() as told):
            yield "the other constant", ast.Constant(not told)
        case ast.Constant(value=int() as number):
            yield "one more", ast.Constant(number + 1)
        case ast.Tuple(elts=[_, *_], ctx=ast.Load()):
            for place in range(len(node.elts)):
                fewer = copy.deepcopy(node)
                del fewer.elts[place]
                yield f"without element {place + 1}", fewer
        case ast.Expr(value=ast.Call()) | ast.Raise() | ast.Delete():
            yield "not done", None


def mutants(tree: ast.Module, functions: tuple[str, ...]) -> Iterator[tuple[str, ast.Module]]:
    """Yield (where and what, the altered module) for every alteration within the functions."""
    for place, function in enumerate(tree.body):
        if not isinstance(function, ast.FunctionDef) or function.name not in functions:
            continue
        skipped = {id(one) for part in _not_decisions(function) for one in ast.walk(part)}
        for number, node in enumerate(ast.walk(function)):
            if id(node) in skipped or node is function:
                continue
            for what, other in alter(node):
                altered = copy.deepcopy(tree)
                target = next(n for k, n in enumerate(ast.walk(altered.body[place])) if k == number)
                altered.body[place] = _Swap(target, other).visit(altered.body[place])
                line = getattr(node, "lineno", function.lineno)
                yield f"{function.name}:{line} {what}", ast.fix_missing_locations(altered)


def _not_decisions(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Yield what is no decision: words for people, annotations, decorators."""
    yield function.args
    yield from function.decorator_list
    if function.returns:
        yield function.returns
    for node in ast.walk(function):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
            yield node
        if isinstance(node, ast.AnnAssign):
            yield node.annotation


class _Swap(ast.NodeTransformer):
    """Put one node in the place of another; nothing becomes `pass`."""

    def __init__(self, target: ast.AST, other: ast.AST | None) -> None:
        self.target = target
        self.other = other or ast.Pass()

    def visit(self, node: ast.AST) -> Any:
        return self.other if node is self.target else self.generic_visit(node)


def put_in(module: ModuleType, tree: ast.Module) -> None:
    """Give the functions that are there already the altered code."""
    file = module.__file__ or "?"
    fresh = {c.co_name: c for c in compile(tree, file, "exec").co_consts if isinstance(c, CodeType)}
    for name, found in vars(module).items():
        function = getattr(found, "__wrapped__", found)
        if isinstance(function, FunctionType) and function.__module__ == module.__name__:
            function.__code__ = fresh.get(name, function.__code__)


def is_noticed(module: ModuleType, tree: ast.Module, tests: tuple[str, ...]) -> bool:
    """Run the tests against an altered module in a process of its own; say whether one failed."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        os.close(ours)
        code = 1
        with contextlib.suppress(BaseException):
            put_in(module, tree)
            code = run(tests)
        os.write(theirs, bytes([code]))
        os._exit(0)
    os.close(theirs)
    ready, _w, _x = select.select([ours], [], [], PATIENCE)
    told = os.read(ours, 1) if ready else b""
    os.close(ours)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return told != b"\0"


def run(tests: tuple[str, ...], *words: str) -> int:
    """Run tests in this process, quietly, until one fails; return pytest's exit code."""
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header"]
        return int(pytest.main([*options, *words, *(str(ROOT / test) for test in tests)]))


def measure(wanted: str = "", limit: int | None = None) -> dict[str, Any]:
    """Try every mutant of the targets whose name holds `wanted`; return score and survivors."""
    begin, tried, survivors = time.monotonic(), 0, []
    targets = [target for target in TARGETS if wanted in target.module]
    names = tuple(dict.fromkeys(test for target in targets for test in target.tests))
    if run(names, "--collect-only") != 0:
        raise SystemExit("the tests cannot be collected")
    for target in targets:
        module = importlib.import_module(target.module)
        tree = ast.parse(Path(module.__file__ or "").read_text())
        if is_noticed(module, tree, target.tests):
            raise SystemExit(f"{target.module}: the tests fail without a mutant")
        for what, altered in mutants(tree, target.functions):
            if limit is not None and tried >= limit:
                break
            tried += 1
            if tried % 20 == 0:
                print(f"{tried} tried, {len(survivors)} survived", file=sys.stderr, flush=True)
            if not is_noticed(module, altered, target.tests):
                survivors.append(f"{target.module} {what}")
                print(survivors[-1], file=sys.stderr, flush=True)
    killed = tried - len(survivors)
    return {
        "mutants": tried,
        "killed": killed,
        "score": round(100 * killed / tried, 1) if tried else None,
        "survivors": survivors,
        "seconds": round(time.monotonic() - begin, 1),
    }


def main() -> None:
    """Print one JSON object; exit code 1 when fewer than 95 % of the mutants were noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="modules whose name holds this")
    parser.add_argument("--limit", type=int, help="at most so many mutants")
    choice = parser.parse_args()
    found = measure(choice.only, choice.limit)
    print(json.dumps(found))
    if found["score"] is None or found["score"] < 95:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
