"""Whether an assignment fits: whom it meets, what they can do, what is asked of them already."""

from datetime import datetime

from flask_babel import gettext as _

from app.accounts.queries import Viewer
from app.assign.assignment import Terms, check_paper, check_terms, overlap
from app.assign.audience import Audience
from app.assign.goal import Goal, check_distance
from app.assign.queries.assignments import (
    Assignment,
    list_live_of_paper,
    resolve_for,
    units_offered,
)
from app.assign.queries.audience import Meant, preview_audience
from app.assign.queries.goals import list_goal_chapters, look_ahead
from app.assign.taking import list_counted
from app.base.clock import epoch, study_day
from app.base.errors import Invalid
from app.org import queries as org
from app.quiz import queries as quiz
from app.quiz.paper import Paper

TOLD = 5  # names that a refusal mentions


def check_fit(
    by: Viewer,
    standing: Assignment | None,
    terms: Terms,
    audience: Audience,
    home_id: int | None,
    now: datetime,
) -> Meant:
    """Return whom an assignment would meet; raise Invalid or NotFound for what does not fit.

    `standing` is the assignment to be changed, None for a new one.
    """
    check_terms(terms, epoch(now))
    meant = preview_audience(by, audience, study_day(now))
    if not meant.obliged:
        if meant.exempt:
            message = _("选中的 %(n)s 人都免于硬性要求，没有可以布置的人。", n=len(meant.exempt))
        else:
            message = _("现在没有符合条件的人，请改一改范围。")
        raise Invalid(message, units=message)
    if terms.goal is not None:
        _check_goal(terms.goal, terms, [p.id for p in meant.obliged], home_id, now)
    else:
        assert terms.paper_id is not None
        paper = quiz.get_desk_paper(by, terms.paper_id).paper
        check_paper(terms, paper, epoch(now))
        _check_offered(paper, meant.obliged)
        _check_attempts(paper, terms, meant.obliged)
        _check_overlap(paper, standing, terms, meant, now)
    return meant


def _check_goal(
    goal: Goal, terms: Terms, people: list[int], home_id: int | None, now: datetime
) -> None:
    """Raise Invalid for a goal about nothing, or one that nobody looked at could meet."""
    check_distance(terms.closes_at, now)
    if len(list_goal_chapters(goal, home_id)) != len(goal.chapters):
        message = _("选中的章里有的已经没有题了，请重新选。")
        raise Invalid(message, chapters=message)
    outlook = look_ahead(goal, terms.closes_at, home_id, people, now)
    if not outlook.is_hopeless:
        return
    load = outlook.newcomer
    if load.then * 100 < goal.percent:
        message = _(
            "按期复习到那天，预计最多记得 %(most)s%%，达不到 %(wanted)s%%。请降低目标或推后日期。",
            most=int(load.then * 100),
            wanted=goal.percent,
        )
    else:
        message = _(
            "时间不够：从头学要每天 %(new)s 道新题、复习约 %(due)s 题，共答约 %(answers)s 次，"
            "超过每天 %(most)s 次；抽看的 %(n)s 人也都来不及。请推后日期、少选几章或降低目标。",
            new=load.new,
            due=load.due,
            answers=load.answers,
            most=outlook.most,
            n=outlook.sampled,
        )
    raise Invalid(message, percent=message)


def _check_offered(paper: Paper, people: tuple[org.Person, ...]) -> None:
    """Raise Invalid when the paper was made for a unit to which some people do not belong."""
    if paper.terms.unit_id is None:
        return
    inside = units_offered(paper)
    outside = [person for person in people if person.unit_id not in inside]
    if outside:
        message = _(
            "这份试卷是给%(unit)s出的，有 %(n)s 人答不到（%(names)s）。请收窄范围或另出试卷。",
            unit=paper.unit_name,
            n=len(outside),
            names=_names(outside),
        )
        raise Invalid(message, units=message)


def _check_attempts(paper: Paper, terms: Terms, people: tuple[org.Person, ...]) -> None:
    """Raise Invalid when people cannot begin any more and none of what they did would count."""
    allowed = paper.terms.attempts_allowed
    if not allowed or not terms.opens_at:
        return
    attempts = quiz.list_attempts_of_paper(paper.id)
    stuck = [
        person
        for person in people
        if len(attempts.get(person.id, ())) >= allowed
        and not list_counted(terms, attempts[person.id])
    ]
    if stuck:
        message = _(
            "有 %(n)s 人（%(names)s）以前已把这份试卷的次数用完。不填开始时间，以前答过的也算。",
            n=len(stuck),
            names=_names(stuck),
        )
        raise Invalid(message, opens=message)


def _check_overlap(
    paper: Paper,
    standing: Assignment | None,
    terms: Terms,
    meant: Meant,
    now: datetime,
) -> None:
    """Raise Invalid when somebody is asked the same paper at the same time already."""
    for other in list_live_of_paper(paper.id):
        if standing is not None and other.id == standing.id:
            continue
        if not overlap(terms, other.terms):
            continue
        theirs = resolve_for(other, study_day(now), None, paper).ids
        both = [person for person in meant.obliged if person.id in theirs]
        if both:
            message = _(
                "同一份试卷已经布置给其中 %(n)s 人（%(names)s），时间重叠。请错开时间或收窄范围。",
                n=len(both),
                names=_names(both),
            )
            raise Invalid(message, units=message)


def _names(people: list[org.Person]) -> str:
    """Return the first names of a list."""
    shown = "、".join(person.name for person in people[:TOLD])
    return f"{shown}…" if len(people) > TOLD else shown
