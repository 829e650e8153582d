"""Rows of papers read back as frozen values: shared by actions and queries of quiz."""

from app.quiz import paper as papers
from app.quiz.models import PaperRow
from app.quiz.paper import Paper, Terms


def paper_of(row: PaperRow, unit_name: str | None = None, longest_extra_s: int = 0) -> Paper:
    """Return the frozen view of a row."""
    return Paper(
        id=row.id,
        terms=terms_of(row),
        plan=papers.decode_plan(row.plan),
        state=row.state,
        unit_name=unit_name,
        items=papers.decode_items(row.items),
        corrections=papers.decode_corrections(row.corrections),
        closed_at=row.closed_at,
        longest_extra_s=longest_extra_s,
        moves=papers.decode_moves(row.moves),
    )


def terms_of(row: PaperRow) -> Terms:
    """Return what a trainer decided about a paper."""
    return Terms(**{name: getattr(row, name) for name in Terms.__slots__})
