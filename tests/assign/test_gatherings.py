"""Collective study on record: once, with evidence, corrected as new versions, summed by person."""

from datetime import date

import pytest
from sqlalchemy import text

from app.assign.actions.hours import (
    Told,
    correct_gathering,
    drop_target,
    record_gathering,
    set_target,
)
from app.assign.actions.settling import settle_duty
from app.assign.proof import Proof
from app.assign.queries import hours as queries
from app.assign.queries.duties import list_notes
from app.base.audit import list_entries
from app.base.db import db
from app.base.errors import Invalid, NotFound, Stale
from app.base.ids import new_id
from app.ops.actions import erase_member
from app.ops.queries import get_everything
from app.org import queries as org
from app.org.actions import Edited, edit_person
from tests.assign.affairs import DAY, Affairs
from tests.conftest import Cast, Clock

YEAR = 2026


def told(tree: Cast, *names: str, **other: object) -> Told:
    """Return a record of three people of B and C, with some of it different."""
    people = tuple(tree.people[name] for name in names or ("乙书记", "乙某", "丙某"))
    plain = {"day": DAY, "subject": "学条例", "hours": 2.0, "evidence": "签到表在档案柜"}
    return Told(**{**plain, "present": people, **other})  # type: ignore[arg-type]


def record(tree: Cast, clock: Clock, told: Told, unit: str = "B", by: str = "乙书记") -> str:
    """Record a gathering and return its id."""
    made = new_id()
    record_gathering(tree.viewer(by), made, tree.units[unit], told, clock())
    return made


def hours_of(tree: Cast, name: str) -> float:
    """Return somebody's hours of this year."""
    return queries.get_total(tree.people[name], YEAR, DAY).hours


def rows() -> int:
    """Return how many rows there are about gatherings."""
    tables = ("assign_gathering", "assign_gathering_version", "assign_attendance")
    return sum(db.session.scalar(text(f"SELECT count(*) FROM {t}")) or 0 for t in tables)


