"""What is worth a look by a person, among the people somebody looks after; nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.accounts.queries import Viewer
from app.assess.anomalies import (
    Burst,
    Hasty,
    SameWrong,
    Timing,
    list_bursts,
    list_hasty,
    list_same_wrong,
    normal_times,
)
from app.bank.queries import Question, get_questions
from app.base.clock import epoch
from app.org import queries as org
from app.quiz.queries import GivenMark, iterate_marks, list_desk_papers
from app.quiz.window import has_ended
from app.study.queries import Timed, list_timed

DAYS = 30  # looked back
MOST_ANSWERS = 50_000  # read for normal times, and as many of the people looked after
PAPERS = 5  # the latest that are over
MOST_TAKERS = 400  # of a paper, so that pairs stay few enough to be looked at in a page


@dataclass(frozen=True, slots=True)
class PaperPairs:
    """A paper and the pairs whose wrong answers agree beyond chance; `too_many` people took it."""

    title: str
    paper_id: int
    pairs: tuple[SameWrong, ...]
    too_many: bool


@dataclass(frozen=True, slots=True)
class Anomalies:
    """Everything found, with the names and questions that it speaks of."""

    days: int
    hasty: tuple[Hasty, ...]
    bursts: tuple[Burst, ...]
    papers: tuple[PaperPairs, ...]
    names: Mapping[int, str]
    questions: Mapping[str, Question]


def get_anomalies(viewer: Viewer, now: datetime) -> Anomalies:
    """Return what is worth a look among the viewer's people; raise NotFound for who has none.

    Normal times are those of everybody, so that a small unit is measured like any other.
    """
    people = {p.id: p.name for p in org.list_members(org.scope_of(viewer))}
    since_ms = (epoch(now) - int(timedelta(days=DAYS).total_seconds())) * 1000
    firsts = [_timing(one) for one in list_timed(since_ms, MOST_ANSWERS)]
    scope = org.scope_of(viewer)
    own = [
        one
        for one in list_timed(since_ms, MOST_ANSWERS, org.select_scope_ids(scope))
        if one.member_id in people
    ]
    normal = normal_times(firsts)
    hasty = tuple(one for one in list_hasty(firsts, normal) if one.member in people)
    bursts = tuple(list_bursts([_timing(one) for one in own], normal))
    papers = tuple(_pairs(viewer, frozenset(people), now))
    asked = {answer.item for one in hasty for answer in one.fast}
    asked |= {item for paper in papers for pair in paper.pairs for item in pair.items}
    return Anomalies(DAYS, hasty, bursts, papers, people, get_questions(sorted(asked)))


def _timing(one: Timed) -> Timing:
    return Timing(one.member_id, one.question_id, one.elapsed_ms, one.at_ms)


def _pairs(viewer: Viewer, people: frozenset[int], now: datetime) -> list[PaperPairs]:
    """Return, for the latest papers that are over, who was wrong alike beyond chance."""
    desks, _total = list_desk_papers(viewer, 10 * PAPERS, 0)
    over = [
        d.paper for d in desks if d.paper.state != "draft" and has_ended(d.paper.window, epoch(now))
    ]
    found = []
    for paper in over[:PAPERS]:
        rows = [row for row in iterate_marks(paper.id) if row.member_id in people]
        too_many = len({row.member_id for row in rows}) > MOST_TAKERS
        pairs = () if too_many else tuple(list_same_wrong(_wrong(rows)))
        if pairs or too_many:
            found.append(PaperPairs(paper.terms.title, paper.id, pairs, too_many))
    return found


def _wrong(rows: list[GivenMark]) -> dict[int, dict[str, str]]:
    """Return each taker's wrong answers of their first attempt; blanks left open say nothing."""
    firsts: dict[int, int] = {}
    for row in rows:
        firsts[row.member_id] = min(row.number, firsts.get(row.member_id, row.number))
    wrong: dict[int, dict[str, str]] = {member: {} for member in firsts}
    for row in rows:
        if row.number == firsts[row.member_id] and row.response and row.mark < row.points:
            wrong[row.member_id][row.question_id] = row.response
    return wrong
