"""The next question and the home page, each in one read of the database.

Everybody opens these two pages all the time, and what a statement costs is mostly that it is one
more. So all that a page shows is asked at once, and on the short way (`web.short`) who is signed in
as well. What is rare (questions held back, retired or of a unit's own) is asked in parts.
"""

import functools
from datetime import date, datetime
from itertools import filterfalse
from typing import Any

import msgspec

from app.accounts.queries import (
    IS_GOOD,
    SIGNED_IN,
    VIEWER,
    Viewer,
    is_ordinary,
    owner_of,
    viewer_of,
)
from app.bank.catalogue import Catalogue
from app.bank.queries import TOKEN, Question, find_loaded, get_question
from app.base.clock import day_start_at, epoch, study_day, study_day_at
from app.base.ids import digest
from app.base.sql import Row, Statement
from app.quiz.queries import RESERVES
from app.study.memory import LEARNING, RELEARNING
from app.study.queries.cards import LAST, Marks, find_last_answer, get_marks, marks_of
from app.study.queries.queue import (
    ASKABLE,
    GIVEN,
    LEARN_AHEAD,
    PACE,
    SOONEST,
    Settings,
    Standing,
    Today,
    Way,
    find_next,
    get_progress_in_parts,
    get_today_in_parts,
    list_unmet_ids,
    pace_of,
)

PERSON = 11  # columns of VIEWER
STANDING = 9  # columns of _STANDING, and of STANDING_OF_OTHERS
# How the day stands, and whether the bank in memory is the one to look at.
_STANDING_BUT = f"""{TOKEN}, {RESERVES}, given.done, given.met,
    w.new_per_day, w.answers_per_day, w.subject,
    (SELECT count(*) FROM (SELECT 1 FROM study_card WHERE {ASKABLE} AND due_at < :tomorrow {{}}
    LIMIT (SELECT coalesce(max(answers_per_day), {Settings().answers_per_day})
    FROM study_setting WHERE member_id = :member)) AS due),
    (SELECT count(*) FROM study_card WHERE member_id = :member)"""
_STANDING = _STANDING_BUT.format("")
STANDING_OF_OTHERS = _STANDING_BUT.format("AND question_id <> :question")  # for `progress_after`
_WANTED = "LEFT JOIN study_setting w ON w.member_id = :member"
GIVEN_AND_WANTED = f"CROSS JOIN ({GIVEN}) AS given {_WANTED}"
_FIRST = "SELECT question_id FROM study_card WHERE {} ORDER BY due_at, question_id LIMIT 1"
_DUE = _FIRST.format(f"{ASKABLE} AND due_at <= :now")
_EARLY = _FIRST.format(f"{ASKABLE} AND due_at <= :soon AND state IN ({LEARNING:d}, {RELEARNING:d})")
# What is due is asked before anything else, so what comes after is looked for only without it.
_PICK = f"""WITH pick AS MATERIALIZED (SELECT ({_DUE}) AS due, ({_EARLY}) AS early)"""
_NEXT = f"""{_STANDING}, ({LAST}), pick.due, pick.early, CASE WHEN pick.due IS NULL THEN
    (SELECT group_concat(question_id, ' ') FROM study_card WHERE member_id = :member
    AND (reps > 0 OR suspended OR buried_until > :day)) END,
    EXISTS (SELECT 1 FROM study_note WHERE member_id = :member),
    c.version, c.starred, c.suspended, c.lapses, c.wrong_left, n.text"""
_CHOSEN = f"""{_WANTED} CROSS JOIN pick
    LEFT JOIN study_card c
    ON c.member_id = :member AND c.question_id = coalesce(pick.due, pick.early)
    LEFT JOIN study_note n
    ON n.member_id = :member AND n.question_id = coalesce(pick.due, pick.early)"""
