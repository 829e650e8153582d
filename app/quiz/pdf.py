"""Versions of a paper as PDF pages: paper, answer sheet, key; A4, the Chinese font embedded; pure.

The words here are the document's, Chinese whatever the language of the page that asks for it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from pathlib import Path

from fpdf import FPDF

from app.quiz.font import Font
from app.quiz.layout import FOOT, HEIGHT, MARGIN, MM, TEXT, WIDTH, Block, Line, paginate
from app.quiz.printed import HEADS, Printed, Section, Version
from app.quiz.wrapping import wrap

KINDS = {
    "single": "单选题",
    "multiple": "多选题",
    "truefalse": "判断题",
    "blank": "填空题",
    "order": "排序题",
}
NUMERALS = "一二三四五"
LINE = "________"


class Lacking(Exception):
    """The font has no shape for some characters: a box in their place would be worse."""

    def __init__(self, characters: str) -> None:
        super().__init__(characters)
        self.characters = characters


def make_pdf(
    title: str,
    minutes: int | None,
    versions: Sequence[Version],
    part: str,
    font: Font,
    now: datetime,
) -> bytes:
    """Return the PDF of one part (paper, sheet or key) of every version.

    `minutes` is how long people have, None when that is not limited. Raises Lacking when the font
    lacks a character.
    """
    with open_press(font, now) as press:
        press.pdf.set_title(title)
        for version in versions:
            press.print_version(title, minutes, version, part)
        return bytes(press.pdf.output())


@contextmanager
def open_press(font: Font, now: datetime) -> Iterator["Press"]:
    """Yield a press on an empty document; its font files are closed afterwards."""
    pdf = FPDF(format="A4", unit="mm")
    pdf.set_creation_date(now)
    pdf.set_auto_page_break(False)
    try:
        for style, path in (("", font.regular), ("B", font.bold)):
            pdf.add_font("han", style, path, collection_font_number=font.face)
        yield Press(pdf, font.rare)
    finally:
        for held in pdf.fonts.values():
            held.close()  # type: ignore[union-attr]


class Press:
    """Sets lines and pages with one document's font."""

    def __init__(self, pdf: FPDF, rare: Path | None = None) -> None:
        self.pdf, self._rare = pdf, rare

    def print_version(self, title: str, minutes: int | None, version: Version, part: str) -> None:
        """Lay a version out and put it on pages of its own, numbered from 1."""
        blocks = [self.head(title, minutes, version, part)]
        for place, section in enumerate(version.sections):
            first, *rest = self.section(section, part)
            blocks.append([self.heading(place, section), *first])
            blocks += rest
        self.check([line for block in blocks for line in block])
        pages = paginate(blocks, HEIGHT - 2 * MARGIN - FOOT)
        for number, page in enumerate(pages, 1):
            self.page(page, f"{title}　{version.name} 卷　第 {number} 页，共 {len(pages)} 页")

    def head(self, title: str, minutes: int | None, version: Version, part: str) -> Block:
        """Return title, what it is worth, and where people write their names."""
        facts = [f"{version.name} 卷", HEADS[part], f"满分 {version.points} 分"]
        facts += [f"时间 {minutes} 分钟"] if minutes else []
        lines = [Line(((0, one),), 16, True, centred=True) for one in self.wrap(title, 16, TEXT)]
        lines.append(Line(((0, "　　".join(filter(None, facts))),), 11, above=1, centred=True))
        if part == "key":
            told = "A←C：此卷的选项 A 是题库里的 C；原第几题：未打乱时的次序"
            lines.append(Line(((0, told),), 9, above=2, centred=True))
        else:
            names = "单位" + LINE * 2 + "　姓名" + LINE + "　得分" + LINE
            lines.append(Line(((0, names),), 11, above=4, centred=True))
        return lines

    def heading(self, place: int, section: Section) -> Line:
        """Return the heading of a section."""
        worth = {one.points for one in section.questions}
        each = f"每题 {worth.pop()} 分，" if len(worth) == 1 else ""
        words = f"{NUMERALS[place]}、{KINDS[section.kind]}（{each}共 {section.points} 分）"
        return Line(((0, words),), 12, True, above=5)

    def section(self, section: Section, part: str) -> list[Block]:
        """Return the blocks of a section."""
        if part == "sheet":
            return [[line] for line in self.sheet(section)]
        same = len({one.points for one in section.questions}) == 1
        make = self.keyed if part == "key" else self.asked
        return [make(one, "" if same else f"（{one.points} 分）") for one in section.questions]

    def asked(self, one: Printed, worth: str) -> Block:
        """Return a question with its options."""
        stem = one.question.stem.replace("___", LINE) + worth
        stem += "（　　）" if one.question.kind == "truefalse" else ""
        block = self.hanging(f"{one.number}.", stem, above=2.5)
        block += self.options([f"{o.letter}. {o.text}" for o in one.options])
        if one.question.kind == "order":
            blanks = " → ".join(["____"] * len(one.options))
            block.append(Line(((8, f"次序：{blanks}"),), above=1))
        return block

    def options(self, texts: Sequence[str]) -> Block:
        """Return options four, two or one to a line, as they fit."""
        room = TEXT - 8
        widest = max((self.width(text, 11) for text in texts), default=0)
        columns = 4 if widest < room / 4 - 2 else 2 if widest < room / 2 - 2 else 1
        if columns == 1:
            return [line for text in texts for line in self.hanging(text[:2], text[3:], 8, 6)]
        return [
            Line(tuple((8 + n * room / columns, t) for n, t in enumerate(texts[i : i + columns])))
            for i in range(0, len(texts), columns)
        ]

    def sheet(self, section: Section) -> Iterator[Line]:
        """Yield the lines of an answer sheet, as many cells to a line as fit."""
        cells = [f"{one.number}. {_cell(one)}" for one in section.questions]
        widest = max(self.width(cell, 11) for cell in cells)
        columns = max(1, int(TEXT // (widest + 6)))
        for i in range(0, len(cells), columns):
            row = cells[i : i + columns]
            yield Line(tuple((n * TEXT / columns, cell) for n, cell in enumerate(row)), above=2)

    def keyed(self, one: Printed, worth: str) -> Block:
        """Return the key of a question and the way back to the bank."""
        question = one.question
        source = f"{question.document_short}（{question.edition_short}）{question.provision_label}"
        back = f"原第 {one.original} 题　{question.id} 第 {question.revision} 版　{source}　"
        back += " ".join(f"{printed}←{original}" for printed, original in one.letters)
        lines = self.wrap(back.strip(), 9, TEXT - 9)
        block = self.hanging(f"{one.number}.", f"{one.key}{worth}", above=1.5, bold=True)
        return block + [Line(((9, text),), 9) for text in lines]

    def hanging(
        self,
        mark: str,
        text: str,
        left: float = 0.0,
        hang: float = 9.0,
        above: float = 0.0,
        bold: bool = False,
    ) -> Block:
        """Return a text with its mark before it, further lines below the text."""
        first, *rest = self.wrap(text, 11, TEXT - left - hang)
        lines = [Line(((left, mark), (left + hang, first)), bold=bold, above=above)]
        return lines + [Line(((left + hang, one),), bold=bold) for one in rest]

    def wrap(self, text: str, size: float, width: float) -> list[str]:
        """Return a text in lines no wider than `width` mm."""
        return wrap(text, width, lambda piece: self.width(piece, size))

    def width(self, text: str, size: float, bold: bool = True) -> float:
        """Return how wide a text is, in mm; bold is the wider face, so it fits in both."""
        return sum(self._measure(family, run, size, bold) for family, run in self.runs(text))

    def check(self, lines: Sequence[Line]) -> None:
        """Raise Lacking when no font has a character."""
        lacking = self.lacking(part for line in lines for _x, part in line.parts)
        if lacking:
            raise Lacking(lacking)

    def lacking(self, texts: Iterable[str]) -> str:
        """Return the characters of texts that no font has a shape for, in order."""
        met = {c for text in texts for c in text}
        return "".join(sorted(c for c in met if self._family(c) is None))

    def runs(self, text: str) -> list[tuple[str, str]]:
        """Return a text in pieces, each with the font that has its characters."""
        if all(ord(c) in self._cmap("han") for c in text):
            return [("han", text)]
        found = groupby(text, lambda c: self._family(c) or "han")
        return [(family, "".join(run)) for family, run in found]

    def put(self, x: float, y: float, text: str, size: float, bold: bool = False) -> None:
        """Put a text where its line begins, in mm from the page's corner; `y` is the baseline."""
        for family, run in self.runs(text):
            width = self._measure(family, run, size, bold)
            self.pdf.text(x, y, run)
            x += width

    def rule(self, y: float, darkness: float) -> None:
        """Draw a hairline across the page."""
        self.pdf.set_draw_color(round(255 * (1 - darkness)))
        self.pdf.set_line_width(0.15)
        self.pdf.line(MARGIN, y, MARGIN + TEXT, y)

    def _measure(self, family: str, run: str, size: float, bold: bool) -> float:
        """Choose a font and return how wide a run of it is; the rare one is never bold."""
        self.pdf.set_font(family, "B" if bold and family == "han" else "", size)
        return self.pdf.get_string_width(run)

    def _family(self, character: str) -> str | None:
        """Return the font that has a character, the usual one first; None when none has it."""
        if ord(character) in self._cmap("han"):
            return "han"
        if self._rare is None:
            return None
        if "rare" not in self.pdf.fonts:  # read only when it is needed: it is large
            self.pdf.add_font("rare", "", self._rare)
        return "rare" if ord(character) in self._cmap("rare") else None

    def _cmap(self, family: str) -> Mapping[int, object]:
        """Return the characters that a font has."""
        found: Mapping[int, object] = self.pdf.fonts[family].cmap  # type: ignore[union-attr]
        return found

    def page(self, lines: Sequence[Line], foot: str) -> None:
        """Put lines and a foot onto a new page."""
        self.pdf.add_page()
        y = MARGIN
        for line in lines:
            for x, text in line.parts:
                width = self.width(text, line.size, line.bold) if line.centred else 0.0
                left = (TEXT - width) / 2 if line.centred else x
                baseline = y + line.above + line.size * MM * 1.2
                self.put(MARGIN + left, baseline, text, line.size, line.bold)
            y += line.height
            if line.rule:
                self.rule(y, line.rule)
        width = self.width(foot, 9, bold=False)
        self.put((WIDTH - width) / 2, HEIGHT - MARGIN + 4, foot, 9)


def _cell(one: Printed) -> str:
    """Return where to cross or write on an answer sheet."""
    kind = one.question.kind
    if kind == "truefalse":
        return "[√] [×]"
    if kind == "blank":
        return "　".join([LINE * 2] * one.question.stem.count("___"))
    if kind == "order":
        return " → ".join(["____"] * len(one.options))
    return " ".join(f"[{option.letter}]" for option in one.options)
