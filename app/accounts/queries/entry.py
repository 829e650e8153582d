"""Reads about coming in: by password, by invitation, by the set-up link, and on which devices."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, exists, select

from app.accounts import names
from app.accounts.device import device_name
from app.accounts.models import Invite, Session, Setup, User
from app.accounts.queries.people import Account, account, owner_of
from app.base.clock import epoch
from app.base.db import db
from app.base.errors import NotFound
from app.base.ids import digest


@dataclass(frozen=True)
class Credentials:
    """What sign-in compares: whose, and the hash of the password."""

    user_id: int
    password_hash: str


@dataclass(frozen=True)
class Device:
    """A browser in which a person is signed in; `key` is the hash of its token."""

    key: str
    name: str
    created_at: int
    seen_at: int


def find_by_login(text: str) -> Account | None:
    """Return whom a phone number or a name means at sign-in, or None when unknown or unclear.

    Namesakes sign in by phone; a single one among them who has no phone keeps the name.
    """
    user = _find_login(text)
    return account(user) if user else None


def find_credentials(text: str) -> Credentials | None:
    """Return what to compare a password for login `text` with, or None when nobody may sign in."""
    user = _find_login(text)
    return Credentials(user.id, user.password_hash) if user and user.password_hash else None


def get_credentials(user_id: int) -> Credentials:
    """Return what to compare a signed-in person's password with; raise NotFound."""
    user = db.session.get(User, user_id)
    if user is None or user.password_hash is None:
        raise NotFound(_("没有这个人。"))
    return Credentials(user.id, user.password_hash)


def _find_login(text: str) -> User | None:
    phone = names.find_phone(text)
    if phone:
        return db.session.scalars(_able().where(User.phone == phone)).first()
    namesakes = db.session.scalars(_able().where(User.name == names.fold(text))).all()
    if len(namesakes) > 1:
        namesakes = [user for user in namesakes if user.phone is None]
    return namesakes[0] if len(namesakes) == 1 else None


def _able() -> Select[User]:
    return select(User).where(User.disabled_at.is_(None), User.password_hash.is_not(None))


def list_devices(user_id: int, now: datetime) -> tuple[Device, ...]:
    """Return the browsers in which the person is signed in, latest used first."""
    rows = db.session.scalars(
        select(Session)
        .where(
            Session.user_id == user_id,
            Session.expires_at > epoch(now),
            Session.waiting.is_(False),
        )
        .order_by(Session.seen_at.desc(), Session.token_hash)
    )
    return tuple(
        Device(row.token_hash, device_name(row.agent), row.created_at, row.seen_at) for row in rows
    )


def find_invited(token: str, now: datetime) -> Account | None:
    """Return whom a still valid invitation is for, or None."""
    owner = owner_of(token)
    if owner is None:
        return None
    user = db.session.scalars(
        select(User)
        .join(Invite, Invite.user_id == User.id)
        .where(
            Invite.user_id == owner,
            Invite.token_hash == digest(token),
            Invite.used_at.is_(None),
            Invite.expires_at > epoch(now),
            User.disabled_at.is_(None),
        )
    ).first()
    return account(user) if user else None


def has_admin() -> bool:
    """Say whether somebody can already administer the site."""
    able_admin = exists().where(
        User.role == "admin", User.disabled_at.is_(None), User.password_hash.is_not(None)
    )
    return bool(db.session.scalar(select(able_admin)))


def is_setup_open(token: str) -> bool:
    """Say whether the set-up link with `token` may still make the first administrator."""
    if has_admin():
        return False
    return db.session.get(Setup, digest(token)) is not None
