"""Reads of second factors, of sign-ins that wait for one, and of names at the organisation."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select

from app.accounts.models import Authenticator, Identity, Passkey, RecoveryCode, Session, User
from app.accounts.passkeys import KnownKey
from app.accounts.queries.people import owner_of
from app.base.clock import epoch
from app.base.db import db
from app.base.ids import digest


@dataclass(frozen=True)
class Key:
    """A passkey as its owner knows it; `id` is the hash of the credential's."""

    id: str
    name: str
    created_at: int
    used_at: int | None


@dataclass(frozen=True)
class Factors:
    """What a person can show besides the password."""

    app: bool
    keys: tuple[Key, ...]
    recovery_left: int

    def __bool__(self) -> bool:
        """Say whether there is any; recovery codes alone are none."""
        return self.app or bool(self.keys)


def find_factors(user_id: int) -> Factors:
    """Return what a person has set up."""
    app = db.session.scalar(select(exists().where(Authenticator.user_id == user_id)))
    rows = db.session.scalars(
        select(Passkey)
        .where(Passkey.user_id == user_id)
        .order_by(Passkey.created_at, Passkey.credential_id)
    )
    keys = tuple(Key(digest(k.credential_id), k.name, k.created_at, k.used_at) for k in rows)
    codes = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id)
    return Factors(bool(app), keys, db.session.scalar(codes) or 0)


def has_factor(user_id: int) -> bool:
    """Say whether a person must show a second factor when they sign in."""
    app = exists().where(Authenticator.user_id == user_id)
    return bool(db.session.scalar(select(or_(app, exists().where(Passkey.user_id == user_id)))))


def list_keys(user_id: int) -> tuple[KnownKey, ...]:
    """Return a person's passkeys as they are kept."""
    rows = db.session.scalars(select(Passkey).where(Passkey.user_id == user_id))
    return tuple(KnownKey(k.credential_id, k.public_key, k.uses) for k in rows)


def find_waiting(token: str, now: datetime) -> int | None:
    """Return whose sign-in by `token` waits for the second factor, None when it is over."""
    owner = owner_of(token)
    if owner is None:
        return None
    return db.session.scalar(
        select(Session.user_id)
        .join(User, User.id == Session.user_id)
        .where(
            Session.user_id == owner,
            Session.token_hash == digest(token),
            Session.expires_at > epoch(now),
            Session.waiting.is_(True),
            User.disabled_at.is_(None),
        )
    )


def find_identity(user_id: int) -> tuple[str, bool] | None:
    """Return the name under which the organisation knows a person and whether it was used yet."""
    row = db.session.get(Identity, user_id)
    return (row.identifier, row.subject is not None) if row else None


def find_identified(issuer: str, subject: str, identifier: str | None) -> int | None:
    """Return who signs in with this id of the organisation's, or for the first time by name.

    A name that already belongs to another id of theirs finds nobody: names are given anew when
    people leave, ids are not.
    """
    same: ColumnElement[bool] = (Identity.issuer == issuer) & (Identity.subject == subject)
    found = _able(same)
    if found is None and identifier is not None:
        found = _able((Identity.identifier == identifier) & Identity.subject.is_(None))
    return found


def _able(condition: ColumnElement[bool]) -> int | None:
    return db.session.scalar(
        select(User.id)
        .join(Identity, Identity.user_id == User.id)
        .where(condition, User.disabled_at.is_(None))
    )
