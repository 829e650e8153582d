"""Word files: paragraphs, lists that Word numbers, deleted text, tables."""

import pytest

from app.bank.formats.recognise import parse
from tests.bank.formats.hostile import pack
from tests.bank.formats.reading import shorts

pytestmark = pytest.mark.pure
NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NUMBERING = (
    f"<w:numbering {NS}><w:abstractNum w:abstractNumId='0'>"
    "<w:lvl w:ilvl='0'><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.'/></w:lvl>"
    "<w:lvl w:ilvl='1'><w:numFmt w:val='upperLetter'/><w:lvlText w:val='%2.'/></w:lvl>"
    "</w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num></w:numbering>"
)


def paragraph(*texts: str, level: int | None = None) -> str:
    """Return a paragraph with a run for each text."""
    mark = f"<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='1'/></w:numPr>"
    head = f"<w:pPr>{mark}</w:pPr>" if level is not None else ""
    return f"<w:p>{head}{''.join(f'<w:r><w:t>{text}</w:t></w:r>' for text in texts)}</w:p>"


def docx(*blocks: str) -> bytes:
    """Return a .docx of paragraphs and tables."""
    body = f"<w:document {NS}><w:body>{''.join(blocks)}</w:body></w:document>"
    return pack({"word/document.xml": body, "word/numbering.xml": NUMBERING})


def test_paragraphs() -> None:
    gone = "<w:p><w:r><w:delText>X</w:delText></w:r><w:r><w:t>答案：B</w:t></w:r></w:p>"
    found = parse(
        "a.docx", docx(paragraph("1. ", "甲？"), paragraph("A. 子"), paragraph("B. 丑"), gone)
    )
    assert shorts(found) == [(1, "single", "甲？", ("子", "丑"), "B")]
    assert found.recognised.startswith("Word")


def test_lists_get_the_numbers_word_shows() -> None:
    blocks = []
    for stem in ("甲？", "乙？"):
        blocks += [paragraph(stem, level=0), paragraph("子", level=1), paragraph("丑", level=1)]
        blocks.append(paragraph("答案：A"))
    assert [row[2:4] for row in shorts(parse("a.docx", docx(*blocks)))] == [
        ("甲？", ("子", "丑")),
        ("乙？", ("子", "丑")),
    ]


def test_tables() -> None:
    rows = ""
    for row in (("题目", "A", "B", "答案"), ("甲？", "子", "丑", "B")):
        rows += f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in row)}</w:tr>"
    table = f"<w:tbl>{rows}</w:tbl>"
    found = parse("a.docx", docx(paragraph("说明"), table, table))
    assert shorts(found) == [(2, "single", "甲？", ("子", "丑"), "B")] * 2
    assert [draft.where for draft in found.drafts] == ["表格 1", "表格 2"]
