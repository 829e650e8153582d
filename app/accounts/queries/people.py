"""Reads of people as they are known to the site; frozen views only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import msgspec
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import case, func, select

from app.accounts.models import Tombstone, User
from app.accounts.proof import is_fresh
from app.accounts.tombstone import tombstone
from app.base.clock import epoch
from app.base.db import db
from app.base.errors import NotFound
from app.base.ids import digest
from app.base.sql import Row, Statement

NOTED_EVERY = 24 * 3600  # seconds after which it is noted anew that a browser was used


class Viewer(msgspec.Struct, frozen=True):
    """The person who is signed in, with what every page needs to know about them."""

    id: int
    name: str
    role: str
    unit_id: int | None
    language: str
    theme: str
    text_size: int
    shortcuts: bool
    token: str = ""
    seen_at: int = 0
    second: bool = False  # was a second factor shown in this session?
    fresh: bool = False  # was it proved lately who they are?

    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    def __repr__(self) -> str:
        """Return whose view it is; the token is a secret."""
        return f"Viewer(id={self.id}, role={self.role!r})"

    def get_id(self) -> str:
        """Return what the signed cookie holds: the session's token."""
        return self.token


@dataclass(frozen=True)
class Account:
    """A person as other rooms see them; never with the password's hash."""

    id: int
    name: str
    phone: str | None
    role: str
    unit_id: int | None
    has_password: bool
    disabled: bool


def owner_of(token: str) -> int | None:
    """Return the user id a token "<user_id>.<random>" claims, or None when it is malformed."""
    head, dot, _rest = token.partition(".")
    if not dot or not head.isascii() or not head.isdigit() or len(head) > 10:
        return None
    return int(head)


# Who is signed in, for rooms that ask it in one statement with what their page shows: the columns
# that `viewer_of` reads, where they come from, and what makes a sign-in good. The values are
# :member (whom the token claims), :hash and :now.
VIEWER = """u.id, u.name, u.role, u.unit_id, u.language, u.theme, u.text_size, u.shortcuts,
    s.seen_at, s.second, s.proved_at"""
SIGNED_IN = "accounts_session s JOIN accounts_user u ON u.id = s.user_id"
IS_GOOD = """s.user_id = :member AND s.token_hash = :hash AND s.expires_at > :now
    AND NOT s.waiting AND u.disabled_at IS NULL"""
_VIEWER = Statement(f"SELECT {VIEWER} FROM {SIGNED_IN} WHERE {IS_GOOD}")


def find_viewer(token: str, now: datetime) -> Viewer | None:
    """Return the person signed in by session `token`, or None when it is over or was never."""
    owner = owner_of(token)
    if owner is None:
        return None
    at = epoch(now)
    row = _VIEWER.one(member=owner, hash=digest(token), now=at)
    return viewer_of(row, token, at) if row else None


def is_ordinary(viewer: Viewer, at: int) -> bool:
    """Say whether nothing is to be looked at or noted before this person is shown a page at `at`.

    That is a member (whose sign-in is never confined) whom this browser was noted for lately.
    """
    return viewer.role == "member" and viewer.seen_at >= at - NOTED_EVERY


def viewer_of(row: Row, token: str, at: int) -> Viewer:
    """Return the person of a row of VIEWER, as they are at `at` (epoch seconds)."""
    one, name, role, unit_id, language, theme, text_size, shortcuts, *of_session = row
    seen_at, second, proved_at = of_session
    return Viewer(
        id=one,
        name=name,
        role=role,
        unit_id=unit_id,
        language=language,
        theme=theme,
        text_size=text_size,
        shortcuts=bool(shortcuts),
        token=token,
        seen_at=seen_at,
        second=bool(second),
        fresh=is_fresh(proved_at, at),
    )


def _viewer(user: User) -> Viewer:
    """Return a person without anything of a session."""
    return Viewer(
        id=user.id,
        name=user.name,
        role=user.role,
        unit_id=user.unit_id,
        language=user.language,
        theme=user.theme,
        text_size=user.text_size,
        shortcuts=user.shortcuts,
    )


def account(user: User) -> Account:
    """Return the frozen view of a row."""
    return Account(
        id=user.id,
        name=user.name,
        phone=user.phone,
        role=user.role,
        unit_id=user.unit_id,
        has_password=user.password_hash is not None,
        disabled=user.disabled_at is not None,
    )


def get_user(user_id: int) -> Account:
    """Return the person, disabled or not; raise NotFound."""
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound(_("没有这个人。"))
    return account(user)


def get_viewer(user_id: int) -> Viewer:
    """Return a person as one who acts, outside any browser; raise NotFound for the disabled."""
    user = db.session.get(User, user_id)
    if user is None or user.disabled_at is not None:
        raise NotFound(_("没有这个人。"))
    return _viewer(user)


def is_erased(user_id: int) -> bool:
    """Say whether the person with this id was erased; their devices may still send things."""
    return bool(find_erased([user_id]))


def find_erased(user_ids: Iterable[int]) -> set[int]:
    """Return those of the ids whose person was erased."""
    marks = {tombstone(one, current_app.config["SECRET_KEY"]): one for one in user_ids}
    found = select(Tombstone.id_hash).where(Tombstone.id_hash.in_(marks))
    return {marks[mark] for mark in db.session.scalars(found)}


@dataclass(frozen=True)
class Start:
    """Since when a person has been known, and the unit they belong to."""

    user_id: int
    created_at: int
    unit_id: int | None


def list_starts(user_ids: Sequence[int]) -> tuple[Start, ...]:
    """Return since when people have been known and where they belong, by id."""
    found = select(User.id, User.created_at, User.unit_id).where(User.id.in_(user_ids))
    return tuple(Start(*row) for row in db.session.execute(found.order_by(User.id)))


def list_ids_in_unit(unit_id: int) -> tuple[int, ...]:
    """Return the ids of everybody who belongs to exactly this unit, the disabled too."""
    found = select(User.id).where(User.unit_id == unit_id).order_by(User.id)
    return tuple(db.session.scalars(found))


# A relation for rooms that list people next to their own tables (units, results): join it, never
# the table itself, so that the password's hash cannot slip into a page.
listing = select(
    User.id,
    User.name,
    User.phone,
    User.role,
    User.unit_id,
    User.created_at,
    case(
        (User.disabled_at.is_not(None), "disabled"),
        (User.password_hash.is_(None), "invited"),
        else_="active",
    ).label("state"),
).subquery("people")


def list_languages(user_ids: Iterable[int]) -> dict[int, str]:
    """Return person → language of those among the people whose account is not disabled."""
    found = select(User.id, User.language).where(User.disabled_at.is_(None))
    rows = db.session.execute(found.where(User.id.in_(list(user_ids))))
    return {row.id: row.language for row in rows}


def count_able(unit_ids: Iterable[int]) -> dict[int, int]:
    """Return unit → how many people belong to exactly it and are not disabled; from an index."""
    query = select(User.unit_id, func.count()).where(User.unit_id.in_(set(unit_ids)))
    rows = db.session.execute(query.where(User.disabled_at.is_(None)).group_by(User.unit_id))
    return {unit_id: count for unit_id, count in rows if unit_id is not None}
