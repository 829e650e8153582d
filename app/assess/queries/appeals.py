"""Doubts about figures: a member's own, and those of the people somebody looks after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from app.accounts.queries import Viewer, listing
from app.assess.models import AppealRow
from app.base.db import db
from app.org import queries as org


@dataclass(frozen=True, slots=True)
class Appeal:
    """A doubt: about which figure, what it said then, what was written, and the answer."""

    member_id: int
    id: str
    name: str
    about: str
    shown: str
    text: str
    created_at: int
    state: str
    reply: str | None
    replied_at: int | None


def list_own_appeals(member_id: int) -> list[Appeal]:
    """Return a member's own doubts, the newest first."""
    return _read(_select().where(AppealRow.member_id == member_id), AppealRow.created_at.desc())


def list_appeals(viewer: Viewer, limit: int, offset: int) -> tuple[list[Appeal], int]:
    """Return a page of the doubts of people within reach, open ones first, and how many."""
    scope = org.scope_to_change(viewer)
    query = _select().where(AppealRow.member_id != viewer.id)
    if scope.unit_id is not None:
        query = query.where(AppealRow.member_id.in_(org.select_people_ids(scope.unit_id)))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    order = (AppealRow.state.desc(), AppealRow.created_at.desc(), AppealRow.id)
    return _read(query.limit(limit).offset(offset), *order), total


def _select() -> Select[AppealRow, str]:
    return select(AppealRow, listing.c.name).join(listing, listing.c.id == AppealRow.member_id)


def _read(query: Select[AppealRow, str], *order: Any) -> list[Appeal]:
    rows: Sequence[tuple[AppealRow, str]] = db.session.execute(query.order_by(*order)).all()
    return [
        Appeal(
            row.member_id,
            row.id,
            name,
            row.about,
            row.shown,
            row.text,
            row.created_at,
            row.state,
            row.reply,
            row.replied_at,
        )
        for row, name in rows
    ]
