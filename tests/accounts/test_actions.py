"""People, invitations and limits, below the pages."""

import pytest
from flask import Flask

from app.accounts import actions, limits, queries
from app.accounts.details import Details
from app.accounts.invitation import Newcomer
from app.base.audit import list_entries
from app.base.db import transaction
from app.base.errors import Invalid, NotFound, TooMany
from tests.conftest import PASSWORD, Cast, Clock

OTHER = "another pass phrase"


def enter(login: str, password: str, clock: Clock, address: str = "10.0.0.1") -> str:
    """Sign in from an address and return the token."""
    return actions.sign_in(login, password, address, "", None, clock())


def test_namesakes_sign_in_by_phone(app: Flask, clock: Clock) -> None:
    one = actions.add_user("王伟", "member", clock(), PASSWORD, phone="13800000001")
    actions.add_user("王伟", "member", clock(), PASSWORD, phone="138 0000-0002")
    assert queries.find_by_login("王伟") is None
    found = queries.find_by_login("+86 138 0000 0001")
    assert found
    assert found.id == one
    with pytest.raises(Invalid):
        enter("王伟", PASSWORD, clock)


def test_a_namesake_without_a_phone_keeps_the_name(app: Flask, clock: Clock) -> None:
    one = actions.add_user("王伟", "member", clock(), PASSWORD)
    actions.add_user("王伟", "member", clock(), PASSWORD, phone="13800000002")
    found = queries.find_by_login("王 伟".replace(" ", ""))
    assert found
    assert found.id == one
    with pytest.raises(Invalid):
        actions.add_user("王伟", "member", clock(), PASSWORD)


def test_a_phone_belongs_to_one_person(app: Flask, clock: Clock) -> None:
    actions.add_user("甲", "member", clock(), phone="13800000001")
    with pytest.raises(Invalid):
        actions.add_user("乙", "member", clock(), phone="13800000001")


def test_disabled_people_are_out_at_once(cast: Cast, clock: Clock) -> None:
    user_id = cast.make_member("甲")
    token = enter("甲", PASSWORD, clock)
    actions.disable_user(user_id, clock())
    assert queries.find_viewer(token, clock()) is None
    with pytest.raises(Invalid):
        enter("甲", PASSWORD, clock)


def test_sessions_end_after_sixty_days(cast: Cast, clock: Clock) -> None:
    cast.make_member("甲")
    token = enter("甲", PASSWORD, clock)
    clock.move(days=59)
    assert queries.find_viewer(token, clock())
    clock.move(days=1)
    assert queries.find_viewer(token, clock()) is None


@pytest.mark.parametrize("login", ["甲", "查无此人"])
def test_an_account_bears_only_so_many_failures(cast: Cast, clock: Clock, login: str) -> None:
    cast.make_member("甲")
    for _try in range(limits.PER_ACCOUNT):
        with pytest.raises(Invalid):
            enter(login, "wrong", clock)
    with pytest.raises(TooMany):
        enter(login, PASSWORD, clock, "10.9.9.9")
    clock.move(minutes=15)
    with pytest.raises(Invalid):
        enter(login, "wrong", clock)


def test_an_address_bears_only_so_many_failures(cast: Cast, clock: Clock) -> None:
    cast.make_member("甲")
    for number in range(limits.PER_ADDRESS):
        with pytest.raises(Invalid):
            enter(f"某某{'甲' * number}", "wrong", clock)
    with pytest.raises(TooMany):
        enter("甲", PASSWORD, clock)
    assert enter("甲", PASSWORD, clock, "10.0.0.2")


def test_success_costs_an_address_nothing(cast: Cast, clock: Clock) -> None:
    cast.make_member("甲")
    for _try in range(limits.PER_ADDRESS + 5):
        enter("甲", PASSWORD, clock)


def test_an_invitation_works_once_and_for_fourteen_days(app: Flask, clock: Clock) -> None:
    [invited] = actions.invite_people([Newcomer("甲", None, None)], None, clock())
    assert invited.token
    assert invited.user_id
    second = actions.renew_invite(invited.user_id, None, clock())
    token = actions.accept_invite(invited.token, OTHER, "", clock())
    assert queries.find_viewer(token, clock())
    for used in (invited.token, second):
        with pytest.raises(NotFound):
            actions.accept_invite(used, OTHER, "", clock())
    late = actions.renew_invite(invited.user_id, None, clock())
    clock.move(days=14)
    assert queries.find_invited(late, clock()) is None


