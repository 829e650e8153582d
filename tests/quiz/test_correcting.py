"""Extra time, and questions marked anew: old and new mark kept, the members told, others spared."""

from pathlib import Path
from typing import Any

import pytest

from app.bank.actions import publish_bank
from app.bank.queries import get_question, list_question_ids
from app.base.audit import list_entries
from app.base.db import db
from app.base.errors import Invalid, NotFound
from app.quiz import actions, queries
from app.quiz.models import RemarkRow
from app.quiz.paper import Plan
from app.quiz.queries.papers import find_paper
from app.quiz.window import GRACE
from tests.conftest import FIXTURE_BANK
from tests.quiz.conftest import HOUR, Room, viewer_of

QUESTION = "fx-a01-01"  # single choice; the fixture's key is B, 十八岁


def correct_bank(room: Room, folder: Path, *changes: tuple[str, str]) -> None:
    """Publish the test bank with words of its first chapter replaced."""
    for path in FIXTURE_BANK.rglob("*.toml"):
        text = path.read_text()
        for old, new in changes:
            if path.name == "ch1.toml":
                assert old in text
                text = text.replace(old, new, 1)
        target = folder / path.relative_to(FIXTURE_BANK)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    publish_bank(folder, room.clock())


KEY_C = ('"二十二岁"]\nanswer = "B"', '"二十二岁"]\nanswer = "C"')
TURNED = (
    'options = ["十六周岁", "十八岁", "二十周岁", "二十二岁"]\nanswer = "B"',
    'options = ["二十周岁", "十六周岁", "二十二岁", "十八岁"]\nanswer = "A"',
)
OTHER_WORDS = ('"二十二岁"]\nanswer = "B"', '"二十五岁"]\nanswer = "C"')


@pytest.fixture
def taken(room: Room) -> int:
    """A paper of one question that 甲 answered with B and 乙 with C, both handed in."""
    plan = Plan(picked=(QUESTION,), points={"single": 4})
    paper_id = room.make(plan)
    for who, response in ((room.member, [1]), (room.other, [2])):
        room.start(paper_id, who)
        room.answer(paper_id, 1, who=who, response=response)
        room.submit(paper_id, who=who)
    return paper_id


def scores(room: Room, paper_id: int) -> tuple[Any, Any]:
    """Return what 甲 and 乙 have."""
    return room.attempt(paper_id).score, room.attempt(paper_id, who=room.other).score


def remark(room: Room, paper_id: int, full: bool = False, reason: str = "答案有误") -> int:
    """Mark the question anew."""
    act = actions.remark_question
    return act(room.trainer, paper_id, QUESTION, full, reason, room.clock())


def test_a_corrected_key_marks_everybody_anew(room: Room, taken: int, tmp_path: Path) -> None:
    assert scores(room, taken) == (4.0, 0.0)
    correct_bank(room, tmp_path, KEY_C)
    assert scores(room, taken) == (4.0, 0.0)
    assert remark(room, taken) == 2
    assert scores(room, taken) == (0.0, 4.0)
    rows = db.session.scalars(db.select(RemarkRow).order_by(RemarkRow.member_id)).all()
    assert [(r.old_mark, r.new_mark, r.reason, r.revision) for r in rows] == [
        (4.0, 0.0, "答案有误", 2),
        (0.0, 4.0, "答案有误", 2),
    ]
    assert remark(room, taken) == 0
    assert scores(room, taken) == (0.0, 4.0)
    [entry] = [e for e in list_entries() if e.action == "quiz.remark_question"]
    assert (entry.actor_id, entry.subject) == (room.trainer.id, f"paper:{taken}")


def test_options_in_another_order_keep_their_meaning(
    room: Room, taken: int, tmp_path: Path
) -> None:
    correct_bank(room, tmp_path, TURNED)  # the key is now 二十周岁, which 乙 chose
    remark(room, taken)
    assert scores(room, taken) == (0.0, 4.0)
    room.clock.move(days=2)
    paper = find_paper(taken)
    assert paper
    [shown] = queries.get_result(room.other.id, paper, 1, room.clock()).slots
    assert (shown.given, shown.key, shown.mark) == ("二十周岁", "二十周岁", 4.0)
    assert [(r.old_mark, r.new_mark) for r in shown.remarks] == [(0.0, 4.0)]


def test_other_options_cannot_be_marked_by_but_everybody_can_get_the_points(
    room: Room, taken: int, tmp_path: Path
) -> None:
    correct_bank(room, tmp_path, OTHER_WORDS)
    with pytest.raises(Invalid, match="选项"):
        remark(room, taken)
    assert scores(room, taken) == (4.0, 0.0)
    assert remark(room, taken, full=True) == 2
    assert scores(room, taken) == (4.0, 4.0)
    room.clock.move(days=2)
    [answer] = queries.list_fed_answers(room.other.id, taken, 1)
    assert (answer.right, answer.turn) == (None, 1)


def test_without_a_correction_there_is_nothing_to_mark_by(room: Room, taken: int) -> None:
    with pytest.raises(Invalid, match="还没有更正"):
        remark(room, taken)
    with pytest.raises(Invalid, match="理由"):
        remark(room, taken, full=True, reason=" ")
    with pytest.raises(Invalid, match="理由"):
        remark(room, taken, full=True, reason="长" * 201)
    with pytest.raises(NotFound):
        actions.remark_question(room.trainer, taken, "fx-a05-01", True, "x", room.clock())
    assert db.session.scalars(db.select(RemarkRow)).all() == []


