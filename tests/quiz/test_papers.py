"""Papers are made, filled, published and closed by those who may, or nothing is changed."""

from dataclasses import replace
from typing import Any

import pytest

from app.bank.kinds import KINDS
from app.bank.queries import list_question_ids
from app.base.audit import list_entries
from app.base.errors import Invalid, NotFound, Stale
from app.quiz import actions, queries
from app.quiz.paper import Paper, Plan
from app.quiz.queries.papers import find_paper
from tests.quiz.conftest import HOUR, Room, rule, viewer_of


def paper(paper_id: int) -> Paper:
    """Return a paper as it stands."""
    found = find_paper(paper_id)
    assert found is not None
    return found


def test_a_paper_by_hand_keeps_kinds_together(room: Room) -> None:
    points = {"single": 2, "multiple": 3, "truefalse": 1, "blank": 2, "order": 4}
    paper_id = room.make(Plan(picked=list_question_ids(), points=points))
    asked = [queries.find_questions("", k, "", "", "") for k in points]
    assert [len(one) for one in asked] == [4, 2, 2, 2, 2]
    found = paper(paper_id)
    kinds = [q.kind for one in asked for q in one]
    assert [item.points for item in found.items] == [points[k] for k in kinds]
    assert found.state == "published"


def test_a_paper_by_rules_is_the_same_for_everybody(room: Room) -> None:
    paper_id = room.make(Plan(rules=(rule(2, 3, kind="single"), rule(1, 5, chapter="gp"))))
    room.start(paper_id)
    room.start(paper_id, room.other)
    mine = [s.question_id for s in room.slots(paper_id)]
    assert mine == [s.question_id for s in room.slots(paper_id, who=room.other)]
    assert sorted(s.points for s in room.slots(paper_id)) == [3, 3, 5]


def test_an_impossible_blueprint_says_which_rule_and_changes_nothing(room: Room) -> None:
    plan = Plan(rules=(rule(1, kind="single"), rule(3, kind="order")))
    paper_id = room.make(plan, publish=False)
    with pytest.raises(Invalid, match="第 2 条要 3 题，题库里只有 2 题，缺 1 题"):
        actions.publish_paper(room.trainer, paper_id, room.clock())
    assert paper(paper_id).state == "draft"
    assert paper(paper_id).items == ()
    assert not [e for e in list_entries() if e.action == "quiz.publish_paper"]


@pytest.mark.parametrize(
    ("field", "parts"),
    [
        ("title", {"title": "  "}),
        ("title", {"title": "长" * 81}),
        ("mode", {"mode": "race"}),
        ("duration", {"duration_s": 59}),
        ("duration", {"duration_s": None, "closes_at": None}),
        ("closes", {"opens_at": 2**40}),
        ("attempts", {"attempts_allowed": 51}),
        ("pass_percent", {"pass_percent": 101}),
        ("key_shown", {"attempts_allowed": 2, "key_shown": "submission"}),
    ],
)
def test_terms_that_make_no_sense_are_refused(
    room: Room, field: str, parts: dict[str, Any]
) -> None:
    with pytest.raises(Invalid) as caught:
        room.make(publish=False, **parts)
    assert field in caught.value.fields
    assert queries.list_counts() == []


@pytest.mark.parametrize(
    "plan",
    [
        Plan(rules=(rule(1),) * 21),
        Plan(rules=(rule(0),)),
        Plan(rules=(rule(1, 0),)),
        Plan(rules=(rule(150), rule(51))),
        Plan(points={"single": 0}),
        Plan(points={"essay": 2}),
    ],
)
def test_plans_out_of_bounds_are_refused(room: Room, plan: Plan) -> None:
    with pytest.raises(Invalid):
        room.make(plan, publish=False)


def test_weekly_needs_rules(room: Room) -> None:
    with pytest.raises(Invalid, match="每周"):
        room.make(mode="weekly", publish=False)


def test_an_empty_paper_and_one_that_is_over_are_not_published(room: Room) -> None:
    with pytest.raises(Invalid, match="没有题"):
        room.make(Plan())
    paper_id = room.make(publish=False)
    room.clock.move(days=2)
    with pytest.raises(Invalid, match="过去"):
        actions.publish_paper(room.trainer, paper_id, room.clock())


def test_publishing_twice_is_harmless_and_then_nothing_changes_any_more(room: Room) -> None:
    paper_id = room.make()
    before = paper(paper_id)
    actions.publish_paper(room.trainer, paper_id, room.clock())
    assert paper(paper_id) == before
    with pytest.raises(Stale):
        actions.change_paper(room.trainer, paper_id, room.terms(), Plan(), room.clock())
    with pytest.raises(Stale):
        actions.pick_questions(room.trainer, paper_id, [], list_question_ids(), room.clock())
    with pytest.raises(Stale):
        actions.discard_paper(room.trainer, paper_id, room.clock())
    assert paper(paper_id) == before


