"""Reads of status, standing, posts and past units."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select

from app.accounts import queries as accounts
from app.base.db import db
from app.base.sql import Statement
from app.org.models import PostRow, ProfileRow
from app.org.models import Unit as UnitRow
from app.org.party import ACTIVE, UNKNOWN
from app.org.queries.people import SOURCE, STATUS, Person, list_where, people

_OF_POSTS = "SELECT 1 FROM org_post WHERE member_id = :member"
POSTED = f"EXISTS ({_OF_POSTS})"  # what `has_posts` says
_POSTS = Statement(f"{_OF_POSTS} LIMIT 1")
_STAYS = Statement(
    """SELECT s.unit_id, s.since, u.name FROM org_membership s
    LEFT JOIN org_unit u ON u.id = s.unit_id
    WHERE s.member_id = :member ORDER BY s.since DESC"""
)
_HOME = Statement(
    """SELECT p.unit_id, p.created_at, u.name FROM accounts_user p
    LEFT JOIN org_unit u ON u.id = p.unit_id WHERE p.id = :member"""
)


@dataclass(frozen=True)
class Held:
    """A post of a person; `until` is the first day it is held no more, None when open."""

    member_id: int
    unit_id: int
    unit_name: str
    post: str
    since: date
    until: date | None

    def on(self, day: date) -> bool:
        """Say whether the post is held on a day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Stay:
    """A person belonged to a unit (None: to none) from epoch second `since` to `until`."""

    unit_id: int | None
    unit_name: str | None
    since: int
    until: int | None


@dataclass(frozen=True)
class Profile:
    """What is recorded about a person in the Party: the posts are those of the day asked for."""

    member_id: int
    name: str
    phone: str | None
    role: str
    unit_id: int | None
    unit_name: str | None
    status: str
    standing: str
    posts: tuple[Held, ...]

    @property
    def seen(self) -> str:
        """A short sum over what can be edited, by which an edit of an older state is noticed."""
        shown = (self.name, self.phone, self.role, self.unit_id, self.status, self.standing)
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def get_profile(member_id: int, day: date) -> Profile:
    """Return status, standing and the posts held on `day`; raise NotFound for nobody."""
    user = accounts.get_user(member_id)
    row = db.session.get(ProfileRow, member_id)
    unit = db.session.get(UnitRow, user.unit_id) if user.unit_id is not None else None
    return Profile(
        member_id=user.id,
        name=user.name,
        phone=user.phone,
        role=user.role,
        unit_id=user.unit_id,
        unit_name=unit.name if unit else None,
        status=row.status if row else UNKNOWN,
        standing=row.standing if row else ACTIVE,
        posts=tuple(held for held in list_posts(member_id) if held.on(day)),
    )


def list_posts(member_id: int) -> tuple[Held, ...]:
    """Return all posts a person has, had and will have, the latest first."""
    return _list_held(PostRow.member_id == member_id)


def has_posts(member_id: int) -> bool:
    """Say whether a person has, had or will have any post; asked at every visit."""
    return _POSTS.one(member=member_id) is not None


def list_holders(post: str, unit_id: int, day: date) -> tuple[Person, ...]:
    """Return who holds a post in exactly this unit on `day`, by name; never the disabled."""
    holders = select(PostRow.member_id).where(
        PostRow.post == post, PostRow.unit_id == unit_id, held_on(day)
    )
    return list_where(people.id.in_(holders), people.state != "disabled")


def list_posts_of_unit(unit_id: int, day: date) -> tuple[tuple[Held, str], ...]:
    """Return the posts held in exactly this unit on `day`, each with its holder's name."""
    held = _list_held(PostRow.unit_id == unit_id, held_on(day))
    named = select(people.id, people.name).where(
        people.id.in_({one.member_id for one in held}), people.state != "disabled"
    )
    names = {row.id: row.name for row in db.session.execute(named)}
    return tuple((one, names[one.member_id]) for one in held if one.member_id in names)


def list_held_in(unit_ids: Iterable[int]) -> tuple[Held, ...]:
    """Return every post that was ever held in exactly these units, or will be, the latest first."""
    return _list_held(PostRow.unit_id.in_(set(unit_ids)))


def list_stays(member_id: int) -> tuple[Stay, ...]:
    """Return where a person belonged, from when to when, the latest first; never empty."""
    rows = _STAYS.all(member=member_id)
    if not rows:  # never moved
        rows = _HOME.all(member=member_id)
    ends = [None, *(row[1] for row in rows)]
    return tuple(Stay(row[0], row[2], row[1], end) for row, end in zip(rows, ends, strict=False))


def unit_at(stays: Sequence[Stay], moment: int) -> int | None:
    """Return the unit of `list_stays` at an epoch second; before the first stay, that one's."""
    for stay in stays:
        if stay.since <= moment:
            return stay.unit_id
    return stays[-1].unit_id


def count_by_status(unit_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return unit → status → how many people who are not disabled belong to exactly that unit."""
    rows = db.session.execute(
        select(people.unit_id, STATUS, func.count())
        .select_from(SOURCE)
        .where(people.unit_id.in_(set(unit_ids)), people.state != "disabled")
        .group_by(people.unit_id, STATUS)
    )
    counts: dict[int, dict[str, int]] = {}
    for unit_id, status, count in rows:
        counts.setdefault(unit_id, {})[status] = count
    return counts


def list_committees(unit_ids: Iterable[int], day: date) -> dict[int, tuple[str, ...]]:
    """Return unit → the posts held in it on `day`, one entry a holder; never the disabled's."""
    rows = db.session.execute(
        select(PostRow.unit_id, PostRow.post)
        .join(accounts.listing, people.id == PostRow.member_id)
        .where(PostRow.unit_id.in_(set(unit_ids)), held_on(day), people.state != "disabled")
    )
    held: dict[int, list[str]] = {}
    for unit_id, post in rows:
        held.setdefault(unit_id, []).append(post)
    return {unit_id: tuple(posts) for unit_id, posts in held.items()}


def held_on(day: date) -> ColumnElement[bool]:
    """Return the condition that a post is held on a day."""
    return (PostRow.since <= day) & or_(PostRow.until.is_(None), PostRow.until > day)


def still_held(day: date) -> ColumnElement[bool]:
    """Return the condition that a post is held on a day or will be later."""
    return or_(PostRow.until.is_(None), PostRow.until > day)


def _list_held(*conditions: ColumnElement[bool]) -> tuple[Held, ...]:
    rows = db.session.execute(
        select(PostRow, UnitRow.name)
        .join(UnitRow, UnitRow.id == PostRow.unit_id)
        .where(*conditions)
        .order_by(PostRow.since.desc(), PostRow.post, PostRow.unit_id, PostRow.member_id)
    )
    return tuple(
        Held(row.member_id, row.unit_id, name, row.post, row.since, row.until) for row, name in rows
    )
