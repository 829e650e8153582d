"""What the rules would say about a branch, at the edges they name."""

import pytest

from app.org.plan import Entry, Known, after, plan_roster
from app.org.queries import Unit
from app.org.size import Size, hints, sizes

pytestmark = pytest.mark.pure

COMMITTEE = ("secretary", "organisation", "publicity")


@pytest.mark.parametrize(
    ("full", "probationary", "posts", "words"),
    [
        (0, 0, (), ["3 人以上"]),
        (2, 0, ("secretary",), ["3 人以上"]),
        (3, 0, ("secretary",), []),
        (6, 0, ("secretary",), []),
        (6, 0, (), ["还没有登记书记"]),
        (7, 0, COMMITTEE, []),
        (7, 0, ("secretary",), ["支部委员会"]),
        (50, 0, COMMITTEE, []),
        (50, 1, COMMITTEE, ["不超过 50 人"]),
        (7, 0, (*COMMITTEE, "secretary"), ["2 位书记"]),
    ],
)
def test_a_branch_at_the_edges(
    full: int, probationary: int, posts: tuple[str, ...], words: list[str]
) -> None:
    found = hints(Size("党支部", {"full": full, "probationary": probationary}, posts))
    assert len(found) == len(words), found
    assert all(word in text for word, text in zip(words, found, strict=True))


def test_the_rules_for_branches_are_for_branches() -> None:
    assert hints(Size("党委", {"full": 1})) == ()
    assert len(hints(Size("党委", {}, ("secretary", "secretary")))) == 1


def test_what_is_not_recorded_is_said_instead_of_guessed() -> None:
    [text] = hints(Size("党支部", {"unknown": 2}))
    assert "2 人没有登记" in text


def test_a_roster_is_looked_at_as_it_will_be() -> None:
    unit = Unit(1, "A", "甲支部", "党支部", None, "/1/", 0)
    other = Unit(2, "B", "乙支部", "党支部", None, "/2/", 0)
    known = (Known(1, "一", "13800000001", 1, status="full", posts=frozenset({(1, "worker")})),)
    entries = (
        Entry(2, "一", "13800000001", 1, posts=("secretary",)),
        Entry(3, "二", "13800000002", 1, status="full"),
    )
    plan = plan_roster(entries, known)
    [(found, size)] = sizes((unit, other), plan, after(plan, known))
    assert found == unit
    assert size.statuses == {"full": 2}
    assert sorted(size.posts) == ["secretary", "worker"]
