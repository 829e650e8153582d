"""Every write about people, in chapters: users, sessions, second factors …; each a transaction."""

from app.accounts.actions.erasure import lay_tombstone
from app.accounts.actions.factors import (
    Enrolled,
    Shown,
    add_authenticator,
    add_passkey,
    confirm_person,
    finish_sign_in,
    remove_authenticator,
    remove_passkey,
    renew_recovery,
    reset_factors,
    sign_in_with_key,
)
from app.accounts.actions.handshakes import begin_handshake, take_handshake
from app.accounts.actions.invites import (
    accept_invite,
    invite_newcomer,
    invite_newcomers,
    invite_people,
    renew_invite,
)
from app.accounts.actions.organisation import (
    begin_with_organisation,
    finish_with_organisation,
    name_identity,
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
    "Enrolled",
    "Shown",
    "accept_invite",
    "add_authenticator",
    "add_passkey",
    "add_user",
    "amend_user",
    "amend_users",
    "begin_handshake",
    "begin_with_organisation",
    "change_password",
    "confirm_person",
    "disable_user",
    "enable_user",
    "end_device",
    "end_session",
    "ensure_setup_link",
    "finish_sign_in",
    "finish_with_organisation",
    "invite_newcomer",
    "invite_newcomers",
    "invite_people",
    "lay_tombstone",
    "make_first_admin",
    "name_identity",
    "remove_authenticator",
    "remove_passkey",
    "renew_invite",
    "renew_recovery",
    "reset_factors",
    "save_preferences",
    "sign_in",
    "sign_in_with_key",
    "take_handshake",
    "touch_session",
]
