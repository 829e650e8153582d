"""Reviews come home from real Anki: whole, once, whatever the layout, with Anki's own memory."""

import json
import os
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.anki import actions, queries
from app.anki.deck import build
from app.anki.number import number_of
from app.anki.reading import Found, read_safely
from app.bank.queries import get_questions, list_question_ids
from app.base.db import db
from app.base.ids import new_id
from app.ops.demo import simulate
from app.study.actions import answer_card, import_simulated, undo_answer
from app.study.card import Review
from app.study.models import ReviewRow
from app.study.queries import get_marks, list_drifted, list_histories
from app.study.tally import SELF_RATED
from tests.conftest import Cast, Clock
from tests.study.test_actions import sent

pytestmark = pytest.mark.once
LIFE = Path(__file__).with_name("life.py")
FILES = ("latest.apkg", "latest.colpkg", "legacy.apkg", "legacy.colpkg")


def live(package: Path, folder: Path, *words: str) -> dict[str, Any]:
    """Let real Anki study in its own process, and return what it has then."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "error",
            Path(__file__).with_name("life.py"),
            package,
            folder,
            *words,
        ],
        env={**os.environ, "TZ": "Asia/Shanghai"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def read(path: Path, member: int, now: datetime) -> Found:
    """Read a file as the page does."""
    return read_safely(path.read_bytes(), queries.list_readable_ids(member), now)


def bring(path: Path, member: int, now: datetime) -> actions.Merged:
    """Read a file and join its reviews to the member's."""
    return actions.bring_home(member, read(path, member, now), None, now)


def singles() -> list[str]:
    """Return the single choices of the bank."""
    return [q.id for q in get_questions(list_question_ids()).values() if q.kind == "single"]


def logged(member: int) -> dict[str, list[Review]]:
    """Return the member's counted reviews by question."""
    db.session.rollback()
    return {question: log for question, (_card, log) in list_histories(member).items()}


@pytest.fixture
def member(bank: Flask, cast: Cast, clock: Clock) -> int:
    """A member with three weeks of answers on the site, the last a week before the real now."""
    clock.moment = datetime.now(UTC)
    member_id = cast.make_member("甲")
    questions = list(get_questions(list_question_ids()).values())
    end = clock() - timedelta(days=8)
    import_simulated(member_id, simulate(random.Random(3), questions[:9], 21, end))
    return member_id


@pytest.fixture
def deck(member: int, tmp_path: Path, clock: Clock) -> Path:
    """The member's deck with progress."""
    path = tmp_path / "out.apkg"
    path.write_bytes(build(queries.get_subject("dangzhang", member, True), clock()).content)
    return path


def check_home(member: int, folder: Path, seen: dict[str, Any], now: datetime) -> None:
    """Bring four files home and compare with Anki: N, 0, 0, 0, and the same memory."""
    before = logged(member)
    held = sum(map(len, before.values()))
    made = len(seen["reviews"]) - held
    assert made > 0
    inserted = [bring(folder / name, member, now) for name in FILES]
    assert [one.new for one in inserted] == [made, 0, 0, 0]
    assert [one.known for one in inserted] == [held, *[held + made] * 3]
    after = logged(member)
    for question, log in before.items():
        assert [r for r in after[question] if r in log] == log
    assert list_drifted(member) == []
    cards = {q: card for q, (card, _log) in list_histories(member).items()}
    answered = {q: c["memory"] for q, c in seen["cards"].items() if c["memory"]}
    assert answered.keys() == cards.keys()
    for question, (stability, difficulty) in answered.items():
        assert cards[question].memory.stability == pytest.approx(stability, rel=0.005)
        assert cards[question].memory.difficulty == pytest.approx(difficulty, rel=0.005)


def test_six_days_in_anki_come_home(member: int, deck: Path, tmp_path: Path, clock: Clock) -> None:
    seen = live(deck, tmp_path / "exports", "--days", "6", "--a-day", "10")
    check_home(member, tmp_path / "exports", seen, clock())
    ways = {row.way for row in db.session.query(ReviewRow)}
    assert ways == {"simulated", SELF_RATED}


def test_tricks_in_anki_neither_add_nor_take_away_reviews(
    member: int, deck: Path, tmp_path: Path, clock: Clock
) -> None:
    """Undone is gone; forgotten, due set by hand, crammed add nothing; deleted ones still count."""
    folder = tmp_path / "exports"
    seen = live(deck, folder, "--days", "1", "--a-day", "8", "--tricks")
    before = logged(member)
    kinds = {(row[3], row[2] > 0, row[4] > 0) for row in seen["reviews"]}
    assert (4, False, False) in kinds  # forgotten
    assert (4, False, True) in kinds  # due set by hand
    assert any(kind == 3 and rated and not factor for kind, rated, factor in kinds)  # crammed
    merged = bring(folder / "latest.colpkg", member, clock())
    counted = [row for row in seen["reviews"] if row[2] > 0 and (row[3] < 3 or row[4] > 0)]
    assert merged.new + merged.known == len(counted)
    after = logged(member)
    assert after[seen["deleted"]][: len(before[seen["deleted"]])] == before[seen["deleted"]]
    for question, log in after.items():
        moments = [row[0] for row in counted if row[1] == number_of(question)]
        assert len(log) == len(moments), question
    assert bring(folder / "legacy.apkg", member, clock()).new == 0
    without = read(folder / "unscheduled.apkg", member, clock())
    assert (without.cards > 0, without.reviews) == (True, ())


def test_reviews_on_both_sides_become_one_history(
    member: int, deck: Path, tmp_path: Path, clock: Clock
) -> None:
    """While Anki was studied for three days, so was the site, and one answer was taken back."""
    folder = tmp_path / "exports"
    seen = live(deck, folder, "--days", "3", "--a-day", "6")
    clock.move(hours=-30)
    for question in singles():
        version = get_marks(member, question).version
        answer_card(member, sent(question, True, version), clock())
    gone, first = new_id(), singles()[0]
    clock.move(minutes=5)
    answer_card(member, sent(first, True, get_marks(member, first).version, gone), clock())
    undo_answer(member, gone, clock())
    clock.move(hours=30)
    before = logged(member)
    for name in FILES:
        bring(folder / name, member, clock())
    after = logged(member)
    names = {number_of(question): question for question in list_question_ids()}
    expected = {(names[row[1]], row[0]) for row in seen["reviews"] if row[2] > 0}
    expected |= {(question, r.at_ms) for question, log in before.items() for r in log}
    assert len(expected) > len([r for log in before.values() for r in log])
    merged = [(question, review.at_ms) for question, log in after.items() for review in log]
    assert sorted(merged) == sorted(expected)
    assert list_drifted(member) == []


def test_answers_of_one_millisecond_come_back_as_what_they_were(
    member: int, cast: Cast, tmp_path: Path, clock: Clock
) -> None:
    """Anki holds one review a millisecond, so the export moves the others on a little."""
    other = cast.make_member("乙")
    clock.move(days=-2)
    for question in singles():
        answer_card(other, sent(question), clock())
    before = logged(other)
    clock.move(days=2)
    package = tmp_path / "d.apkg"
    package.write_bytes(build(queries.get_subject("dangzhang", other, True), clock()).content)
    live(package, tmp_path, "--days", "0")
    for name in ("out.apkg", *FILES):
        path = package if name == "out.apkg" else tmp_path / name
        merged = bring(path, other, clock())
        assert (merged.new, merged.known) == (0, len(singles())), name
    assert logged(other) == before
