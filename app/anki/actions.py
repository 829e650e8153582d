"""Every write of decks on their way: links to fetch one by, reviews that come home."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

import msgspec
from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from app.accounts.queries import owner_of
from app.anki import queries
from app.anki.models import ArrivalRow, LinkRow
from app.anki.reading import Found
from app.anki.wanted import Wanted, read_wanted
from app.base.audit import record
from app.base.clock import epoch
from app.base.db import transaction
from app.base.errors import NotFound, TooMany
from app.base.ids import digest, new_id, new_token
from app.study.actions import merge_reviews
from app.study.union import Outside

LIFETIME = timedelta(minutes=10)
MOST_LINKS = 20  # of one member at a time
KEPT = timedelta(hours=1)  # how long a file waits for confirmation
AT_ONCE, MOST_AT_ONCE = 400, 2000  # reviews in one transaction: others write in between


@dataclass(frozen=True, slots=True)
class Merged:
    """How many reviews were new, and how many the site had already."""

    new: int
    known: int


def make_link(member_id: int, wanted: Wanted, now: datetime) -> str:
    """Return the secret of a new link to this deck; raise TooMany when many are open."""
    token, at = f"{member_id}.{new_token()}", epoch(now)
    with transaction() as session:
        session.execute(delete(LinkRow).where(LinkRow.expires_at < at))
        mine = select(func.count()).where(LinkRow.member_id == member_id)
        if (session.scalar(mine) or 0) >= MOST_LINKS:
            raise TooMany(_("链接生成得太多了，请过十分钟再试。"))
        session.add(
            LinkRow(
                member_id=member_id,
                token_hash=digest(token),
                wanted=wanted.text,
                created_at=at,
                expires_at=epoch(now + LIFETIME),
            )
        )
    return token


def use_link(token: str, now: datetime) -> tuple[int, Wanted]:
    """Use a link up and return whose deck it is and which; raise NotFound the second time."""
    member_id, at = owner_of(token), epoch(now)
    with transaction() as session:
        used = session.execute(
            update(LinkRow)
            .where(
                LinkRow.member_id == member_id,
                LinkRow.token_hash == digest(token),
                LinkRow.used_at.is_(None),
                LinkRow.expires_at >= at,
            )
            .values(used_at=at)
            .returning(LinkRow.wanted)
        ).scalar()
    wanted = read_wanted(used) if used is not None else None
    if member_id is None or wanted is None:
        raise NotFound(_("这个链接已经用过或过期，请回到学记再生成一个。"))
    return member_id, wanted


def keep_arrival(member_id: int, found: Found, now: datetime) -> str:
    """Keep what was read of a file until it is confirmed, for an hour; return its id."""
    arrival_id = new_id()
    with transaction() as session:
        session.execute(delete(ArrivalRow).where(ArrivalRow.created_at < epoch(now - KEPT)))
        session.execute(delete(ArrivalRow).where(ArrivalRow.member_id == member_id))
        content = msgspec.json.encode(found).decode()
        session.add(
            ArrivalRow(member_id=member_id, id=arrival_id, content=content, created_at=epoch(now))
        )
    return arrival_id


def confirm_arrival(member_id: int, arrival_id: str, by: int | None, now: datetime) -> Merged:
    """Join the reviews of a kept file to the member's; doing it again finds nothing to do.

    Should it end in the middle, what is kept can be confirmed again.
    """
    found = queries.get_arrival(member_id, arrival_id)
    merged = bring_home(member_id, found, by, now)
    with transaction() as session:
        mine = ArrivalRow.member_id == member_id, ArrivalRow.id == arrival_id
        session.execute(delete(ArrivalRow).where(*mine))
    return merged


def bring_home(member_id: int, found: Found, by: int | None, now: datetime) -> Merged:
    """Join reviews made in Anki to the member's log, some hundreds a transaction, and record it."""
    outside = queries.list_outside(member_id, found.reviews)
    new = sum(merge_reviews(member_id, part, now) for part in _parts(outside))
    if new:
        with transaction() as session:
            told = {"reviews": new, "layout": found.layout}
            record(session, now, by, "anki.import_reviews", f"user:{member_id}", member_id, told)
    return Merged(new, len(outside) - new)


def _parts(reviews: Sequence[Outside]) -> Iterator[list[Outside]]:
    """Yield the reviews some hundreds at once, those of a question together where that fits."""
    part: list[Outside] = []
    for _question, own in groupby(sorted(reviews, key=_place), key=lambda r: r.question_id):
        for review in own:
            part.append(review)
            if len(part) >= MOST_AT_ONCE:
                yield part
                part = []
        if len(part) >= AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def _place(review: Outside) -> tuple[str, int]:
    """Return where a review stands: by question, then by time."""
    return review.question_id, review.at_ms
