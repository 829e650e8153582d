"""The first sheet of a workbook as text; runs in the limited child."""

from app.bank.formats.workbook import read_workbook

COLUMNS = 30
LONGEST = 200  # characters of a cell


def first_sheet(data: bytes, most: str) -> list[list[str]]:
    """Return at most `most` rows; raise Invalid when `data` is no workbook, or a bomb."""
    sheets = read_workbook(data)
    rows = sheets[0].rows if sheets else []
    return [[cell[:LONGEST] for cell in row[:COLUMNS]] for row in rows[: int(most)]]