def test_a_second_correction_keeps_the_first(room: Room, taken: int, tmp_path: Path) -> None:
    correct_bank(room, tmp_path / "1", KEY_C)
    remark(room, taken)
    correct_bank(room, tmp_path / "2")
    remark(room, taken, reason="原来的对")
    assert scores(room, taken) == (4.0, 0.0)
    rows = db.session.scalars(
        db.select(RemarkRow).where(RemarkRow.member_id == room.member.id).order_by(RemarkRow.turn)
    )
    assert [(r.turn, r.old_mark, r.new_mark) for r in rows] == [(1, 4.0, 0.0), (2, 0.0, 4.0)]


def test_attempts_under_way_and_later_ones_are_marked_by_the_correction(
    room: Room, taken: int, tmp_path: Path
) -> None:
    third, fourth = (viewer_of(room.cast.make_member(n, unit="A")) for n in ("丙", "丁"))
    room.start(taken, third)
    room.answer(taken, 1, who=third, response=[2])
    correct_bank(room, tmp_path, KEY_C)
    assert remark(room, taken) == 2
    assert room.submit(taken, who=third).score == 4.0
    room.start(taken, fourth)
    assert room.slots(taken, who=fourth)[0].revision == 2
    room.answer(taken, 1, who=fourth, response=[2])
    assert room.submit(taken, who=fourth).score == 4.0
    assert get_question(QUESTION).revision == 2


def test_only_the_papers_own_trainers_mark_anew_or_give_time(room: Room, taken: int) -> None:
    below = viewer_of(room.cast.make_member("下级书记", role="trainer", unit="B"))
    with pytest.raises(NotFound):
        actions.remark_question(below, taken, QUESTION, True, "x", room.clock())
    with pytest.raises(NotFound):
        actions.extend_time(below, taken, room.other.id, 60, "x", room.clock())


def test_extra_time_before_and_during(room: Room) -> None:
    paper_id = room.make()
    give = actions.extend_time
    give(room.trainer, paper_id, room.member.id, 600, "视力不好", room.clock())
    room.start(paper_id)
    room.start(paper_id, room.other)
    start = room.now()
    assert room.attempt(paper_id).deadline == start + HOUR + 600
    assert room.attempt(paper_id, who=room.other).deadline == start + HOUR
    give(room.trainer, paper_id, room.other.id, 300, "断网", room.clock())
    give(room.trainer, paper_id, room.other.id, 300, "断网", room.clock())
    assert room.attempt(paper_id, who=room.other).deadline == start + HOUR + 300
    told = [e for e in list_entries(room.other.id) if e.action == "quiz.extend_time"]
    assert len(told) == 2
    assert queries.find_extra(room.other.id, paper_id) == 300


def test_extra_time_goes_beyond_closing_and_keeps_the_key_shut(room: Room) -> None:
    closes = room.now() + 600
    paper_id = room.make(closes_at=closes)
    room.start(paper_id)
    room.submit(paper_id)
    room.start(paper_id, room.other)
    extend = actions.extend_time
    extend(room.trainer, paper_id, room.other.id, 900, "停电", room.clock())
    room.clock.move(seconds=600 + GRACE + 1)
    paper = find_paper(paper_id)
    assert paper
    assert not queries.get_result(room.member.id, paper, 1, room.clock()).key_open
    room.answer(paper_id, 1, who=room.other)
    room.clock.move(seconds=900)
    assert queries.get_result(room.member.id, paper, 1, room.clock()).key_open


def test_an_attempt_that_ran_out_opens_again(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    room.answer(paper_id, 1)
    room.clock.move(seconds=HOUR + 60)
    actions.expire_attempts(room.clock(), paper_id=paper_id)
    extend = actions.extend_time
    extend(room.trainer, paper_id, room.member.id, 600, "手机没电", room.clock())
    attempt = room.attempt(paper_id)
    assert (attempt.state, attempt.submitted_at, attempt.score) == ("open", None, None)
    room.answer(paper_id, 2)
    assert room.submit(paper_id).score == 4.0


def test_it_stays_shut_once_the_key_was_shown_or_it_was_handed_in(room: Room) -> None:
    paper_id = room.make(key_shown="submission")
    room.start(paper_id)
    room.start(paper_id, room.other)
    room.submit(paper_id, who=room.other)
    room.clock.move(seconds=HOUR + 60)
    actions.expire_attempts(room.clock(), paper_id=paper_id)
    extend = actions.extend_time
    with pytest.raises(Invalid, match="答案已经公布"):
        extend(room.trainer, paper_id, room.member.id, 600, "x", room.clock())
    assert queries.find_extra(room.member.id, paper_id) == 0
    extend(room.trainer, paper_id, room.other.id, 600, "x", room.clock())
    assert room.attempt(paper_id, who=room.other).state == "submitted"


@pytest.mark.parametrize(("seconds", "reason"), [(-60, "x"), (6 * HOUR + 1, "x"), (60, "")])
def test_time_out_of_bounds_is_refused(room: Room, seconds: int, reason: str) -> None:
    paper_id = room.make()
    extend = actions.extend_time
    with pytest.raises(Invalid):
        extend(room.trainer, paper_id, room.member.id, seconds, reason, room.clock())


def test_nobody_gets_time_for_a_paper_that_is_not_theirs(room: Room) -> None:
    plan = Plan(picked=list_question_ids()[:1], points={})
    paper_id = room.make(plan, unit_id=room.cast.units["B"])
    extend = actions.extend_time
    with pytest.raises(NotFound):
        extend(room.trainer, paper_id, room.member.id, 60, "x", room.clock())
    extend(room.trainer, paper_id, room.other.id, 60, "x", room.clock())
