"""Importing a roster: what was shown, all of it or nothing, and once."""

from datetime import date

import pytest

from app.base.audit import list_entries
from app.base.errors import Invalid, NotFound, Stale
from app.org import actions, queries
from app.org.plan import Entry, plan_roster
from tests.conftest import Cast, Clock

DAY = date(2026, 11, 23)


@pytest.fixture
def tree(cast: Cast) -> Cast:
    """A above B and C; a trainer of A, one of B, a member of B."""
    for code, parent in (("A", None), ("B", "A"), ("C", "A")):
        cast.make_unit(code, parent)
    cast.make_member("书记", "trainer", "A")
    cast.make_member("乙书记", "trainer", "B")
    cast.make_member("学员", unit="B")
    return cast


def shown(tree: Cast, entries: list[Entry], by: str = "书记") -> str:
    """Return the sum of what a preview would show."""
    return plan_roster(entries, queries.list_known(tree.viewer(by), entries, DAY)).digest


def send(tree: Cast, clock: Clock, entries: list[Entry], by: str = "书记") -> actions.Imported:
    """Preview and confirm."""
    return actions.import_roster(entries, shown(tree, entries, by), tree.viewer(by), clock())


def rows(tree: Cast) -> list[Entry]:
    """Return somebody new and somebody who changes."""
    b, c = tree.units["B"], tree.units["C"]
    return [
        Entry(2, "新人", "13800000001", c, status="activist", posts=("secretary", "worker")),
        Entry(3, "学员", None, b, status="full", posts=("deputy",)),
    ]


def test_new_people_come_in_and_known_ones_change(tree: Cast, clock: Clock) -> None:
    done = send(tree, clock, rows(tree))
    assert (len(done.invited), done.changed) == (1, 1)
    new = done.invited[0].user_id
    assert new
    profile = queries.get_profile(new, DAY)
    assert (profile.unit_id, profile.status) == (tree.units["C"], "activist")
    assert {(h.post, h.since) for h in profile.posts} == {("secretary", DAY), ("worker", DAY)}
    known = queries.get_profile(tree.people["学员"], DAY)
    assert (known.status, [h.post for h in known.posts]) == ("full", ["deputy"])
    acts = [entry.action for entry in list_entries()]
    assert acts[0] == "org.import_roster"
    assert list_entries(tree.people["学员"])[0].details == (
        '{"posts":["deputy"],"status":["unknown","full"]}'
    )


def test_sending_it_again_does_nothing(tree: Cast, clock: Clock) -> None:
    entries = rows(tree)
    sum_shown = shown(tree, entries)
    by = tree.viewer("书记")
    assert actions.import_roster(entries, sum_shown, by, clock()).invited
    acts = len(list_entries())
    for digest in (sum_shown, "whatever"):
        assert actions.import_roster(entries, digest, by, clock()) == actions.Imported((), 0)
    assert len(list_entries()) == acts
    assert len(queries.list_posts(tree.people["学员"])) == 1


def test_a_person_moves_with_their_phone_and_history(tree: Cast, clock: Clock) -> None:
    send(tree, clock, [Entry(2, "学员", "13800000007", tree.units["B"])])
    clock.move(hours=1)
    send(tree, clock, [Entry(2, "学员", "13800000007", tree.units["C"])])
    stays = queries.list_stays(tree.people["学员"])
    assert [stay.unit_name for stay in stays] == ["单位C", "单位B"]
    assert list_entries(tree.people["学员"])[1].details == '{"phone":[]}'


def test_what_was_not_shown_is_not_done(tree: Cast, clock: Clock) -> None:
    entries = rows(tree)
    old = shown(tree, entries)
    send(tree, clock, [Entry(2, "学员", None, tree.units["B"], status="probationary")])
    with pytest.raises(Stale):
        actions.import_roster(entries, old, tree.viewer("书记"), clock())
    assert queries.count_people(None) == 3
    assert queries.get_profile(tree.people["学员"], DAY).status == "probationary"