def test_what_is_recorded_counts_once_for_each(tree: Cast, clock: Clock) -> None:
    made, one = new_id(), told(tree)
    for _again in range(2):
        record_gathering(tree.viewer("乙书记"), made, tree.units["B"], one, clock())
    record(tree, clock, told(tree, "乙某", subject="学党史", hours=1.5))
    assert [hours_of(tree, name) for name in ("乙某", "丙某", "乙另")] == [3.5, 2.0, 0.0]
    assert len([e for e in list_entries(tree.people["乙某"]) if "record_hours" in e.action]) == 2
    [first, _second] = sorted(
        queries.list_gatherings(org.Scope(tree.units["B"]), YEAR), key=lambda g: g.hours
    )[::-1]
    assert (first.subject, first.present, first.by) == ("学条例", 3, "乙书记")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"hours": 0.0}, "0.5 到 10"),
        ({"hours": -2.0}, "0.5 到 10"),
        ({"hours": 99.0}, "0.5 到 10"),
        ({"hours": 1.1}, "0.5 到 10"),
        ({"day": date(2026, 11, 24)}, "还没有到"),
        ({"day": date(2020, 1, 1)}, "今年和去年"),
        ({"subject": "  "}, "学习内容"),
        ({"subject": "x" * 101}, "学习内容"),
        ({"evidence": ""}, "依据"),
        ({"present": ()}, "勾选"),
        ({"present": (5, 5)}, "两次"),
        ({"present": (8,)}, "不在这个单位"),
        ({"present": (999,)}, "不在这个单位"),
    ],
)
def test_bad_records_change_nothing(
    tree: Cast, clock: Clock, change: dict[str, object], words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        record(tree, clock, told(tree, **change))
    made = record(tree, clock, told(tree, subject="另一次"))
    before = rows(), len(list_entries())
    one = told(tree, **change)
    with pytest.raises(Invalid, match=words):
        correct_gathering(tree.viewer("乙书记"), made, 1, one, "改", clock())
    assert (rows(), len(list_entries())) == before


def test_the_same_occasion_is_not_recorded_twice(tree: Cast, clock: Clock) -> None:
    made = record(tree, clock, told(tree))
    with pytest.raises(Invalid, match="已经登记过"):
        record(tree, clock, told(tree, "乙另"))
    record(tree, clock, told(tree, "丙某"), unit="C")
    correct_gathering(tree.viewer("乙书记"), made, 1, None, "登记错了", clock())
    record(tree, clock, told(tree, "乙另"))


def test_nobody_studies_all_day_and_night(tree: Cast, clock: Clock) -> None:
    record(tree, clock, told(tree, "乙某", hours=8.0))
    with pytest.raises(Invalid, match="乙某这一天"):
        record(tree, clock, told(tree, "乙某", "乙另", subject="另一课", hours=4.5))
    record(tree, clock, told(tree, "乙某", "乙另", subject="另一课", hours=4.0))
    assert hours_of(tree, "乙某") == 12


@pytest.mark.parametrize(
    ("unit", "allowed"), [("A", False), ("B", True), ("C", True), ("D", False)]
)
def test_only_within_reach(tree: Cast, clock: Clock, unit: str, allowed: bool) -> None:
    who = {"A": "甲某", "B": "乙某", "C": "丙某", "D": "丁某"}[unit]
    made = record(tree, clock, told(tree, who), unit=unit, by="总管")
    by = tree.viewer("乙书记")
    if allowed:
        assert len(queries.get_gathering(by, made)) == 1
        correct_gathering(by, made, 1, None, "错了", clock())
        set_target(by, tree.units[unit], "full", 40, "上级通知", clock())
        drop_target(by, tree.units[unit], "full", clock())
        return
    for act in (
        lambda: record(tree, clock, told(tree, who, subject="二"), unit=unit),
        lambda: queries.get_gathering(by, made),
        lambda: correct_gathering(by, made, 1, None, "错了", clock()),
        lambda: set_target(by, tree.units[unit], "full", 40, "上级通知", clock()),
        lambda: drop_target(by, tree.units[unit], "full", clock()),
    ):
        with pytest.raises(NotFound):
            act()


def test_corrections_are_new_versions_with_a_reason(tree: Cast, clock: Clock) -> None:
    made, by = record(tree, clock, told(tree)), tree.viewer("乙书记")
    with pytest.raises(Invalid, match="原因"):
        correct_gathering(by, made, 1, told(tree, "乙某"), " ", clock())
    correct_gathering(by, made, 1, told(tree, "乙某", hours=1.0), "丙某请假", clock())
    with pytest.raises(Stale):
        correct_gathering(by, made, 1, told(tree), "又改", clock())
    assert [hours_of(tree, name) for name in ("乙某", "丙某")] == [1.0, 0.0]
    versions = queries.get_gathering(by, made)
    assert [(v.version, v.hours, v.present, v.reason) for v in versions] == [
        (2, 1.0, 1, "丙某请假"),
        (1, 2.0, 3, ""),
    ]
    [own] = queries.list_own_hours(tree.people["丙某"], YEAR)
    assert (own.gathering.hours, own.before) == (0.0, ((2.0, "丙某请假"),))
    [entry] = [e for e in list_entries(tree.people["丙某"]) if "correct_hours" in e.action]
    assert '"hours":[2.0,0]' in entry.details
    assert not [e for e in list_entries(tree.people["乙另"]) if "hours" in e.action]


def test_a_cancelled_one_counts_for_nobody(tree: Cast, clock: Clock) -> None:
    made, by = record(tree, clock, told(tree)), tree.viewer("乙书记")
    correct_gathering(by, made, 1, None, "会议改期", clock())
    assert hours_of(tree, "乙某") == 0
    assert queries.get_gathering(by, made)[0].cancelled
    assert queries.list_own_hours(tree.people["乙某"], YEAR)[0].gathering.hours == 0


def test_who_moved_away_keeps_their_hours_and_can_still_be_corrected(
    tree: Cast, clock: Clock
) -> None:
    made = record(tree, clock, told(tree))
    known = org.get_profile(tree.people["乙某"], DAY)
    moved = Edited("乙某", None, "member", tree.units["D"], "unknown", "active", known.seen)
    edit_person(tree.people["乙某"], moved, tree.viewer("总管"), clock())
    assert hours_of(tree, "乙某") == 2.0
    correct_gathering(tree.viewer("乙书记"), made, 1, told(tree, hours=3.0), "记错", clock())
    assert hours_of(tree, "乙某") == 3.0


def test_targets_are_inherited_downwards_with_their_source(tree: Cast, clock: Clock) -> None:
    by = tree.viewer("总管")
    set_target(by, tree.units["A"], "full", 40, "甲委通知", clock())
    assert queries.list_targets(tree.units["C"])["full"].source == "甲委通知"
    set_target(by, tree.units["B"], "full", 48, "乙支部大会", clock())
    assert queries.list_targets(tree.units["C"])["full"].hours == 48
    assert queries.list_targets(tree.units["D"])["full"].hours == 40
    assert queries.list_set_here(tree.units["B"]) == {"full"}
    drop_target(by, tree.units["B"], "full", clock())
    assert queries.list_targets(tree.units["C"])["full"].hours == 40
    for key, hours, source in (("full", 40, ""), ("full", -1, "x"), ("emperor", 1, "x")):
        with pytest.raises((Invalid, NotFound)):
            set_target(by, tree.units["A"], key, hours, source, clock())


def test_totals_stand_beside_what_is_asked(affairs: Affairs, tree: Cast, clock: Clock) -> None:
    known = org.get_profile(tree.people["乙某"], DAY)
    full = Edited("乙某", None, "member", tree.units["B"], "full", "active", known.seen)
    edit_person(tree.people["乙某"], full, tree.viewer("总管"), clock())
    record(tree, clock, told(tree))
    found = {t.person.name: t for t in queries.list_totals(tree.units["B"], YEAR, DAY)}
    assert (found["乙某"].hours, found["乙某"].lacking) == (2.0, 30.0)
    assert (found["乙书记"].lacking, found["丙某"].lacking) == (54.0, 54.0)  # secretaries
    assert (found["乙另"].target, found["乙另"].lacking) == (None, 0.0)
    for name, total in found.items():
        assert queries.get_total(tree.people[name], YEAR, DAY) == total


def test_a_gathering_is_evidence_for_a_duty(affairs: Affairs, tree: Cast, clock: Clock) -> None:
    duty, made = affairs.duty("B"), record(tree, clock, told(tree))
    other = record(tree, clock, told(tree, "丁某"), unit="D", by="总管")
    for proof in (Proof(other), Proof(made, 99), Proof(assignment_id=99)):
        with pytest.raises(Invalid, match="不属于这个单位"):
            settle_duty(tree.viewer("乙书记"), duty, DAY, "", clock(), proof)
    settle_duty(tree.viewer("乙书记"), duty, DAY, "", clock(), Proof(made))
    assert list_notes(duty)[0].gathering_id == made


def test_hours_are_part_of_ones_data_and_go_with_it(tree: Cast, clock: Clock) -> None:
    made = record(tree, clock, told(tree))
    mine = get_everything(tree.people["乙某"], clock())["tables"]["assign_attendance"]
    assert [(row["hours"], str(row["day"])) for row in mine] == [(2.0, "2026-11-23")]
    erase_member(tree.people["乙某"], None, clock())
    assert {p.name for p in queries.list_present(made, 1)} == {"乙书记", "丙某"}
    erase_member(tree.people["乙书记"], None, clock())
    assert queries.get_gathering(tree.viewer("总管"), made)[0].by is None
