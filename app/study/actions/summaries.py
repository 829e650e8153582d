"""Summaries of members and units: moved by what each change of the log adds or takes away.

Everything here runs inside the transaction that changes the log, so that summaries and answers
are kept together or not at all.
"""

import functools
import operator
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec.structs import asdict
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.base.clock import DAYS
from app.base.db import Place, transaction
from app.base.sql import Statement, as_text
from app.study.models import MemberChapterRow, ReviewRow, UnitChapterRow
from app.study.queries.summaries import (
    Chapter,
    Places,
    place_of,
    recount_member,
    recount_units,
)
from app.study.tally import COUNTED, FIELDS_OF, Counts, counts_of, month_of

FIELDS = tuple(Counts.__struct_fields__)
Sums = tuple[int, ...]  # the values of `FIELDS`
K = TypeVar("K", bound=Hashable)


class Change(msgspec.Struct, frozen=True):
    """One answer whose tally was `old` and is `new`; 0 is an answer that does not count."""

    question_id: str
    revision: int
    unit_id: int
    day: date
    right: bool
    way: str
    old: int
    new: int


class Alike(NamedTuple):
    """What of a change says where and what it adds."""

    chapter: Chapter
    unit_id: int
    day: date
    right: bool
    way: str
    old: int
    new: int


@functools.lru_cache(DAYS)
def _month(day: date) -> str:
    """Return the month of a day as SQLite keeps it."""
    return as_text(month_of(day))


@functools.lru_cache(1024)
def _difference(old: int, new: int, right: bool, way: str) -> Sums:
    """Return what a change from one tally to another adds to the summaries."""
    return FIELDS_OF(counts_of(new, right, way) - counts_of(old, right, way))


def _upsert(table: str, key: tuple[str, ...], more: str = "") -> Statement:
    """Return the statement that adds to a summary, making it when it is not there yet."""
    columns = (*key, *FIELDS, *(("last_day",) if more else ()))
    added = ", ".join(f"{f} = {table}.{f} + excluded.{f}" for f in FIELDS)
    return Statement(
        f"INSERT INTO {table} ({', '.join(columns)})"
        f" VALUES ({', '.join(':' + column for column in columns)})"
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {added}{more}"
    )


_LATER = (
    ", last_day = CASE WHEN study_member_chapter.last_day IS NULL"
    " OR excluded.last_day > study_member_chapter.last_day"
    " THEN excluded.last_day ELSE study_member_chapter.last_day END"
)
ADD_MEMBER = _upsert("study_member_chapter", ("member_id", "subject", "chapter"), _LATER)
ADD_UNIT = _upsert("study_unit_chapter", ("unit_id", "month", "subject", "chapter"))


def move_summaries(
    place: Place, member_id: int, changes: Iterable[Change], more: Mapping[Alike, int] | None = None
) -> None:
    """Add to the summaries what the changes of a member's log make of difference.

    `more` tells of changes of which the chapters are known how many there are of each kind; none of
    them takes anything away. Rows are touched in the order of their keys, so that two transactions
    cannot wait for each other.
    """
    changes = [change for change in changes if change.old != change.new]
    if len(changes) == 1 and not changes[0].old and not more:
        [change] = changes
        add_answer(place, member_id, change, place_of(change.question_id, change.revision))
        return
    alike = _alike(changes)
    alike.update(more or {})
    moves = _moves(alike)
    own = _added((same.chapter, sums) for same, sums in moves)
    days: dict[Chapter, date] = {}
    for same, _sums in moves:
        if same.new & COUNTED:
            days[same.chapter] = max(days.get(same.chapter, same.day), same.day)
    last = {chapter: as_text(day) for chapter, day in days.items()}
    rows = [(member_id, *chapter, *own[chapter], last.get(chapter)) for chapter in sorted(own)]
    ADD_MEMBER.run_many(place, rows)
    _lower_last_days(place, member_id, changes, days)
    _move_units(place, moves)


def add_answer(place: Place, member_id: int, change: Change, where: Chapter) -> None:
    """Add one new answer to a chapter: what nearly every transaction does, without sums."""
    row = sums_of(change, where)
    ADD_MEMBER.run(place, member_id=member_id, **row)
    ADD_UNIT.run(place, unit_id=change.unit_id, **row)


def sums_of(change: Change, where: Chapter) -> dict[str, Any]:
    """Return what one new answer in a chapter brings to both summaries, but whose they are."""
    sums = asdict(counts_of(change.new, change.right, change.way))
    return {**_key(where), **sums, "last_day": change.day, "month": month_of(change.day)}


