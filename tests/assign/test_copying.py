"""Passing down: each unit gets its own copy once; nothing below is ever overwritten silently."""

import threading
from datetime import timedelta

import pytest

from app.assign.actions.copying import Copied, copy_duty, copy_plan, pull_plan
from app.assign.actions.duties import change_duty, follow_source, keep_own, withdraw_duty
from app.assign.actions.plans import discard_plan, make_plan, rename_plan
from app.assign.actions.settling import settle_duty
from app.assign.period import Period
from app.assign.queries import links, plans
from app.assign.queries.duties import list_duties, list_notes
from app.assign.wording import Wording
from app.base.db import db
from app.base.errors import Invalid, NotFound
from app.org import queries as org
from app.org.actions import merge_units
from tests.assign.affairs import DAY, Affairs
from tests.conftest import Cast, Clock

EVERYWHERE = org.Scope(None)


@pytest.fixture
def plan(affairs: Affairs) -> int:
    """A plan of A with two items, one of them on a named person."""
    made = affairs.plan("A")
    affairs.item(made, "学条例")
    affairs.item(made, "讲党课", to="甲某")
    return made


def items_of(tree: Cast, unit: str) -> list[str]:
    """Return the titles of a unit's items."""
    return [duty.title for duty in list_duties(DAY, [tree.units[unit]], plans=True)]


def test_a_unit_below_gets_its_own_copy_laid_on_its_own_people(
    plan: int, affairs: Affairs, tree: Cast, clock: Clock
) -> None:
    by, units = tree.viewer("甲书记"), [tree.units["B"], tree.units["D"]]
    assert copy_plan(by, plan, units, clock()) == Copied(2, 4)
    [copy] = plans.list_plans(org.Scope(tree.units["B"]), DAY)
    assert (copy.source_id, copy.title, copy.period.year) == (plan, "年度学习计划", 2026)
    _plan, items = plans.get_plan(tree.viewer("乙书记"), copy.id, DAY)
    assert [(d.title, d.bearer.name) for d in items] == [("学条例", "乙书记"), ("讲党课", "乙书记")]
    assert {d.bearer.trouble for d in list_duties(DAY, [tree.units["D"]])} == {"vacant"}


def test_copying_twice_adds_nothing_twice_from_wherever(
    plan: int, affairs: Affairs, tree: Cast, clock: Clock
) -> None:
    by, units = tree.viewer("甲书记"), [tree.units[one] for one in "BCD"]
    assert copy_plan(by, plan, units, clock()) == Copied(3, 6)
    assert copy_plan(by, plan, [*units, *units], clock()) == Copied(0, 0)
    [copy] = [p for p in plans.list_plans(EVERYWHERE, DAY) if p.unit_id == tree.units["B"]]
    assert copy_plan(tree.viewer("乙书记"), copy.id, [tree.units["C"]], clock()) == Copied(0, 0)
    assert pull_plan(tree.viewer("乙书记"), copy.id, clock()) == 0
    assert items_of(tree, "C") == ["学条例", "讲党课"]


def test_later_additions_are_pulled(plan: int, affairs: Affairs, tree: Cast, clock: Clock) -> None:
    copy_plan(None, plan, [tree.units["B"]], clock())
    [copy] = plans.list_plans(org.Scope(tree.units["B"]), DAY)
    affairs.item(plan, "补学一课")
    assert plans.count_missing(copy, DAY) == 1
    assert pull_plan(tree.viewer("乙书记"), copy.id, clock()) == 1
    assert plans.count_missing(copy, DAY) == 0
    assert items_of(tree, "B") == ["学条例", "讲党课", "补学一课"]


def test_what_was_withdrawn_or_is_past_is_not_copied(
    plan: int, affairs: Affairs, tree: Cast, clock: Clock
) -> None:
    gone, past = affairs.item(plan, "取消的"), affairs.item(plan, "早该办的", days=0)
    withdraw_duty(None, gone, "不办了", clock())
    clock.move(days=1)
    copy_plan(None, plan, [tree.units["B"]], clock())
    assert items_of(tree, "B") == ["学条例", "讲党课"]
    [copy] = plans.list_plans(org.Scope(tree.units["B"]), DAY)
    assert plans.count_missing(copy, (clock() + timedelta(hours=8)).date()) == 0
    assert plans.count_missing(copy, DAY) == 1
    assert affairs.get(past).progress == "late"


