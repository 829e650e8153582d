"""The versions of a paper as they are printed."""

from dataclasses import replace

from flask_babel import gettext as _

from app.bank.queries import get_question
from app.base.db import db
from app.base.errors import NotFound
from app.quiz.compose import copy_for, freeze
from app.quiz.models import PaperRow
from app.quiz.printed import NAMES, Version, make_version
from app.quiz.queries.drawing import candidates_of, list_candidates
from app.quiz.reading import paper_of


def list_versions(paper_id: int, count: int) -> list[Version]:
    """Return the first `count` versions (1…6) of a paper, the same whenever they are printed.

    A draft is printed as it would be published now. A paper drawn per person has a draw for each
    version; of several versions the questions are shuffled, a single one keeps their order.
    """
    row = db.session.get(PaperRow, paper_id)
    if row is None:
        raise NotFound(_("没有这份试卷。"))
    paper = paper_of(row)
    if paper.state == "draft":
        items = freeze(paper, list_candidates(paper.terms.unit_id), row.seed)
        paper = replace(paper, items=items)
    pool = candidates_of(paper.items)
    versions = []
    for name in NAMES[:count]:
        seed = f"{row.seed}/print/{name}"
        copy = copy_for(paper, pool, seed, {})
        asked = [(drawn, get_question(drawn.question_id, drawn.revision)) for drawn in copy]
        versions.append(make_version(name, asked, row.seed, shuffle=count > 1))
    return versions
