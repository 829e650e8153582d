"""The record of acts as people read it: with names, within what they may see."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.queries import listing
from app.base import audit
from app.base.db import db
from app.org.acts import Told, details_in_words, mentioned_units
from app.org.queries import Scope, list_names, list_people, select_people_ids
from app.web.format import to_the_second

MOST_NAMESAKES = 50


@dataclass(frozen=True, slots=True)
class Act:
    """One act; a name is None for nobody, and "" for somebody who is no longer kept."""

    number: int
    at: str  # the day in words and Beijing time
    action: str
    actor: str | None
    actor_id: int | None
    subject: str
    member: str | None
    details: tuple[Told, ...]


def list_acts(wanted: audit.Filter, limit: int, offset: int = 0) -> list[Act]:
    """Return acts that fit, the newest first, with the names of today."""
    entries = audit.list_entries(limit=limit, offset=offset, wanted=wanted)
    names = _names({i for entry in entries for i in (entry.actor_id, entry.member_id) if i})
    units = list_names(i for entry in entries for i in mentioned_units(entry))
    return [
        Act(
            number=entry.number,
            at=to_the_second(entry.at_ms // 1000),
            action=entry.action,
            actor=None if entry.actor_id is None else names.get(entry.actor_id, ""),
            actor_id=entry.actor_id,
            subject=entry.subject,
            member=None if entry.member_id is None else names.get(entry.member_id, ""),
            details=details_in_words(entry, units, whole=True),
        )
        for entry in entries
    ]


def count_acts(wanted: audit.Filter) -> int:
    """Return how many acts fit."""
    return audit.count_entries(wanted)


def filter_for(scope: Scope, action: str, actor: str, member: str) -> audit.Filter:
    """Return which acts an administrator asks for, by names or phones, within their scope."""
    within = None if scope.unit_id is None else select_people_ids(scope.unit_id)
    return audit.Filter(
        action=action or None,
        actors=_ids(scope, actor) if actor else None,
        members=_ids(scope, member) if member else None,
        within=within,
    )


def _ids(scope: Scope, text: str) -> tuple[int, ...]:
    return tuple(person.id for person in list_people(scope.unit_id, text, MOST_NAMESAKES))


def _names(ids: Iterable[int]) -> dict[int, str]:
    rows = db.session.execute(select(listing.c.id, listing.c.name).where(listing.c.id.in_(ids)))
    return {row.id: row.name for row in rows}
