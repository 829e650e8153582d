"""Real Anki takes the packages: whole, once, readable, with the memory the site has."""

import random
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.anki import queries
from app.anki.deck import Selection, build, deck_name
from app.anki.number import number_of
from app.bank.kinds import Blank, Single
from app.bank.queries import get_questions, list_question_ids
from app.ops.demo import simulate
from app.study.actions import import_simulated, suspend_card
from app.study.memory import REVIEW
from tests.anki.make import ALL, COMMON, NOW, ask_anki, make_progress, make_question
from tests.anki.test_deck import HOSTILE
from tests.conftest import Cast, Clock

pytestmark = pytest.mark.once


def write(path: Path, selection: Selection) -> Path:
    """Build a package into a file."""
    path.write_bytes(build(selection, NOW).content)
    return path


def by_id(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return notes or cards by question id."""
    return {row["guid"]: row for row in rows}


@pytest.mark.pure
def test_every_question_is_one_note_with_one_readable_card(tmp_path: Path) -> None:
    package = write(tmp_path / "d.apkg", Selection(ALL))
    seen = ask_anki(package, package)
    assert [log["new"] for log in seen["imports"]] == [5, 0]
    assert [log["notes"] for log in seen["imports"]] == [5, 5]
    assert [log["cards"] for log in seen["imports"]] == [5, 5]
    assert seen["sound"]
    assert [name for name in seen["note_types"] if name.startswith("学记")] == [
        "学记·填空题",
        "学记·客观题",
    ]
    cards = by_id(seen["cards"])
    assert {i: card["id"] for i, card in cards.items()} == {q.id: number_of(q.id) for q in ALL}
    for question in ALL:
        card = cards[question.id]
        assert (card["siblings"], card["deck"]) == (1, deck_name(question))
        assert question.stem.split("___")[0] in card["question"]
        assert "道理" in card["answer"]
        assert "《中国共产党章程》（2022年修改）第一条" in card["answer"]
        assert "道理" not in card["question"]
        assert not set("{}") & set(card["question"] + card["answer"])


@pytest.mark.pure
def test_hostile_text_is_shown_and_does_nothing(tmp_path: Path) -> None:
    single = Single(id="s", stem=HOSTILE, options=(HOSTILE, "x"), answer="A", **COMMON)
    blank = Blank(id="b", stem="x___y", answers=((HOSTILE,),), **COMMON)
    questions = tuple(make_question(c, explanation=HOSTILE) for c in (single, blank))
    seen = ask_anki(write(tmp_path / "d.apkg", Selection(questions)))
    for card in seen["cards"]:
        shown = card["question_html"] + card["answer_html"]
        assert card["siblings"] == 1
        assert "<script>alert" not in shown
        assert "[anki:play" not in shown
        assert "<anki-mathjax" not in shown
        assert "alert(1)" in card["answer"]
        assert "sound:a.mp3" in card["answer"]
    assert "alert(1)" not in by_id(seen["cards"])["b"]["question"]


@pytest.mark.pure
def test_a_second_import_adds_and_corrects_but_keeps_what_is_there(tmp_path: Path) -> None:
    first = write(tmp_path / "1.apkg", Selection(ALL[:3], {ALL[0].id: make_progress((0, 4))}))
    newer = make_question(ALL[0].content, explanation="新的道理", updated_at=1_795_000_000)
    progress = {ALL[0].id: make_progress((0, 4), (24 * 9, 1))}
    second = write(tmp_path / "2.apkg", Selection((newer, *ALL[1:]), progress))
    seen = ask_anki(first, second)
    assert [(log["new"], log["updated"]) for log in seen["imports"]] == [(3, 0), (2, 1)]
    assert seen["imports"][1]["notes"] == 5
    assert by_id(seen["notes"])["q-single"]["fields"]["解析"] == "新的道理"
    assert by_id(seen["notes"])["q-single"]["mod"] == 1_795_000_000
    assert by_id(seen["cards"])["q-single"]["reps"] == 1
    assert by_id(seen["cards"])["q-single"]["due"] == "2026-12-01"


@pytest.mark.pure
def test_what_a_member_wrote_stays_until_the_question_changes(tmp_path: Path) -> None:
    first = write(tmp_path / "1.apkg", Selection(ALL[:2]))
    later = int(time.time()) + 1000
    corrected = make_question(ALL[1].content, explanation="更正", updated_at=later)
    second = write(tmp_path / "2.apkg", Selection((ALL[0], corrected)))
    own = [f"--edit={question.id}" for question in ALL[:2]]
    notes = by_id(ask_anki(*own, first, second)["notes"])
    assert [notes[q.id]["fields"]["解析"] for q in ALL[:2]] == ["我的话", "更正"]


@pytest.mark.pure
def test_a_question_retired_later_gets_its_tag_and_stays(tmp_path: Path) -> None:
    first = write(tmp_path / "1.apkg", Selection(ALL[:2]))
    retired = replace(ALL[0], status="retired", updated_at=ALL[0].updated_at + 86_400)
    second = write(tmp_path / "2.apkg", Selection((retired, ALL[1])))
    seen = ask_anki(first, second)
    assert [log["notes"] for log in seen["imports"]] == [2, 2]
    assert "已停用" in by_id(seen["notes"])[retired.id]["tags"]


@pytest.mark.pure
def test_without_the_switches_everything_is_new(tmp_path: Path) -> None:
    progress = {ALL[0].id: make_progress((0, 4))}
    package = write(tmp_path / "d.apkg", Selection(ALL, progress))
    seen = ask_anki("--without-switches", package)
    assert {(card["type"], card["reps"]) for card in seen["cards"]} == {(0, 0)}
    assert seen["reviews"] == []


@pytest.mark.pure
def test_retired_questions_are_marked_and_not_asked(tmp_path: Path) -> None:
    retired = replace(ALL[0], status="retired")
    progress = {retired.id: make_progress((0, 4), suspended=True)}
    seen = ask_anki(write(tmp_path / "d.apkg", Selection((retired, ALL[1]), progress)))
    assert "已停用" in by_id(seen["notes"])[retired.id]["tags"]
    card = by_id(seen["cards"])[retired.id]
    assert (card["type"], card["queue"], card["due"]) == (2, -1, "2026-12-01")


@pytest.fixture
def studied(bank: Flask, cast: Cast, clock: Clock) -> int:
    """A member with 120 days of simulated answers, and two questions taken out."""
    member_id = cast.make_member("甲")
    asked, never = list_question_ids()[:-1], list_question_ids()[-1]
    questions = list(get_questions(asked).values())
    import_simulated(member_id, simulate(random.Random(7), questions, 120, clock()))
    suspend_card(member_id, asked[0], True)
    suspend_card(member_id, never, True)
    return member_id


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai"])
def test_memory_due_days_and_history_are_carried_whole(
    studied: int, tmp_path: Path, zone: str
) -> None:
    selection = queries.get_subject("dangzhang", studied, True)
    seen = ask_anki(write(tmp_path / "d.apkg", selection), zone=zone)
    cards, progress = by_id(seen["cards"]), selection.progress
    assert progress is not None
    assert len(cards) == len(progress) == 12
    assert sum(found.suspended for found in progress.values()) == 2
    for question_id, found in progress.items():
        check_card(cards[question_id], question_id, found, seen["reviews"])
    expected = sum(len(found.reviews) for found in progress.values())
    assert len(seen["reviews"]) == expected > 100
    assert seen["sound"]
    if zone == "Asia/Shanghai":
        check_recomputed(list(cards.values()))


def check_card(
    card: dict[str, Any], question_id: str, found: Any, reviews: list[dict[str, Any]]
) -> None:
    """Compare one card with what the site holds; Anki keeps 4 and 3 decimals of the memory."""
    assert (card["queue"] == -1) == found.suspended
    if found.card is None:
        assert (card["type"], card["reps"]) == (0, 0)
        return
    memory = found.card.memory
    due = memory.due_day if memory.state == REVIEW else found.card.due_at
    assert (card["type"], card["due"]) == (memory.state, str(due))
    assert (card["reps"], card["lapses"]) == (found.card.reps, found.card.lapses)
    assert card["stability"] == pytest.approx(memory.stability, rel=1e-4, abs=5.1e-5)
    assert card["difficulty"] == pytest.approx(memory.difficulty, rel=1e-4, abs=5.1e-4)
    assert card["desired_retention"] == pytest.approx(0.9)
    assert card["decay"] == pytest.approx(0.1542, abs=5.1e-4)
    assert card["last_review"] == found.card.last_at_ms // 1000
    assert (card["preset"], len(card["parameters"])) == ("学记", 21)
    own = [(r["id"], r["ease"]) for r in reviews if r["cid"] == number_of(question_id)]
    assert own == [(r.at_ms, r.rating) for r in found.reviews]


def check_recomputed(cards: list[dict[str, Any]]) -> None:
    """Anki's own reading of the history gives the memory that was stored."""
    answered = [card for card in cards if card["reps"]]
    assert answered
    for card in answered:
        assert card["recomputed_stability"] == pytest.approx(card["stability"], rel=1e-3)
        assert card["recomputed_difficulty"] == pytest.approx(card["difficulty"], rel=1e-3)


def test_two_exports_on_different_days_are_one_deck(
    studied: int, tmp_path: Path, clock: Clock
) -> None:
    first, second = tmp_path / "1.apkg", tmp_path / "2.apkg"
    selection = queries.get_subject("dangzhang", studied, True)
    first.write_bytes(build(selection, clock()).content)
    second.write_bytes(build(selection, clock() + timedelta(days=1)).content)
    seen = ask_anki(first, second)
    assert [log["new"] for log in seen["imports"]] == [12, 0]
    assert [log["updated"] for log in seen["imports"]] == [0, 0]
    assert sum(name.startswith("学记") for name in seen["note_types"]) == 2
    assert sum(name.startswith("学记") for name in seen["decks"]) == 4
