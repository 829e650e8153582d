"""Handing over: the record is readable, and no duty is ever without a person unseen."""

import os
import random
from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from app.assign.actions.duties import make_duty
from app.assign.actions.handing import hand_all, hand_duty
from app.assign.actions.settling import settle_duty
from app.assign.ownership import Charge
from app.assign.queries.duties import list_duties, list_notes, list_spans
from app.assign.queries.gaps import list_gaps
from app.assign.queries.responsibility import list_responsibility
from app.assign.wording import Wording
from app.base.audit import list_entries
from app.base.clock import study_day
from app.base.db import db
from app.base.errors import Invalid, XuejiError
from app.org import queries as org
from app.org.actions import (
    Edited,
    add_unit,
    close_unit,
    disable_person,
    edit_person,
    enable_person,
    end_post,
    give_post,
    merge_units,
    move_unit,
)
from tests.assign.affairs import DAY, Affairs
from tests.conftest import Cast, Clock

EVERYWHERE = org.Scope(None)


def day(number: int) -> date:
    """Return a day of the story."""
    return DAY + timedelta(days=number)


def test_handing_over_a_post_hands_over_its_duties(
    affairs: Affairs, tree: Cast, clock: Clock
) -> None:
    duty = affairs.duty("C")
    clock.move(days=10)
    affairs.leave("丙某", "C", day(10), since=date(2026, 1, 1))
    assert [gap.trouble for gap in list_gaps(EVERYWHERE, day(10))] == ["vacant"]
    clock.move(days=2)
    affairs.post("乙某", "C", since=day(12))
    assert list_gaps(EVERYWHERE, day(12)) == ()
    told = [(span.since, span.member_id) for span in list_spans(duty, day(12))]
    people = tree.people
    assert told == [(DAY, people["丙某"]), (day(10), None), (day(12), people["乙某"])]


def test_explicit_hand_over_is_kept_and_told_to_both(
    affairs: Affairs, tree: Cast, clock: Clock
) -> None:
    duty, people = affairs.duty("B", to="乙某"), tree.people
    clock.move(days=10)
    hand_duty(tree.viewer("乙书记"), duty, affairs.charge("乙另"), day(8), "轮岗", clock())
    told = [(span.since, span.until, span.member_id) for span in list_spans(duty, day(10))]
    assert told == [(DAY, day(8), people["乙某"]), (day(8), None, people["乙另"])]
    assert list_notes(duty)[0].text == "轮岗"
    assert "assign.take_duty" in {e.action for e in list_entries(people["乙某"])}
    assert "assign.give_duty" in {e.action for e in list_entries(people["乙另"])}


def test_a_slip_is_put_right_on_the_same_day(affairs: Affairs, tree: Cast, clock: Clock) -> None:
    duty, by = affairs.duty("B", to="乙某"), tree.viewer("乙书记")
    for name in ("乙另", "乙某", "乙另"):
        hand_duty(by, duty, affairs.charge(name), DAY, "登记错了", clock())
    hand_duty(by, duty, Charge(post="secretary"), DAY, "登记错了", clock())
    told = [(span.since, span.member_id) for span in list_spans(duty, DAY)]
    assert told == [(DAY, tree.people["乙书记"])]
    assert len(list_notes(duty)) == 5


@pytest.mark.parametrize(
    ("to", "on", "reason", "words"),
    [
        ("丁某", 0, "换", "不在本单位"),
        ("乙另", 1, "换", "到今天之间"),
        ("乙另", -1, "换", "到今天之间"),
        ("乙另", 0, " ", "原因"),
        ("乙某", 0, "换", "已经由"),
        ("king", 0, "换", "由谁负责"),
    ],
)
def test_bad_hand_overs_change_nothing(
    affairs: Affairs, tree: Cast, clock: Clock, to: str, on: int, reason: str, words: str
) -> None:
    duty = affairs.duty("B", to="乙某")
    before = list_spans(duty, DAY), list_notes(duty), len(list_entries())
    with pytest.raises(Invalid, match=words):
        hand_duty(tree.viewer("乙书记"), duty, affairs.charge(to), day(on), reason, clock())
    assert (list_spans(duty, DAY), list_notes(duty), len(list_entries())) == before