def test_questions_are_picked_once_and_taken_off(room: Room) -> None:
    paper_id = room.make(Plan(), publish=False)
    first, second, *_rest = list_question_ids()
    pick = actions.pick_questions
    assert pick(room.trainer, paper_id, [first, first, "no-such"], [], room.clock()) == 1
    assert pick(room.trainer, paper_id, [second, first], [], room.clock()) == 2
    assert pick(room.trainer, paper_id, [], [first], room.clock()) == 1
    assert paper(paper_id).plan.picked == (second,)


def test_papers_at_the_same_time_do_not_share_reserved_questions(room: Room) -> None:
    first = room.make(title="甲卷", reserved=True)
    with pytest.raises(Invalid, match="《甲卷》时间重叠，又有 12 道相同的保留题"):
        room.make(title="乙卷", mode="practice")
    later = room.now() + 30 * HOUR
    room.make(title="丙卷", opens_at=later, closes_at=later + HOUR)
    actions.close_paper(room.trainer, first, "换卷", room.clock())
    room.make(title="乙卷", closes_at=room.now() + HOUR)
    with pytest.raises(Invalid, match="《乙卷》时间重叠"):
        room.make(title="丁卷", reserved=True)


def test_rules_leave_out_what_another_paper_keeps(room: Room) -> None:
    singles = tuple(q.id for q in queries.find_questions("", "single", "", "", ""))
    open_pool = room.make(Plan(rules=(rule(3, kind="single"),)), mode="practice", per_person=True)
    room.make(Plan(picked=singles[:2], points={}), reserved=True)
    fixed = room.make(Plan(rules=(rule(2, kind="single"),)))
    assert {item.question_id for item in paper(fixed).items} == set(singles[2:])
    with pytest.raises(Invalid, match=r"第 1 条要 3 题.*有 2 题正为别的试卷保留"):
        room.make(Plan(rules=(rule(3, kind="single"),)))
    room.start(open_pool)  # two would be free, three are asked: begun all the same
    assert len(room.slots(open_pool)) == 3


def test_an_open_pool_leaves_out_what_is_reserved_later(room: Room) -> None:
    open_pool = room.make(Plan(rules=(rule(4),)), mode="practice", per_person=True)
    kept = list_question_ids()[:8]
    room.make(Plan(picked=kept, points={}), reserved=True)
    room.start(open_pool)
    assert {s.question_id for s in room.slots(open_pool)} == set(list_question_ids()[8:])


def test_acts_of_trainers_are_recorded(room: Room) -> None:
    paper_id = room.make()
    actions.close_paper(room.trainer, paper_id, "换卷", room.clock())
    acts = [(e.action, e.actor_id) for e in list_entries() if e.subject == f"paper:{paper_id}"]
    assert acts == [
        (f"quiz.{act}", room.trainer.id) for act in ("close_paper", "publish_paper", "make_paper")
    ]


def test_nobody_touches_papers_of_other_units(room: Room) -> None:
    room.cast.make_unit("C")
    stranger = viewer_of(room.cast.make_member("别处书记", role="trainer", unit="C"))
    below = viewer_of(room.cast.make_member("下级书记", role="trainer", unit="B"))
    paper_id = room.make(publish=False)
    with pytest.raises(NotFound):
        actions.make_paper(stranger, room.terms(), Plan(), room.clock())
    for whoever in (stranger, below, room.member):
        for act in (actions.publish_paper, actions.discard_paper):
            with pytest.raises(NotFound):
                act(whoever, paper_id, room.clock())
        with pytest.raises(NotFound):
            actions.close_paper(whoever, paper_id, "换卷", room.clock())
        times = actions.Times(None, room.now() + HOUR, "提前", 0)
        with pytest.raises(NotFound):
            actions.change_window(whoever, paper_id, times, room.clock())
        with pytest.raises(NotFound):
            actions.change_paper(whoever, paper_id, room.terms(), Plan(), room.clock())
        with pytest.raises(NotFound):
            actions.pick_questions(whoever, paper_id, [], [], room.clock())
    assert paper(paper_id).state == "draft"


def test_a_draft_does_not_wander_to_a_unit_out_of_reach(room: Room) -> None:
    unit = room.cast.make_unit("C")
    paper_id = room.make(publish=False)
    terms = room.terms(unit_id=unit)
    with pytest.raises(NotFound):
        actions.change_paper(room.trainer, paper_id, terms, Plan(), room.clock())
    assert paper(paper_id).terms.unit_id == room.cast.units["A"]


