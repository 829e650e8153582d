"""Fits of memory: stored with both losses, shown to those above, used where they are better."""

import itertools
from collections.abc import Sequence
from datetime import date
from functools import cache

import msgspec
import pytest
from flask import Flask
from sqlalchemy import insert, update

from app.accounts.models import User
from app.bank.queries import list_question_ids
from app.base.clock import study_day
from app.base.db import db, transaction
from app.study import actions, queries
from app.study.actions.fitting import LATER
from app.study.card import Review, replay
from app.study.fitting import Course, Fit, fit, model_of, stability_after
from app.study.log import columns_of
from app.study.models import CardRow, FitRow, ReviewRow, UnitChapterRow
from app.study.queries.fits import EVERYBODY, list_used_fits
from app.study.scheduling import AGAIN, model
from tests.conftest import Cast, Clock
from tests.study.test_fitting import SINCE, people

pytestmark = pytest.mark.once
PEOPLE = 30
FORGETFUL = 0.1


@pytest.fixture(autouse=True)
def fitted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same answers are fitted once in all tests: that is what takes long."""
    monkeypatch.setattr("app.study.actions.fitting.fit", fit_once)


@cache
def kept(told: bytes, since: int) -> Fit | None:
    """Fit the courses written down."""
    return fit(msgspec.msgpack.decode(told, type=list[list[tuple[int, int]]]), since)


def fit_once(courses: Sequence[Course], since: int) -> Fit | None:
    """Fit courses, the same ones only once."""
    return kept(msgspec.msgpack.encode(courses), since)


@pytest.fixture
def site(bank: Flask, cast: Cast, clock: Clock) -> Cast:
    """A unit with two below it and thirty people in one of them, who forget fast."""
    for code, parent in (("R", None), ("A", "R"), ("B", "R")):
        cast.make_unit(code, parent)
    cast.make_member("总管", role="admin", unit="R")
    cast.make_member("书记", role="trainer", unit="B")
    questions = list_question_ids()
    places = itertools.product(range(1000, 1000 + PEOPLE), questions)
    courses = people(FORGETFUL, PEOPLE * len(questions))
    study(cast.units["A"], dict(zip(places, courses, strict=True)), study_day(clock()))
    return cast


def study(unit: int, courses: dict[tuple[int, str], Course], today: date) -> None:
    """Store people of a unit with their answers, of which a day is as many days back as it was."""
    first = (today - LATER).toordinal() - SINCE
    cards, rows = [], []
    for (member, question_id), course in courses.items():
        log = []
        for n, (rating, day) in enumerate(course):
            at = date.fromordinal(first + day)
            if at <= today:
                ms = (first + day) * 86_400_000 + n
                identity = f"{member}-{question_id}-{n}"
                log.append(Review(identity[-22:], ms, at, rating, rating != AGAIN))
        if log:
            key = {"member_id": member, "question_id": question_id}
            cards.append({**key, "version": len(log), **columns_of(replay(log))})
            rows += [{**key, **row_of(one, unit)} for one in log]
    users = [
        {"id": n, "name": f"员{n}", "role": "member", "unit_id": unit, "created_at": 0}
        for n in range(1000, 1000 + PEOPLE)
    ]
    sums = {"unit_id": unit, "month": date(2026, 11, 1), "subject": "s", "chapter": "c"}
    with transaction() as session:
        session.execute(insert(User), users)
        session.execute(insert(ReviewRow), rows)
        session.execute(insert(CardRow), cards)
        session.execute(insert(UnitChapterRow), [{**sums, "delayed": len(rows)}])


def row_of(review: Review, unit: int) -> dict[str, object]:
    """Return the log's columns of an answer."""
    return {
        "answer_id": review.answer_id,
        "revision": 1,
        "at_ms": review.at_ms,
        "day": review.day,
        "rating": review.rating,
        "right": review.right,
        "before": 0,
        "response": "null",
        "elapsed_ms": 0,
        "way": "due",
        "unit_id": unit,
    }


def recall_of(site: Cast, code: str, clock: Clock) -> float:
    """Fold, and return what a unit is expected to recall."""
    actions.fold_recall(clock())
    day = study_day(clock())
    found = queries.list_unit_recall([site.units[code]], day, day)
    return sum(one.recall * one.cards for one in found) / sum(one.cards for one in found)


def test_a_fit_that_foretells_better_is_used_for_the_units_below(site: Cast, clock: Clock) -> None:
    before = recall_of(site, "A", clock)
    assert actions.fit_units(clock()) == 3  # everybody, R and A; B has nobody
    assert set(list_used_fits()) == {EVERYBODY, site.units["R"], site.units["A"]}
    by, today = model_of(list_used_fits()[site.units["A"]]), study_day(clock()).toordinal()
    expected = [
        by.retrievability(stability_after(by, one.course), today - one.course[-1][1])
        for one in queries.fits.list_courses([site.units["A"]])
    ]
    after = recall_of(site, "A", clock)
    assert after == pytest.approx(sum(expected) / len(expected), abs=1e-9)
    assert after < before  # they forget faster than others


def test_a_fit_that_is_not_better_changes_nothing(site: Cast, clock: Clock) -> None:
    before = recall_of(site, "A", clock)
    actions.fit_units(clock())
    with transaction() as session:
        session.execute(update(FitRow).values(better=False))
    assert recall_of(site, "A", clock) == before


def test_the_lowest_fit_counts(site: Cast, clock: Clock) -> None:
    actions.fit_units(clock())
    with transaction() as session:
        own = FitRow.unit_id == site.units["A"]
        told = "[" + ", ".join(map(str, model().p)) + "]"
        session.execute(update(FitRow).where(own).values(parameters=told))
    usual = recall_of(site, "A", clock)
    with transaction() as session:
        session.execute(update(FitRow).values(better=False))
    assert usual == pytest.approx(recall_of(site, "A", clock), abs=1e-9)


def test_fewer_than_five_people_are_not_fitted(site: Cast, clock: Clock) -> None:
    with transaction() as session:
        session.execute(update(User).where(User.id >= 1004).values(disabled_at=1))
    assert actions.fit_units(clock()) == 0


def test_those_above_see_both_losses(site: Cast, clock: Clock) -> None:
    actions.fit_units(clock())
    db.session.rollback()
    page = site.sign_in("总管").get("/memory-fits").text
    seen = queries.list_fits(site.viewer("总管"))
    assert [one.unit and one.unit.code for one in seen] == [None, "R", "A"]
    for one in seen:
        assert f"{one.log_loss:.4f}" in page
        assert f"{one.default_log_loss:.4f}" in page
    elsewhere = queries.list_fits(site.viewer("书记"))
    assert [one.unit for one in elsewhere] == [None]


def test_the_command_says_how_many(bank: Flask) -> None:
    done = bank.test_cli_runner().invoke(args=["study", "fit", "--json"])
    assert done.output.strip() == '{"fits":0}'
