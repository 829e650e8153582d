"""The terminal writes the same package and refuses with a sentence."""

import json
import random
import zipfile
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app.bank.queries import get_questions, list_question_ids
from app.ops.demo import simulate
from app.study.actions import import_simulated, star_card
from tests.anki.make import NOW
from tests.conftest import Cast


@pytest.fixture
def member(bank: Flask, cast: Cast) -> int:
    """A member with a starred question."""
    member_id = cast.make_member("甲")
    star_card(member_id, list_question_ids()[0], True)
    return member_id


def run(app: Flask, *words: str | Path) -> Result:
    """Run `anki export` with these words."""
    return app.test_cli_runner().invoke(args=["anki", "export", *map(str, words)])


def test_export_counts_what_it_writes(bank: Flask, tmp_path: Path) -> None:
    file = tmp_path / "deck.apkg"
    result = run(bank, "--subject", "dangzhang", "-o", file, "--json")
    size = file.stat().st_size
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert found == {"notes": 12, "cards": 12, "reviews": 0, "bytes": size}
    assert zipfile.is_zipfile(file)


def test_progress_brings_every_review(bank: Flask, member: int, tmp_path: Path) -> None:
    unmarked = list(get_questions(list_question_ids()[1:]).values())
    stored = import_simulated(member, simulate(random.Random(1), unmarked, 20, NOW))
    words = ("--member", "甲", "-o", tmp_path / "d.apkg", "--json")
    with_it = run(bank, "--subject", "dangzhang", "--with-progress", *words)
    assert json.loads(with_it.stdout)["reviews"] == stored > 0
    assert json.loads(run(bank, "--subject", "dangzhang", *words).stdout)["reviews"] == 0


def test_marked_exports_what_the_member_marked(bank: Flask, member: int, tmp_path: Path) -> None:
    result = run(bank, "--marked", "--member", "甲", "-o", tmp_path / "d.apkg", "--json")
    assert json.loads(result.stdout)["notes"] == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--subject", "nothing"), "没有“nothing”这个科目"),
        (("--subject", "dangzhang", "--member", "无此人"), "没有找到“无此人”"),
        (("--subject", "dangzhang", "--with-progress"), "--member"),
        (("--marked",), "--member"),
        ((), "二者选一"),
        (("--subject", "dangzhang", "--marked", "--member", "甲"), "二者选一"),
    ],
)
def test_what_cannot_be_done_is_said(
    bank: Flask, member: int, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    file = tmp_path / "d.apkg"
    result = run(bank, *words, "-o", file)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert not file.exists()


def test_a_place_that_cannot_be_written_is_said(bank: Flask, tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "none" / "d.apkg"):
        result = run(bank, "--subject", "dangzhang", "-o", place)
        assert result.exit_code == 1
        assert "写不进" in result.stderr
        assert "Traceback" not in result.stderr
