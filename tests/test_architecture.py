"""The house rules: rooms import only from below, pure files stay pure, and the check can fail."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure

APP = Path(__file__).parents[1] / "app"
LEVELS = {
    "base": 0,
    "web": 1,
    "accounts": 2,
    "bank": 2,
    "org": 3,
    "authoring": 4,
    "quiz": 5,
    "study": 6,
    "assign": 7,
    "assess": 8,
    "anki": 8,
    "ops": 9,
    "factory": 10,
    "wsgi": 11,
    "__main__": 11,
}
SHELL = {"models", "queries", "actions", "forms", "views", "cli", "log"}
SHELL |= {"login", "demo"}  # accounts.login binds Flask-Login; ops.demo drives the rooms
SHELL |= {"metrics"}  # ops.metrics counts answers
IMPURE_ROOMS = {"base", "web"}
IMPURE = ("flask", "sqlalchemy", "flask_login", "flask_wtf", "flask_sqlalchemy", "app.base.db")


def imports(source: str) -> Iterator[str]:
    """Yield every module name imported anywhere in `source`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def room_faults(room: str, source: str) -> list[str]:
    """Return the imports in `source` that a file of `room` may not make."""
    faults = []
    for name in imports(source):
        parts = name.split(".")
        if parts[0] != "app" or len(parts) < 2 or parts[1] == room:
            if name == "app" and room not in ("factory", "wsgi"):
                faults.append(name)
            continue
        upwards = LEVELS[parts[1]] >= LEVELS[room]
        views = "views" in parts[2:] and room not in ("factory", "wsgi")
        models = "models" in parts[2:] and room != "factory"
        if upwards or views or models:
            faults.append(name)
    return faults


def purity_faults(source: str) -> list[str]:
    """Return the imports that a pure file may not make."""
    return [n for n in imports(source) if n.startswith(IMPURE) and n not in ("flask_babel",)]


def files() -> list[Path]:
    """Return every Python file of the application."""
    return sorted(APP.rglob("*.py"))


def room_of(path: Path) -> str:
    """Return the room a file belongs to."""
    return path.relative_to(APP).parts[0].removesuffix(".py")


def is_pure(path: Path) -> bool:
    """Say whether a file is a pure noun of the domain."""
    parts = path.relative_to(APP).with_suffix("").parts
    if len(parts) == 1 or parts[0] in IMPURE_ROOMS or parts[1] in SHELL:
        return False
    return parts[1] != "__init__"


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(APP)))
def test_imports_point_downwards(path: Path) -> None:
    room = room_of(path)
    if room != "__init__":
        assert room_faults(room, path.read_text()) == []


@pytest.mark.parametrize(
    "path", [p for p in files() if is_pure(p)], ids=lambda p: str(p.relative_to(APP))
)
def test_pure_files_stay_pure(path: Path) -> None:
    assert purity_faults(path.read_text()) == []


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(APP)))
def test_files_say_what_they_are_for_and_stay_readable(path: Path) -> None:
    source = path.read_text()
    assert ast.get_docstring(ast.parse(source)), "a module needs a sentence saying what it is for"
    assert len(source.splitlines()) <= 400


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(APP)))
def test_only_actions_commit(path: Path) -> None:
    if path.relative_to(APP).parts not in (("base", "db.py"), ("base", "postgres.py")):
        assert ".commit(" not in path.read_text()


def test_no_file_asks_the_machine_for_the_time_but_the_clock() -> None:
    asking = [
        p for p in files() if "datetime.now(" in p.read_text() or "time.time(" in p.read_text()
    ]
    assert asking == [APP / "base" / "clock.py"]


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("base", "from app.web import paging"),
        ("bank", "from app.accounts.queries import get_user"),
        ("accounts", "from app.org.queries import get_unit"),
        ("study", "import app.anki.deck"),
        ("study", "from app.bank.models import Question"),
        ("org", "from app.accounts.views import blueprint"),
        ("bank", "from app import factory"),
    ],
)
def test_the_check_finds_a_planted_import(room: str, line: str) -> None:
    assert room_faults(room, line)


def test_the_check_finds_planted_impurity() -> None:
    assert purity_faults("from flask import request") == ["flask"]
    assert purity_faults("def f():\n    import sqlalchemy.orm") == ["sqlalchemy.orm"]