def test_inviting_the_same_people_again_adds_nobody(app: Flask, clock: Clock) -> None:
    people = [Newcomer("甲", "13800000001", None), Newcomer("乙", None, None)]
    assert all(one.token for one in actions.invite_people(people, None, clock()))
    assert not any(one.token for one in actions.invite_people(people, None, clock()))


def test_the_set_up_link_works_once_and_a_new_one_replaces_it(app: Flask, clock: Clock) -> None:
    old = actions.ensure_setup_link(clock())
    new = actions.ensure_setup_link(clock())
    assert old
    assert new
    assert not queries.is_setup_open(old)
    actions.make_first_admin(new, "管理员", PASSWORD, "", clock())
    with pytest.raises(NotFound):
        actions.make_first_admin(new, "另一个", PASSWORD, "", clock())
    assert actions.ensure_setup_link(clock()) is None


def acts(user_id: int) -> list[tuple[str, int | None]]:
    """Return what is on record about somebody, the newest first."""
    return [(entry.action, entry.actor_id) for entry in list_entries(user_id)]


def test_what_is_done_to_accounts_is_on_record(cast: Cast, clock: Clock) -> None:
    boss = cast.make_member("总管", "admin")
    [invited] = actions.invite_people([Newcomer("甲", None, None)], boss, clock())
    assert invited.user_id
    link = actions.renew_invite(invited.user_id, boss, clock())
    actions.accept_invite(link, OTHER, "", clock())
    viewer = queries.find_viewer(enter("甲", OTHER, clock), clock())
    assert viewer
    actions.change_password(viewer, OTHER, PASSWORD, "", clock())
    actions.disable_user(invited.user_id, clock(), boss)
    actions.enable_user(invited.user_id, clock(), boss)
    me = invited.user_id
    assert acts(me) == [
        ("accounts.enable_user", boss),
        ("accounts.disable_user", boss),
        ("accounts.change_password", me),
        ("accounts.accept_invite", me),
        ("accounts.renew_invite", boss),
        ("accounts.invite_person", boss),
    ]
    assert acts(boss) == [("accounts.add_user", None)]
    assert "甲" not in "".join(entry.details for entry in list_entries())


def test_a_refused_act_leaves_no_entry(cast: Cast, clock: Clock) -> None:
    one = cast.make_member("甲")
    before = len(list_entries())
    with pytest.raises(Invalid):
        actions.add_user("甲", "member", clock())
    actions.disable_user(one, clock())
    actions.disable_user(one, clock())
    with pytest.raises(NotFound):
        actions.renew_invite(one, None, clock())
    assert len(list_entries()) == before + 1


def test_links_from_before_a_disabling_stay_dead(cast: Cast, clock: Clock) -> None:
    one = cast.make_member("甲")
    link = actions.renew_invite(one, None, clock())
    actions.disable_user(one, clock())
    actions.enable_user(one, clock())
    assert queries.find_invited(link, clock()) is None
    assert enter("甲", PASSWORD, clock)


def test_a_person_is_amended_and_what_changed_is_returned(cast: Cast, clock: Clock) -> None:
    unit = cast.make_unit("A")
    one, two = cast.make_member("甲"), cast.make_member("乙")
    with transaction() as database:
        wanted = Details("甲", "13800000001", "editor", unit)
        changed = actions.amend_user(database, one, wanted)
        assert actions.amend_user(database, one, wanted) == {}
    assert changed == {
        "phone": [None, "13800000001"],
        "role": ["member", "editor"],
        "unit_id": [None, unit],
    }
    with transaction() as database, pytest.raises(Invalid):
        actions.amend_user(database, two, Details("乙", "13800000001", "member", None))
    cast.make_member("丁")
    with transaction() as database, pytest.raises(Invalid):
        actions.amend_user(database, two, Details("丁", None, "member", None))
