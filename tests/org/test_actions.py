"""Inviting, editing and disabling people: within reach, recorded, and nothing half-done."""

from dataclasses import replace

import pytest

from app.accounts.queries import find_viewer, get_user
from app.base.audit import list_entries
from app.base.clock import epoch, study_day
from app.base.errors import Invalid, NotFound, Stale
from app.org import actions, queries
from tests.conftest import PASSWORD, Cast, Clock


@pytest.fixture
def tree(cast: Cast) -> Cast:
    """A above B; a trainer, a peer, an auditor and a member of B; an administrator of A."""
    cast.make_unit("A")
    cast.make_unit("B", "A")
    for name, role in (("书记", "trainer"), ("同级", "trainer"), ("督导", "auditor")):
        cast.make_member(name, role, "B")
    cast.make_member("学员", unit="B")
    cast.make_member("上级", unit="A")
    cast.make_member("总管", "admin", "A")
    return cast


def edited(tree: Cast, whom: str, clock: Clock, /, **changes: object) -> actions.Edited:
    """Return what is recorded about somebody, with changes."""
    seen = queries.get_profile(tree.people[whom], study_day(clock()))
    kept = actions.Edited(
        seen.name, seen.phone, seen.role, seen.unit_id, seen.status, seen.standing, seen.seen
    )
    return replace(kept, **changes)  # type: ignore[arg-type]


def edit(tree: Cast, by: str, whom: str, clock: Clock, /, **changes: object) -> None:
    """Edit somebody as `by`."""
    wanted = edited(tree, whom, clock, **changes)
    actions.edit_person(tree.people[whom], wanted, tree.viewer(by), clock())


@pytest.mark.parametrize("role", ["admin", "editor", "auditor", "emperor"])
def test_trainers_grant_member_and_trainer_only(tree: Cast, clock: Clock, role: str) -> None:
    by = tree.viewer("书记")
    with pytest.raises((NotFound, Invalid)):
        actions.invite_person("甲", None, tree.units["B"], role, by, clock())
    assert actions.invite_person("甲", None, tree.units["B"], "trainer", by, clock()).token


def test_nobody_is_invited_outside_the_reach_or_by_a_reader(tree: Cast, clock: Clock) -> None:
    for by, unit in (("书记", "A"), ("督导", "B"), ("学员", "B")):
        with pytest.raises(NotFound):
            actions.invite_person("甲", None, tree.units[unit], "member", tree.viewer(by), clock())
    assert queries.count_people(None) == 6


def test_somebody_known_is_not_invited_twice(tree: Cast, clock: Clock) -> None:
    by, unit = tree.viewer("书记"), tree.units["B"]
    first = actions.invite_person("甲", "13800000001", unit, "member", by, clock(), "activist")
    assert first.token
    assert first.user_id
    assert queries.get_profile(first.user_id, study_day(clock())).status == "activist"
    with pytest.raises(Invalid, match="在册"):
        actions.invite_person("甲", "138-0000-0001", unit, "member", by, clock())


def test_a_link_for_somebody_with_more_rights_is_not_handed_out(tree: Cast, clock: Clock) -> None:
    boss = actions.invite_person(
        "新主管", None, tree.units["B"], "admin", tree.viewer("总管"), clock()
    )
    assert boss.user_id
    with pytest.raises(NotFound):
        actions.renew_invite(boss.user_id, tree.viewer("书记"), clock())
    assert actions.renew_invite(boss.user_id, tree.viewer("总管"), clock())


def test_status_and_standing_are_kept_and_recorded(tree: Cast, clock: Clock) -> None:
    edit(tree, "书记", "学员", clock, status="probationary", standing="exempt")
    profile = queries.get_profile(tree.people["学员"], study_day(clock()))
    assert (profile.status, profile.standing) == ("probationary", "exempt")
    [entry] = list_entries(tree.people["学员"])[:1]
    assert entry.action == "org.edit_person"
    assert entry.actor_id == tree.people["书记"]
    assert entry.details == '{"standing":["active","exempt"],"status":["unknown","probationary"]}'


def test_nothing_changed_is_nothing_recorded(tree: Cast, clock: Clock) -> None:
    before = len(list_entries())
    edit(tree, "书记", "学员", clock)
    assert len(list_entries()) == before


def test_names_and_phones_stay_out_of_the_record(tree: Cast, clock: Clock) -> None:
    edit(tree, "书记", "学员", clock, name="学员改", phone="13800000001")
    assert get_user(tree.people["学员"]).phone == "13800000001"
    assert list_entries()[0].details == '{"name":[],"phone":[]}'


def test_moving_a_person_keeps_where_they_were(tree: Cast, clock: Clock) -> None:
    whom = tree.people["上级"]
    start = epoch(clock())
    assert [(s.unit_name, s.since, s.until) for s in queries.list_stays(whom)] == [
        ("单位A", start, None)
    ]
    clock.move(days=1)
    edit(tree, "总管", "上级", clock, unit_id=tree.units["B"])
    clock.move(days=1)
    edit(tree, "总管", "上级", clock, unit_id=tree.units["A"])
    day = 24 * 3600
    assert [(s.unit_name, s.since, s.until) for s in queries.list_stays(whom)] == [
        ("单位A", start + 2 * day, None),
        ("单位B", start + day, start + 2 * day),
        ("单位A", start, start + day),
    ]


