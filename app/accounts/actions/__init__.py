"""Every write about people, in chapters: users, sessions, invites, erasure; each a transaction."""

from app.accounts.actions.erasure import lay_tombstone
from app.accounts.actions.invites import (
    accept_invite,
    invite_newcomer,
    invite_newcomers,
    invite_people,
    renew_invite,
)
from app.accounts.actions.sessions import end_device, end_session, sign_in, touch_session
from app.accounts.actions.users import (
    add_user,
    amend_user,
    amend_users,
    change_password,
    disable_user,
    enable_user,
    ensure_setup_link,
    make_first_admin,
    save_preferences,
)

__all__ = [
    "accept_invite",
    "add_user",
    "amend_user",
    "amend_users",
    "change_password",
    "disable_user",
    "enable_user",
    "end_device",
    "end_session",
    "ensure_setup_link",
    "invite_newcomer",
    "invite_newcomers",
    "invite_people",
    "lay_tombstone",
    "make_first_admin",
    "renew_invite",
    "save_preferences",
    "sign_in",
    "touch_session",
]
