"""Writes about invitations: people are added by others, but choose their own password."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session as Database

from app.accounts import queries
from app.accounts.actions.sessions import end_sessions, start_session
from app.accounts.actions.users import hashed, own_ids, refuse_taken
from app.accounts.invitation import Invited, Newcomer, gone
from app.accounts.models import Invite, User
from app.base.audit import Act, record, record_all
from app.base.clock import epoch
from app.base.db import transaction
from app.base.errors import Invalid, NotFound
from app.base.ids import digest, new_token

LIFETIME = timedelta(days=14)


def invite_people(
    newcomers: Sequence[Newcomer], by: int | None, now: datetime
) -> tuple[Invited, ...]:
    """Add everybody who is not yet known and return a link's token for each of them.

    Known means: the same phone, or the same name in the same unit when no phone is given.
    Sending the same list again therefore adds nobody.
    """
    with transaction() as database:
        return tuple(_invite(database, newcomer, by, now) for newcomer in newcomers)


def _invite(database: Database, newcomer: Newcomer, by: int | None, now: datetime) -> Invited:
    if _is_known(database, newcomer):
        return Invited(newcomer)
    try:
        return invite_newcomer(database, newcomer, by, now)
    except Invalid as error:  # raised before anything is written, so the others go on
        return Invited(newcomer, refused=error.message)


def invite_newcomer(
    database: Database, newcomer: Newcomer, by: int | None, now: datetime
) -> Invited:
    """Add a person and a link inside a transaction that is already open; raise Invalid if known."""
    if _is_known(database, newcomer):
        raise Invalid(_("这个人已经在册。"))
    refuse_taken(database, newcomer.name, newcomer.phone)
    return invite_newcomers(database, [newcomer], by, now)[0]


def invite_newcomers(
    database: Database, newcomers: Sequence[Newcomer], by: int | None, now: datetime
) -> tuple[Invited, ...]:
    """Add people, known to be new, with a link each, inside a transaction that is already open."""
    at, own = epoch(now), own_ids(database, len(newcomers))
    users = [
        User(name=n.name, phone=n.phone, role=n.role, unit_id=n.unit_id, created_at=at, **ids)
        for n, ids in zip(newcomers, own, strict=True)
    ]
    database.add_all(users)
    database.flush()
    tokens = [_add_link(database, user.id, by, now) for user in users]
    record_all(database, now, by, [_act_of(user) for user in users])
    return tuple(
        Invited(newcomer, user.id, token)
        for newcomer, user, token in zip(newcomers, users, tokens, strict=True)
    )


def _act_of(user: User) -> Act:
    told = {"role": user.role, "unit": user.unit_id}
    return Act("accounts.invite_person", f"user:{user.id}", user.id, told)


def _is_known(database: Database, newcomer: Newcomer) -> bool:
    if newcomer.phone:
        same = exists().where(User.phone == newcomer.phone)
    else:
        unit = User.unit_id == newcomer.unit_id if newcomer.unit_id else User.unit_id.is_(None)
        same = exists().where(User.name == newcomer.name, unit, User.disabled_at.is_(None))
    return bool(database.scalar(select(same)))


def renew_invite(user_id: int, by: int | None, now: datetime) -> str:
    """Return the token of a further link for a known person; their older ones stay valid."""
    with transaction() as database:
        user = database.get(User, user_id)
        if user is None or user.disabled_at is not None:
            raise NotFound(_("没有这个人。"))
        record(database, now, by, "accounts.renew_invite", f"user:{user_id}", user_id)
        return _add_link(database, user_id, by, now)


def _add_link(database: Database, user_id: int, by: int | None, now: datetime) -> str:
    token = f"{user_id}.{new_token()}"
    database.add(
        Invite(
            user_id=user_id,
            token_hash=digest(token),
            created_at=epoch(now),
            expires_at=epoch(now + LIFETIME),
            created_by=by,
        )
    )
    return token


def accept_invite(token: str, password: str, agent: str, now: datetime) -> str:
    """Set the person's own password, use all their links up, and return a session's token."""
    invited = queries.find_invited(token, now)
    if invited is None:
        raise NotFound(gone())
    kept = hashed(password, invited.name, invited.phone)
    with transaction() as database:
        if queries.find_invited(token, now) is None:
            raise NotFound(gone())
        user = database.get_one(User, invited.id)
        user.password_hash = kept
        database.execute(
            update(Invite)
            .where(Invite.user_id == user.id, Invite.used_at.is_(None))
            .values(used_at=epoch(now))
        )
        end_sessions(database, user.id)
        record(database, now, user.id, "accounts.accept_invite", f"user:{user.id}", user.id)
        return start_session(database, user.id, agent, now)