_LISTED = ("group_concat", "string_agg")
_NEXT_OF = Statement(
    f"{_PICK} SELECT {_NEXT} FROM ({GIVEN}) AS given {_CHOSEN}", for_postgresql=_LISTED
)
NEXT_SEEN = Statement(
    f"""{_PICK} SELECT {VIEWER}, {_NEXT} FROM {SIGNED_IN} CROSS JOIN ({GIVEN}) AS given {_CHOSEN}
    WHERE {IS_GOOD}""",
    for_postgresql=_LISTED,
)
_PROGRESS_OF = Statement(f"SELECT {_STANDING} FROM ({GIVEN}) AS given {_WANTED}")
_TODAY = f"""{_STANDING}, ({SOONEST}), paced.number, paced.spent"""
_PACED = f"{_WANTED} CROSS JOIN ({PACE}) AS paced"
_TODAY_OF = Statement(f"SELECT {_TODAY} FROM ({GIVEN}) AS given {_PACED}")
# Answers that a paper, or a phone, may have for the memory: what `actions.catch_up` looks at.
_BEHIND = """(EXISTS (SELECT 1 FROM study_waiting WHERE member_id = :member)
    OR EXISTS (SELECT 1 FROM quiz_attempt a LEFT JOIN study_fed f
    ON f.member_id = a.member_id AND f.paper_id = a.paper_id AND f.number = a.number
    WHERE a.member_id = :member AND (f.member_id IS NULL OR f.remarks < (SELECT count(*)
    FROM quiz_remark r WHERE r.member_id = a.member_id AND r.paper_id = a.paper_id
    AND r.number = a.number))))"""


class Next(msgspec.Struct, frozen=True):
    """The question to ask now, with what its page shows beside it.

    `progress` are the answers given today, and these with what is still to be answered; `last` is
    the id of today's last answer.
    """

    question: Question
    marks: Marks
    progress: tuple[int, int]
    last: str | None


def ask_due(member_id: int, now: datetime) -> Next | None:
    """Return what to ask a member now on the usual way in; None when the day is done."""
    row = _NEXT_OF.one(**moments(member_id, now))
    assert row is not None
    return _next(row, member_id, now)


def ask_signed_in(token: str, now: datetime) -> tuple[Viewer, Next] | None:
    """Return who is signed in by `token`, and what to ask them now.

    None when there is nothing to ask, or something to be seen to first; the full way sees to it.
    """
    viewer, row = _read(NEXT_SEEN, token, now)
    found = _next(row, viewer.id, now) if viewer else None
    return (viewer, found) if viewer and found else None


def get_progress(member_id: int, now: datetime) -> tuple[int, int]:
    """Return (answers given, these and what is still to be answered) of study day `now`."""
    row = _PROGRESS_OF.alone(**moments(member_id, now))
    assert row is not None
    return _progress(row, member_id, now)


def progress_after(
    others: Row, member_id: int, now: datetime, met: bool, added: bool, due_at: int | None
) -> tuple[int, int]:
    """Return what `get_progress` will once an answer is stored, from what was read before it.

    `others` is a row of STANDING_OF_OTHERS. Of the answer's card: whether it is `met` for the first
    time, `added` as a new row, and when it is due again, None when it will not be asked then.
    """
    token, reserved, done, known, *wanted, due, cards = others
    again = due_at is not None and due_at < _end_of(study_day(now))
    given = done + 1, known + met
    return _progress((token, reserved, *given, *wanted, due + again, cards + added), member_id, now)


def _progress(row: Row, member_id: int, now: datetime) -> tuple[int, int]:
    """Return the progress of the day of a row."""
    bank = _bank(row)
    if bank is None:
        return get_progress_in_parts(member_id, now)
    standing = _standing(row)
    due, new = _to_do(row, standing, bank, member_id, now)
    return standing.done, standing.done + due + new


def get_today(member_id: int, now: datetime) -> Today:
    """Return what study day `now` asks of the member."""
    row = _TODAY_OF.one(**moments(member_id, now))
    assert row is not None
    return _today(row, member_id, now)


def greet_signed_in(token: str, now: datetime, news: str) -> tuple[Viewer, Today] | None:
    """Return who is signed in by `token`, and what today asks of them.

    None as in `ask_signed_in`, and when `news`, a condition in SQL, says that rooms may have
    something to tell.
    """
    viewer, row = _read(_greeting(news), token, now)
    if viewer is None or row[-1]:
        return None
    return viewer, _today(row[:-1], viewer.id, now)


