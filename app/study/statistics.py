"""What the figures on the statistics page mean; pure.

Knowledge of a chapter is the mean probability of recall today (FSRS retrievability) over the
questions answered at least once; questions never seen are counted beside it, not inside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.bank.queries import Chapter


@dataclass(frozen=True, slots=True)
class ChapterKnowledge:
    """One chapter: `recall` is the mean over seen questions in 0…1, None when none was seen."""

    chapter: Chapter
    seen: int
    total: int
    recall: float | None


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """Answers on one day; `level` 0…4 is the shade."""

    day: date
    count: int
    level: int


def chapter_knowledge(
    chapters: Sequence[Chapter], recall: Mapping[str, float]
) -> list[ChapterKnowledge]:
    """Return what is known of each chapter, given recall (0…1) by question id."""
    found = []
    for chapter in chapters:
        values = [recall[i] for i in chapter.question_ids if i in recall]
        mean = sum(values) / len(values) if values else None
        found.append(ChapterKnowledge(chapter, len(values), len(chapter.question_ids), mean))
    return found


def calendar(counts: Mapping[date, int], today: date, weeks: int = 12) -> list[list[CalendarDay]]:
    """Return `weeks` columns of seven days from Monday, the last one holding `today`."""
    monday = today - timedelta(days=today.weekday(), weeks=weeks - 1)
    days = [monday + timedelta(days=n) for n in range(7 * weeks)]
    shades = [CalendarDay(d, counts.get(d, 0), _level(counts.get(d, 0))) for d in days]
    return [[d for d in shades[n : n + 7] if d.day <= today] for n in range(0, len(shades), 7)]


def _level(count: int) -> int:
    """Shade by fixed steps, so that a day keeps its shade whatever the other days hold."""
    return sum(count >= step for step in (1, 10, 25, 50))
