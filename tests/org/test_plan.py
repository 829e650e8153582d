"""What a roster would change: who is who, what is left alone, and that twice is once."""

import random
from dataclasses import replace

import pytest

from app.org.plan import Entry, Field, Known, after, plan_roster

pytestmark = pytest.mark.pure

ONE = Known(1, "张三", "13800000001", 1, status="full")
TWO = Known(2, "李四", None, 1)
FAR = Known(3, "王五", None, 9, reached=False)


def test_new_changed_same_and_missing() -> None:
    stay, gone = Known(4, "赵六", None, 2), Known(5, "孙七", None, 2)
    plan = plan_roster(
        [
            Entry(2, "张三", "13800000001", 2, status="full", posts=("secretary",)),
            Entry(3, "新人", None, 1, status="activist"),
            Entry(4, "赵六", None, 2),
        ],
        [ONE, TWO, stay, gone],
    )
    assert [one.name for one in plan.new] == ["新人"]
    [change] = plan.changes
    assert change.fields == (Field("unit_id", 1, 2), Field("post", None, "secretary"))
    assert plan.same == (stay,)
    assert {one.id for one in plan.missing} == {2, 5}
    assert plan.refused == ()


def test_an_empty_cell_changes_nothing() -> None:
    plan = plan_roster([Entry(2, "张三", "13800000001", 5, named=False)], [ONE])
    assert plan.same == (ONE,)
    assert plan.is_empty


def test_a_name_without_a_phone_gets_the_phone() -> None:
    [change] = plan_roster([Entry(2, "李四", "13800000002", 1)], [TWO]).changes
    assert change.fields == (Field("phone", None, "13800000002"),)


@pytest.mark.parametrize(
    ("entry", "known", "words"),
    [
        (Entry(2, "张四", "13800000001", 1), ONE, "张三"),
        (Entry(2, "张三", "13800000009", 1), ONE, "手机号对不上"),
        (Entry(2, "张三", None, 2), ONE, "别的单位有同名"),
        (Entry(2, "张三", "13800000001", 1), replace(ONE, disabled=True), "停用"),
        (Entry(2, "张三", "13800000001", 1), replace(ONE, reached=False), "已有人使用"),
        (Entry(2, "王五", None, 1), FAR, "已有同名"),
    ],
)
def test_whatever_is_in_doubt_is_refused(entry: Entry, known: Known, words: str) -> None:
    plan = plan_roster([entry], [known])
    assert plan.is_empty
    assert plan.same == ()
    assert [words in row.reason for row in plan.refused] == [True]


def test_a_refusal_never_names_somebody_out_of_reach() -> None:
    far = replace(FAR, phone="13800000003")
    [row] = plan_roster([Entry(2, "某人", "13800000003", 1)], [far]).refused
    assert "王五" not in row.reason


def test_namesakes_are_told_apart_by_phone_only() -> None:
    twins = [replace(TWO, id=8, phone="13800000008"), replace(TWO, id=9, phone="13800000009")]
    [row] = plan_roster([Entry(2, "李四", None, 1)], twins).refused
    assert "几个同名" in row.reason
    plan = plan_roster([Entry(2, "李四", "13800000007", 2)], twins)
    assert [one.phone for one in plan.new] == ["13800000007"]


def test_two_rows_that_mean_one_person_are_one_too_many() -> None:
    rows = [Entry(2, "张三", "13800000001", 1), Entry(3, "张三", None, 1)]
    plan = plan_roster(rows, [ONE])
    assert plan.same == (ONE,)
    assert [row.number for row in plan.refused] == [3]
    fresh = plan_roster([Entry(2, "新", None, 1), Entry(3, "新", None, 2)], [])
    assert [row.number for row in fresh.refused] == [3]
    same_phone = [Entry(2, "甲", "13800000009", 1), Entry(3, "乙", "13800000009", 1)]
    assert [row.number for row in plan_roster(same_phone, []).refused] == [3]


def test_those_with_a_role_are_moved_by_hand_only() -> None:
    peer = replace(ONE, role="trainer", governed=False)
    plan = plan_roster([Entry(2, "张三", "13800000001", 2, status="other")], [peer])
    [change] = plan.changes
    assert [one.name for one in change.fields] == ["status"]
    assert len(plan.notes) == 1
    quiet = replace(TWO, role="trainer", governed=False)
    plan = plan_roster([Entry(2, "李四", "13800000005", 1)], [quiet])
    assert plan.is_empty
    assert len(plan.notes) == 1


def test_posts_are_only_added() -> None:
    held = replace(ONE, posts=frozenset({(1, "publicity"), (7, "secretary")}))
    plan = plan_roster([Entry(2, "张三", "13800000001", 1, posts=("secretary",))], [held])
    [change] = plan.changes
    assert change.fields == (Field("post", None, "secretary"),)
    assert [row.number for row in plan.notes] == [2]


def test_the_sum_covers_what_would_be_written() -> None:
    rows = [Entry(2, "张三", "13800000001", 2)]
    first = plan_roster(rows, [ONE])
    assert first.digest == plan_roster(rows, [ONE, TWO]).digest
    assert first.digest != plan_roster(rows, [replace(ONE, unit_id=3)]).digest
    assert first.digest != plan_roster([*rows, Entry(3, "新", None, 1)], [ONE]).digest


@pytest.mark.parametrize("seed", range(400))
def test_twice_is_once_and_nobody_is_lost(seed: int) -> None:
    rng = random.Random(seed)
    names, phones = ["甲", "乙", "丙", "丁"], [None, *(f"1380000000{n}" for n in range(6))]
    taken: set[str] = set()
    known: list[Known] = []
    for number in range(rng.randrange(6)):
        name, phone = rng.choice(names), rng.choice(phones)
        if (phone or name) in taken:  # sign-in keeps people apart so
            continue
        taken.add(phone or name)
        known.append(
            Known(
                number + 1,
                name,
                phone,
                rng.choice([1, 2, None]),
                role=rng.choice(["member", "member", "trainer"]),
                reached=rng.random() < 0.8,
                governed=rng.random() < 0.8,
            )
        )
    entries = [
        Entry(
            number,
            rng.choice(names),
            rng.choice(phones),
            rng.choice([1, 2]),
            rng.random() < 0.7,
            rng.choice(["", "full", "activist"]),
            tuple(rng.sample(["secretary", "deputy"], rng.randrange(3))),
        )
        for number in range(2, 2 + rng.randrange(7))
    ]
    plan = plan_roster(entries, known)
    told = len(plan.new) + len(plan.changes) + len(plan.same) + len(plan.refused)
    assert told == len(entries)
    people = after(plan, known)
    assert len(people) == len(known) + len(plan.new)
    assert [one.id for one in people[: len(known)]] == [one.id for one in known]
    outside = [one for one in known if not one.reached]
    assert [one for one in people if not one.reached] == outside
    keys = [one.phone or one.name for one in people]
    assert len(keys) == len(set(keys)), "two people would be mixed up at sign-in"
    assert plan_roster(entries, people).is_empty