def test_one_row_out_of_reach_stops_all_of_it(tree: Cast, clock: Clock) -> None:
    entries = [Entry(2, "甲", None, tree.units["B"]), Entry(3, "乙", None, tree.units["A"])]
    with pytest.raises(NotFound):
        send(tree, clock, entries, "乙书记")
    assert queries.count_people(None) == 3


@pytest.mark.parametrize("last", ["_give", "_invite", "_describe", "record_all"])
def test_a_failure_in_the_middle_undoes_everything(
    tree: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    from app.org.actions import rosters

    def fail(*_words: object) -> None:
        raise ZeroDivisionError

    entries = rows(tree)
    sum_shown = shown(tree, entries)
    monkeypatch.setattr(rosters, last, fail)
    acts = len(list_entries())
    with pytest.raises(ZeroDivisionError):
        actions.import_roster(entries, sum_shown, tree.viewer("书记"), clock())
    assert queries.count_people(None) == 3
    assert queries.get_profile(tree.people["学员"], DAY).status == "unknown"
    assert len(list_entries()) == acts


def test_a_post_that_is_to_come_is_not_given_again(tree: Cast, clock: Clock) -> None:
    whom, unit, by = tree.people["学员"], tree.units["B"], tree.viewer("书记")
    actions.give_post(whom, unit, "secretary", date(2027, 1, 1), None, by, clock())
    done = send(tree, clock, [Entry(2, "学员", None, unit, posts=("secretary", "deputy"))])
    assert done.changed == 1
    held = {(one.post, one.since) for one in queries.list_posts(whom)}
    assert held == {("secretary", date(2027, 1, 1)), ("deputy", DAY)}


def test_a_new_status_leaves_the_standing(tree: Cast, clock: Clock) -> None:
    whom, unit, by = tree.people["学员"], tree.units["B"], tree.viewer("书记")
    seen = queries.get_profile(whom, DAY)
    wanted = actions.Edited("学员", None, "member", unit, "full", "exempt", seen.seen)
    actions.edit_person(whom, wanted, by, clock())
    send(tree, clock, [Entry(2, "学员", None, unit, status="other")])
    profile = queries.get_profile(whom, DAY)
    assert (profile.status, profile.standing) == ("other", "exempt")


def test_a_closed_unit_takes_nobody(tree: Cast, clock: Clock) -> None:
    entries = [Entry(2, "甲", None, tree.units["C"])]
    sum_shown = shown(tree, entries)
    actions.close_unit(tree.units["C"], clock(), None)
    with pytest.raises(Invalid, match="关闭"):
        actions.import_roster(entries, sum_shown, tree.viewer("书记"), clock())


def test_people_out_of_reach_are_known_by_phone_and_name_only(tree: Cast, clock: Clock) -> None:
    tree.make_member("远方", unit="C")
    by = tree.viewer("乙书记")
    none = queries.list_known(by, [], DAY)
    assert {one.name for one in none} == {"乙书记", "学员"}
    named = queries.list_known(by, [Entry(2, "远方", None, tree.units["B"])], DAY)
    [far] = [one for one in named if not one.reached]
    assert far.name == "远方"
    plan = plan_roster([Entry(2, "远方", None, tree.units["B"])], named)
    assert [row.number for row in plan.refused] == [2]
    me = next(one for one in none if one.name == "乙书记")
    assert not me.governed


def test_a_long_roster_stays_within_the_limits_of_a_form(tree: Cast, clock: Clock) -> None:
    from app.org import upload
    from app.org.roster import MOST_ROWS

    entries = tuple(
        Entry(n, f"某某{n}", f"139{n:08d}", tree.units["C"], True, "probationary", ("secretary",))
        for n in range(2, MOST_ROWS + 2)
    )
    sealed = upload.seal(entries, "x" * 32, 1, "key")
    assert len(sealed) < 500_000
    assert upload.unseal(sealed, 1, "key") == (entries, "x" * 32)
