"""Item analysis of a paper: figures from five people on, first attempts, keys as corrected."""

import json
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from app.assess.options import STRONG_CHOSE
from app.assess.queries import get_paper_analysis
from app.assess.responses import chosen, item_as_corrected, item_of
from app.bank.kinds import Single
from app.bank.queries import Question, get_question, list_question_ids
from app.base.db import db
from app.base.errors import NotFound
from app.quiz.models import SlotRow
from tests.conftest import Cast, Clock
from tests.quiz.conftest import Room, viewer_of


@pytest.fixture
def room(bank: Flask, cast: Cast, clock: Clock) -> Room:
    """A unit with a trainer in which papers are made and taken."""
    return Room(bank, cast, clock)


def sit(room: Room, paper_id: int, people: int, wrong: int = 0) -> None:
    """Let people take a paper: the first `wrong` miss the first question of the bank."""
    for n in range(people):
        name = f"考生{n}"
        if name not in room.cast.people:
            room.cast.make_member(name, unit="A")
        who = viewer_of(room.cast.people[name])
        number = room.start(paper_id, who)
        for row in room.slots(paper_id, number, who):
            right = row.question_id != list_question_ids()[0] or n >= wrong
            room.answer(paper_id, row.slot, right, number, who)
        room.submit(paper_id, number, who)


def test_nothing_is_shown_of_four_people_and_all_of_five(room: Room, clock: Clock) -> None:
    paper_id = room.make()
    sit(room, paper_id, 4, wrong=2)
    few = get_paper_analysis(room.trainer, paper_id, clock())
    assert (few.people, few.whole, few.marks, few.lines) == (4, None, None, ())
    sit_more(room, paper_id)
    found = get_paper_analysis(room.trainer, paper_id, clock())
    assert found.people == 5
    first = found.lines[0].figures
    assert first is not None
    assert first.facility == pytest.approx(3 / 5)
    assert found.whole is not None
    assert found.whole.same_paper
    assert found.marks is not None


def sit_more(room: Room, paper_id: int) -> None:
    """Let a fifth person take the paper."""
    who = viewer_of(room.cast.make_member("考生四", unit="A"))
    number = room.start(paper_id, who)
    for slot in range(1, len(room.slots(paper_id, number, who)) + 1):
        room.answer(paper_id, slot, True, number, who)
    room.submit(paper_id, number, who)


def test_only_first_attempts_count_unless_asked(room: Room, clock: Clock) -> None:
    paper_id = room.make(attempts_allowed=2)
    sit(room, paper_id, 5, wrong=5)
    clock.move(minutes=5)
    sit(room, paper_id, 5, wrong=0)
    firsts = get_paper_analysis(room.trainer, paper_id, clock())
    every = get_paper_analysis(room.trainer, paper_id, clock(), firsts=False)
    assert [firsts.lines[0].answers, every.lines[0].answers] == [5, 10]
    assert firsts.lines[0].figures is not None
    assert every.lines[0].figures is not None
    assert [firsts.lines[0].figures.facility, every.lines[0].figures.facility] == [0, 0.5]


def test_who_only_watches_sees_it_when_the_paper_is_over(room: Room, clock: Clock) -> None:
    paper_id = room.make()
    sit(room, paper_id, 5)
    below = viewer_of(room.cast.make_member("乙书记", role="trainer", unit="B"))
    early = get_paper_analysis(below, paper_id, clock())
    assert (early.open_key, early.whole) == (False, None)
    clock.move(days=2)
    assert get_paper_analysis(below, paper_id, clock()).whole is not None
    room.cast.make_unit("Z")
    stranger = viewer_of(room.cast.make_member("外", role="trainer", unit="Z"))
    with pytest.raises(NotFound):
        get_paper_analysis(stranger, paper_id, clock())


def test_the_page_says_check_the_key_when_the_strong_chose_another(
    room: Room, clock: Clock
) -> None:
    """Twenty answers: the ten who have everything else right chose B where the file says A."""
    paper_id = room.make()
    sit(room, paper_id, 20)
    slot = next(
        s for s in room.slots(paper_id, 1, viewer_of(room.cast.people["考生0"])) if is_single(s)
    )
    key, other = item_of(get_question(slot.question_id)).key[0], 0
    other = 1 if key == 0 else 0
    rows = db.session.scalars(db.select(SlotRow).filter_by(paper_id=paper_id, number=1)).all()
    strong = set(sorted({row.member_id for row in rows})[:10])
    for row in rows:
        if row.question_id == slot.question_id:
            picked = other if row.member_id in strong else key
            row.response = json.dumps([picked])
            row.mark, row.right = (0.0, False) if picked == other else (float(row.points), True)
        elif row.member_id not in strong:
            row.mark, row.right = 0.0, False
    db.session.commit()
    found = get_paper_analysis(room.trainer, paper_id, clock())
    line = next(one for one in found.lines if one.question.id == slot.question_id)
    assert line.figures is not None
    assert (STRONG_CHOSE, other) in line.figures.flags
    page = room.cast.sign_in("书记").get(f"/paper-desk/{paper_id}/analysis").text
    assert f"能力强的人多选 {'ABCD'[other]}：请核对答案。" in page
    assert "平均得分 ÷ 满分" in page
    assert "考生" not in page


def is_single(slot: SlotRow) -> bool:
    """Say whether a slot asks a single choice."""
    return get_question(slot.question_id).kind == "single"


def test_responses_are_read_as_options() -> None:
    assert chosen("single", "[2]") == (2,)
    assert chosen("multiple", "[0, 2]") == (0, 2)
    assert (chosen("truefalse", "true"), chosen("truefalse", "false")) == ((0,), (1,))
    assert (chosen("blank", '["x"]'), chosen("single", None)) == (None, None)


def test_a_corrected_key_is_found_by_the_words(bank: Flask) -> None:
    asked = next(q for q in map(get_question, list_question_ids()) if isinstance(q.content, Single))
    item = item_of(asked)
    turned = tuple(reversed(options_of(asked)))
    answer = "ABCD"[turned.index(options_of(asked)[1])]
    later = replace(asked, content=with_options(asked, turned, answer))
    assert item_as_corrected(asked, later) == item._replace(key=(1,))
    gone = replace(asked, content=with_options(asked, (*turned[:-1], "别的"), answer))
    assert item_as_corrected(asked, gone) == item


def options_of(question: Question) -> tuple[str, ...]:
    """Return the options of a choice."""
    assert isinstance(question.content, Single)
    return question.content.options


def with_options(question: Question, options: tuple[str, ...], answer: str) -> Any:
    """Return the content with other options and another key."""
    import msgspec

    return msgspec.structs.replace(question.content, options=options, answer=answer)
