"""What a person is reminded of and how they wish it; whose calendar an address opens."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select

from app.accounts.queries import list_languages
from app.assign.digest import Line, decode
from app.assign.models.reminders import DigestRow, FeedRow, WishRow
from app.base.clock import epoch
from app.base.db import db
from app.base.ids import digest
from app.base.sql import Statement

_OF_UNREAD = "FROM assign_digest WHERE member_id = :member AND read_at IS NULL"
_UNREAD = Statement(f"SELECT count(*) {_OF_UNREAD}")
UNREAD = f"EXISTS (SELECT 1 {_OF_UNREAD})"  # whether `count_unread` finds any
SHOWN = 30  # digests on a page
CONFIRM_WITHIN = 3 * 24 * 3600  # seconds that the link in a letter holds


@dataclass(frozen=True, slots=True)
class Digest:
    """What a person was reminded of on a day."""

    day: date
    lines: tuple[Line, ...]
    read: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """How a person wants to be reminded; `email` may still wait for its confirmation."""

    cards: bool = False
    mail: bool = False
    email: str | None = None
    confirmed: bool = False
    has_feed: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody a letter goes to; without an address they have changed their mind."""

    member_id: int
    email: str | None
    language: str
    lines: tuple[Line, ...]


def list_digests(member_id: int) -> tuple[Digest, ...]:
    """Return a person's digests, the newest first."""
    query = select(DigestRow).where(DigestRow.member_id == member_id)
    rows = db.session.scalars(query.order_by(DigestRow.day.desc()).limit(SHOWN))
    return tuple(Digest(row.day, decode(row.lines), row.read_at is not None) for row in rows)


def count_unread(member_id: int) -> int:
    """Return on how many days a person was reminded and has not looked."""
    return int(_UNREAD.value(member=member_id))


def get_wish(member_id: int) -> Wish:
    """Return how a person wants to be reminded; nobody has to say anything."""
    row = db.session.get(WishRow, member_id)
    feed = db.session.get(FeedRow, member_id) is not None
    if row is None:
        return Wish(has_feed=feed)
    return Wish(row.cards, row.mail, row.email, row.confirmed_at is not None, feed)


def find_owner(token: str) -> tuple[int, int] | None:
    """Return whose calendar an address opens and when it was made; None for nobody's.

    Those who may not sign in any more have none.
    """
    query = select(FeedRow).where(FeedRow.token_hash == digest(token))
    row = db.session.scalars(query).first()
    if row is None or row.member_id not in list_languages([row.member_id]):
        return None
    return row.member_id, row.made_at


def is_confirming(member_id: int, token: str, now: datetime) -> bool:
    """Say whether a link from a letter confirms this person's address now."""
    row = db.session.get(WishRow, member_id)
    return (
        row is not None
        and row.token_hash == digest(token)
        and (row.asked_at or 0) > epoch(now) - CONFIRM_WITHIN
    )


def list_wishing_cards() -> frozenset[int]:
    """Return those who asked to be told of due questions."""
    return frozenset(db.session.scalars(select(WishRow.member_id).where(WishRow.cards)))


def list_wishing_mail() -> frozenset[int]:
    """Return those who asked for letters and have confirmed their address."""
    wished = WishRow.mail & WishRow.email.is_not(None) & WishRow.confirmed_at.is_not(None)
    return frozenset(db.session.scalars(select(WishRow.member_id).where(wished)))


def list_waiting(day: date, after: int, limit: int) -> list[Recipient]:
    """Return the next people, by id after `after`, whose letter of a day is waiting.

    Without a language are those who may not sign in any more.
    """
    ready = WishRow.mail & WishRow.confirmed_at.is_not(None)
    query = (
        select(DigestRow.member_id, DigestRow.lines, case((ready, WishRow.email)).label("email"))
        .outerjoin(WishRow, WishRow.member_id == DigestRow.member_id)
        .where(DigestRow.day == day, DigestRow.mail_state == "waiting", DigestRow.member_id > after)
        .order_by(DigestRow.member_id)
        .limit(limit)
    )
    rows = db.session.execute(query).all()
    languages = list_languages(row.member_id for row in rows)
    return [
        Recipient(row.member_id, row.email, languages.get(row.member_id, ""), decode(row.lines))
        for row in rows
    ]


def count_letters(day: date) -> dict[str, int]:
    """Return how many letters of a day are in each state."""
    query = select(DigestRow.mail_state, func.count().label("n")).where(DigestRow.day == day)
    rows = db.session.execute(query.group_by(DigestRow.mail_state))
    return {row.mail_state: row.n for row in rows if row.mail_state}
