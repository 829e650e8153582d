"""Duties: made, changed, settled, reopened, withdrawn; each step kept, bad input refused."""

from datetime import date, timedelta

import pytest

from app.accounts.actions import add_user
from app.assign.actions.duties import change_duty, make_duty, make_item, withdraw_duty
from app.assign.actions.settling import reopen_duty, settle_duty
from app.assign.ownership import Charge
from app.assign.proof import Proof
from app.assign.queries import duties as queries
from app.assign.queries import links, plans
from app.assign.wording import Wording
from app.base.audit import find_break, list_entries
from app.base.errors import Invalid, NotFound, Stale, XuejiError
from app.ops.actions import erase_member
from app.org.actions import Edited, close_unit, disable_person, edit_person, merge_units
from app.org.queries import get_profile
from tests.assign.affairs import DAY, Affairs
from tests.conftest import Cast, Clock

LATER = DAY + timedelta(days=30)
GOOD = Wording("讲一次党课", "有教案", DAY, LATER)


def test_a_duty_on_a_post_lies_on_whoever_holds_it(affairs: Affairs) -> None:
    duty = affairs.get(affairs.duty("B"))
    assert (duty.bearer.name, duty.bearer.post, duty.bearer.trouble) == ("乙书记", "secretary", "")
    assert duty.owned
    assert duty.progress == "open"
    vacant = affairs.get(affairs.duty("D"))
    assert (vacant.bearer.name, vacant.bearer.trouble, vacant.owned) == (None, "vacant", False)


def test_a_duty_on_a_person_is_told_to_them(affairs: Affairs, tree: Cast) -> None:
    affairs.duty("B", to="乙某")
    [entry] = [e for e in list_entries(tree.people["乙某"]) if e.action == "assign.make_duty"]
    assert "讲一次党课" in entry.details
    assert find_break() is None


@pytest.mark.parametrize(
    ("charge", "words"),
    [
        ("丁某", "不在本单位"),
        ("甲某", "不在本单位"),
        ("emperor", "由谁负责"),
        (None, "由谁负责"),
        (99_999, "不在本单位"),
    ],
)
def test_nobody_from_elsewhere_can_be_answerable(
    affairs: Affairs, tree: Cast, clock: Clock, charge: str | int | None, words: str
) -> None:
    laid = Charge(member_id=charge) if isinstance(charge, int) else Charge()
    laid = affairs.charge(charge) if isinstance(charge, str) else laid
    before = len(list_entries())
    with pytest.raises(Invalid, match=words):
        make_duty(tree.viewer("总管"), tree.units["B"], GOOD, laid, clock())
    assert queries.list_duties(DAY, [tree.units["B"]]) == ()
    assert len(list_entries()) == before


def test_who_holds_a_post_in_the_unit_belongs_to_it(affairs: Affairs, tree: Cast) -> None:
    affairs.post("甲某", "B", "deputy")
    assert affairs.get(affairs.duty("B", to="甲某")).owned


def test_people_of_units_below_may_be_answerable(affairs: Affairs) -> None:
    assert affairs.get(affairs.duty("B", to="丙某")).owned


@pytest.mark.parametrize(
    ("unit", "allowed"), [("A", False), ("B", True), ("C", True), ("D", False)]
)
def test_trainers_lay_duties_on_their_unit_and_below(
    affairs: Affairs, tree: Cast, clock: Clock, unit: str, allowed: bool
) -> None:
    by = tree.viewer("乙书记")
    charge = Charge(post="secretary")
    if allowed:
        assert make_duty(by, tree.units[unit], GOOD, charge, clock())
    else:
        with pytest.raises(NotFound):
            make_duty(by, tree.units[unit], GOOD, charge, clock())
    duty = affairs.duty(unit)
    for act in (
        lambda: change_duty(by, duty, 1, GOOD, "改", clock()),
        lambda: settle_duty(by, duty, DAY, "办了", clock()),
        lambda: reopen_duty(by, duty, "没办", clock()),
        lambda: withdraw_duty(by, duty, "不办了", clock()),
    ):
        if allowed:
            act()
        else:
            with pytest.raises(NotFound):
                act()


def test_members_and_auditors_lay_nothing_on_anybody(
    affairs: Affairs, tree: Cast, clock: Clock
) -> None:
    unit_id = tree.units["B"]
    tree.people["督导"] = add_user("督导", "auditor", clock(), unit_id=unit_id)
    for name in ("乙某", "督导"):
        with pytest.raises(NotFound):
            make_duty(tree.viewer(name), tree.units["B"], GOOD, Charge(post="secretary"), clock())


