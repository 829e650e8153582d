"""Summaries read, and counted again from the answers to see that they are right.

A review counts for the unit its member belonged to when it was given, and for the chapter its
question stood in as it was then worded; neither changes when people move or questions do. Reports
on a unit add up the units below it and those merged into it: the caller names all of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.bank.queries import get_question
from app.base.db import db
from app.study.models import MemberChapterRow, ReviewRow, UnitChapterRow, UnitRecallRow
from app.study.tally import NOTHING, Counts, counts_of, month_of

Chapter = tuple[str, str]
UnitKey = tuple[int, date, str, str]
FIELDS = tuple(Counts.__struct_fields__)
SUMS = [getattr(MemberChapterRow, name) for name in FIELDS]
UNIT_SUMS = [func.sum(getattr(UnitChapterRow, name)) for name in FIELDS]


@dataclass(frozen=True, slots=True)
class MemberChapter:
    """What a member's answers to a chapter sum up to; `last_day` is the last study day in it."""

    member_id: int
    subject: str
    chapter: str
    counts: Counts
    last_day: date | None


@dataclass(frozen=True, slots=True)
class UnitChapter:
    """What answers of some units' people in a month (its first day) sum up to, by chapter."""

    month: date
    subject: str
    chapter: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class UnitRecall:
    """What people of some units were expected to recall of a chapter, as of `day`.

    `people` have met something of it, `cards` is how many questions they have met between them,
    `recall` the mean probability (0…1) over these.
    """

    month: date
    subject: str
    chapter: str
    day: date
    people: int
    cards: int
    recall: float


def place_of(question_id: str, revision: int) -> Chapter:
    """Return (subject, chapter) of a question as that revision had it."""
    question = get_question(question_id, revision)
    return question.subject, question.chapter_id


class Places(dict[tuple[str, int], Chapter]):
    """`place_of` by (question id, revision), asked once each; for counts over many answers."""

    def __missing__(self, key: tuple[str, int]) -> Chapter:
        """Look a place up and keep it."""
        self[key] = place_of(*key)
        return self[key]


def list_member_chapters(member_ids: Iterable[int]) -> tuple[MemberChapter, ...]:
    """Return what some members' answers sum up to, by member, subject and chapter."""
    row = MemberChapterRow
    query = select(row.member_id, row.subject, row.chapter, row.last_day, *SUMS)
    found = db.session.execute(
        query.where(row.member_id.in_(set(member_ids))).order_by(
            row.member_id, row.subject, row.chapter
        )
    )
    every = (MemberChapter(m, s, c, Counts(*sums), day) for m, s, c, day, *sums in found)
    return tuple(one for one in every if one.counts != NOTHING)


def list_unit_chapters(
    unit_ids: Iterable[int], since: date, until: date
) -> tuple[UnitChapter, ...]:
    """Return what the units' people answered, all units together, by month, subject and chapter.

    The months are those of `since` to that of `until`, both whole and included.
    """
    row = UnitChapterRow
    found = db.session.execute(
        select(row.month, row.subject, row.chapter, *UNIT_SUMS)
        .where(*_within(unit_ids, since, until))
        .group_by(row.month, row.subject, row.chapter)
        .order_by(row.month, row.subject, row.chapter)
    )
    every = (UnitChapter(m, s, c, Counts(*map(int, sums))) for m, s, c, *sums in found)
    return tuple(one for one in every if one.counts != NOTHING)


def list_unit_totals(unit_ids: Iterable[int], since: date, until: date) -> dict[int, Counts]:
    """Return unit id → what its own people answered in these months, all chapters together."""
    found = db.session.execute(
        select(UnitChapterRow.unit_id, *UNIT_SUMS)
        .where(*_within(unit_ids, since, until))
        .group_by(UnitChapterRow.unit_id)
    )
    return {unit_id: Counts(*map(int, sums)) for unit_id, *sums in found}


def _within(unit_ids: Iterable[int], since: date, until: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on units and months."""
    row = UnitChapterRow
    months = row.month.between(month_of(since), month_of(until))
    return row.unit_id.in_(set(unit_ids)), months


def list_unit_recall(unit_ids: Iterable[int], since: date, until: date) -> tuple[UnitRecall, ...]:
    """Return what the units' people were expected to recall, by month, subject and chapter.

    The present month is as of last night, or has no rows before its first night.
    """
    row = UnitRecallRow
    sums = func.max(row.day), func.sum(row.people), func.sum(row.cards), func.sum(row.recall)
    found = db.session.execute(
        select(row.month, row.subject, row.chapter, *sums)
        .where(row.unit_id.in_(set(unit_ids)))
        .where(row.month.between(month_of(since), month_of(until)))
        .group_by(row.month, row.subject, row.chapter)
        .order_by(row.month, row.subject, row.chapter)
    )
    return tuple(
        UnitRecall(m, s, c, day, int(people), int(cards), float(recall) / int(cards))
        for m, s, c, day, people, cards, recall in found
    )


def recount_member(member_id: int) -> dict[Chapter, tuple[Counts, date]]:
    """Return what a member's summaries must be: by chapter the sums and the last study day."""
    review = ReviewRow
    query = select(
        review.question_id, review.revision, review.tally, review.right, review.way, review.day
    ).where(review.member_id == member_id, review.tally > 0)
    found: dict[Chapter, tuple[Counts, date]] = {}
    places = Places()
    for question_id, revision, tally, right, way, day in db.session.execute(query).all():
        place = places[question_id, revision]
        counts, last = found.get(place, (NOTHING, day))
        found[place] = counts + counts_of(tally, right, way), max(last, day)
    return found


def recount_units() -> dict[UnitKey, Counts]:
    """Return what the summaries of all units must be; reads every answer once."""
    review = ReviewRow
    key: list[Any] = [review.question_id, review.revision, review.unit_id, review.day]
    key += [review.tally, review.right, review.way]
    number = func.count().label("number")
    query = select(*key, number).where(review.tally > 0).group_by(*key)
    found: dict[UnitKey, Counts] = defaultdict(Counts)
    places = Places()
    for row in db.session.execute(query).all():
        place = places[row.question_id, row.revision]
        added = counts_of(row.tally, row.right, row.way).times(row.number)
        found[(row.unit_id, month_of(row.day), *place)] += added
    return dict(found)


def list_missummed_members(member_ids: Sequence[int]) -> list[int]:
    """Return those of the members whose summaries are not what their answers give."""
    kept: dict[int, dict[Chapter, tuple[Counts, date | None]]] = defaultdict(dict)
    for one in list_member_chapters(member_ids):
        kept[one.member_id][one.subject, one.chapter] = one.counts, one.last_day
    return [one for one in member_ids if kept.get(one, {}) != recount_member(one)]


def list_missummed_units() -> list[int]:
    """Return the units, in order, whose summaries are not what the answers give."""
    row = UnitChapterRow
    sums = [getattr(row, name) for name in FIELDS]
    found = db.session.execute(select(row.unit_id, row.month, row.subject, row.chapter, *sums))
    every = {(u, m, s, c): Counts(*sums) for u, m, s, c, *sums in found}
    kept = {key: counts for key, counts in every.items() if counts != NOTHING}
    wanted = recount_units()
    return sorted({key[0] for key in kept | wanted if kept.get(key) != wanted.get(key)})
