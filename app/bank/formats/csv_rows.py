"""A .csv or tab-separated text to rows of cells; pure."""

import csv
import io

from app.bank.formats.decoding import LONGEST_LINE
from app.bank.formats.reasons import LONG_LINE, TOO_MANY_CELLS, say
from app.base.errors import Invalid

MOST_CELLS = 400_000
_MARKS = ",\t;|"
_SAMPLE = 50


def read_rows(text: str) -> list[list[str]]:
    """Return the rows of `text`, parted by the mark that gives the most even rows.

    Raises Invalid for a cell that is too long and for more than MOST_CELLS cells.
    """
    csv.field_size_limit(LONGEST_LINE)
    mark = max(_MARKS, key=lambda mark: _evenness(text, mark))
    rows: list[list[str]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            cells += len(row) + 1
            if cells > MOST_CELLS:
                raise Invalid(say(TOO_MANY_CELLS, n=MOST_CELLS))
            rows.append(row)
    except csv.Error:
        raise Invalid(say(LONG_LINE, n=len(rows) + 1, most=LONGEST_LINE)) from None
    return rows


def _evenness(text: str, mark: str) -> float:
    """Return how well `mark` parts the first rows: many cells, the same number in each."""
    widths = []
    try:
        for row in csv.reader(io.StringIO(text[:100_000], newline=""), delimiter=mark):
            if any(cell.strip() for cell in row):
                widths.append(len(row))
            if len(widths) >= _SAMPLE:
                break
    except csv.Error:
        return 0.0
    usual = max(set(widths), key=widths.count, default=1)
    return (usual > 1) * (widths.count(usual) / max(1, len(widths)) + min(usual, 12) / 100)
