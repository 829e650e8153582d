"""Every write about people, their passwords and preferences; each function is one transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.orm import Session as Database

from app.accounts import limits, names, passwords, queries
from app.accounts.actions.sessions import count_try, end_sessions, start_session
from app.accounts.details import Details, differences
from app.accounts.models import Invite, Setup, Throttle, User
from app.base.audit import record
from app.base.clock import epoch
from app.base.db import transaction
from app.base.errors import Invalid, NotFound
from app.base.ids import digest, new_token


def _cost() -> passwords.Cost:
    cost: passwords.Cost = current_app.config["PASSWORD_COST"]
    return cost


def hashed(password: str, name: str, phone: str | None) -> str:
    """Check a new password and return its hash; slow on purpose, so call it before writing."""
    passwords.check_password(password, name, phone)
    return passwords.hash_password(password, _cost())


def add_user(
    name: str,
    role: str,
    now: datetime,
    password: str | None = None,
    phone: str | None = None,
    unit_id: int | None = None,
    by: int | None = None,
) -> int:
    """Add a person and return the id; raise Invalid for a taken phone or an unclear name."""
    name, phone = names.read_name(name), names.read_phone(phone)
    kept = hashed(password, name, phone) if password is not None else None
    with transaction() as database:
        user = insert_user(database, name, phone, names.read_role(role), unit_id, epoch(now))
        user.password_hash = kept
        told = {"role": role, "unit": unit_id}
        record(database, now, by, "accounts.add_user", f"user:{user.id}", user.id, told)
        return user.id


def insert_user(
    database: Database, name: str, phone: str | None, role: str, unit_id: int | None, at: int
) -> User:
    """Add the row inside a transaction that is already open; names and phones already read."""
    refuse_taken(database, name, phone)
    [own] = own_ids(database, 1)
    user = User(name=name, phone=phone, role=role, unit_id=unit_id, created_at=at, **own)
    database.add(user)
    database.flush()
    return user


def own_ids(database: Database, people: int) -> list[dict[str, int]]:
    """Return for each of new people the id they must be added with, nothing where it is free.

    SQLite gives the highest id again once it is free; what an erased person's phone still sends
    would then be somebody else's. PostgreSQL's sequences never go back.
    """
    if database.connection().dialect.name != "sqlite":
        return [{} for _one in range(people)]
    first: int = (database.scalar(select(func.max(User.id))) or 0) + 1
    free: list[int] = []
    while len(free) < people:
        wanted = range(first, first + people - len(free))
        free += sorted(set(wanted) - queries.find_erased(wanted))
        first = wanted.stop
    return [{"id": one} for one in free]


def refuse_taken(
    database: Database, name: str, phone: str | None, user_id: int | None = None
) -> None:
    """Raise Invalid when somebody other than `user_id` would be mixed up with them at sign-in."""
    if phone is None:
        taken: ColumnElement[bool] = (
            (User.name == name) & User.phone.is_(None) & User.disabled_at.is_(None)
        )
        reason = _("已有同名的人，请填写手机号以便区分。")
    else:
        taken = User.phone == phone
        reason = _("这个手机号已有人使用。")
    if database.scalar(select(exists().where(taken, User.id != (user_id or 0)))):
        raise Invalid(reason, phone=reason)


def amend_user(database: Database, user_id: int, wanted: Details) -> dict[str, list[Any]]:
    """Bring a person to `wanted` inside a transaction that is already open.

    Return field → [old, new] for what changed; the caller, who knows why, records the act.
    """
    user = _get(database, user_id)
    old = Details(user.name, user.phone, user.role, user.unit_id)
    changed = differences(old, wanted)
    if "name" in changed or "phone" in changed:
        refuse_taken(database, wanted.name, wanted.phone, user_id)
    user.name, user.phone = wanted.name, wanted.phone
    user.role, user.unit_id = wanted.role, wanted.unit_id
    database.flush()
    return changed


def amend_users(
    database: Database, field: Literal["phone", "unit_id"], values: Mapping[int, Any]
) -> None:
    """Give many people, by id, a new value of one field inside a transaction that tells of it.

    The caller has seen to it that nobody else has the phones.
    """
    if values:
        rows = [{"id": user_id, field: value} for user_id, value in values.items()]
        database.execute(update(User), rows)


def save_preferences(
    user_id: int, text_size: int, theme: str, language: str, shortcuts: bool
) -> None:
    """Keep how the person wants pages to look and speak; values come checked by the form."""
    with transaction() as database:
        user = _get(database, user_id)
        user.text_size, user.theme = text_size, theme
        user.language, user.shortcuts = language, shortcuts


def change_password(viewer: queries.Viewer, old: str, new: str, agent: str, now: datetime) -> str:
    """Set a new password, end every session of the person and return the token of a new one."""
    bucket = f"account:{viewer.id}"
    count_try({bucket: limits.PER_ACCOUNT}, epoch(now))
    person, kept = queries.get_user(viewer.id), queries.get_credentials(viewer.id)
    if not passwords.is_right(kept.password_hash, old, _cost()):
        raise Invalid(_("原密码不对。"), old=_("原密码不对。"))
    fresh = hashed(new, person.name, person.phone)
    with transaction() as database:
        user = _get(database, viewer.id)
        if user.password_hash != kept.password_hash or user.disabled_at is not None:
            raise Invalid(_("密码刚刚已被更改，请重新登录。"))
        user.password_hash = fresh
        end_sessions(database, viewer.id)
        database.execute(delete(Throttle).where(Throttle.bucket == bucket))
        subject = f"user:{viewer.id}"
        record(database, now, viewer.id, "accounts.change_password", subject, viewer.id)
        return start_session(database, viewer.id, agent, now, viewer.second)


def ensure_setup_link(now: datetime) -> str | None:
    """Return a new token for making the first administrator (the old one dies), None if one is."""
    token = new_token()
    with transaction() as database:
        database.execute(delete(Setup))
        if queries.has_admin():
            return None
        database.add(Setup(token_hash=digest(token), created_at=epoch(now)))
    return token


def make_first_admin(token: str, name: str, password: str, agent: str, now: datetime) -> str:
    """Use the set-up link up: add the administrator and return the token of their session."""
    name = names.read_name(name)
    kept = hashed(password, name, None)
    with transaction() as database:
        if not queries.is_setup_open(token):
            raise NotFound(_("这个链接已经失效。"))
        database.execute(delete(Setup))
        user = insert_user(database, name, None, "admin", None, epoch(now))
        user.password_hash = kept
        subject = f"user:{user.id}"
        record(database, now, user.id, "accounts.make_first_admin", subject, user.id)
        return start_session(database, user.id, agent, now)


def disable_user(user_id: int, now: datetime, by: int | None = None) -> None:
    """Bar a person from signing in, end their sessions and links; what they did stays."""
    with transaction() as database:
        user = _get(database, user_id)
        if user.disabled_at is not None:
            return
        user.disabled_at = epoch(now)
        end_sessions(database, user_id)
        open_links = Invite.user_id == user_id, Invite.used_at.is_(None)
        database.execute(update(Invite).where(*open_links).values(used_at=epoch(now)))
        record(database, now, by, "accounts.disable_user", f"user:{user_id}", user_id)


def enable_user(user_id: int, now: datetime, by: int | None = None) -> None:
    """Let a disabled person sign in again; raise Invalid when somebody has their name by now."""
    with transaction() as database:
        user = _get(database, user_id)
        if user.disabled_at is None:
            return
        refuse_taken(database, user.name, user.phone, user_id)
        user.disabled_at = None
        record(database, now, by, "accounts.enable_user", f"user:{user_id}", user_id)


def _get(database: Database, user_id: int) -> User:
    user = database.get(User, user_id)
    if user is None:
        raise NotFound(_("没有这个人。"))
    return user
