"""The answer as one would first write it with SQLAlchemy's objects: what the fast path replaced.

It does the same: who is signed in, the limits of the form, marking, exactly once, the version of
the card, memory, log, summaries, and the same page; every read and write through the ORM.
"""

import json
from typing import Any

from flask import Flask, render_template, request
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import func, or_, select
from wtforms import HiddenField, IntegerField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange

from app.accounts.models import Session, User
from app.accounts.queries import owner_of
from app.bank.kinds import KINDS
from app.bank.marking import mark
from app.bank.models import QuestionRow, RevisionRow
from app.bank.queries import get_question, list_question_ids
from app.bank.source import decode
from app.base import clock
from app.base.db import db, transaction
from app.base.ids import digest, new_timed_id
from app.study.card import Review, after_review, replay
from app.study.log import VOID_OF_REVIEW, as_review, card_of, columns_of
from app.study.memory import AGAIN, GOOD
from app.study.models import (
    CardRow,
    MemberChapterRow,
    NoteRow,
    ReviewRow,
    SettingRow,
    UnitChapterRow,
    VoidRow,
)
from app.study.queries import WAYS, Feedback, Marks, Way
from app.study.queries.cards import waits_after
from app.study.tally import counts_of, month_of, tally_after
from app.study.views.way import next_url
from app.web.permissions import permission


class PlainForm(FlaskForm):  # type: ignore[misc]
    """The fields of an answer."""

    way = HiddenField(default="due", validators=[AnyOf(WAYS)])
    subject = HiddenField(default="", validators=[Length(max=60)])
    chapter = HiddenField(default="", validators=[Length(max=60)])
    since = IntegerField(default=0, validators=[NumberRange(0, 2**40)])
    answer_id = HiddenField(validators=[InputRequired(), Length(22, 22)])
    question_id = HiddenField(validators=[InputRequired(), Length(max=60)])
    revision = IntegerField(validators=[InputRequired(), NumberRange(1, 10**6)])
    version = IntegerField(validators=[InputRequired(), NumberRange(0, 10**9)])
    elapsed_ms = IntegerField(default=0, validators=[NumberRange(0, 2**40)])


def make_plain(app: Flask) -> None:
    """Let `app` answer in the straightforward way."""
    app.view_functions["study.answer"] = answer


@permission("member")
def answer() -> str:
    """Mark, store and show an answer."""
    form = PlainForm()
    assert form.validate(), form.errors
    token: str = current_user.token
    user = db.session.scalars(
        select(User)
        .join(Session, Session.user_id == User.id)
        .where(Session.user_id == owner_of(token), Session.token_hash == digest(token))
    ).one()
    question_id, revision = form.question_id.data, form.revision.data
    asked = db.session.get_one(QuestionRow, question_id)
    content = decode(db.session.get_one(RevisionRow, (question_id, revision)).content).item
    response = KINDS[asked.kind].read(
        request.form.to_dict(flat=False), content, form.answer_id.data
    )
    question = get_question(question_id, revision)
    right = mark(question, response).right
    with transaction():
        _store(user, form, response, right)
    return _page(user, form.answer_id.data)


def _store(user: User, form: Any, response: Any, right: bool) -> None:
    """Write the answer, its card and the summaries."""
    now = clock.now()
    if db.session.get(ReviewRow, (user.id, form.answer_id.data)) is not None:
        return
    question_id = form.question_id.data
    row = db.session.get(CardRow, (user.id, question_id))
    assert (row.version if row else 0) == form.version.data
    card, day = card_of(row), clock.study_day(now)
    rating = GOOD if right else AGAIN
    at_ms = int(now.timestamp() * 1000)
    review = Review(form.answer_id.data, at_ms, day, rating, right)
    tally = tally_after(card.memory.last_day if card else None, day)
    db.session.add(
        ReviewRow(
            member_id=user.id,
            answer_id=review.answer_id,
            question_id=question_id,
            revision=form.revision.data,
            at_ms=at_ms,
            day=day,
            rating=rating,
            right=right,
            before=row.state if row else 0,
            response=json.dumps(response),
            elapsed_ms=form.elapsed_ms.data,
            way=form.way.data,
            unit_id=user.unit_id or 0,
            tally=tally,
        )
    )
    if row is None:
        row = CardRow(member_id=user.id, question_id=question_id, version=0)
        db.session.add(row)
    row.version += 1
    for name, value in columns_of(after_review(card, review)).items():
        setattr(row, name, value)
    question = get_question(question_id, form.revision.data)
    place = question.subject, question.chapter_id
    unit_key = user.unit_id or 0, month_of(day), *place
    counts = counts_of(tally, right, form.way.data)
    _add(MemberChapterRow, (user.id, *place), counts).last_day = day
    _add(UnitChapterRow, unit_key, counts)


def _add(table: Any, key: tuple[Any, ...], counts: Any) -> Any:
    """Add counts to a summary."""
    names = [column.name for column in table.__table__.primary_key]
    row = db.session.get(table, key)
    if row is None:
        row = table(**dict(zip(names, key, strict=True)))
        for name in counts.__slots__:
            setattr(row, name, 0)
        db.session.add(row)
    for name in counts.__slots__:
        setattr(row, name, getattr(row, name) + getattr(counts, name))
    return row


def _page(user: User, answer_id: str) -> str:
    """Read back what was stored and draw the page."""
    stored = db.session.get_one(ReviewRow, (user.id, answer_id))
    question = get_question(stored.question_id, stored.revision)
    mine = select(ReviewRow).outerjoin(VoidRow, VOID_OF_REVIEW)
    counted = mine.where(ReviewRow.member_id == user.id, VoidRow.answer_id.is_(None))
    log = db.session.scalars(counted.where(ReviewRow.question_id == stored.question_id))
    before = replay(as_review(row) for row in log if row.at_ms < stored.at_ms)
    waits = waits_after(before, as_review(stored))
    response, kind = json.loads(stored.response), KINDS[question.kind]
    shown = Feedback(question, answer_id, response, stored.right, stored.rating, waits, False)
    card = db.session.get_one(CardRow, (user.id, question.id))
    note = db.session.get(NoteRow, (user.id, question.id))
    marks = Marks(card.version, card.starred, card.suspended, False, card.wrong_left > 0)
    assert note is None
    return render_template(
        "study/feedback.html",
        feedback=shown,
        question=question,
        presented=kind.present(question.content, answer_id),
        key=kind.describe_key(question.content),
        given=kind.describe_response(question.content, response),
        marks=marks,
        way=Way(),
        next_url=next_url(Way()),
        new_id=new_timed_id(),
        progress=_progress(user, counted),
    )


def _progress(user: User, counted: Any) -> tuple[int, int]:
    """Return (done, all) of today."""
    now = clock.now()
    day = clock.study_day(now)
    settings = db.session.get(SettingRow, user.id)
    today = counted.where(ReviewRow.day == day).subquery()
    done = db.session.scalar(select(func.count()).select_from(today)) or 0
    due = select(CardRow).where(
        CardRow.member_id == user.id,
        CardRow.suspended.is_(False),
        CardRow.due_at < clock.epoch(now) + 24 * 3600,
        or_(CardRow.buried_until.is_(None), CardRow.buried_until <= day),
    )
    waiting = db.session.scalar(select(func.count()).select_from(due.subquery())) or 0
    known = select(CardRow.question_id).where(CardRow.member_id == user.id, CardRow.reps > 0)
    met = set(db.session.scalars(known))
    new = sum(i not in met for i in list_question_ids())
    return done, done + waiting + min(new, settings.new_per_day if settings else 10)