def test_items_lie_in_the_period_of_their_plan(affairs: Affairs, tree: Cast, clock: Clock) -> None:
    plan = affairs.plan("B")
    with pytest.raises(Invalid, match="期间内"):
        affairs.item(plan, "跨年", days=60)
    assert plans.get_plan(tree.viewer("乙书记"), plan, DAY)[1] == ()
    affairs.item(plan, "年内")
    [item] = plans.get_plan(tree.viewer("乙书记"), plan, DAY)[1]
    wording = Wording("年内", "", DAY, date(2027, 1, 1))
    with pytest.raises(Invalid, match="期间内"):
        change_duty(tree.viewer("乙书记"), item.id, 1, wording, "改", clock())
    assert affairs.get(item.id).due_on == item.due_on


def test_changing_needs_a_reason_and_the_newest_version(
    affairs: Affairs, tree: Cast, clock: Clock
) -> None:
    duty, by = affairs.duty("B"), tree.viewer("乙书记")
    other = Wording("讲两次党课", "有教案", DAY, LATER)
    with pytest.raises(Invalid, match="原因"):
        change_duty(by, duty, 1, other, " ", clock())
    change_duty(by, duty, 1, other, "按会议决定", clock())
    with pytest.raises(Stale):
        change_duty(by, duty, 1, GOOD, "又改", clock())
    assert affairs.get(duty).title == "讲两次党课"
    assert [(n.kind, n.text) for n in queries.list_notes(duty)] == [
        ("changed", "按会议决定"),
        ("made", ""),
    ]


def test_late_is_visible_with_who_and_since_when(
    affairs: Affairs, tree: Cast, clock: Clock
) -> None:
    duty = affairs.duty("B", days=3)
    clock.move(days=3)
    assert affairs.get(duty).progress == "soon"
    clock.move(days=1)
    found = affairs.get(duty)
    assert (found.progress, found.bearer.name, found.due_on) == (
        "late",
        "乙书记",
        DAY + timedelta(days=3),
    )
    settle_duty(tree.viewer("乙书记"), duty, DAY + timedelta(days=4), "补讲了", clock())
    assert affairs.get(duty).progress == "done_late"


def test_the_person_answerable_reports_it_done_with_evidence(
    affairs: Affairs, tree: Cast, clock: Clock
) -> None:
    duty, by = affairs.duty("B", to="乙某"), tree.viewer("乙某")
    for day, text, words in (
        (DAY, "", "完成情况"),
        (DAY, "x" * 1001, "最多"),
        (DAY + timedelta(days=1), "办了", "到今天之间"),
        (DAY - timedelta(days=1), "办了", "到今天之间"),
    ):
        with pytest.raises(Invalid, match=words):
            settle_duty(by, duty, day, text, clock())
    with pytest.raises(Invalid, match="不属于这个单位"):
        settle_duty(by, duty, DAY, "", clock(), Proof("no-such-gathering-here"))
    with pytest.raises(NotFound):
        settle_duty(tree.viewer("乙另"), duty, DAY, "替他办了", clock())
    assert affairs.get(duty).is_open
    settle_duty(by, duty, DAY, "11月23日讲了，签到表在柜里", clock())
    assert affairs.get(duty).progress == "done"
    with pytest.raises(Stale):
        settle_duty(by, duty, DAY, "又办了", clock())
    reopen_duty(tree.viewer("乙书记"), duty, "没有签到表", clock())
    kinds = [(note.kind, note.by) for note in queries.list_notes(duty)]
    assert kinds == [("reopened", "乙书记"), ("done", "乙某"), ("made", None)]


def test_a_withdrawn_duty_stays_on_record_and_counts_nowhere(
    affairs: Affairs, tree: Cast, clock: Clock
) -> None:
    duty, by = affairs.duty("B"), tree.viewer("乙书记")
    withdraw_duty(by, duty, "文件废止", clock())
    assert affairs.get(duty).progress == "withdrawn"
    _own, counted, _branches = links.list_branches(tree.units["B"], DAY)
    assert counted.open == counted.late == counted.done == 0
    for act in (
        lambda: withdraw_duty(by, duty, "再次", clock()),
        lambda: change_duty(by, duty, 1, GOOD, "改", clock()),
    ):
        with pytest.raises(XuejiError):
            act()


def test_each_level_sees_the_levels_below_with_counts(affairs: Affairs, tree: Cast) -> None:
    affairs.duty("A")
    affairs.duty("B", days=0)
    affairs.duty("C")
    affairs.duty("D")
    own, counted, branches = links.list_branches(tree.units["A"], DAY + timedelta(days=1))
    assert len(own) == 1
    assert (counted.open, counted.late, counted.unowned) == (3, 1, 1)
    assert [(b.unit.code, b.tally.open, b.tally.late, b.tally.unowned) for b in branches] == [
        ("B", 1, 1, 0),
        ("D", 1, 0, 1),
    ]


