"""The table of security requirements names tests that exist, and says why where it names none."""

import ast
import re
from pathlib import Path

import pytest
from flask import Flask

TESTS = Path(__file__).parent
APP = TESTS.parent / "app"
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([123]) \| ([\w/]+) \| (.*?) \| (.*?) \|$", re.MULTILINE)
NAMED = re.compile(r"`([\w/]+\.py)(?:::(\w+))?`")
ASKED_FOR = {"1.2.10", "2.4.2", "5.2.5", "5.2.6", "5.3.3", "11.2.4", "15.4.1", "15.4.2"}


def rows() -> list[tuple[str, ...]]:
    """Return (number, level, state, where, test or reason) of each row."""
    return ROW.findall((TESTS / "asvs.md").read_text())


def exists(file: str, name: str) -> bool:
    """Say whether a test file is there, and the test in it when one is named."""
    path = TESTS / file
    if not path.exists():
        return False
    functions = {n.name for n in ast.parse(path.read_text()).body if isinstance(n, ast.FunctionDef)}
    return name in functions if name else any(one.startswith("test_") for one in functions)


@pytest.mark.pure
def test_every_requirement_has_one_row() -> None:
    numbers = [number for number, *_rest in rows()]
    assert len(numbers) == len(set(numbers)) == 261
    assert set(numbers) >= ASKED_FOR
    levels = {number for number, level, *_rest in rows() if level == "3"}
    assert levels == ASKED_FOR


@pytest.mark.pure
def test_every_named_test_exists_and_every_other_state_has_a_reason() -> None:
    for number, _level, state, where, told in rows():
        named = NAMED.findall(told)
        assert state in ("met", "partial", "operator", "n/a"), number
        assert all(exists(file, name) for file, name in named), (number, told)
        if state == "met":
            assert named, number
            assert where, number
        else:
            assert len(NAMED.sub("", told).strip(" ;")) > 5, number


@pytest.mark.pure
def test_places_that_are_named_exist() -> None:
    for number, _level, _state, where, _told in rows():
        for path in re.findall(r"(?:app|tests|static)/[\w/]+(?:\.py)?", where):
            assert (TESTS.parent / path).exists(), (number, path)


@pytest.mark.pure
def test_the_check_finds_a_test_that_is_not_there() -> None:
    assert exists("test_security_table.py", "test_every_requirement_has_one_row")
    assert not exists("test_security_table.py", "test_of_something_else")
    assert not exists("no_such_file.py", "")


@pytest.mark.pure
def test_no_code_is_made_of_text() -> None:
    """Nothing in the application compiles, evaluates or unpickles what it reads."""
    bad = {"eval", "exec", "compile", "__import__"}
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in bad, path
            if isinstance(node, ast.Import):
                assert not {a.name for a in node.names} & {"pickle", "marshal", "shelve"}, path


def test_trace_is_not_answered(app: Flask) -> None:
    assert not [r.endpoint for r in app.url_map.iter_rules() if "TRACE" in (r.methods or ())]
    assert app.test_client().open("/sign-in", method="TRACE").status_code == 405
