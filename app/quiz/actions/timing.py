"""When a paper can be taken, changed while it runs: its window, one person's time, its end.

Nobody who has begun loses time they could reckon with, unless the paper is ended for everybody;
and whatever is changed, people read on the paper's pages what it was before, and why.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts.queries import Viewer
from app.base.audit import Act, record, record_all
from app.base.clock import epoch
from app.base.db import transaction
from app.base.errors import Invalid, NotFound, Stale
from app.org import queries as org
from app.quiz.actions.holding import find_extra, hold_attempt, hold_own_paper, tell
from app.quiz.compose import check_shared
from app.quiz.models import AllowanceRow, AttemptRow
from app.quiz.paper import Move, Paper, encode
from app.quiz.queries import list_clashing, standing_unit
from app.quiz.queries.papers import find_paper
from app.quiz.reading import paper_of
from app.quiz.terms import check_terms, read_reason
from app.quiz.window import deadline_of, has_ended, is_key_open, kept_deadline, may_answer

MOST_EXTRA_S = 6 * 3600
MOST_MOVES = 50  # changes of one paper's time


@dataclass(frozen=True, slots=True)
class Times:
    """The window that is wanted, why, and how many changes the form that asks for it knew of."""

    opens_at: int | None
    closes_at: int | None
    reason: str
    seen: int


def change_window(by: Viewer, paper_id: int, wanted: Times, now: datetime) -> None:
    """Open or close a published paper earlier or later.

    Brought forward, the closing holds for those who have not begun: others keep the time they
    had. Put off, it holds for everybody under way, and who ran out goes on unless the key may
    have been seen. Raises Invalid once the paper is over, Stale when somebody else was faster.
    """
    reason = read_reason(wanted.reason)
    with transaction() as session:
        row = hold_own_paper(session, by, paper_id)
        before = _running(paper_id, wanted.seen, now)
        terms = replace(before.terms, opens_at=wanted.opens_at, closes_at=wanted.closes_at)
        if terms == before.terms:
            return
        check_terms(terms)
        if terms.closes_at is not None and terms.closes_at <= epoch(now):
            message = _("截止时间要晚于现在。要马上结束，请用下面的“马上结束”。")
            raise Invalid(message, closes=message)
        old = (epoch(now), before.terms.opens_at, before.terms.closes_at, reason)
        kept = _kept_until(session, paper_id, terms.closes_at)
        moved = replace(before, terms=terms, moves=(*before.moves, Move(*old, kept)))
        if not moved.is_drawn or terms.reserved:
            check_shared((i.question_id for i in moved.items), list_clashing(moved, now))
        row.opens_at, row.closes_at, row.moves = (
            terms.opens_at,
            terms.closes_at,
            encode(moved.moves),
        )
        people = _move_deadlines(session, moved, now)
        told = {"opens_at": terms.opens_at, "closes_at": terms.closes_at, "reason": reason}
        tell(session, now, by, "quiz.change_window", row, told)
        subject = f"paper:{paper_id}"
        acts = [Act("quiz.change_window", subject, who, {"reason": reason}) for who in people]
        record_all(session, now, by.id, acts)


def close_paper(by: Viewer, paper_id: int, reason: str, now: datetime) -> None:
    """End a paper now: nobody begins any more, attempts under way stand as they are saved."""
    reason = read_reason(reason)
    with transaction() as session:
        row = hold_own_paper(session, by, paper_id)
        if row.state == "closed":
            return
        if row.state == "draft":
            raise Invalid(_("草稿还没有发布，不用结束。"))
        row.state, row.closed_at = "closed", epoch(now)
        move = Move(epoch(now), row.opens_at, row.closes_at, reason, ended=True)
        row.moves = encode((*paper_of(row).moves, move))
        session.execute(
            update(AttemptRow)
            .where(
                AttemptRow.paper_id == paper_id,
                AttemptRow.state == "open",
                func.coalesce(AttemptRow.deadline, 2**62) > epoch(now),
            )
            .values(deadline=epoch(now))
            .execution_options(synchronize_session=False)
        )
        tell(session, now, by, "quiz.close_paper", row, {"reason": reason})


def extend_time(
    by: Viewer, paper_id: int, member_id: int, extra_s: int, reason: str, now: datetime
) -> None:
    """Give a person `extra_s` seconds more than others for a paper, 0…MOST_EXTRA_S in all.

    An attempt under way goes on until the new deadline; one that ran out before it was handed in
    opens again, unless its key may have been seen.
    """
    reason = read_reason(reason)
    if not 0 <= extra_s <= MOST_EXTRA_S:
        raise Invalid(_("加时要在 0 到 %(n)s 分钟之间。", n=MOST_EXTRA_S // 60))
    with transaction() as session:
        paper = paper_of(hold_own_paper(session, by, paper_id))
        _check_in_audience(by, paper, member_id)
        more_s = extra_s - find_extra(session, member_id, paper_id)
        session.merge(
            AllowanceRow(
                member_id=member_id,
                paper_id=paper_id,
                extra_s=extra_s,
                reason=reason,
                given_by=by.id,
                given_at=epoch(now),
            )
        )
        session.flush()
        for attempt in _list_unfinished(session, paper_id, member_id):
            promised = None if attempt.deadline is None else attempt.deadline + more_s
            if _go_on(paper, attempt, _deadline(paper, attempt, extra_s, promised), now):
                raise Invalid(_("此人的答卷已到时间，答案已经公布，不能再加时。"))
        told = {"extra_s": extra_s, "reason": reason}
        subject = f"paper:{paper_id}"
        record(session, now, by.id, "quiz.extend_time", subject, member_id, told)


def _running(paper_id: int, seen: int, now: datetime) -> Paper:
    """Return a paper whose time can still be changed, or say why not."""
    paper = find_paper(paper_id)
    if paper is None or paper.state == "draft":
        raise Invalid(_("草稿还没有发布，请直接修改草稿。"))
    if paper.state == "closed" or has_ended(paper.window, epoch(now)):
        raise Invalid(_("这份试卷已经结束，可能有人看过答案了，不能再改时间。请另出一份。"))
    if len(paper.moves) != seen:
        raise Stale(_("这份试卷的时间刚刚被别人改过。请重新打开这一页再改。"))
    if len(paper.moves) >= MOST_MOVES:
        raise Invalid(_("这份试卷的时间改过 %(n)s 次，不能再改。请另出一份。", n=MOST_MOVES))
    return paper


def _kept_until(session: Session, paper_id: int, closes_at: int | None) -> int | None:
    """Return how long, extra time aside, somebody under way goes on beyond a new closing."""
    if closes_at is None:
        return None
    promised = select(func.max(AttemptRow.deadline - func.coalesce(AllowanceRow.extra_s, 0)))
    latest = session.scalar(
        promised.select_from(AttemptRow)
        .outerjoin(
            AllowanceRow,
            (AllowanceRow.member_id == AttemptRow.member_id)
            & (AllowanceRow.paper_id == AttemptRow.paper_id),
        )
        .where(AttemptRow.paper_id == paper_id, AttemptRow.state == "open")
    )
    return latest if latest is not None and latest > closes_at else None


def _move_deadlines(session: Session, paper: Paper, now: datetime) -> list[int]:
    """Give attempts that are not handed in the deadline they have now; return whose are open."""
    people = []
    for attempt in _list_unfinished(session, paper.id):
        extra_s = find_extra(session, attempt.member_id, paper.id)
        _go_on(paper, attempt, _deadline(paper, attempt, extra_s, attempt.deadline), now)
        if attempt.state == "open":
            people.append(attempt.member_id)
    return people


def _list_unfinished(
    session: Session, paper_id: int, member_id: int | None = None
) -> list[AttemptRow]:
    """Return the attempts at a paper, of one person when told, that were not handed in; held."""
    unfinished = select(AttemptRow.member_id, AttemptRow.number).where(
        AttemptRow.paper_id == paper_id, AttemptRow.state != "submitted"
    )
    if member_id is not None:
        unfinished = unfinished.where(AttemptRow.member_id == member_id)
    keys = session.execute(unfinished.order_by(AttemptRow.member_id, AttemptRow.number)).all()
    return [hold_attempt(session, who, paper_id, number) for who, number in keys]


def _deadline(paper: Paper, attempt: AttemptRow, extra_s: int, promised: int | None) -> int | None:
    """Return until when an attempt may be answered now, never cutting short what was promised."""
    window = paper.window_of(attempt.number)
    fresh = deadline_of(attempt.started_at, paper.terms.duration_s, window, extra_s)
    return fresh if paper.state == "closed" else kept_deadline(promised, fresh)


def _go_on(paper: Paper, attempt: AttemptRow, deadline: int | None, now: datetime) -> bool:
    """Let an attempt be answered until `deadline`; return whether its key may have been seen.

    One that ran out opens again, unless it may have been, or time is up by the new deadline, too.
    """
    if attempt.state == "expired":
        if not may_answer(deadline, epoch(now)) or paper.state != "published":
            return False
        window = paper.window_of(attempt.number)
        if is_key_open(paper.terms.key_shown, True, window, epoch(now)):
            return True
        attempt.state, attempt.submitted_at, attempt.score = "open", None, None
    attempt.deadline = deadline
    return False


def _check_in_audience(by: Viewer, paper: Paper, member_id: int) -> None:
    """Raise NotFound for somebody the paper is not for, or whom `by` does not reach."""
    person = org.get_person(org.scope_of(by), member_id)
    if not org.reaches(org.Scope(standing_unit(paper.terms.unit_id)), person.unit_id):
        raise NotFound(_("没有这个人。"))
