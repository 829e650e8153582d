"""Quiz from the command line."""

from typing import Any

from flask.cli import AppGroup

from app.base.cli import json_option, report, sentences
from app.quiz.queries import list_counts

group = AppGroup("quiz", help="Papers and how they are taken.")


@group.command("papers")
@json_option
@sentences
def papers(as_json: bool) -> None:
    """List every paper with how many attempts were begun and handed in."""
    found = [
        {
            "id": paper.id,
            "title": paper.terms.title,
            "mode": paper.terms.mode,
            "state": paper.state,
            "unit": paper.unit_name,
            "questions": len(paper.items),
            "opens_at": paper.terms.opens_at,
            "closes_at": paper.terms.closes_at,
            "started": started,
            "submitted": submitted,
        }
        for paper, started, submitted in list_counts()
    ]
    if as_json:
        report({"papers": found}, as_json)
        return
    report({f"{one['id']} {one['title']}": _line(one) for one in found}, as_json)


def _line(one: dict[str, Any]) -> str:
    """Return a paper in a line for people."""
    counts = f"{one['started']} started, {one['submitted']} handed in"
    return f"{one['mode']}, {one['state']}, {one['questions']} questions, {counts}"
