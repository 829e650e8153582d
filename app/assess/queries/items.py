"""How the questions of a paper, and of the whole bank, tell knowing from not knowing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec
from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.queries import Viewer
from app.assess.distribution import LEAST_PEOPLE, Distribution, distribution, may_show
from app.assess.item_analysis import Analysis, Answer, Attempt, ItemFigures, analyse, first_attempts
from app.assess.models import ItemRow
from app.assess.options import Item
from app.assess.responses import chosen, item_as_corrected, item_of
from app.bank.queries import Question, get_question, get_questions, is_shown
from app.base.clock import epoch
from app.base.db import db
from app.base.errors import NotFound
from app.org.queries import units_of
from app.quiz.paper import Paper
from app.quiz.queries import GivenMark, get_desk_paper, list_given_marks
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
    rows = list_given_marks(paper_id) if is_open else []
    people = len({row.member_id for row in rows})
    shown = rows if may_show(people) else []
    questions = {row.question_id: row.revision for row in shown}  # a paper asks one of each
    asked = {i: get_question(i, revision) for i, revision in questions.items()}
    items = {i: _item(question, paper) for i, question in asked.items()}
    whole = analyse_rows(shown, asked, items, firsts) if shown else None
    return PaperAnalysis(
        title=paper.terms.title,
        paper_id=paper_id,
        people=people,
        firsts=firsts,
        open_key=is_open,
        whole=whole,
        marks=_spread(shown, firsts),
        lines=_lines(whole, asked),
    )


def analyse_rows(
    rows: Iterable[GivenMark],
    questions: Mapping[str, Question],
    items: Mapping[str, Item],
    firsts: bool = True,
) -> Analysis:
    """Return the analysis of marks of one paper, of everybody's first attempt or of all."""
    kept = _first_only(list(rows)) if firsts else rows
    kinds = {i: question.kind for i, question in questions.items()}
    answers = [
        Answer(
            f"{row.member_id}/{row.number}",
            row.question_id,
            row.mark,
            float(row.points),
            chosen(kinds[row.question_id], row.response),
        )
        for row in kept
    ]
    return analyse(answers, items)


def _first_only(rows: list[GivenMark]) -> list[GivenMark]:
    """Return the rows of everybody's first attempt."""
    attempts = {(row.member_id, row.number): row.submitted_at for row in rows}
    kept = first_attempts(
        Attempt(f"{member}/{number:08d}", member, at) for (member, number), at in attempts.items()
    )
    first = {tuple(map(int, one.split("/"))) for one in kept}
    return [row for row in rows if (row.member_id, row.number) in first]


def _item(question: Question, paper: Paper) -> Item:
    """Return what is known of a question, with the key it was marked anew by if it was."""
    correction = paper.corrections.get(question.id)
    if correction is None or correction.revision == question.revision:
        return item_of(question)
    return item_as_corrected(question, get_question(question.id, correction.revision))


def _spread(rows: list[GivenMark], firsts: bool) -> Distribution | None:
    """Return how the shares of the full mark spread over people, one a person."""
    marks: dict[tuple[int, int], tuple[float, int]] = {}
    for row in _first_only(rows) if firsts else rows:
        mark, points = marks.get((row.member_id, row.number), (0.0, 0))
        marks[row.member_id, row.number] = (mark + row.mark, points + row.points)
    shares = {who: mark / points for (who, _n), (mark, points) in marks.items() if points}
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
