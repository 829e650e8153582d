"""A member's record: what they know, their papers, and the figure that a doubt is about."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from app.assess.explain import knowledge as words
from app.assess.mastery import Mastery, of_chapter
from app.bank.queries import Chapter, Subject, list_chapters, list_subjects
from app.base.clock import study_day
from app.base.errors import NotFound
from app.quiz.queries import Sat, list_sat
from app.study.memory import Memory, retrievability
from app.study.queries import list_memories, shelf_of


@dataclass(frozen=True, slots=True)
class ChapterLine:
    """A chapter: what is known of it today and on the day chosen; shares are 0…1.

    `recall` is the mean chance of recall over the questions met, None when none was.
    """

    subject: str
    chapter: Chapter
    today: Mastery
    then: Mastery
    recall: float | None
    recall_then: float | None

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


def get_record(member_id: int, then: date | None, now: datetime) -> Record:
    """Return a member's record; a day before today counts as today."""
    today = study_day(now)
    then = max(then or today, today)
    memories, units = list_memories(member_id), shelf_of(member_id)
    subjects = tuple(
        (one, tuple(_line(one.id, c, memories, today, then) for c in list_chapters(one.id, units)))
        for one in list_subjects(units)
    )
    return Record(member_id, today, then, subjects, tuple(list_sat(member_id, now)))


def describe_figure(member_id: int, about: str, now: datetime) -> str:
    """Return what the figure named `about` says now of a member; raise NotFound for none such."""
    kind, _slash, rest = about.partition("/")
    if kind == "chapter":
        return _describe_chapter(member_id, rest, now)
    if kind == "paper":
        for sat in list_sat(member_id, now):
            if rest == f"{sat.paper_id}/{sat.number}":
                return words.of_sat(sat.title, sat.score, sat.full)
    if about == "other":
        return str(_("其他"))
    raise NotFound(_("没有这个数字。"))


def _describe_chapter(member_id: int, rest: str, now: datetime) -> str:
    for subject, lines in get_record(member_id, None, now).subjects:
        for line in lines:
            if rest == f"{subject.id}/{line.chapter.id}":
                head = f"{subject.title} · {line.chapter.title}"
                return f"{head}{_('：')}{words.of_mastery(line.today)}"
    raise NotFound(_("没有找到这一章。"))


def _line(
    subject: str, chapter: Chapter, memories: dict[str, Memory], today: date, then: date
) -> ChapterLine:
    """Return what is known of a chapter; questions that a paper holds back count like others."""
    met = {i: memories[i] for i in chapter.question_ids if i in memories}
    now_known = {i: retrievability(memory, today) for i, memory in met.items()}
    later = now_known if then == today else {i: retrievability(m, then) for i, m in met.items()}
    return ChapterLine(
        subject=subject,
        chapter=chapter,
        today=of_chapter(chapter.question_ids, now_known),
        then=of_chapter(chapter.question_ids, later),
        recall=sum(now_known.values()) / len(met) if met else None,
        recall_then=sum(later.values()) / len(met) if met else None,
    )
