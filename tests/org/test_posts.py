"""Posts: from a day to a day, no overlaps, history kept, mistakes taken back with a record."""

from datetime import date

import pytest

from app.base.audit import list_entries
from app.base.errors import Invalid, NotFound
from app.org import actions, queries
from tests.conftest import Cast, Clock

DAY = date(2026, 11, 23)


@pytest.fixture
def tree(cast: Cast) -> Cast:
    """A above B and C; a trainer and a member of B, one of A; an auditor of A."""
    for code, parent in (("A", None), ("B", "A"), ("C", "A")):
        cast.make_unit(code, parent)
    cast.make_member("书记", "trainer", "B")
    cast.make_member("学员", unit="B")
    cast.make_member("上级", unit="A")
    cast.make_member("督导", "auditor", "A")
    return cast


def give(
    tree: Cast, clock: Clock, since: date, until: date | None = None, post: str = "secretary"
) -> None:
    """Give the member of B a post in B."""
    whom, unit = tree.people["学员"], tree.units["B"]
    actions.give_post(whom, unit, post, since, until, tree.viewer("书记"), clock())


def end(tree: Cast, clock: Clock, since: date, until: date) -> None:
    """End it."""
    whom, unit = tree.people["学员"], tree.units["B"]
    actions.end_post(whom, unit, "secretary", since, until, tree.viewer("书记"), clock())


def test_a_post_is_held_from_its_first_day_to_the_day_before_its_last(
    tree: Cast, clock: Clock
) -> None:
    give(tree, clock, date(2026, 1, 1), date(2026, 2, 1))
    held = [
        bool(queries.list_holders("secretary", tree.units["B"], day))
        for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1))
    ]
    assert held == [False, True, True, False]


def test_history_is_kept_and_recorded(tree: Cast, clock: Clock) -> None:
    give(tree, clock, date(2024, 1, 1))
    end(tree, clock, date(2024, 1, 1), date(2025, 1, 1))
    give(tree, clock, date(2026, 1, 1))
    whom = tree.people["学员"]
    assert [(h.since.year, h.until) for h in queries.list_posts(whom)] == [
        (2026, None),
        (2024, date(2025, 1, 1)),
    ]
    assert [h.since.year for h in queries.get_profile(whom, DAY).posts] == [2026]
    acts = [entry.action for entry in list_entries(whom)]
    assert acts[:3] == ["org.give_post", "org.end_post", "org.give_post"]


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(2024, 1, 1), None),
        (date(2023, 1, 1), None),
        (date(2023, 1, 1), date(2024, 1, 2)),
        (date(2024, 6, 1), date(2024, 7, 1)),
        (date(2024, 12, 31), None),
    ],
)
def test_the_same_post_is_not_held_twice_at_once(
    tree: Cast, clock: Clock, since: date, until: date | None
) -> None:
    give(tree, clock, date(2024, 1, 1), date(2025, 1, 1))
    with pytest.raises(Invalid, match="已经登记"):
        give(tree, clock, since, until)
    give(tree, clock, date(2023, 1, 1), date(2024, 1, 1))
    give(tree, clock, date(2025, 1, 1))
    give(tree, clock, date(2024, 6, 1), None, "lecturer")


def test_an_end_does_not_run_into_the_next_time(tree: Cast, clock: Clock) -> None:
    give(tree, clock, date(2024, 1, 1), date(2025, 1, 1))
    give(tree, clock, date(2026, 1, 1))
    with pytest.raises(Invalid):
        end(tree, clock, date(2024, 1, 1), date(2026, 1, 2))
    end(tree, clock, date(2024, 1, 1), date(2026, 1, 1))


def test_what_was_recorded_by_mistake_goes_with_a_record(tree: Cast, clock: Clock) -> None:
    give(tree, clock, DAY)
    end(tree, clock, DAY, DAY)
    assert queries.list_posts(tree.people["学员"]) == ()
    assert list_entries()[0].action == "org.withdraw_post"


@pytest.mark.parametrize(
    ("post", "since", "until"),
    [
        ("emperor", DAY, None),
        ("secretary", date(1900, 1, 1), None),
        ("secretary", DAY, date(2026, 1, 1)),
        ("secretary", DAY, DAY),
        ("secretary", DAY, date(3000, 1, 1)),
    ],
)
def test_what_is_no_post_or_no_time_is_refused(
    tree: Cast, clock: Clock, post: str, since: date, until: date | None
) -> None:
    with pytest.raises(Invalid):
        give(tree, clock, since, until, post)


@pytest.mark.parametrize(
    ("by", "whom", "unit"),
    [
        ("书记", "上级", "B"),
        ("书记", "学员", "A"),
        ("书记", "学员", "C"),
        ("督导", "学员", "B"),
        ("学员", "学员", "B"),
    ],
)
def test_posts_are_given_within_reach_only(
    tree: Cast, clock: Clock, by: str, whom: str, unit: str
) -> None:
    with pytest.raises(NotFound):
        actions.give_post(
            tree.people[whom],
            tree.units[unit],
            "secretary",
            DAY,
            None,
            tree.viewer(by),
            clock(),
        )
    with pytest.raises(NotFound):
        actions.end_post(
            tree.people[whom],
            tree.units[unit],
            "secretary",
            DAY,
            DAY,
            tree.viewer(by),
            clock(),
        )


def test_the_disabled_hold_no_post(tree: Cast, clock: Clock) -> None:
    give(tree, clock, date(2026, 1, 1))
    unit = tree.units["B"]
    assert [p.name for p in queries.list_holders("secretary", unit, DAY)] == ["学员"]
    assert queries.list_committees([unit], DAY) == {unit: ("secretary",)}
    actions.disable_person(tree.people["学员"], tree.viewer("书记"), clock())
    assert queries.list_holders("secretary", unit, DAY) == ()
    assert queries.list_posts_of_unit(unit, DAY) == ()
    assert queries.list_committees([unit], DAY) == {}


def test_nobody_holds_posts_without_end(tree: Cast, clock: Clock) -> None:
    from app.org.actions import posts

    for number in range(posts.MOST):
        first = date(1950 + number, 1, 1)
        give(tree, clock, first, date(1950 + number, 2, 1))
    with pytest.raises(Invalid, match="太多"):
        give(tree, clock, date(2080, 6, 1))
