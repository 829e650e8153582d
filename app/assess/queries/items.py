"""How the questions of a paper, and of the whole bank, tell knowing from not knowing."""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.queries import Viewer
from app.assess.distribution import LEAST_PEOPLE, Distribution, distribution, may_show
from app.assess.item_analysis import Analysis, Answer, ItemFigures, analyse
from app.assess.models import ItemRow
from app.assess.options import Item
from app.assess.responses import chosen, item_as_corrected, item_of
from app.bank.queries import Question, get_question, get_questions, is_shown
from app.base.clock import epoch
from app.base.db import db
from app.base.errors import NotFound
from app.org.queries import units_of
from app.quiz.paper import Paper
from app.quiz.queries import HandedIn, get_desk_paper, iterate_marks, list_handed_in
from app.quiz.window import has_ended


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A question with its figures; None while fewer than five people are behind them."""

    question: Question
    answers: int
    figures: ItemFigures | None


@dataclass(frozen=True, slots=True)
class PaperAnalysis:
    """A paper: figures of the whole and by question, over `people` people, first attempts or all.

    `whole` is None while fewer than five people have handed in; `open_key` says whether the viewer
    may see the options with their key already.
    """

    title: str
    paper_id: int
    people: int
    firsts: bool
    open_key: bool
    whole: Analysis | None
    marks: Distribution | None
    lines: tuple[ItemLine, ...]


def get_paper_analysis(
    viewer: Viewer, paper_id: int, now: datetime, firsts: bool = True
) -> PaperAnalysis:
    """Return the analysis of a paper on the viewer's desk; raise NotFound for any other.

    Those who only watch a paper from above see it once it is over, as they might still take it.
    """
    desk = get_desk_paper(viewer, paper_id)
    paper = desk.paper
    if paper.state == "draft":
        raise NotFound(_("没有这份试卷。"))
    is_open = desk.may_change or has_ended(paper.window, epoch(now))
    handed = list_handed_in(paper_id) if is_open else []
    people = len({one.member_id for one in handed})
    kept = _kept(handed, firsts) if may_show(people) else []
    answers, asked = _read(paper_id, kept)
    whole = analyse(answers, {i: _item(q, paper) for i, q in asked.items()}) if answers else None
    return PaperAnalysis(
        title=paper.terms.title,
        paper_id=paper_id,
        people=people,
        firsts=firsts,
        open_key=is_open,
        whole=whole,
        marks=_spread(kept),
        lines=_lines(whole, asked),
    )


def _kept(handed: list[HandedIn], firsts: bool) -> list[HandedIn]:
    """Return everybody's first attempt, or all of them."""
    if not firsts:
        return handed
    found: dict[int, HandedIn] = {}
    for one in handed:
        before = found.setdefault(one.member_id, one)
        if (one.submitted_at, one.number) < (before.submitted_at, before.number):
            found[one.member_id] = one
    return list(found.values())


def _read(paper_id: int, kept: list[HandedIn]) -> tuple[list[Answer], dict[str, Question]]:
    """Return the answers of these attempts, and the questions as they were asked, by id."""
    names = {(one.member_id, one.number): f"{one.member_id}/{one.number}" for one in kept}
    asked: dict[str, Question] = {}
    answers = []
    for member, number, question_id, revision, mark, points, response in (
        iterate_marks(paper_id) if kept else ()
    ):
        name = names.get((member, number))
        if name is None:
            continue
        if question_id not in asked:  # a paper asks one revision of each
            asked[question_id] = get_question(question_id, revision)
        picked = chosen(asked[question_id].kind, response)
        answers.append(Answer(name, question_id, mark, float(points), picked))
    return answers, asked


def _item(question: Question, paper: Paper) -> Item:
    """Return what is known of a question, with the key it was marked anew by if it was."""
    correction = paper.corrections.get(question.id)
    if correction is None or correction.revision == question.revision:
        return item_of(question)
    return item_as_corrected(question, get_question(question.id, correction.revision))


def _spread(kept: list[HandedIn]) -> Distribution | None:
    """Return how the shares of the full mark spread over people, one a person: their last."""
    shares = {one.member_id: one.score / one.full for one in kept if one.full}
    return distribution(list(shares.values())) if len(shares) >= LEAST_PEOPLE else None


def _lines(whole: Analysis | None, questions: dict[str, Question]) -> tuple[ItemLine, ...]:
    """Return the questions in bank order; those that few met without figures."""
    if whole is None:
        return ()
    lines = [
        ItemLine(questions[i], found.answers, found if found.answers >= LEAST_PEOPLE else None)
        for i, found in whole.items.items()
    ]
    return tuple(sorted(lines, key=lambda line: (line.question.position, line.question.id)))


@dataclass(frozen=True, slots=True)
class BankLine:
    """A question over the whole bank; `figures` None for fewer than five people."""

    question: Question
    answers: int
    figures: ItemFigures | None


def list_bank_items(
    viewer: Viewer, subject: str, flagged: bool, limit: int, offset: int
) -> tuple[list[BankLine], int, int | None]:
    """Return a page of the questions the viewer may see, how many, and when they were counted.

    In bank order; `subject` "" is any, `flagged` leaves only those with something to look at.
    """
    rows = db.session.execute(
        select(ItemRow.question_id, ItemRow.answers, ItemRow.flagged, ItemRow.counted_at)
    ).all()
    units = units_of(viewer.id)
    known = get_questions(row.question_id for row in rows)
    wanted = [
        row
        for row in rows
        if row.question_id in known
        and is_shown(known[row.question_id], units)
        and subject in ("", known[row.question_id].subject)
        and (row.flagged or not flagged)
    ]
    wanted.sort(key=lambda row: (known[row.question_id].position, row.question_id))
    page = wanted[offset : offset + limit]
    held = {i: find_bank_figures(i) for i in (row.question_id for row in page)}
    lines = [BankLine(known[r.question_id], r.answers, held[r.question_id]) for r in page]
    return lines, len(wanted), rows[0].counted_at if rows else None


def find_bank_figures(question_id: str) -> ItemFigures | None:
    """Return the figures of a question over the bank; None for fewer than five people."""
    row = db.session.get(ItemRow, question_id)
    if row is None or row.answers < LEAST_PEOPLE:
        return None
    return msgspec.json.decode(row.figures, type=ItemFigures)