def test_a_unit_that_withdrew_its_copy_is_not_given_it_again(
    plan: int, affairs: Affairs, tree: Cast, clock: Clock
) -> None:
    copy_plan(None, plan, [tree.units["B"]], clock())
    first = list_duties(DAY, [tree.units["B"]])[0]
    withdraw_duty(tree.viewer("乙书记"), first.id, "本支部已学", clock())
    assert copy_plan(None, plan, [tree.units["B"]], clock()) == Copied(0, 0)


def test_changes_above_are_offered_and_never_forced(
    plan: int, affairs: Affairs, tree: Cast, clock: Clock
) -> None:
    copy_plan(None, plan, [tree.units["B"], tree.units["D"]], clock())
    above, by = list_duties(DAY, [tree.units["A"]])[0], tree.viewer("乙书记")
    new = Wording("学新条例", "", DAY, DAY + timedelta(days=20))
    change_duty(tree.viewer("甲书记"), above.id, 1, new, "文件修订", clock())
    below = {u: list_duties(DAY, [tree.units[u]])[0] for u in "BD"}
    for duty in below.values():
        assert (duty.title, duty.behind) == ("学条例", True)
    follow_source(by, below["B"].id, clock())
    found = affairs.get(below["B"].id)
    assert (found.title, found.due_on, found.behind) == ("学新条例", new.due_on, False)
    keep_own(tree.viewer("甲书记"), below["D"].id, clock())
    kept = affairs.get(below["D"].id)
    assert (kept.title, kept.behind) == ("学条例", False)
    assert list_notes(kept.id)[0].kind == "kept"
    with pytest.raises(Invalid, match="不是从上级"):
        follow_source(tree.viewer("甲书记"), above.id, clock())


@pytest.mark.parametrize(
    ("by", "source", "target", "error"),
    [
        ("甲书记", "A", "A", Invalid),
        ("乙书记", "B", "D", NotFound),
        ("乙书记", "B", "A", NotFound),
        ("甲书记", "B", "D", Invalid),
        ("甲书记", "B", "A", Invalid),
        ("乙书记", "D", "C", NotFound),
        ("乙书记", "A", "B", None),
        ("乙书记", "A", "C", None),
        ("甲书记", "B", "C", None),
    ],
)
def test_copies_go_downwards_within_reach(
    affairs: Affairs,
    tree: Cast,
    clock: Clock,
    by: str,
    source: str,
    target: str,
    error: type[Exception] | None,
) -> None:
    plan, duty = affairs.plan(source), affairs.duty(source)
    affairs.item(plan, "学条例")
    for act in (copy_plan, copy_duty):
        which = plan if act is copy_plan else duty
        if error is None:
            assert act(tree.viewer(by), which, [tree.units[target]], clock())
        else:
            with pytest.raises(error):
                act(tree.viewer(by), which, [tree.units[target]], clock())
            assert items_of(tree, target).count("学条例") == (source == target)


def test_one_bad_unit_and_nothing_is_copied(plan: int, tree: Cast, clock: Clock) -> None:
    merge_units(tree.units["D"], tree.units["B"], clock(), tree.viewer("总管"))
    for bad in ([], [tree.units["B"], tree.units["D"]], [tree.units["B"], 999]):
        with pytest.raises((Invalid, NotFound)):
            copy_plan(tree.viewer("甲书记"), plan, bad, clock())
    assert items_of(tree, "B") == []


def test_a_merged_units_copy_counts_as_the_others(plan: int, tree: Cast, clock: Clock) -> None:
    copy_plan(None, plan, [tree.units["D"]], clock())
    merge_units(tree.units["D"], tree.units["B"], clock(), tree.viewer("总管"))
    assert copy_plan(None, plan, [tree.units["B"]], clock()) == Copied(0, 0)
    [copy] = plans.list_plans(org.Scope(tree.units["B"]), DAY)
    assert (copy.unit_name, copy.home_name, copy.inherited) == ("单位D", "单位B", True)


