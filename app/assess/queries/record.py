"""A member's record: what they know, their papers, and the figure that a doubt is about."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from app.accounts.queries import Viewer
from app.assess.explain import knowledge as words
from app.assess.explain.schemes import of_score
from app.assess.mastery import Mastery, of_chapter
from app.assess.queries.forecasts import Outlook, forecast, get_model
from app.assess.queries.schemes import list_own_scores
from app.assign.queries import Task, list_tasks
from app.assign.queries.duties import Duty, list_own
from app.assign.queries.hours import Total, get_total
from app.bank.queries import (
    Chapter,
    Subject,
    get_question,
    get_questions,
    list_chapters,
    list_subjects,
)
from app.base.clock import study_day
from app.base.errors import NotFound
from app.quiz.paper import Paper
from app.quiz.queries import Sat, list_offers, list_sat
from app.study.memory import retrievability
from app.study.queries import list_memories, shelf_of


@dataclass(frozen=True, slots=True)
class ChapterLine:
    """A chapter: what is known of it today and on the day chosen; shares are 0…1.

    `recall` is the mean chance of recall over the questions met, None when none was; `outlook` is
    how many questions of the chapter would be answered rightly on the day chosen.
    """

    subject: str
    chapter: Chapter
    today: Mastery
    then: Mastery
    recall: float | None
    recall_then: float | None
    outlook: Outlook

    @property
    def about(self) -> str:
        """How a doubt names this figure."""
        return f"chapter/{self.subject}/{self.chapter.id}"


@dataclass(frozen=True, slots=True)
class Record:
    """Everything assessment has to say about one member, as of today and on the day `then`."""

    member_id: int
    today: date
    then: date
    subjects: tuple[tuple[Subject, tuple[ChapterLine, ...]], ...]
    papers: tuple[Sat, ...]
    hours: Total
    duties: tuple[Duty, ...]
    tasks: tuple[Task, ...]


class _Lines:
    """What all chapters of one member's record share, read once."""

    def __init__(self, member_id: int, today: date, then: date) -> None:
        self.member_id, self.today, self.then = member_id, today, then
        self.memories = list_memories(member_id)
        self.model = get_model(member_id)

    def line(self, subject: str, chapter: Chapter) -> ChapterLine:
        """Return what is known of a chapter."""
        ids = chapter.question_ids
        met = {i: self.memories[i] for i in ids if i in self.memories}
        known = {i: retrievability(memory, self.today) for i, memory in met.items()}
        later = {i: retrievability(memory, self.then) for i, memory in met.items()}
        asked = [(question, 1) for question in get_questions(ids).values()] if met else []
        return ChapterLine(
            subject=subject,
            chapter=chapter,
            today=of_chapter(ids, known),
            then=of_chapter(ids, later),
            recall=sum(known.values()) / len(met) if met else None,
            recall_then=sum(later.values()) / len(met) if met else None,
            outlook=forecast(self.model, self.member_id, asked, met, self.then),
        )


def get_record(member_id: int, then: date | None, now: datetime) -> Record:
    """Return a member's record; a day before today counts as today."""
    today = study_day(now)
    then = max(then or today, today)
    lines, units = _Lines(member_id, today, then), shelf_of(member_id)
    subjects = tuple(
        (one, tuple(lines.line(one.id, chapter) for chapter in list_chapters(one.id, units)))
        for one in list_subjects(units)
    )
    return Record(
        member_id=member_id,
        today=today,
        then=then,
        subjects=subjects,
        papers=tuple(list_sat(member_id, now)),
        hours=get_total(member_id, today.year, today),
        duties=list_own(member_id, today, closed_since=date(today.year, 1, 1)),
        tasks=tuple(list_tasks(member_id, now, past=True)),
    )


def describe_figure(member_id: int, about: str, now: datetime) -> str:
    """Return what the figure named `about` says now of a member; raise NotFound for none such."""
    kind, _slash, rest = about.partition("/")
    if kind == "chapter":
        return _describe_chapter(member_id, rest, now)
    if kind == "paper":
        for sat in list_sat(member_id, now):
            if rest == f"{sat.paper_id}/{sat.number}":
                return words.of_sat(sat.title, sat.score, sat.full)
    if kind == "hours":
        today = study_day(now)
        return words.of_hours(*_hours(get_total(member_id, today.year, today)), today.year)
    if kind == "score":
        for score in list_own_scores(member_id):
            if rest == str(score.scheme.id):
                told = of_score(score.score, score.parts)
                return f"{score.scheme.title}{_('：')}{told}"
    if about == "other":
        return str(_("其他"))
    raise NotFound(_("没有这个数字。"))


def _hours(total: Total) -> tuple[float, float]:
    """Return the hours recorded and those asked."""
    return total.hours, total.target.hours if total.target else 0.0


def _describe_chapter(member_id: int, rest: str, now: datetime) -> str:
    for subject, lines in get_record(member_id, None, now).subjects:
        for line in lines:
            if rest == f"{subject.id}/{line.chapter.id}":
                head = f"{subject.title} · {line.chapter.title}"
                return f"{head}{_('：')}{words.of_mastery(line.today)}"
    raise NotFound(_("没有找到这一章。"))


def list_outlooks(viewer: Viewer, then: date, now: datetime) -> list[tuple[Paper, Outlook]]:
    """Return the papers a member can begin whose questions are the same for all, each with the
    score to expect on the day chosen. Reserved ones are left out: nothing is told of them."""
    memories, model = list_memories(viewer.id), get_model(viewer.id)
    found = []
    for offer in list_offers(viewer, now):
        paper = offer.paper
        if (
            offer.refusal is None
            and paper.items
            and not paper.is_drawn
            and not paper.terms.reserved
        ):
            asked = [(get_question(i.question_id, i.revision), i.points) for i in paper.items]
            found.append((paper, forecast(model, viewer.id, asked, memories, then)))
    return found
