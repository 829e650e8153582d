"""However answers come, go and are rated, the stored card is the replay of the stored log."""

from datetime import date

import pytest
from flask import Flask
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from app.base.db import db
from app.base.errors import Invalid, NotFound, Stale
from app.base.ids import new_id
from app.study import actions
from app.study.actions.writing import KEEP_CARD
from app.study.card import replay
from app.study.log import card_of, card_values, columns_of, read_log
from app.study.models import CardRow
from tests.conftest import Cast, Clock
from tests.study.test_actions import sent, single

steps = st.lists(
    st.tuples(
        st.sampled_from(["right", "wrong", "rate", "undo", "again"]),
        st.integers(-4, 30),  # days the clock moves, backwards too
        st.integers(2, 4),
    ),
    min_size=1,
    max_size=12,
)


@pytest.fixture
def member(bank: Flask, cast: Cast) -> int:
    """A member who has not studied yet."""
    return cast.make_member("甲")


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
def test_the_stored_card_equals_the_replay(
    member: int, clock: Clock, history: list[tuple[str, int, int]]
) -> None:
    question_id, last, refused = single(), sent(single()), 0
    for what, days, rating in history:
        clock.move(days=days, minutes=7)
        try:
            if what in ("right", "wrong"):
                last = sent(question_id, what == "right", version(member, question_id))
                actions.answer_card(member, last, clock())
            elif what == "rate" and version(member, question_id):
                actions.rate_answer(member, last.answer_id, rating, new_id(), clock())
            elif what == "undo" and version(member, question_id):
                actions.undo_answer(member, last.answer_id, clock())
            elif what == "again" and version(member, question_id):
                actions.answer_card(member, last, clock())
        except (Stale, Invalid, NotFound):
            refused += 1
    db.session.rollback()
    row = db.session.get(CardRow, (member, question_id))
    assert card_of(row) == replay(read_log(db.session(), member, question_id))
    event(f"{refused} refused")


def version(member: int, question_id: str) -> int:
    """Return the version a page would carry."""
    db.session.rollback()
    row = db.session.get(CardRow, (member, question_id))
    return row.version if row else 0


def test_a_card_survives_its_columns(member: int, clock: Clock) -> None:
    question_id = single()
    actions.answer_card(member, sent(question_id), clock())
    card = replay(read_log(db.session(), member, question_id))
    assert card_of(CardRow(**columns_of(card))) == card
    assert card_of(CardRow(**columns_of(None))) is None
    assert card_of(None) is None


def test_a_card_among_many_has_the_same_columns(member: int, clock: Clock) -> None:
    for right in (True, False):  # wrong ones have days in the wrong-answer book
        clock.move(days=5)
        question_id = single()
        actions.answer_card(member, sent(question_id, right, version(member, question_id)), clock())
        card = replay(read_log(db.session(), member, question_id))
        assert card is not None
        row = (*card_values(card), member, question_id)
        told = {**columns_of(card), "member_id": member, "question_id": question_id}
        assert KEEP_CARD.names == tuple(told)
        days = [v.isoformat() if isinstance(v, date) else v for v in told.values()]
        assert list(row) == days