def test_a_person_sees_their_own_and_keeps_seeing_what_was_theirs(
    affairs: Affairs, tree: Cast
) -> None:
    on_post, named = affairs.duty("C", days=2), affairs.duty("B", to="丙某", title="带头学")
    other = affairs.duty("B", to="乙某")
    mine = queries.list_own(tree.people["丙某"], DAY)
    assert {duty.id for duty in mine} == {on_post, named}
    assert [d.id for d in queries.list_pressing(tree.people["丙某"], DAY)] == [on_post]
    assert queries.get_seen_duty(tree.viewer("丙某"), named, DAY).title == "带头学"
    with pytest.raises(NotFound):
        queries.get_seen_duty(tree.viewer("丙某"), other, DAY)
    with pytest.raises(NotFound):
        queries.get_seen_duty(tree.viewer("乙书记"), affairs.duty("A"), DAY)


def test_what_is_due_is_told_with_who_and_where(affairs: Affairs, tree: Cast) -> None:
    duty, plan = affairs.duty("B", days=5), affairs.plan("B")
    item = affairs.item(plan, "学条例", days=6)
    affairs.duty("D", days=5)
    until = DAY + timedelta(days=7)
    found = queries.list_due_duties(DAY, until, DAY, unit_ids=[tree.units["B"], tree.units["D"]])
    assert [(one.duty_id == duty, one.name) for one in found] == [(True, "乙书记"), (False, None)]
    [mine] = plans.list_due_items(DAY, until, DAY, member_id=tree.people["乙书记"])
    assert (mine.duty_id, mine.unit_name, mine.due_on) == (item, "单位B", DAY + timedelta(days=6))
    assert plans.list_due_items(DAY, mine.due_on, DAY, member_id=tree.people["乙书记"]) == ()


def test_a_merged_unit_leaves_its_duties_to_the_holder_over_there(
    affairs: Affairs, tree: Cast, clock: Clock
) -> None:
    on_post, named = affairs.duty("C"), affairs.duty("C", to="丙某")
    clock.move(days=5)
    merge_units(tree.units["C"], tree.units["D"], clock(), tree.viewer("总管"))
    found = affairs.get(on_post)
    assert (found.home_name, found.unit_name, found.inherited) == ("单位D", "单位C", True)
    assert found.bearer.name == "丙某"  # whose post moved along, and D had no secretary
    assert affairs.get(named).bearer.name == "丙某"
    own, _counted, _branches = links.list_branches(tree.units["D"], DAY)
    assert {duty.id for duty in own} == {on_post, named}
    told = queries.list_spans(on_post, DAY + timedelta(days=5))
    assert {span.member_id for span in told} == {tree.people["丙某"]}


def test_a_closed_unit_leaves_its_duties_to_the_unit_above(
    affairs: Affairs, tree: Cast, clock: Clock
) -> None:
    duty, plan = affairs.duty("D"), affairs.plan("D")
    erase_member(tree.people["丁某"], None, clock())
    clock.move(days=1)
    close_unit(tree.units["D"], clock(), tree.viewer("总管"))
    found = affairs.get(duty)
    assert (found.home_name, found.bearer.name) == ("单位A", "甲书记")
    assert plans.get_plan(tree.viewer("甲书记"), plan, DAY)[0].home_name == "单位A"
    with pytest.raises(Invalid, match="关闭"):
        affairs.duty("D")
    with pytest.raises(Invalid, match="关闭"):
        affairs.plan("D")


def test_who_moved_to_another_unit_leaves_a_gap(affairs: Affairs, tree: Cast, clock: Clock) -> None:
    duty, by = affairs.duty("B", to="丙某"), tree.viewer("总管")
    for unit, trouble in (("B", ""), ("D", "moved"), ("C", "")):
        known = get_profile(tree.people["丙某"], DAY)
        told = ("丙某", None, "member", tree.units[unit], "unknown", "active", known.seen)
        edit_person(tree.people["丙某"], Edited(*told), by, clock())
        found = affairs.get(duty)
        assert (found.bearer.name, found.bearer.trouble) == ("丙某", trouble)
        assert found.owned is (trouble == "")


def test_an_erased_or_disabled_person_leaves_a_gap(
    affairs: Affairs, tree: Cast, clock: Clock
) -> None:
    first, second = affairs.duty("B", to="乙某"), affairs.duty("B", to="乙另")
    disable_person(tree.people["乙某"], tree.viewer("总管"), clock())
    found = affairs.get(first)
    assert (found.bearer.name, found.bearer.trouble, found.owned) == ("乙某", "disabled", False)
    settle_duty(tree.viewer("乙书记"), second, DAY, "办了", clock())
    erase_member(tree.people["乙另"], None, clock())
    found = affairs.get(second)
    assert (found.bearer.member_id, found.bearer.trouble) == (None, "gone")


def test_too_many_items_are_refused(
    affairs: Affairs, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.assign.actions import duties

    monkeypatch.setattr(duties, "MOST_ITEMS", 2)
    plan = affairs.plan("B")
    for title in "一二":
        affairs.item(plan, title)
    with pytest.raises(Invalid, match="2 项"):
        make_item(None, plan, Wording("三", "", DAY, DAY), Charge(post="secretary"), clock())
