"""A report as A4 pages with the Chinese font embedded; pure.

The heads of a table stand again on each page it goes on to; what needs room stands below its row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.assess.legible import list_texts, make_legible
from app.assess.report import Report, Table
from app.quiz.font import Font
from app.quiz.layout import FOOT, HEIGHT, MARGIN, TEXT, Block, Line
from app.quiz.pdf import Press, open_press

SIZE, SMALL, GAP = 9.0, 8.0, 3.0  # points; points; mm between columns
LEAST = 14.0  # mm that every column gets
INDENT = 6.0  # mm before what stands below a row
FACTS = 40.0  # mm from the name of a fact to what is said of it
DARK, LIGHT = 0.6, 0.15  # rules under heads and rows


@dataclass(frozen=True, slots=True)
class Section:
    """A table laid out: its title and heads, a block for each row, the note below."""

    title: Block
    heads: Block = field(default_factory=list)
    rows: list[Block] = field(default_factory=list)
    note: Block = field(default_factory=list)


def print_report(report: Report, font: Font, now: datetime) -> bytes:
    """Return the PDF of a report; characters that no font has are written as their numbers."""
    with open_press(font, now) as press:
        press.pdf.set_title(f"{report.title} {report.name}")
        report = make_legible(report, press.lacking(list_texts(report)))
        pages = paginate(lay_out(press, report), HEIGHT - 2 * MARGIN - FOOT)
        for number, page in enumerate(pages, 1):
            press.page(page, f"{report.title}　{report.name}　{number} / {len(pages)}")
        return bytes(press.pdf.output())


def lay_out(press: Press, report: Report) -> list[Section]:
    """Return the sections of a report: its head, then every table."""
    return [Section(_head(press, report)), *(_table(press, one) for one in report.tables)]


def paginate(sections: Iterable[Section], height: float) -> list[Block]:
    """Return the lines of each page of `height` mm.

    A row moves on whole unless it is longer than a page; no title stands without its first row.
    """
    pages = _Pages(height)
    for one in sections:
        first, *rest = one.rows or [[]]
        pages.put(one.title + one.heads + first)
        for row in rest:
            pages.put(row, one.heads)
        pages.put(one.note)
    return pages.made


class _Pages:
    """Pages being filled."""

    def __init__(self, height: float) -> None:
        self.made: list[Block] = [[]]
        self._height = self._left = height

    def put(self, block: Block, again: Block | None = None) -> None:
        """Put lines on the page, or on the next one below what stands there again."""
        if sum(line.height for line in block) > self._left:
            self._turn(again or [])
        for line in block:
            if line.height > self._left:
                self._turn(again or [])
            self.made[-1].append(line)
            self._left -= line.height

    def _turn(self, again: Block) -> None:
        """Begin a page, unless this one is still empty."""
        if self.made[-1]:
            self.made.append(list(again))
        self._left = self._height - sum(line.height for line in self.made[-1])


def _head(press: Press, report: Report) -> Block:
    """Return the title and what the report rests on."""
    lines = [Line(((0, one),), 16, True) for one in press.wrap(report.title, 16, TEXT)]
    lines += [Line(((0, one),), 13, True, above=1) for one in press.wrap(report.name, 13, TEXT)]
    for name, told in report.facts:
        first, *rest = _wrapped(press, told, SIZE, TEXT - FACTS)
        lines.append(Line(((0, name), (FACTS, first)), SIZE, above=0.8))
        lines += [Line(((FACTS, one),), SIZE) for one in rest]
    return lines


def _table(press: Press, one: Table) -> Section:
    """Return a table laid out; one without rows says why."""
    title = [Line(((0, part),), 12, True, above=5) for part in press.wrap(one.title, 12, TEXT)]
    if not one.rows:
        told = _wrapped(press, one.empty or "—", SIZE, TEXT)
        return Section(title + [Line(((0, part),), SIZE, above=1) for part in told])
    beside = [n for n in range(len(one.heads)) if n not in one.long]
    places, widths = _columns(press, one, beside)
    heads = _row(press, [one.heads[n] for n in beside], places, widths, bold=True, above=1.5)
    rows = []
    for cells in one.rows:
        row = _row(press, [cells[n] for n in beside], places, widths, above=0.8)
        for n in sorted(one.long):
            row += _below(press, one.heads[n], cells[n])
        rows.append(_ruled(row, LIGHT))
    note = _wrapped(press, one.note, SMALL, TEXT) if one.note else []
    return Section(title, _ruled(heads, DARK), rows, [_small(0, part, 0.6) for part in note])


def _below(press: Press, head: str, cell: str) -> Block:
    """Return what stands below a row, nothing for an empty cell."""
    if not cell:
        return []
    told = f"{head}：{cell}"
    return [_small(INDENT, part) for part in _wrapped(press, told, SMALL, TEXT - INDENT)]


def _small(place: float, text: str, above: float = 0.0) -> Line:
    return Line(((place, text),), SMALL, above=above)


def _ruled(block: Block, darkness: float) -> Block:
    """Return lines with a hairline under the last of them."""
    return [*block[:-1], replace(block[-1], rule=darkness)]


def _row(
    press: Press,
    cells: Sequence[str],
    places: Sequence[float],
    widths: Sequence[float],
    bold: bool = False,
    above: float = 0.0,
) -> Block:
    """Return a row in as many lines as its longest cell needs."""
    pairs = zip(cells, widths, strict=True)
    wrapped = [_wrapped(press, cell, SIZE, width) for cell, width in pairs]
    lines = []
    for number in range(max(len(parts) for parts in wrapped)):
        parts = tuple(
            (place, texts[number])
            for place, texts in zip(places, wrapped, strict=True)
            if number < len(texts) and texts[number]
        )
        lines.append(Line(parts, SIZE, bold, above if number == 0 else 0.0))
    return lines


def _wrapped(press: Press, text: str, size: float, width: float) -> list[str]:
    """Return a text in lines that fit, each of its own lines beginning a new one."""
    return [line for part in text.split("\n") for line in press.wrap(part, size, width)]


def _columns(press: Press, one: Table, beside: Sequence[int]) -> tuple[list[float], list[float]]:
    """Return where columns begin and how wide they are: by what they hold, within the page.

    When they do not fit, the few longest cells of each do not count.
    """
    longest, usual = [], []
    for column in beside:
        texts = [one.heads[column], *(row[column] for row in one.rows)]
        found = sorted(max(press.width(part, SIZE) for part in text.split("\n")) for text in texts)
        longest.append(max(LEAST, found[-1]))
        usual.append(max(LEAST, found[-1] if len(found) < 4 else found[(9 * len(found)) // 10]))
    room = TEXT - GAP * (len(beside) - 1)
    fits = sum(longest) <= room
    widths = longest if fits else usual if sum(usual) <= room else _shrunk(usual, room)
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
