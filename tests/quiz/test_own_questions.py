"""A paper asks the public bank and the own questions of its unit and those above, no others."""

from dataclasses import replace

import pytest

from app.accounts.queries import Viewer
from app.bank.actions.own import add_own_question, retire_own_question
from app.bank.kinds import TrueFalse
from app.bank.queries import get_question
from app.base.db import transaction
from app.base.errors import Invalid, NotFound
from app.org.actions import merge_units
from app.quiz import actions, queries
from app.quiz.paper import Plan
from tests.quiz.conftest import Room, rule, viewer_of


@pytest.fixture
def trainer_of_b(room: Room) -> Viewer:
    """A trainer of the unit below."""
    return viewer_of(room.cast.make_member("组长", role="trainer", unit="B"))


def add(room: Room, unit: str, question_id: str) -> str:
    """Give a unit a question of its own."""
    content = TrueFalse(
        id=question_id,
        provision="own",
        stem=f"{unit} 的会议室在二楼。",
        difficulty="know",
        explanation="见门牌。",
        answer=True,
    )
    with transaction() as session:
        unit_id = room.cast.units[unit]
        return add_own_question(session, unit_id, unit, content, room.trainer.id, room.clock())


def asked(room: Room, paper_id: int) -> set[str]:
    """Return what a published paper asks or may draw."""
    found = queries.get_desk_paper(room.trainer, paper_id).paper
    return {item.question_id for item in found.items}


@pytest.fixture
def own(room: Room) -> dict[str, str]:
    """One own question each of A, of B below it, and of C beside them, by unit."""
    room.cast.make_unit("C")
    return {unit: add(room, unit, f"own-{unit.lower()}-1") for unit in "ABC"}


def sort_of(question_id: str) -> str:
    """Return the subject that a unit's own questions are."""
    return get_question(question_id).subject


def test_a_paper_may_ask_what_everybody_it_is_for_may_meet(room: Room, own: dict[str, str]) -> None:
    def found(unit_id: int | None) -> set[str]:
        return {q.id for q in queries.find_questions("会议室", "", "", "", "", unit_id)}

    assert found(room.cast.units["A"]) == {own["A"]}
    assert found(room.cast.units["B"]) == {own["A"], own["B"]}
    assert found(None) == set()
    assert len(queries.list_candidates(None)) == 12
    assert len(queries.list_candidates(room.cast.units["B"])) == 14


def test_a_pool_holds_no_other_units_own(room: Room, own: dict[str, str]) -> None:
    everything = Plan(rules=(rule(1),))
    of_a = room.make(everything, mode="practice", per_person=True)
    of_b = room.make(everything, mode="practice", per_person=True, unit_id=room.cast.units["B"])
    assert asked(room, of_a) & set(own.values()) == {own["A"]}
    assert asked(room, of_b) & set(own.values()) == {own["A"], own["B"]}


def test_a_rule_for_another_units_own_lacks_them(room: Room, own: dict[str, str]) -> None:
    with pytest.raises(Invalid, match="第 1 条"):
        room.make(Plan(rules=(rule(1, subject=sort_of(own["B"])),)))
    of_a = Plan(rules=(rule(1, subject=sort_of(own["A"])),))
    assert asked(room, room.make(of_a)) == {own["A"]}
    with pytest.raises(Invalid, match="第 1 条"):
        queries.preview_draw(of_a.rules, "x", frozenset())
    assert len(queries.preview_draw(of_a.rules, "x", frozenset(), room.cast.units["A"])) == 1


def test_another_units_own_cannot_be_picked(room: Room, own: dict[str, str]) -> None:
    paper_id = room.make(Plan(), publish=False)
    count = actions.pick_questions(room.trainer, paper_id, own.values(), (), room.clock())
    assert count == 1
    assert queries.get_desk_paper(room.trainer, paper_id).paper.plan.picked == (own["A"],)
    with pytest.raises(Invalid, match="1 道是别的单位自编的"):
        room.make(Plan(picked=(own["A"], own["B"])), publish=False)


