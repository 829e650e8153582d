"""What goes into an export, collected from bank and study, and what came home; frozen views."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.queries import get_viewer, owner_of
from app.anki.models import ArrivalRow, LinkRow
from app.anki.progress import Progress
from app.anki.reading import Found, Reviewed
from app.anki.selection import Selection
from app.anki.wanted import Wanted, read_wanted
from app.assign.queries import list_own_goals
from app.bank.queries import (
    PUBLIC,
    Question,
    get_questions,
    list_chapters,
    list_ever_asked,
    list_question_ids,
    list_retired_ids,
    list_subjects,
)
from app.base.clock import epoch
from app.base.db import db
from app.base.errors import Invalid, NotFound
from app.base.ids import digest
from app.quiz.paper import Paper
from app.quiz.queries import get_offer, list_offers
from app.quiz.window import has_ended
from app.study.queries import (
    list_held_back,
    list_histories,
    list_marked_ids,
    list_practice_ids,
    list_stored,
    list_unasked,
    shelf_of,
)
from app.study.union import Outside, list_new


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would bring: reviews new and known, and the study days of the first and last."""

    found: Found
    new: int
    known: int
    first: date | None
    last: date | None


def collect(member_id: int, wanted: Wanted, now: datetime) -> Selection:
    """Return the deck a member wants; raise NotFound or Invalid when there is none such."""
    if wanted.marked:
        return get_marked(member_id, wanted.progress)
    if wanted.paper:
        return get_paper(member_id, wanted.paper, wanted.progress, now)
    if wanted.goal:
        return get_goal(member_id, wanted.goal, wanted.progress, now)
    if wanted.shared:
        return get_shared(shelf_of(member_id))
    return get_subject(wanted.subject, member_id, wanted.progress, wanted.chapter or None)


def get_subject(
    subject: str,
    member_id: int | None = None,
    with_progress: bool = False,
    chapter: str | None = None,
) -> Selection:
    """Return a subject's or chapter's questions as `member_id` meets them, with progress if asked.

    Retired questions come along only with a member's progress on them; what a paper holds back
    stays here. Raises NotFound for a subject or chapter without questions.
    """
    units = shelf_of(member_id) if member_id is not None else PUBLIC
    if subject not in {found.id for found in list_subjects(units)}:
        raise NotFound(_("没有“%(name)s”这个科目。", name=subject))
    if chapter and chapter not in {found.id for found in list_chapters(subject, units)}:
        raise NotFound(_("没有找到这一章。"))
    held = list_held_back()
    ids = [i for i in list_question_ids(subject, chapter, units) if i not in held]
    active = tuple(get_questions(ids).values())
    if member_id is None or not with_progress:
        return Selection(active)
    progress = _progress(member_id)
    retired = get_questions(list_retired_ids()).values()
    kept = tuple(
        q
        for q in retired
        if q.subject == subject and chapter in (None, q.chapter_id) and q.id in progress
    )
    return Selection(active + kept, progress)


def get_marked(member_id: int, with_progress: bool) -> Selection:
    """Return the questions of the wrong-answer book and the starred ones; Invalid when none."""
    found: dict[str, Question] = get_questions(list_marked_ids(member_id))
    if not found:
        raise Invalid(_("错题本和收藏里还没有题目，没有可以导出的。先答几题或收藏几题再来。"))
    return Selection(tuple(found.values()), _progress(member_id) if with_progress else None)


def get_paper(member_id: int, paper_id: int, with_progress: bool, now: datetime) -> Selection:
    """Return the questions of a practice paper as they are now; NotFound for any other paper."""
    paper = get_offer(get_viewer(member_id), paper_id, now).paper
    if not is_for_practice(paper, now):
        raise NotFound(_("没有这份试卷。"))
    held = list_held_back()
    questions = get_questions(i.question_id for i in paper.items if i.question_id not in held)
    return Selection(tuple(questions.values()), _progress(member_id) if with_progress else None)