def test_drafts_are_limited(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.base.errors import TooMany
    from app.quiz.actions import papers

    monkeypatch.setattr(papers, "MOST_DRAFTS", 1)
    room.make(publish=False)
    with pytest.raises(TooMany):
        room.make(publish=False)


def test_a_discarded_draft_is_gone(room: Room) -> None:
    paper_id = room.make(publish=False)
    actions.discard_paper(room.trainer, paper_id, room.clock())
    assert find_paper(paper_id) is None
    assert room.make(publish=False) != paper_id


def test_a_reserved_pool_is_fixed_and_limited(room: Room) -> None:
    plan = Plan(rules=(rule(1, kind="single"),))
    paper_id = room.make(plan, per_person=True, reserved=True)
    reserved = queries.list_reserved_ids(room.clock())
    assert len(reserved) == 3 == len(paper(paper_id).items)
    assert all(i in reserved for i in [s.question_id for s in _taken(room, paper_id)])
    room.clock.move(days=2)
    assert queries.list_reserved_ids(room.clock()) == frozenset()


def test_what_is_picked_for_a_reserved_draft_is_reserved(room: Room) -> None:
    picked = list_question_ids()[:2]
    paper_id = room.make(Plan(picked=picked, points={}), publish=False, reserved=True)
    room.make(Plan(picked=list_question_ids()[3:5], points={}), publish=False)
    assert queries.list_reserved_ids(room.clock()) == frozenset(picked)
    actions.publish_paper(room.trainer, paper_id, room.clock())
    assert queries.list_reserved_ids(room.clock()) == frozenset(picked)
    actions.close_paper(room.trainer, paper_id, "换卷", room.clock())
    assert queries.list_reserved_ids(room.clock()) == frozenset()


def _taken(room: Room, paper_id: int) -> list[Any]:
    room.start(paper_id)
    return room.slots(paper_id)


def test_a_preview_draws_or_says_what_lacks(room: Room) -> None:
    assert len(queries.preview_draw((rule(3),), "x", frozenset())) == 3
    with pytest.raises(Invalid, match="第 1 条"):
        queries.preview_draw((rule(13),), "x", frozenset())
    with pytest.raises(Invalid, match="第 1 条"):
        queries.preview_draw((rule(12),), "x", frozenset(list_question_ids()[:1]))


def test_questions_are_found_by_word_and_sort(room: Room) -> None:
    find = queries.find_questions
    assert len(find("", "", "", "", "")) == 12
    assert {q.kind for q in find("", "order", "", "", "")} == {"order"}
    assert {q.chapter_id for q in find("", "", "dangzhang", "gp", "")} == {"gp"}
    assert {q.difficulty for q in find("", "", "", "", "apply")} == {"apply"}
    assert [q.id for q in find("预备期", "", "", "", "")] == ["fx-a07-01"]
    assert find("预备期", "order", "", "", "") == []


def test_offers_are_those_of_ones_own_unit_and_above(room: Room) -> None:
    of_b = room.make(Plan(rules=(rule(1),)), unit_id=room.cast.units["B"], title="乙的")
    of_a = room.make(Plan(rules=(rule(1),)), title="甲的", mode="practice")
    room.make(publish=False)

    def offered(who: Any) -> set[int]:
        return {o.paper.id for o in queries.list_offers(who, room.clock())}

    assert offered(room.other) == {of_a, of_b}
    assert offered(room.member) == {of_a}
    nowhere = viewer_of(room.cast.make_member("无单位"))
    assert offered(nowhere) == set()
    with pytest.raises(NotFound):
        queries.get_offer(room.member, of_b, room.clock())
    with pytest.raises(NotFound):
        room.start(of_b)


def test_closing_ends_it_for_everybody(room: Room) -> None:
    paper_id = room.make()
    room.start(paper_id)
    room.answer(paper_id, 1)
    room.clock.move(minutes=1)
    actions.close_paper(room.trainer, paper_id, "换卷", room.clock())
    closed = room.now()
    assert room.attempt(paper_id).deadline == closed
    with pytest.raises(Invalid, match="截止"):
        room.start(paper_id, room.other)
    room.clock.move(seconds=16)
    with pytest.raises(Stale, match="时间已到"):
        room.answer(paper_id, 2)
    assert actions.expire_attempts(room.clock(), paper_id=paper_id) == 1
    attempt = room.attempt(paper_id)
    assert (attempt.state, attempt.submitted_at, attempt.score) == ("expired", closed, 2.0)


def test_a_paper_for_everybody_is_for_those_who_reach_everybody(room: Room) -> None:
    boss = viewer_of(room.cast.make_member("总管", role="admin"))
    terms = replace(room.terms(), unit_id=None)
    with pytest.raises(NotFound):
        actions.make_paper(room.trainer, terms, Plan(), room.clock())
    plan = Plan(picked=list_question_ids(), points=dict.fromkeys(KINDS, 1))
    paper_id = actions.make_paper(boss, terms, plan, room.clock())
    actions.publish_paper(boss, paper_id, room.clock())
    nowhere = viewer_of(room.cast.make_member("无单位"))
    assert room.start(paper_id, nowhere) == 1