@functools.cache
def _greeting(news: str) -> Statement:
    """Return the statement of the home page; an application has one."""
    return Statement(
        f"""SELECT {VIEWER}, {_TODAY}, ({_BEHIND} OR {news})
        FROM {SIGNED_IN} CROSS JOIN ({GIVEN}) AS given {_PACED} WHERE {IS_GOOD}"""
    )


def _read(statement: Statement, token: str, now: datetime) -> tuple[Viewer | None, Row]:
    """Return who is signed in by `token` and what else their row says; None when unusual."""
    member_id = owner_of(token)
    if member_id is None:
        return None, ()
    asked = moments(member_id, now)
    row = statement.alone(hash=digest(token), **asked)
    viewer = viewer_of(row[:PERSON], token, asked["now"]) if row else None
    if row is None or viewer is None or not is_ordinary(viewer, asked["now"]):
        return None, ()
    return viewer, row[PERSON:]


def moments(member_id: int, now: datetime) -> dict[str, Any]:
    """Return what the statements are asked with."""
    moment = epoch(now)
    day = study_day_at(moment)
    soon, tomorrow = moment + LEARN_AHEAD, _end_of(day)
    return {"member": member_id, "now": moment, "day": day, "soon": soon, "tomorrow": tomorrow}


def _end_of(day: date) -> int:
    """Return the epoch second at which a study day is over."""
    return day_start_at(day, later=1)


def _bank(row: Row) -> Catalogue | None:
    """Return the bank a row was read beside; None when it is to be looked at in parts."""
    bank = find_loaded(row[0])
    return None if bank is None or row[1] or bank.owners or bank.hidden else bank


def _standing(row: Row) -> Standing:
    """Return how the day of a row stands."""
    done, met, *wanted = row[2:7]
    return Standing(done, met, Settings() if wanted[0] is None else Settings(*wanted))


def _to_do(
    row: Row, standing: Standing, bank: Catalogue, member_id: int, now: datetime
) -> tuple[int, int]:
    """Return (questions due, new ones allowed) of the day of a row."""
    due, cards = row[7:STANDING]
    room, most = standing.room, standing.new_room
    due = min(due, room)
    if most and len(bank.list_ids(standing.settings.subject, None)) - cards < most:
        most = len(list_unmet_ids(member_id, study_day(now), standing.settings, most))
    return due, min(room - due, most)


def _today(row: Row, member_id: int, now: datetime) -> Today:
    """Return the day of a row."""
    bank, day = _bank(row), study_day(now)
    if bank is None:
        return get_today_in_parts(member_id, now)
    standing = _standing(row)
    due, new = _to_do(row, standing, bank, member_id, now)
    soonest, number, spent = row[STANDING:]
    return Today(day, due, new, standing.done, (due + new) * pace_of(number, spent), soonest)


def _next(row: Row, member_id: int, now: datetime) -> Next | None:
    """Return what a row says to ask."""
    bank = _bank(row)
    if bank is None:
        return _next_in_parts(member_id, now)
    standing = _standing(row)
    if not standing.room:
        return None
    last, due_id, early_id, known, noted, *marked = row[STANDING:]
    unmet = None
    if due_id is None and standing.new_room:
        met = set((known or "").split())
        offered = bank.list_ids(standing.settings.subject, None)
        unmet = next(filterfalse(met.__contains__, offered), None)
    chosen = due_id or unmet or early_id
    if chosen is None:
        return None
    if unmet is None:
        marks = marks_of(marked)
    else:
        untouched = not noted and len(met) == row[STANDING - 1]
        marks = Marks() if untouched else get_marks(member_id, unmet)
    due, new = _to_do(row, standing, bank, member_id, now)
    done = standing.done
    return Next(bank.questions[chosen], marks, (done, done + due + new), last)


def _next_in_parts(member_id: int, now: datetime) -> Next | None:
    """Return what to ask, looked up one thing after the other."""
    found = find_next(member_id, Way(), now, "")
    if found is None:
        return None
    marks, progress = get_marks(member_id, found), get_progress_in_parts(member_id, now)
    last = find_last_answer(member_id, study_day(now))
    return Next(get_question(found), marks, progress, last)
