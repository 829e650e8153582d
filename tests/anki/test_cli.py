"""The terminal writes the same package and refuses with a sentence."""

import json
import random
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app.anki.deck import Selection, build
from app.anki.progress import Progress
from app.bank.queries import get_question, get_questions, list_question_ids
from app.ops.demo import simulate
from app.study.actions import import_simulated, star_card
from app.study.card import replay
from app.study.queries import list_drifted
from tests.anki.make import NOW, make_reviews
from tests.conftest import Cast, Clock


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
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["notes"] == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--subject", "nothing"), "没有“nothing”这个科目"),
        (("--subject", "dangzhang", "--member", "无此人"), "没有找到“无此人”"),
        (("--subject", "dangzhang", "--with-progress"), "--member"),
        (("--marked",), "--member"),
        ((), "只写一个"),
        (("--subject", "dangzhang", "--marked", "--member", "甲"), "只写一个"),
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


def test_a_chapter_and_the_units_deck(bank: Flask, cast: Cast, tmp_path: Path) -> None:
    cast.make_unit("A")
    file = tmp_path / "d.apkg"
    chapter = run(bank, "--subject", "dangzhang", "--chapter", "ch1", "-o", file, "--json")
    assert 0 < json.loads(chapter.stdout)["notes"] < 12
    assert json.loads(run(bank, "--unit", "A", "-o", file, "--json").stdout)["notes"] == 12
    for words, sentence in (
        (("--chapter", "ch1"), "只写一个"),
        (("--unit", "none"), "没有这个单位"),
        (("--paper", "1", "--member", "nobody"), "没有找到"),
    ):
        result = run(bank, *words, "-o", file)
        assert (result.exit_code, sentence in result.stderr) == (1, True)


def test_what_was_exported_comes_home_as_known(
    bank: Flask, member: int, cast: Cast, clock: Clock, tmp_path: Path
) -> None:
    unmarked = list(get_questions(list_question_ids()[1:]).values())
    stored = import_simulated(member, simulate(random.Random(1), unmarked, 20, NOW))
    file = tmp_path / "d.apkg"
    run(bank, "--subject", "dangzhang", "--with-progress", "--member", "甲", "-o", file)
    other = cast.make_member("乙")
    counts = {"reviews_found": stored, "reviews_new": 0, "reviews_known": stored}
    for name, new in (("甲", 0), ("乙", stored), ("乙", 0)):
        done = bank.test_cli_runner().invoke(
            args=["anki", "import", str(file), "--member", name, "--json"]
        )
        counts |= {"reviews_new": new, "reviews_known": stored - new}
        told = json.loads(done.stdout)
        assert told == {"layout": "anki2", "cards": 12, "refused": [], **counts}
    assert list_drifted(other) == []


def test_refused_rows_and_files_are_told(bank: Flask, member: int, tmp_path: Path) -> None:
    question = get_question(list_question_ids()[0])
    reviews = make_reviews((0, 3), start=NOW + timedelta(days=1))
    progress = {question.id: Progress(replay(reviews), reviews)}
    file = tmp_path / "d.apkg"
    file.write_bytes(build(Selection((question,), progress), NOW).content)
    words = ["anki", "import", str(file), "--member", "甲"]
    done = bank.test_cli_runner().invoke(args=[*words, "--json"])
    assert json.loads(done.stdout)["refused"] == [
        {"row": 1, "reason": "时间在将来，请检查那台设备的时钟"}
    ]
    file.write_text("no package")
    done = bank.test_cli_runner().invoke(args=words)
    assert (done.exit_code, "不是 Anki" in done.stderr) == (1, True)
