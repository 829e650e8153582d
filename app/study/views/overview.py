"""Pages around study: ways in, a chapter's questions, search, statistics."""

from datetime import timedelta

from flask import render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from app.bank.queries import Subject, get_questions, list_chapters, list_subjects, search
from app.base import clock
from app.base.errors import NotFound
from app.study import queries
from app.study.statistics import ChapterKnowledge, calendar, chapter_knowledge
from app.study.views.blueprint import blueprint
from app.web.paging import Page
from app.web.permissions import permission

PAGE = 20


@blueprint.get("/ways")
@permission("member")
def ways() -> str:
    """Show the other ways in: by chapter, random, wrong-answer book, starred, search."""
    day = clock.study_day(clock.now())
    recall = queries.list_knowledge(current_user.id, day)
    subjects = _knowledge(recall)
    counts = {
        name: queries.count_way(current_user.id, queries.Way(name, since=clock.epoch(clock.now())))
        for name in ("wrong", "starred")
    }
    return render_template("study/ways.html", subjects=subjects, counts=counts)


@blueprint.get("/search")
@permission("member")
def find() -> str:
    """Search questions by word or article."""
    text = request.args.get("q", "").strip()[:100]
    number = min(max(1, request.args.get("page", 1, type=int)), 10_000)
    units, held = queries.shelf_of(current_user.id), queries.list_held_back()
    ids, total = search(text, PAGE, (number - 1) * PAGE, units, held)
    found = get_questions(ids)
    page = Page([found[i] for i in ids], number, -(-total // PAGE), total)
    return render_template("study/search.html", text=text, page=page)


@blueprint.get("/set-aside")
@permission("member")
def set_aside() -> str:
    """List questions taken out of study and leeches."""
    rows = queries.list_unasked(current_user.id)
    found = get_questions([i for i, _suspended, _leech in rows])
    items = [(found[i], suspended, leech) for i, suspended, leech in rows if i in found]
    return render_template("study/set_aside.html", items=items)


@blueprint.get("/statistics")
@permission("member")
def statistics() -> str:
    """Show the calendar, knowledge by chapter, the forecast and true retention."""
    day = clock.study_day(clock.now())
    recall = queries.list_knowledge(current_user.id, day)
    return render_template(
        "study/statistics.html",
        today=day,
        weeks=calendar(queries.count_by_day(current_user.id, day - timedelta(weeks=12)), day),
        subjects=_knowledge(recall),
        forecast=queries.count_forecast(current_user.id, day),
        days=[day + timedelta(days=n) for n in range(30)],
        retention=queries.count_retention(current_user.id, day - timedelta(days=30)),
    )


@blueprint.get("/chapters/<subject>/<chapter>")
@permission("member")
def chapter(subject: str, chapter: str) -> str:
    """List the questions of a chapter, with what is known of each."""
    units = queries.shelf_of(current_user.id)
    found = next((c for c in list_chapters(subject, units) if c.id == chapter), None)
    if found is None:
        raise NotFound(_("没有找到这一章。"))
    questions = get_questions(found.question_ids)
    recall = queries.list_knowledge(current_user.id, clock.study_day(clock.now()))
    items = [(questions[i], recall.get(i)) for i in found.question_ids]
    return render_template("study/chapter.html", subject=subject, chapter=found, items=items)


def _knowledge(recall: dict[str, float]) -> list[tuple[Subject, list[ChapterKnowledge]]]:
    """Return every subject the member meets with what is known of its chapters."""
    units = queries.shelf_of(current_user.id)
    return [
        (s, chapter_knowledge(list_chapters(s.id, units), recall)) for s in list_subjects(units)
    ]
