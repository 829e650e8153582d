"""How a unit stands: one read that screen, Excel and PDF are all made from.

What people know comes from the summaries that every answer maintains, so that a report over
thousands of members adds up rows of units and never reads answers.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.accounts.queries import Viewer
from app.assess.distribution import LEAST_PEOPLE, Comparison, compare
from app.assess.figures import (
    DAYS_COUNTED,
    LEAST_ASKED,
    Below,
    ChapterFigures,
    DemandFigures,
    DutyFigures,
    Helped,
    PaperFigures,
    ProvisionFigures,
    UnitFigures,
)
from app.assess.models import UnitQuestionRow, WeakRow
from app.assign.goal import goal_day
from app.assign.queries.demands import Demand, list_demands, tally_due
from app.bank.queries import get_questions, list_chapters, list_subjects
from app.base.clock import day_start, epoch, from_epoch, study_day
from app.base.db import db
from app.org import queries as org
from app.org.party import EXEMPT
from app.quiz.queries import PaperStanding, count_submitted, list_missing, list_standings
from app.quiz.queries.audience import standing_unit
from app.study.queries import (
    UnitChapter,
    UnitRecall,
    list_member_recalls,
    list_unit_chapters,
    list_unit_recall,
    list_unit_totals,
)

MONTHS = 6  # of the trend, the present one included
MOST_HELPED = 100  # people named in one report
LATEST_MISSED = 5  # papers that are over, of which missing people are named
WEAKEST = 10  # provisions
ANY = 1.0
People = dict[int, dict[str, int]]  # unit → standing → how many


def get_unit_figures(viewer: Viewer, unit_id: int, compared: bool, now: datetime) -> UnitFigures:
    """Return how a unit within reach stands; raise NotFound for any other.

    `compared` adds distributions of the units directly below, beside each other.
    """
    unit = org.get_reached_unit(org.scope_of(viewer), unit_id)
    today = study_day(now)
    since = months_before(today, MONTHS - 1)
    reach = _Reach(unit)
    since_s = epoch(day_start(since))
    people = org.count_standings(one.id for one in reach.inside)
    papers = list_standings(unit_id, since_s, epoch(now), now)
    asked = list_unit_chapters(reach.ids, since, today)
    helped, more = _helped(unit_id, papers)
    return UnitFigures(
        unit_id=unit_id,
        unit_name=unit.name,
        day=today,
        since=since,
        people=_by_standing(people),
        papers=tuple(_paper(one) for one in papers),
        demands=tuple(_demand(one) for one in list_demands(unit_id, since_s, now)),
        duties=tuple(
            DutyFigures(planned, one.open, one.late, one.done)
            for planned, one in sorted(tally_due(unit_id, since, today).items())
        ),
        chapters=tuple(_chapters(asked, reach.ids, today)),
        months=_months(asked),
        weakest=tuple(_weakest(unit_id)),
        days=DAYS_COUNTED,
        helped=helped,
        more_helped=more,
        below=tuple(_below(reach, people, papers, since, today)),
        comparison=_compared(reach) if compared else None,
    )


class _Reach:
    """A unit with all below it, and what was merged into these."""

    def __init__(self, unit: org.Unit) -> None:
        self.unit = unit
        self.inside = org.list_units_below(unit.id)
        self.merged = org.list_merged(one.id for one in self.inside)
        self.ids = {unit.id, *(one.id for one in (*self.inside, *self.merged))}
        self.children = [one for one in self.inside if one.parent_id == unit.id]

    def ids_of(self, child: org.Unit) -> set[int]:
        """Return a unit below with all below that, and what was merged into these."""
        found = {one.id for one in self.inside if one.path.startswith(child.path)}
        while more := {m.id for m in self.merged if m.merged_into_id in found} - found:
            found |= more
        return found


def _by_standing(people: People) -> dict[str, int]:
    """Return standing → how many people, of all units together."""
    sums: dict[str, int] = defaultdict(int)
    for counts in people.values():
        for standing, count in counts.items():
            sums[standing] += count
    return dict(sums)


def months_before(day: date, months: int) -> date:
    """Return the first day of the month so many months before the day's."""
    place = day.year * 12 + day.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


def _paper(one: PaperStanding) -> PaperFigures:
    counts = one.meant, one.submitted, one.overdue, one.passed
    return PaperFigures(one.paper.terms.title, one.ended, *counts, one.shares)


def _demand(one: Demand) -> DemandFigures:
    ends_on = goal_day(one.closes_at) if one.is_goal else study_day(from_epoch(one.closes_at))
    return DemandFigures(one.title, one.is_goal, ends_on, one.asked, one.done, one.overdue)


def _months(asked: Iterable[UnitChapter]) -> tuple[tuple[date, int, int], ...]:
    """Return (month, right, asked) over all chapters."""
    sums: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    for one in asked:
        sums[one.month][0] += one.counts.recalled
        sums[one.month][1] += one.counts.delayed
    return tuple((month, right, n) for month, (right, n) in sorted(sums.items()))