def test_two_moves_in_one_second_keep_the_last(tree: Cast, clock: Clock) -> None:
    for unit in ("B", "A"):
        edit(tree, "总管", "上级", clock, unit_id=tree.units[unit])
    assert [s.unit_name for s in queries.list_stays(tree.people["上级"])] == ["单位A"]


@pytest.mark.parametrize(
    ("by", "whom", "changes"),
    [
        ("书记", "同级", {"name": "别名"}),
        ("书记", "同级", {"phone": "13800000001"}),
        ("书记", "学员", {"role": "trainer"}),
        ("书记", "书记", {"role": "admin"}),
        ("总管", "总管", {"role": "member"}),
        ("书记", "上级", {"status": "full"}),
        ("督导", "学员", {"status": "full"}),
        ("学员", "学员", {"status": "full"}),
        ("书记", "学员", {"unit_id": "A"}),
        ("书记", "学员", {"unit_id": None}),
        ("总管", "学员", {"unit_id": None}),
    ],
)
def test_nobody_changes_what_is_not_theirs_to_change(
    tree: Cast, clock: Clock, by: str, whom: str, changes: dict[str, object]
) -> None:
    if changes.get("unit_id"):
        changes = {"unit_id": tree.units[str(changes["unit_id"])]}
    before = queries.get_profile(tree.people[whom], study_day(clock()))
    with pytest.raises(NotFound):
        edit(tree, by, whom, clock, **changes)
    assert queries.get_profile(tree.people[whom], study_day(clock())) == before


def test_an_administrator_gives_roles_and_a_trainer_edits_a_peers_status(
    tree: Cast, clock: Clock
) -> None:
    edit(tree, "总管", "学员", clock, role="auditor")
    assert get_user(tree.people["学员"]).role == "auditor"
    edit(tree, "书记", "同级", clock, status="full")


def test_an_old_form_does_not_undo_what_somebody_else_did(tree: Cast, clock: Clock) -> None:
    old = edited(tree, "学员", clock, standing="away")
    edit(tree, "同级", "学员", clock, status="full")
    with pytest.raises(Stale):
        actions.edit_person(tree.people["学员"], old, tree.viewer("书记"), clock())
    profile = queries.get_profile(tree.people["学员"], study_day(clock()))
    assert (profile.status, profile.standing) == ("full", "active")


@pytest.mark.parametrize("changes", [{"status": "emperor"}, {"standing": "gone"}, {"name": "1"}])
def test_what_is_no_status_or_name_is_refused(
    tree: Cast, clock: Clock, changes: dict[str, object]
) -> None:
    with pytest.raises(Invalid):
        edit(tree, "书记", "学员", clock, **changes)


def test_disabling_ends_sessions_and_links_and_can_be_undone(tree: Cast, clock: Clock) -> None:
    from app.accounts.actions import sign_in
    from app.accounts.queries import find_invited

    whom, by = tree.people["学员"], tree.viewer("书记")
    link = actions.renew_invite(whom, by, clock())
    session = sign_in("学员", PASSWORD, "10.0.0.1", "", None, clock())
    actions.disable_person(whom, by, clock())
    actions.disable_person(whom, by, clock())
    assert find_viewer(session, clock()) is None
    actions.enable_person(whom, by, clock())
    actions.enable_person(whom, by, clock())
    assert find_invited(link, clock()) is None
    assert not get_user(whom).disabled
    acts = [entry.action for entry in list_entries(whom)]
    assert acts[:3] == ["accounts.enable_user", "accounts.disable_user", "accounts.renew_invite"]


def test_nobody_is_enabled_whose_name_somebody_has_by_now(tree: Cast, clock: Clock) -> None:
    whom, by = tree.people["学员"], tree.viewer("书记")
    actions.disable_person(whom, by, clock())
    assert actions.invite_person(
        "学员", None, tree.units["A"], "member", tree.viewer("总管"), clock()
    )
    with pytest.raises(Invalid):
        actions.enable_person(whom, by, clock())


@pytest.mark.parametrize(("by", "whom"), [("书记", "同级"), ("书记", "书记"), ("总管", "总管")])
def test_peers_and_oneself_are_not_disabled(tree: Cast, clock: Clock, by: str, whom: str) -> None:
    with pytest.raises(NotFound):
        actions.disable_person(tree.people[whom], tree.viewer(by), clock())
    assert not get_user(tree.people[whom]).disabled


def test_nobody_is_put_into_a_closed_unit(tree: Cast, clock: Clock) -> None:
    tree.make_unit("C", "A")
    actions.close_unit(tree.units["C"], clock(), None)
    boss = tree.viewer("总管")
    with pytest.raises(Invalid, match="关闭"):
        edit(tree, "总管", "学员", clock, unit_id=tree.units["C"])
    with pytest.raises(Invalid, match="关闭"):
        actions.invite_person("甲", None, tree.units["C"], "member", boss, clock())


def test_a_failure_in_the_middle_leaves_nothing(
    tree: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.org.actions import people

    def fail(*_words: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(people, "tell", fail)
    before = queries.get_profile(tree.people["学员"], study_day(clock()))
    with pytest.raises(ZeroDivisionError):
        edit(tree, "总管", "学员", clock, unit_id=tree.units["A"], status="full")
    assert queries.get_profile(tree.people["学员"], study_day(clock())) == before
    assert len(queries.list_stays(tree.people["学员"])) == 1
