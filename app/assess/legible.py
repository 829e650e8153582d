"""A report with every character in a form that can be shown; pure.

What no font has is written as its number, so that one rare name does not keep everybody from the
report, and the report says which characters these are.
"""

from collections.abc import Callable
from dataclasses import replace

from app.assess.report import Report


def list_texts(report: Report) -> list[str]:
    """Return everything that a report says."""
    found: list[str] = []

    def keep(text: str) -> str:
        found.append(text)
        return text

    _rewritten(report, keep)
    return found


def make_legible(report: Report, lacking: str) -> Report:
    """Return a report in which characters that are `lacking` are written as 〔U+4DB6〕.

    What cannot be seen becomes a space; ends of lines stay.
    """
    shapes = {ord(c): f"〔U+{ord(c):X}〕" if c.isprintable() else " " for c in lacking if c != "\n"}
    if not shapes:
        return report
    found = _rewritten(report, lambda text: text.translate(shapes))
    told = "、".join(shape for shape in shapes.values() if shape != " ")
    return replace(found, facts=(*found.facts, ("字体里没有的字", told))) if told else found


def _rewritten(report: Report, change: Callable[[str], str]) -> Report:
    """Return a report with every text changed."""
    tables = tuple(
        replace(
            one,
            title=change(one.title),
            heads=tuple(map(change, one.heads)),
            rows=tuple(tuple(map(change, row)) for row in one.rows),
            note=change(one.note),
            empty=change(one.empty),
        )
        for one in report.tables
    )
    facts = tuple((change(name), change(told)) for name, told in report.facts)
    return Report(change(report.title), change(report.name), facts, tables)
