"""Writes about papers: made, filled, published; each public function is one transaction."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.accounts.queries import Viewer
from app.bank.queries import get_questions, is_shown
from app.base.clock import epoch
from app.base.db import transaction
from app.base.errors import Invalid, NotFound, TooMany
from app.base.ids import new_id
from app.org import queries as org
from app.quiz.actions.holding import hold_draft, hold_own_paper, tell
from app.quiz.compose import freeze_apart
from app.quiz.models import PaperRow
from app.quiz.paper import Plan, Terms, encode
from app.quiz.queries import list_candidates, list_clashing, shelf_of
from app.quiz.reading import paper_of
from app.quiz.terms import check_plan, check_terms

MOST_DRAFTS = 100  # of one person


def make_paper(by: Viewer, terms: Terms, plan: Plan, now: datetime) -> int:
    """Add a draft for a unit that `by` reaches and return its id."""
    with transaction() as session:
        _check(by, terms, plan)
        drafts = select(func.count()).where(PaperRow.created_by == by.id, PaperRow.state == "draft")
        if (session.scalar(drafts) or 0) >= MOST_DRAFTS:
            raise TooMany(_("您已有 %(n)s 份草稿，请先发布或删去一些。", n=MOST_DRAFTS))
        row = PaperRow(
            state="draft", seed=new_id(), created_by=by.id, created_at=epoch(now), items="[]"
        )
        _write(row, terms, plan)
        row.corrections = "{}"
        session.add(row)
        session.flush()
        tell(session, now, by, "quiz.make_paper", row)
        return row.id


def change_paper(by: Viewer, paper_id: int, terms: Terms, plan: Plan, now: datetime) -> None:
    """Change a draft; what is published stays as people have seen it."""
    with transaction() as session:
        row = hold_draft(session, by, paper_id)
        _check(by, terms, plan)
        _write(row, terms, plan)
        tell(session, now, by, "quiz.change_paper", row)


def pick_questions(
    by: Viewer, paper_id: int, added: Iterable[str], removed: Iterable[str], now: datetime
) -> int:
    """Put questions on a draft and take others off; return how many it holds."""
    with transaction() as session:
        row = hold_draft(session, by, paper_id)
        paper = paper_of(row)
        gone = set(removed)
        kept = [i for i in paper.plan.picked if i not in gone]
        units = shelf_of(paper.terms.unit_id)
        found = get_questions(added).values()
        kept += [q.id for q in found if q.id not in kept and is_shown(q, units)]
        plan = Plan(paper.plan.rules, tuple(kept), paper.plan.points)
        check_plan(paper.terms, plan)
        row.plan = encode(plan)
        tell(session, now, by, "quiz.pick_questions", row, {"questions": len(kept)})
        return len(kept)


def publish_paper(by: Viewer, paper_id: int, now: datetime) -> None:
    """Fix what a draft asks and offer it to its unit; a second time changes nothing.

    Raises Invalid, changing nothing, when rules lack items, the time is over, or the questions
    would be given away by another examination at the same time.
    """
    with transaction() as session:
        row = hold_own_paper(session, by, paper_id)
        if row.state == "published":
            return
        row = hold_draft(session, by, paper_id)
        paper = paper_of(row)
        if row.closes_at is not None and row.closes_at <= epoch(now):
            raise Invalid(_("截止时间已经过去，请先改时间。"))
        bank, clashing = list_candidates(row.unit_id), list_clashing(paper, now)
        items = freeze_apart(paper, bank, row.seed, clashing)
        row.items, row.state, row.published_at = encode(items), "published", epoch(now)
        tell(session, now, by, "quiz.publish_paper", row, {"questions": len(items)})


def discard_paper(by: Viewer, paper_id: int, now: datetime) -> None:
    """Throw a draft away; a published paper is never deleted."""
    with transaction() as session:
        row = hold_draft(session, by, paper_id)
        tell(session, now, by, "quiz.discard_paper", row)
        session.delete(row)


def _check(by: Viewer, terms: Terms, plan: Plan) -> None:
    """Raise Invalid or NotFound for what `by` may not make."""
    check_terms(terms)
    check_plan(terms, plan)
    if not org.reaches(org.scope_to_change(by), terms.unit_id):
        raise NotFound(_("没有这个单位。"))
    if terms.unit_id is not None and org.get_unit(terms.unit_id).closed:
        raise Invalid(_("这个单位已经关闭。"), unit=_("这个单位已经关闭。"))
    units = shelf_of(terms.unit_id)
    foreign = [q for q in get_questions(plan.picked).values() if not is_shown(q, units)]
    if foreign:
        message = _("选中的题里有 %(n)s 道是别的单位自编的，请先移出。", n=len(foreign))
        raise Invalid(message, unit=message)


def _write(row: PaperRow, terms: Terms, plan: Plan) -> None:
    """Put what was decided into the row."""
    for name in Terms.__slots__:
        setattr(row, name, getattr(terms, name))
    row.title, row.moves = terms.title.strip(), "[]"
    row.plan = encode(plan)