def list_papers(member_id: int, now: datetime) -> list[Paper]:
    """Return the practice papers a member may take along."""
    offers = list_offers(get_viewer(member_id), now)
    return [offer.paper for offer in offers if is_for_practice(offer.paper, now)]


def get_goal(member_id: int, goal_id: int, with_progress: bool, now: datetime) -> Selection:
    """Return the questions of a study goal that is asked of the member; raise NotFound."""
    found = next((one for one in list_own_goals(member_id, now) if one.id == goal_id), None)
    if found is None or found.terms.goal is None:
        raise NotFound(_("没有这项学习目标。"))
    ids = [
        question_id
        for subject, chapter in found.terms.goal.chapters
        for question_id in list_practice_ids(member_id, subject, chapter)
    ]
    questions = tuple(get_questions(ids).values())
    return Selection(questions, _progress(member_id) if with_progress else None)


def is_for_practice(paper: Paper, now: datetime) -> bool:
    """Say whether a paper's questions may be taken along with their answers.

    Never those of an examination, nor of what is drawn per person; and of a practice only what
    has begun and shows its key at once, or is over.
    """
    terms, at = paper.terms, epoch(now)
    if terms.mode != "practice" or terms.reserved or paper.is_drawn or paper.state == "draft":
        return False
    begun = terms.opens_at is None or at >= terms.opens_at
    return begun and (terms.key_shown == "submission" or has_ended(paper.window, at))


def get_shared(units: frozenset[int]) -> Selection:
    """Return everything the people of these units may practise; nothing personal is in it."""
    held = list_held_back()
    ids = [i for i in list_question_ids(units=units) if i not in held]
    if not ids:
        raise Invalid(_("题库里还没有题目。"))
    return Selection(tuple(get_questions(ids).values()))


def find_linked(token: str, now: datetime) -> Wanted | None:
    """Return which deck a link leads to, None when it is used up, too old or was never made."""
    found = select(LinkRow.wanted).where(
        LinkRow.member_id == owner_of(token),
        LinkRow.token_hash == digest(token),
        LinkRow.used_at.is_(None),
        LinkRow.expires_at >= epoch(now),
    )
    text = db.session.scalar(found)
    return read_wanted(text) if text is not None else None


def list_readable_ids(member_id: int) -> list[str]:
    """Return the questions of which a member's reviews are read, retired ones too."""
    return list_ever_asked(shelf_of(member_id))


def get_arrival(member_id: int, arrival_id: str) -> Found:
    """Return what was read of the member's file; raise NotFound when it is kept no longer."""
    row = db.session.get(ArrivalRow, member_id)
    if row is None or row.id != arrival_id:
        raise NotFound(_("这次上传已经过期，或者换了别的文件。请重新上传。"))
    return msgspec.json.decode(row.content, type=Found)


def preview(member_id: int, found: Found) -> Preview:
    """Return what a file would bring."""
    outside = list_outside(member_id, found.reviews)
    new = list_new(outside, list_stored(member_id, {one.question_id for one in outside}))
    days = sorted(one.review.day for one in new)
    known = len(outside) - len(new)
    return Preview(found, len(new), known, days[0] if days else None, days[-1] if days else None)


def list_outside(member_id: int, reviews: Iterable[Reviewed]) -> list[Outside]:
    """Return reviews in the terms of study, of questions the member may have met."""
    known = set(list_readable_ids(member_id))
    return [
        Outside(one.question_id, one.at_ms, one.rating, one.took_ms)
        for one in reviews
        if one.question_id in known
    ]


def _progress(member_id: int) -> dict[str, Progress]:
    """Return the member's progress by question id; what is no longer asked is suspended."""
    taken_out = {i for i, suspended, _leech in list_unasked(member_id) if suspended}
    unasked = taken_out | set(list_retired_ids())
    answered = {
        i: Progress(card, tuple(reviews), i in unasked)
        for i, (card, reviews) in list_histories(member_id).items()
    }
    return {i: Progress(suspended=True) for i in taken_out} | answered
