"""A report as A4 pages with the Chinese font embedded; pure."""

from collections.abc import Sequence
from datetime import datetime

from app.assess.report import Report, Table
from app.quiz.font import Font
from app.quiz.pdf import FOOT, HEIGHT, MARGIN, TEXT, Block, Line, Press, open_press, paginate

SIZE, GAP = 9.0, 3.0  # points; mm between columns
LEAST = 14.0  # mm that every column gets


def print_report(report: Report, font: Font, now: datetime) -> bytes:
    """Return the PDF of a report; raise Invalid when the font lacks a character, naming it."""
    with open_press(font, now) as press:
        press.pdf.set_title(f"{report.title} {report.name}")
        blocks = lay_out(press, report)
        press.check([line for block in blocks for line in block])
        pages = paginate(blocks, HEIGHT - 2 * MARGIN - FOOT)
        for number, page in enumerate(pages, 1):
            press.page(page, f"{report.title}　{report.name}　{number} / {len(pages)}")
        return bytes(press.pdf.output())


def lay_out(press: Press, report: Report) -> list[Block]:
    """Return the blocks of a report: its head, then every table's title, rows and note."""
    return [_head(press, report), *(b for one in report.tables for b in _table(press, one))]


def _head(press: Press, report: Report) -> Block:
    """Return the title and what the report rests on."""
    lines = [Line(((0, one),), 16, True) for one in press.wrap(report.title, 16, TEXT)]
    lines += [Line(((0, one),), 13, True, above=1) for one in press.wrap(report.name, 13, TEXT)]
    for name, told in report.facts:
        first, *rest = press.wrap(told, SIZE, TEXT - 40)
        lines.append(Line(((0, name), (40, first)), SIZE, above=0.8))
        lines += [Line(((40, one),), SIZE) for one in rest]
    return lines


def _table(press: Press, one: Table) -> list[Block]:
    """Return the blocks of a table: title with the heads, then a block for each row, the note."""
    places, widths = _columns(press, one)
    title = [Line(((0, part),), 12, True, above=5) for part in press.wrap(one.title, 12, TEXT)]
    blocks = [title + _row(press, one.heads, places, widths, bold=True, above=1.5)]
    if not one.rows:
        told = one.empty or "—"
        return [
            title + [Line(((0, part),), SIZE, above=1) for part in press.wrap(told, SIZE, TEXT)]
        ]
    blocks += [_row(press, row, places, widths, above=1.2) for row in one.rows]
    if one.note:
        blocks.append([Line(((0, part),), 8, above=0.6) for part in press.wrap(one.note, 8, TEXT)])
    return blocks


def _row(
    press: Press,
    cells: Sequence[str],
    places: Sequence[float],
    widths: Sequence[float],
    bold: bool = False,
    above: float = 0.0,
) -> Block:
    """Return a row in as many lines as its longest cell needs."""
    wrapped = [press.wrap(cell, SIZE, width) for cell, width in zip(cells, widths, strict=True)]
    lines = []
    for number in range(max(len(parts) for parts in wrapped)):
        parts = tuple(
            (place, texts[number])
            for place, texts in zip(places, wrapped, strict=True)
            if number < len(texts) and texts[number]
        )
        lines.append(Line(parts, SIZE, bold, above if number == 0 else 0.0))
    return lines


def _columns(press: Press, one: Table) -> tuple[list[float], list[float]]:
    """Return where columns begin and how wide they are: by what they hold, within the page."""
    wanted = []
    for column, head in enumerate(one.heads):
        texts = [head, *(row[column] for row in one.rows)]
        longest = sorted(press.width(text, SIZE) for text in texts)
        wanted.append(
            max(LEAST, longest[-1] if len(texts) < 4 else longest[(9 * len(texts)) // 10])
        )
    room = TEXT - GAP * (len(wanted) - 1)
    widths = wanted if sum(wanted) <= room else _shrunk(wanted, room)
    places, x = [], 0.0
    for width in widths:
        places.append(x)
        x += width + GAP
    return places, widths


def _shrunk(wanted: Sequence[float], room: float) -> list[float]:
    """Return widths that fit: what needs little keeps it, the others share what is left."""
    widths, left, open_columns = list(wanted), room, set(range(len(wanted)))
    while open_columns:
        share = left / len(open_columns)
        modest = {n for n in open_columns if wanted[n] <= share}
        if not modest:
            for n in open_columns:
                widths[n] = share
            break
        left -= sum(wanted[n] for n in modest)
        open_columns -= modest
    return widths