def test_duties_are_passed_down_and_seen_link_by_link(
    affairs: Affairs, tree: Cast, clock: Clock
) -> None:
    top = affairs.duty("A")
    assert copy_duty(tree.viewer("甲书记"), top, [tree.units["B"], tree.units["D"]], clock()) == 2
    [middle] = list_duties(DAY, [tree.units["B"]])
    assert copy_duty(tree.viewer("乙书记"), middle.id, [tree.units["C"]], clock()) == 1
    assert copy_duty(tree.viewer("甲书记"), top, [tree.units["C"]], clock()) == 0
    settle_duty(tree.viewer("乙书记"), middle.id, DAY, "办了", clock())
    below = links.list_links_below(top, EVERYWHERE, DAY)
    assert {(d.unit_name, d.progress, d.bearer.name) for d in below} == {
        ("单位B", "done", "乙书记"),
        ("单位C", "open", "丙某"),
        ("单位D", "open", None),
    }
    assert len(links.list_links_below(top, org.Scope(tree.units["B"]), DAY)) == 2


def test_a_withdrawn_duty_and_items_are_not_passed_down_singly(
    plan: int, affairs: Affairs, tree: Cast, clock: Clock
) -> None:
    duty = affairs.duty("A")
    withdraw_duty(None, duty, "不办了", clock())
    with pytest.raises(Invalid, match="取消"):
        copy_duty(None, duty, [tree.units["B"]], clock())
    item = list_duties(DAY, [tree.units["A"]], plans=True)[0]
    with pytest.raises(NotFound):
        copy_duty(None, item.id, [tree.units["B"]], clock())


def test_plans_from_above_are_offered_once(plan: int, tree: Cast, clock: Clock) -> None:
    by = tree.viewer("乙书记")
    assert [one.id for one in plans.list_offered(by, DAY)] == [plan]
    copy_plan(by, plan, [tree.units["B"]], clock())
    assert plans.list_offered(by, DAY) == ()
    assert plans.list_offered(tree.viewer("总管"), DAY) == ()


def test_plans_are_renamed_and_thrown_away_only_while_empty(
    plan: int, affairs: Affairs, tree: Cast, clock: Clock
) -> None:
    by, empty = tree.viewer("甲书记"), affairs.plan("A", "写错的")
    with pytest.raises(Invalid, match="名称"):
        rename_plan(by, plan, " ", clock())
    rename_plan(by, plan, "新名称", clock())
    assert plans.get_plan(by, plan, DAY)[0].title == "新名称"
    with pytest.raises(Invalid, match="已有事项"):
        discard_plan(by, plan, clock())
    discard_plan(by, empty, clock())
    assert len(plans.list_plans(EVERYWHERE, DAY)) == 1
    with pytest.raises(NotFound):
        plans.get_plan(tree.viewer("乙书记"), plan, DAY)
    with pytest.raises(Invalid, match="年份"):
        make_plan(by, tree.units["A"], "太早", Period(1999), clock())


def test_members_see_the_items_that_mean_them_once(
    plan: int, affairs: Affairs, tree: Cast, clock: Clock
) -> None:
    member = tree.people["丙某"]
    assert [d.title for d in plans.list_items_for(member, DAY)] == ["学条例", "讲党课"]
    copy_plan(None, plan, [tree.units["B"], tree.units["C"]], clock())
    found = plans.list_items_for(member, DAY)
    assert [(d.title, d.unit_name) for d in found] == [("学条例", "单位C"), ("讲党课", "单位C")]
    assert len(plans.list_items_for(tree.people["丁某"], DAY)) == 2


def test_two_who_copy_at_once_add_nothing_twice(
    plan: int, affairs: Affairs, tree: Cast, clock: Clock
) -> None:
    copy_plan(None, plan, [tree.units["B"]], clock())
    [copy] = plans.list_plans(org.Scope(tree.units["B"]), DAY)
    db.session.remove()
    start, done = threading.Barrier(4), list[Copied]()

    def run(source: int) -> None:
        with tree.app.app_context():
            start.wait()
            done.append(copy_plan(None, source, [tree.units["C"]], clock()))
            db.session.remove()

    threads = [threading.Thread(target=run, args=(one,)) for one in (plan, copy.id) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 4  # nobody was refused
    assert sum(one.plans for one in done) == 1
    assert items_of(tree, "C") == ["学条例", "讲党课"]
