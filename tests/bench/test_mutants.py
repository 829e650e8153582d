"""The mutants are what they say, and a test that looks notices them."""

import ast
import importlib

import pytest

from tests.bench import mutants

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
    found = {what.split(" ", 1)[1]: ast.unparse(m) for what, m in mutants.mutants(tree, ("may",))}
    assert set(found) == {
        *("turn the comparison", "and for or", "without part 1", "without part 2", "without not"),
        *("always True", "always False", "the other constant"),
        *("without element 1", "without element 2"),
    }
    assert "role == 'admin' or not other" in found["and for or"]
    assert "'admin' and other" in found["without not"]
    assert len(set(found.values())) == len(found)
    assert ast.unparse(tree) not in found.values()
    assert not list(mutants.mutants(tree, ("another",)))


@pytest.mark.once
@pytest.mark.pure
def test_a_mutant_is_noticed_and_the_code_as_it_is_passes() -> None:
    tests = ("tests/accounts/test_proof.py",)
    module = importlib.import_module("app.accounts.proof")
    assert module.__file__
    with open(module.__file__) as file:
        tree = ast.parse(file.read())
    assert not mutants.is_noticed(module, tree, tests)
    what, first = next(mutants.mutants(tree, ("is_asked",)))
    assert mutants.is_noticed(module, first, tests), what
    assert module.is_asked("offered", "trainer")  # here nothing was altered


@pytest.mark.pure
def test_every_function_that_is_named_exists() -> None:
    for target in mutants.TARGETS:
        module = importlib.import_module(target.module)
        assert [name for name in target.functions if not hasattr(module, name)] == []
        assert all((mutants.ROOT / test).exists() for test in target.tests), target.module