def test_a_paper_cannot_carry_own_questions_to_another_unit(
    room: Room, own: dict[str, str]
) -> None:
    plan, unit_b = Plan(picked=(own["B"],)), room.cast.units["B"]
    paper_id = room.make(plan, publish=False, unit_id=unit_b)
    terms = room.terms(unit_id=unit_b)
    wider = replace(terms, unit_id=room.cast.units["A"])
    with pytest.raises(Invalid, match="别的单位自编的") as caught:
        actions.change_paper(room.trainer, paper_id, wider, plan, room.clock())
    assert "unit" in caught.value.fields
    actions.publish_paper(room.trainer, paper_id, room.clock())
    room.start(paper_id, room.other)
    room.answer(paper_id, 1, who=room.other)
    assert room.submit(paper_id, who=room.other).score == 1.0


def test_what_is_asked_stays_when_the_unit_stops_asking_it(room: Room, own: dict[str, str]) -> None:
    paper_id = room.make(Plan(picked=(own["A"],)))
    with transaction() as session:
        retire_own_question(session, own["A"], room.trainer.id, room.clock())
    room.start(paper_id)
    assert [slot.question_id for slot in room.slots(paper_id)] == [own["A"]]
    with pytest.raises(Invalid, match="1 道已经停用"):
        room.make(Plan(picked=(own["A"],)), mode="practice")


def test_the_pages_offer_them(room: Room, own: dict[str, str], trainer_of_b: Viewer) -> None:
    client = room.cast.sign_in("组长")
    page = client.get("/paper-desk/new").text
    assert f'value="{sort_of(own["A"])}"' in page
    assert f'value="{sort_of(own["B"])}"' in page
    assert f'value="{sort_of(own["C"])}"' not in page
    form = {
        "title": "支部测验",
        "mode": "exam",
        "unit": str(room.cast.units["B"]),
        "duration": "30",
        "attempts": "1",
        "pass_percent": "60",
        "key_shown": "closing",
        "single": "2",
        "multiple": "3",
        "truefalse": "1",
        "blank": "2",
        "order": "3",
        "rules-0-scope": sort_of(own["B"]),
        "rules-0-count": "1",
        "rules-0-points": "5",
        "do": "preview",
    }
    assert "B 的会议室在二楼。" in client.post("/paper-desk/new", data=form).text
    elsewhere = client.post("/paper-desk/new", data={**form, "unit": str(room.cast.units["C"])})
    assert elsewhere.status_code == 422
    assert "会议室" not in elsewhere.text
    paper_id = room.make(Plan(), publish=False, unit_id=room.cast.units["B"])
    found = client.get(f"/paper-desk/{paper_id}/pick?q=会议室").text
    assert own["A"] in found
    assert own["B"] in found
    assert own["C"] not in found


def test_papers_and_questions_go_along_when_a_unit_is_merged(
    room: Room, own: dict[str, str], trainer_of_b: Viewer
) -> None:
    unit_b, unit_c = room.cast.units["B"], room.cast.units["C"]
    room.cast.make_member("丙", unit="C")
    leader = viewer_of(room.cast.make_member("丙书记", role="trainer", unit="C"))
    paper_id = room.make(Plan(picked=(own["B"],)), unit_id=unit_b)
    draft = room.make(Plan(), publish=False, unit_id=unit_b)
    with pytest.raises(NotFound):
        queries.get_desk_paper(leader, paper_id)
    merge_units(unit_b, unit_c, room.clock(), None)
    person = viewer_of(room.other.id)
    assert [o.paper.id for o in queries.list_offers(person, room.clock())] == [paper_id]
    assert room.start(paper_id, person) == 1
    assert {p.paper.id for p in queries.list_desk_papers(leader, 9, 0)[0]} == {paper_id, draft}
    desk = queries.get_desk_paper(leader, paper_id)
    assert desk.may_change
    names = {one.person.name for one in queries.list_progress(desk, 9, 0)}
    assert names == {"乙", "组长", "丙", "丙书记"}
    actions.extend_time(leader, paper_id, person.id, 600, "病假", room.clock())
    picks = actions.pick_questions(leader, draft, (own["B"], own["C"]), (), room.clock())
    assert picks == 2
    with pytest.raises(Invalid, match="已经关闭"):
        room.make(Plan(), publish=False, unit_id=unit_b)