def test_what_is_done_is_not_handed_over(affairs: Affairs, tree: Cast, clock: Clock) -> None:
    duty, by = affairs.duty("B", to="乙某"), tree.viewer("乙书记")
    settle_duty(by, duty, DAY, "办了", clock())
    with pytest.raises(Invalid, match="不用移交"):
        hand_duty(by, duty, affairs.charge("乙另"), DAY, "换", clock())


def test_all_of_a_person_at_once_or_none(affairs: Affairs, tree: Cast, clock: Clock) -> None:
    by, people = tree.viewer("总管"), tree.people
    first, second = affairs.duty("B", to="丙某"), affairs.duty("C", to="丙某")
    with pytest.raises(Invalid, match="不在本单位"):
        hand_all(by, people["丙某"], affairs.charge("乙某"), DAY, "调走", clock())
    assert affairs.get(first).bearer.name == "丙某"
    with pytest.raises(Invalid, match="没有可移交"):
        hand_all(tree.viewer("乙书记"), people["乙某"], affairs.charge("乙另"), DAY, "x", clock())
    assert hand_all(by, people["丙某"], Charge(post="secretary"), DAY, "调走", clock()) == 2
    assert affairs.get(first).bearer.name == "乙书记"
    assert affairs.get(second).bearer.post == "secretary"


def test_who_was_answerable_for_what(affairs: Affairs, tree: Cast, clock: Clock) -> None:
    duty, done = affairs.duty("B", to="乙某", days=5), affairs.duty("B", title="按时办")
    settle_duty(tree.viewer("乙书记"), done, DAY, "办了", clock())
    clock.move(days=9)
    hand_duty(tree.viewer("乙书记"), duty, affairs.charge("乙另"), day(8), "调整", clock())
    found = list_responsibility([tree.units["B"]], day(-30), day(30), day(9))
    told = [(r.title, r.name, r.since, r.until, r.outcome, r.late_days) for r in found]
    assert told == [
        ("讲一次党课", "乙某", DAY, day(8), "late", 2),
        ("讲一次党课", "乙另", day(8), None, "late", 2),
        ("按时办", "乙书记", DAY, None, "done", 0),
    ]
    [early] = [
        r
        for r in list_responsibility([tree.units["B"]], day(-30), day(3), day(9))
        if r.duty_id == duty
    ]
    assert early.name == "乙某"
    assert list_responsibility([tree.units["B"]], day(-30), DAY, day(9)) == ()
    assert list_responsibility([tree.units["D"]], day(-30), day(30), day(9)) == ()


PEOPLE = ("甲某", "乙某", "丙某", "丁某")
# What happens how often; what closes units for good is rare, so that the tree does not run out.
LIKELY = {
    "give": 6,
    "end": 3,
    "hand": 5,
    "duty": 3,
    "disable": 2,
    "enable": 2,
    "move": 4,
    "merge": 2,
    "close": 1,
    "lift": 1,
}


@pytest.mark.once
@pytest.mark.parametrize("seed", range(int(os.environ.get("XUEJI_STORIES", "2"))))
def test_no_duty_is_without_a_named_person_unless_the_check_says_so(
    affairs: Affairs, tree: Cast, clock: Clock, seed: int
) -> None:
    """Whatever happens to posts, people and units, day after day."""
    rng, tried = random.Random(seed), Counter[str]()
    for unit in "ABCD":
        affairs.duty(unit)
    for number in range(90):
        clock.move(days=1)
        kind = rng.choices(list(LIKELY), list(LIKELY.values()))[0]
        try:
            act(affairs, tree, clock, rng, kind)
            tried[kind] += 1
        except XuejiError:
            db.session.rollback()
        today = study_day(clock())
        gaps = {gap.duty.id: gap.trouble for gap in list_gaps(EVERYWHERE, today)}
        found = {duty.id: duty for duty in list_duties(today, all_units())}
        for duty_id, named in read_plainly(today).items():
            assert (duty_id in gaps) is (named is None), (number, kind, duty_id)
            if named is not None:
                assert found[duty_id].bearer.member_id == named, (number, kind)
        tried.update(gaps.values())
    needed = {"give", "end", "hand", "move", "vacant"} | ({"merge"} if seed < 2 else set())
    assert needed <= set(tried)


