"""The gallery shows every component, in debug only."""

import re
from pathlib import Path

import pytest
from flask import Flask

from app.base.config import ROOT
from app.factory import create_app
from app.web.gallery import CHAPTERS
from tests.test_every_page import faults

MACRO = re.compile(r"{%-? macro (\w+)")
SHOWN = ("_components/*.html", "study/_*.html", "quiz/_*.html")


@pytest.fixture(scope="module")
def debug(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application in debug; the gallery reads nothing from a database."""
    folder = tmp_path_factory.mktemp("debug")
    uri = f"sqlite:///{folder / 'd.sqlite3'}"
    parts = {"DEBUG": True, "TESTING": True, "SECRET_KEY": "test", "DATA": folder}
    return create_app({**parts, "SQLALCHEMY_DATABASE_URI": uri})


@pytest.mark.once
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_chapter_keeps_the_house_rules(debug: Flask, chapter: str) -> None:
    reply = debug.test_client().get(f"/dev/components/{chapter}")
    assert reply.status_code == 200
    assert faults(reply.text) == []


@pytest.mark.once
def test_every_macro_is_shown(debug: Flask) -> None:
    client = debug.test_client()
    listed = client.get("/dev/components").text
    assert all(f"/dev/components/{chapter}" in listed for chapter in CHAPTERS)
    named = set[str]()
    for chapter in CHAPTERS:
        page = client.get(f"/dev/components/{chapter}").text
        for heading in re.findall(r"<h2>([a-z_, ]+)</h2>", page):
            named.update(heading.split(", "))
    made = {
        name
        for pattern in SHOWN
        for path in Path(ROOT / "templates").glob(pattern)
        for name in MACRO.findall(path.read_text())
    }
    assert made - named == {"script"}  # it has no looks


def test_without_debug_it_is_missing(app: Flask) -> None:
    client = app.test_client()
    missing = client.get("/no-such-page")
    for path in ("/dev/components", "/dev/components/parts"):
        reply = client.get(path)
        assert (reply.status_code, reply.data) == (404, missing.data)
