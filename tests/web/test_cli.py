"""The catalogue is brought up to date from the terminal."""

import json
import shutil
from pathlib import Path

import pytest
from flask import Flask

from app.web import cli
from app.web.i18n import CATALOGUE

pytestmark = pytest.mark.once


def test_words_update_changes_nothing_when_nothing_changed(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = Path(shutil.copy(CATALOGUE, tmp_path / "en.po"))
    monkeypatch.setattr(cli, "CATALOGUE", copy)
    done = app.test_cli_runner().invoke(args=["words", "update", "--json"])
    assert json.loads(done.stdout) == {"added": 0, "removed": 0}
    assert copy.read_text() == CATALOGUE.read_text()