def _chapters(
    asked: Iterable[UnitChapter], ids: Iterable[int], today: date
) -> Iterator[ChapterFigures]:
    """Yield the chapters that anybody has met, in bank order."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for one in asked:
        sums[one.subject, one.chapter][0] += one.counts.recalled
        sums[one.subject, one.chapter][1] += one.counts.delayed
    recall: dict[tuple[str, str], UnitRecall] = {}
    for found in list_unit_recall(ids, today - timedelta(days=31), today):
        recall[found.subject, found.chapter] = found  # in the order of months: the newest stays
    for subject in list_subjects():
        for chapter in list_chapters(subject.id):
            right, n = sums.get((subject.id, chapter.id), (0, 0))
            met = recall.get((subject.id, chapter.id))
            if (subject.id, chapter.id) in sums:
                told = (met.recall, met.people) if met else (None, 0)
                yield ChapterFigures(subject.title, chapter.title, right, n, *told)


def _weakest(unit_id: int) -> list[ProvisionFigures]:
    """Return the provisions least recalled, of those that at least five people were asked."""
    row = UnitQuestionRow
    query = select(row.question_id, row.asked, row.right, row.people).where(row.unit_id == unit_id)
    counted = db.session.execute(query).all()
    known = get_questions(question_id for question_id, *_sums in counted)
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for question_id, asked, right, people in counted:
        if question_id in known:
            question = known[question_id]
            held = sums[question.document_short, question.provision_label]
            held[0] += asked
            held[1] += right
            held[2] = max(held[2], people)  # the same people answer a provision's questions
    found = [ProvisionFigures(*key, *held) for key, held in sums.items()]
    shown = [one for one in found if one.people >= LEAST_PEOPLE and one.asked >= LEAST_ASKED]
    shown.sort(key=lambda one: (one.right / one.asked, one.document, one.provision))
    return shown[:WEAKEST]


def _helped(unit_id: int, papers: Iterable[PaperStanding]) -> tuple[tuple[Helped, ...], bool]:
    """Return people who missed a paper or recall little, by unit and name, and if more are."""
    missed: dict[int, list[str]] = defaultdict(list)
    for one in [paper for paper in papers if paper.ended][:LATEST_MISSED]:
        for member_id in list_missing(one.paper.id, _home(one, unit_id), MOST_HELPED + 1):
            missed[member_id].append(one.paper.terms.title)
    weak = _weak(unit_id)
    named = sorted({*missed, *weak})
    people = org.list_persons(named[:MOST_HELPED]).values()
    found = [
        Helped(
            person.name,
            person.unit_name or "",
            tuple(missed.get(person.id, ())),
            *weak.get(person.id, (0, 0)),
        )
        for person in people
    ]
    return tuple(found), len(named) > MOST_HELPED


def _weak(unit_id: int) -> dict[int, tuple[int, int]]:
    """Return those of a unit and below who surely recalled little last night, some of many."""
    row = WeakRow
    query = select(row.member_id, row.recalled, row.delayed).order_by(row.member_id)
    asked = org.only_obliged(query, row.member_id, unit_id).limit(MOST_HELPED + 1)
    return {member: (recalled, delayed) for member, recalled, delayed in db.session.execute(asked)}


def _home(one: PaperStanding, unit_id: int) -> int:
    """Return the unit of whose people a paper is asked in a report on `unit_id`."""
    home = standing_unit(one.paper.terms.unit_id)
    return home if home is not None and org.is_within(home, unit_id) else unit_id


def _below(
    reach: _Reach, people: People, papers: list[PaperStanding], since: date, until: date
) -> Iterator[Below]:
    """Yield the units directly below as the tree has them, never by how they do."""
    obliged = {unit: sum(n for s, n in by.items() if s != EXEMPT) for unit, by in people.items()}
    handed = count_submitted((one.paper.id for one in papers), reach.unit.id) if papers else {}
    totals = list_unit_totals(reach.ids, since, until) if reach.children else {}
    paths = {one.id: one.path for one in reach.inside}
    homes = [paths.get(_home(one, reach.unit.id), reach.unit.path) for one in papers]
    for child in reach.children:
        ids = reach.ids_of(child)
        own = [one for one in reach.inside if one.id in ids]
        yield Below(
            unit_id=child.id,
            name=child.name,
            people=sum(obliged.get(one.id, 0) for one in own),
            asked=sum(
                obliged.get(one.id, 0) for one in own for p in homes if one.path.startswith(p)
            ),
            submitted=sum(handed.get(one.id, 0) for one in own),
            delayed=sum(totals[i].delayed for i in ids if i in totals),
            recalled=sum(totals[i].recalled for i in ids if i in totals),
        )


def _compared(reach: _Reach) -> Comparison:
    """Return how recall spreads over people in each unit directly below, in the tree's order."""
    shares = {}
    for child in reach.children:
        recalls = list_member_recalls(org.select_obliged_ids(child.id), LEAST_ASKED, ANY)
        shares[child.name] = [recalled / delayed for _member, delayed, recalled in recalls]
    return compare(shares)