def all_units() -> list[int]:
    """Return the ids of every unit, closed ones too."""
    return list(db.session.scalars(text("SELECT id FROM org_unit ORDER BY id")))


def act(affairs: Affairs, tree: Cast, clock: Clock, rng: random.Random, kind: str) -> None:
    """Do one thing that may change who is answerable for something."""
    by, today, now = tree.viewer("总管"), study_day(clock()), clock()
    name, post = rng.choice(PEOPLE), rng.choice(("secretary", "deputy"))
    whom, units = tree.people[name], [unit.id for unit in org.list_units(EVERYWHERE)]
    here, there = rng.choice(units), rng.choice(units)
    if kind == "give":
        give_post(whom, here, post, today, None, by, now)
    elif kind == "end":
        for held in org.list_posts(whom):
            end_post(whom, held.unit_id, held.post, held.since, today, by, now)
    elif kind == "duty":
        wording = Wording("事", "看得见", today, today)
        make_duty(None, here, wording, pick(rng, whom, post), now)
    elif kind == "hand":
        duty_id = rng.choice([duty.id for duty in list_duties(today, all_units())])
        hand_duty(by, duty_id, pick(rng, whom, post), today, "变动", now)
    elif kind == "disable":
        disable_person(whom, by, now)
    elif kind == "enable":
        enable_person(whom, by, now)
    elif kind == "move":
        known = org.get_profile(whom, today)
        told = (known.name, known.phone, known.role, here, known.status, known.standing)
        edit_person(whom, Edited(*told, known.seen), by, now)
    elif kind == "merge" and len(units) > 1:
        merge_units(here, there, now, by)
        add_unit(f"N{clock.moment:%m%d}", "新单位", parent_id=there, now=now)
    elif kind == "close":
        close_unit(here, now, by)
    elif kind == "lift":
        move_unit(here, there, now, by)


def pick(rng: random.Random, whom: int, post: str) -> Charge:
    """Return a person or a post."""
    return Charge(post=post) if rng.random() < 0.5 else Charge(member_id=whom)


def read_plainly(today: date) -> dict[int, int | None]:
    """Return open duty → the named person, worked out slowly from the bare tables."""
    rows = {
        t: db.session.execute(text(f"SELECT * FROM {t}")).mappings().all()
        for t in (
            "assign_duty",
            "assign_person_term",
            "assign_post_term",
            "org_post",
            "org_unit",
            "accounts_user",
        )
    }
    units = {row["id"]: row for row in rows["org_unit"]}
    able = {row["id"]: row for row in rows["accounts_user"] if row["disabled_at"] is None}

    def heir(unit_id: int | None) -> int | None:
        while unit_id is not None and units[unit_id]["closed_at"] is not None:
            unit_id = units[unit_id]["merged_into_id"] or units[unit_id]["parent_id"]
        return unit_id

    def holders(unit_id: int, post: str | None) -> list[int]:
        held = [
            (str(row["since"]), row["member_id"])
            for row in rows["org_post"]
            if row["unit_id"] == unit_id
            and (post is None or row["post"] == post)
            and str(row["since"]) <= str(today)
            and (row["until"] is None or str(row["until"]) > str(today))
            and row["member_id"] in able
        ]
        return [member for _since, member in sorted(held)]

    found: dict[int, int | None] = {}
    for duty in rows["assign_duty"]:
        home, named = heir(duty["unit_id"]), None
        if home is not None:
            for row in rows["assign_post_term"]:
                if row["duty_id"] == duty["id"] and row["until"] is None:
                    named = next(iter(holders(home, row["post"])), None)
            for row in rows["assign_person_term"]:
                if row["duty_id"] == duty["id"] and row["until"] is None:
                    person = able.get(row["member_id"])
                    place = person["unit_id"] if person else None
                    near = place is not None and f"/{home}/" in units[place]["path"]
                    if person and (near or person["id"] in holders(home, None)):
                        named = person["id"]
        found[duty["id"]] = named
    return found
