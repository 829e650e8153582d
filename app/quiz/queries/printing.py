"""The versions of a paper as they are printed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _

from app.bank.queries import get_question
from app.base.db import db
from app.base.errors import NotFound
from app.quiz.compose import copy_for, freeze_apart
from app.quiz.models import PaperRow
from app.quiz.paper import Paper
from app.quiz.printed import NAMES, Version, make_version
from app.quiz.queries.drawing import candidates_of, list_candidates, list_clashing
from app.quiz.reading import paper_of


def list_versions(paper_id: int, count: int, now: datetime) -> tuple[Version, ...]:
    """Return the first `count` versions (1…6) of a paper.

    Those of a published one are the same whenever they are printed: its key must fit it for ever.

    A draft is printed as it would be published now, and refused as it would be when it asks what
    another paper keeps to itself. A paper drawn per person has a draw for each version; of several
    versions the questions are shuffled, a single one keeps their order.
    """
    row = db.session.get(PaperRow, paper_id)
    if row is None:
        raise NotFound(_("没有这份试卷。"))
    paper = paper_of(row)
    if paper.state == "draft":
        bank, clashing = list_candidates(paper.terms.unit_id), list_clashing(paper, now)
        paper = replace(paper, items=freeze_apart(paper, bank, row.seed, clashing))
    pool = candidates_of(paper.items)
    versions = []
    for name in NAMES[:count]:
        copy = copy_for(paper, pool, f"{row.seed}/print/{name}", {})
        asked = [(drawn, get_question(drawn.question_id, drawn.revision)) for drawn in copy]
        versions.append(make_version(name, asked, row.seed, shuffle=count > 1))
    return tuple(versions)


def list_kept_elsewhere(paper: Paper, versions: Iterable[Version], now: datetime) -> set[str]:
    """Return the questions in `versions` that another paper at the same time keeps to itself."""
    kept = {item.question_id for other in list_clashing(paper, now) for item in other.items}
    sections = (section for version in versions for section in version.sections)
    return {one.question.id for section in sections for one in section.questions} & kept
