"""The mutants are what they say, and a test that looks notices them."""

import ast
import importlib
import json
import subprocess
import sys

import pytest

from tests.bench import altering, mutants
from tests.bench.trial import ROOT

SOURCE = """
def may(role: str, other: str) -> bool:
    '''Say so.'''
    if role == "admin" and not other:
        return True
    return role in ("trainer", "editor")
"""


@pytest.mark.pure
def test_every_decision_is_altered_in_every_way() -> None:
    tree = ast.parse(SOURCE)
    found = {what.split(" ", 1)[1]: ast.unparse(m) for what, m in altering.mutants(tree, ("may",))}
    assert set(found) == {
        *("turn the comparison", "and for or", "without part 1", "without part 2", "without not"),
        *("always True", "always False", "the other constant"),
        *("without element 1", "without element 2"),
    }
    assert "role == 'admin' or not other" in found["and for or"]
    assert "'admin' and other" in found["without not"]
    assert len(set(found.values())) == len(found)
    assert ast.unparse(tree) not in found.values()
    assert not list(altering.mutants(tree, ("another",)))


@pytest.mark.once
@pytest.mark.pure
def test_a_mutant_is_noticed_and_the_code_as_it_is_passes() -> None:
    """In a process of its own: a run within a run would collect its tests into ours."""
    words = [
        sys.executable,
        "-m",
        "tests.bench.mutants",
        "--only",
        "accounts.proof",
        "--limit",
        "3",
    ]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)
    assert (found["mutants"], found["killed"], found["survivors"]) == (3, 3, [])


@pytest.mark.pure
def test_every_function_that_is_named_exists() -> None:
    for target in mutants.TARGETS:
        module = importlib.import_module(target.module)
        assert [name for name in target.functions if not hasattr(module, name)] == []
        assert all((ROOT / test).exists() for test in target.tests), target.module