def _alike(changes: Iterable[Change]) -> Counter[Alike]:
    """Return how many changes there are of each kind: a delivery has many, but few kinds."""
    places = Places()
    return Counter(
        Alike(places[c.question_id, c.revision], c.unit_id, c.day, c.right, c.way, c.old, c.new)
        for c in changes
    )


def _moves(alike: Mapping[Alike, int]) -> list[tuple[Alike, Sums]]:
    """Return each kind of change with what all of its kind add together."""
    found = []
    for same, number in alike.items():
        one = _difference(same.old, same.new, same.right, same.way)
        found.append((same, one if number == 1 else tuple([number * n for n in one])))
    return found


def _added(parts: Iterable[tuple[K, Sums]]) -> dict[K, Sums]:
    """Return by key what the parts of that key add together."""
    added: dict[K, Sums] = {}
    for key, sums in parts:
        known = added.get(key)
        added[key] = tuple(map(operator.add, known, sums)) if known else sums
    return added


def _move_units(place: Place, moves: Iterable[tuple[Alike, Sums]]) -> None:
    """Add the differences to the summaries of units."""
    units = _added(((same.unit_id, _month(same.day), *same.chapter), sums) for same, sums in moves)
    rows = [(*key, *units[key]) for key in sorted(units) if any(units[key])]
    ADD_UNIT.run_many(place, rows)


def _key(place: Chapter) -> dict[str, str]:
    """Return the columns of a chapter."""
    return {"subject": place[0], "chapter": place[1]}


def _lower_last_days(
    where: Place, member_id: int, changes: Iterable[Change], days: Mapping[Chapter, date]
) -> None:
    """Find the last study day again for chapters of which the latest answer may have gone."""
    gone = {
        place
        for change in changes
        if change.old & COUNTED and not change.new & COUNTED
        for place in [place_of(change.question_id, change.revision)]
        if place not in days or change.day > days[place]
    }
    if not gone:
        return
    assert isinstance(where, Session)  # answers are never taken back anywhere else
    session = where
    last: dict[Chapter, date | None] = dict.fromkeys(gone)
    query = select(ReviewRow.question_id, ReviewRow.revision, func.max(ReviewRow.day)).where(
        ReviewRow.member_id == member_id, ReviewRow.tally > 0
    )
    answered = session.execute(query.group_by(ReviewRow.question_id, ReviewRow.revision))
    for question_id, revision, day in answered.all():
        place = place_of(question_id, revision)
        if place in gone:
            last[place] = max(last[place] or day, day)
    for (subject, chapter), latest in last.items():
        session.execute(
            update(MemberChapterRow)
            .where(
                MemberChapterRow.member_id == member_id,
                MemberChapterRow.subject == subject,
                MemberChapterRow.chapter == chapter,
            )
            .values(last_day=latest)
            .execution_options(synchronize_session=False)
        )


def withdraw_from_units(session: Session, member_id: int) -> None:
    """Take the answers of a member who is being erased out of the summaries of their units."""
    rows = _list_counted(session, member_id)
    _move_units(session, _moves(_alike(Change(**row, new=0) for row in rows)))


def _list_counted(session: Session, member_id: int) -> list[dict[str, Any]]:
    """Return what the summaries are made of, of one member."""
    query = select(
        ReviewRow.question_id,
        ReviewRow.revision,
        ReviewRow.unit_id,
        ReviewRow.day,
        ReviewRow.right,
        ReviewRow.way,
        ReviewRow.tally.label("old"),
    )
    counted = query.where(ReviewRow.member_id == member_id, ReviewRow.tally > 0)
    return [dict(row) for row in session.execute(counted).mappings()]


def mend_member_summaries(member_id: int) -> None:
    """Write the summaries of a member anew from their answers."""
    with transaction() as session:
        own = MemberChapterRow.member_id == member_id
        session.execute(delete(MemberChapterRow).where(own))
        rows = [
            {"member_id": member_id, **_key(place), **asdict(counts), "last_day": day}
            for place, (counts, day) in sorted(recount_member(member_id).items())
        ]
        if rows:
            session.execute(insert(MemberChapterRow), rows)


def mend_unit_summaries() -> None:
    """Write the summaries of all units anew; answers wait as long as counting all takes."""
    with transaction() as session:
        session.execute(delete(UnitChapterRow))
        rows = [
            {"unit_id": unit_id, "month": month, **_key((subject, chapter)), **asdict(counts)}
            for (unit_id, month, subject, chapter), counts in recount_units().items()
        ]
        if rows:
            session.execute(insert(UnitChapterRow), rows)
