"""A hundred files that mean harm, each with a name; all of them small to send and none of use."""

import io
import json
import random
import struct
import zipfile
from collections.abc import Iterator

_NS = "http://schemas.openxmlformats.org"
_MAIN = f"{_NS}/spreadsheetml/2006/main"
_SHEET = f'<worksheet xmlns="{_MAIN}">{{}}</worksheet>'
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_NS}/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.'
        'openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sharedStrings+xml"/>'
        '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_NS}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{_NS}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>"
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" '
        f'xmlns:r="{_NS}/officeDocument/2006/relationships"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_NS}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{_NS}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{_NS}/officeDocument/2006/relationships/sharedStrings" '
        'Target="sharedStrings.xml"/></Relationships>'
    ),
    "xl/worksheets/sheet1.xml": _SHEET.format("<sheetData/>"),
    "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}"/>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"/>',
}
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]><{0}>&j;</{0}>"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><{0}>&e;</{0}>'
)


def pack(parts: dict[str, str | bytes], stored: bool = False) -> bytes:
    """Return a zip file of `parts`."""
    out = io.BytesIO()
    how = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(out, "w", how) as held:
        for name, part in parts.items():
            held.writestr(name, part)
    return out.getvalue()


def workbook(**changed: str | bytes) -> bytes:
    """Return a small .xlsx with some parts changed; "sheet", "strings", "styles", "book"."""
    names = {
        "sheet": "xl/worksheets/sheet1.xml",
        "strings": "xl/sharedStrings.xml",
        "styles": "xl/styles.xml",
        "book": "xl/workbook.xml",
    }
    return pack({**_PARTS, **{names[key]: part for key, part in changed.items()}})


def with_link() -> bytes:
    """Return a workbook that is good but for a part that is a link out of it."""
    out = io.BytesIO(workbook())
    link = zipfile.ZipInfo("xl/media/image1.png")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(out, "a") as held:
        held.writestr(link, "/etc/passwd")
    return out.getvalue()


def zips() -> Iterator[tuple[str, bytes]]:
    """Archives that swell, lie, or are broken."""
    zeros = b"\0" * (60 * 1024 * 1024)
    yield "zeros.xlsx", pack({**_PARTS, "xl/media/a.bin": zeros})
    yield "many-parts.xlsx", pack({**_PARTS, **{f"xl/p{n}.xml": "" for n in range(20_000)}})
    yield "thousand-megabytes.docx", pack({f"word/{n}.xml": zeros[: 20 << 20] for n in range(20)})
    yield "nested.xlsx", pack({"xl/a.zip": pack({"b.zip": pack({"c": zeros})}), "xl/b": "x"})
    yield "no-parts.xlsx", pack({})
    yield "up.xlsx", pack({"../../xl/evil": "x", "xl/a": "y"})
    yield "absolute.xlsx", pack({**_PARTS, "/etc/passwd": "x"})
    yield "backslash.xlsx", pack({**_PARTS, "..\\..\\evil": "x"})
    yield "link.xlsx", with_link()
    good = workbook()
    yield "cut.xlsx", good[: len(good) // 2]
    yield "cut-docx.docx", pack({"word/document.xml": "<w/>"})[:-30]
    yield "only-magic.xlsx", b"PK\x03\x04"
    lying = bytearray(pack({**_PARTS, "xl/worksheets/sheet1.xml": zeros[: 20 << 20]}))
    place = lying.rfind(b"xl/worksheets/sheet1.xml") - 46
    lying[place + 24 : place + 28] = struct.pack("<I", 100)  # declares 100 bytes
    yield "lying.xlsx", bytes(lying)
    crypted = bytearray(good)
    place = crypted.find(b"PK\x01\x02")
    crypted[place + 8] |= 1
    yield "encrypted.xlsx", bytes(crypted)
    twice = pack({**_PARTS, "xl/a": "x"}) * 2
    yield "twice.xlsx", twice[:-40]


def workbooks() -> Iterator[tuple[str, bytes]]:
    """Workbooks with too much of something, or with entities."""
    cell = '<c r="{}{}" t="inlineStr"><is><t>x</t></is></c>'
    row = "<row>" + "<c><v>1</v></c>" * 60 + "</row>"
    yield "cells.xlsx", workbook(sheet=_SHEET.format(f"<sheetData>{row * 30_000}</sheetData>"))
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 500_000))
    yield "rows.xlsx", workbook(sheet=_SHEET.format(f"<sheetData>{rows}</sheetData>"))
    far = f'<row r="1048576">{cell.format("XFD", 1048576)}</row>'
    huge = f'<dimension ref="A1:XFD1048576"/><sheetData>{far}</sheetData>'
    yield "dimension.xlsx", workbook(sheet=_SHEET.format(huge))
    merges = "".join(f'<mergeCell ref="A{n}:XFD1048576"/>' for n in range(1, 50_000))
    one = f'<sheetData><row r="1">{cell.format("A", 1)}</row></sheetData>'
    yield "merges.xlsx", workbook(sheet=_SHEET.format(f"{one}<mergeCells>{merges}</mergeCells>"))
    strings = "<si><t/></si>" * 2_000_000
    yield (
        "strings.xlsx",
        workbook(strings=f'<sst xmlns="{_MAIN}">{strings}</sst>'),
    )
    long = "字" * 10_000_000
    yield (
        "long-string.xlsx",
        workbook(strings=f'<sst xmlns="{_MAIN}"><si><t>{long}</t></si></sst>'),
    )
    fonts = "<font/>" * 1_000_000
    yield (
        "styles.xlsx",
        workbook(styles=f'<styleSheet xmlns="{_MAIN}"><fonts>{fonts}</fonts></styleSheet>'),
    )
    deep = "<a>" * 500_000 + "</a>" * 500_000
    yield "deep-sheet.xlsx", workbook(sheet=_SHEET.format(deep))
    yield "bomb-sheet.xlsx", workbook(sheet=BOMB.format("worksheet"))
    yield "bomb-strings.xlsx", workbook(strings=BOMB.format("sst"))
    yield "outside-sheet.xlsx", workbook(sheet=OUTSIDE.format("worksheet"))
    yield "outside-book.xlsx", workbook(book=OUTSIDE.format("workbook"))
    yield "broken-sheet.xlsx", workbook(sheet="<worksheet><sheetData>")
    yield "not-xml.xlsx", workbook(book=b"\xff\xfe\x00garbage")
    names = "".join(f'<definedName name="n{n}">S!A1</definedName>' for n in range(300_000))
    yield (
        "names.xlsx",
        workbook(
            book=str(_PARTS["xl/workbook.xml"]).replace(
                "</workbook>", f"<definedNames>{names}</definedNames></workbook>"
            )
        ),
    )
    sheets = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r1"/>' for n in range(1, 20_000))
    yield (
        "sheets.xlsx",
        workbook(
            book=str(_PARTS["xl/workbook.xml"]).replace(
                '<sheet name="S" sheetId="1" r:id="r1"/>', sheets
            )
        ),
    )
    yield "attribute.xlsx", workbook(sheet=_SHEET.format(f'<row hidden="{"1" * 9_000_000}"/>'))
    numbers = '<sheetData><row r="1"><c r="A1"><v>1e999999</v></c></row></sheetData>'
    yield "infinite.xlsx", workbook(sheet=_SHEET.format(numbers))
    yield "empty.xlsx", workbook()


def documents() -> Iterator[tuple[str, bytes]]:
    """Word files with too much of something, or with entities."""
    name = "word/document.xml"
    paragraph = "<w:p><w:r><w:t>x</w:t></w:r></w:p>"
    ns = f'xmlns:w="{_NS}/wordprocessingml/2006/main"'
    yield "bomb.docx", pack({name: BOMB.format("document")})
    yield "outside.docx", pack({name: OUTSIDE.format("document")})
    yield "deep.docx", pack({name: "<a>" * 400_000 + "</a>" * 400_000})
    yield "paragraphs.docx", pack({name: f"<w:document {ns}>{paragraph * 900_000}</w:document>"})
    yield "elements.docx", pack({name: f"<w:p {ns}>{'<a/>' * 5_000_000}</w:p>"})
    yield "broken.docx", pack({name: "<w:document>"})
    yield "empty.docx", pack({name: f"<w:document {ns}/>"})
    line = "x" * 5_000_000
    yield "long-line.docx", pack({name: f"<w:p {ns}><w:r><w:t>{line}</w:t></w:r></w:p>"})


def xml() -> Iterator[tuple[str, bytes]]:
    """XML and HTML."""
    yield "bomb.xml", BOMB.format("quiz").encode()
    yield "outside.xml", OUTSIDE.format("quiz").encode()
    yield "deep.xml", b"<quiz>" * 500_000
    yield "open.xml", b"<quiz><question>"
    yield "flat.xml", b"<quiz>" + b"<a/>" * 1_900_000 + b"</quiz>"
    yield "attributes.xml", b"<quiz " + b" ".join(b'a%d="1"' % n for n in range(500_000)) + b"/>"
    yield "coding.xml", b'<?xml version="1.0" encoding="x-none"?><quiz/>'
    yield "utf7.xml", b'<?xml version="1.0" encoding="utf-7"?><quiz>+ADw-</quiz>'
    yield "empty.xml", b"<quiz></quiz>"
    yield "page.html", b"<html><script>alert(1)</script></html>"
    inner = b"<text>" + b"&lt;p" * 700_000 + b"</text>"
    kind = b'<question type="essay"><questiontext>'
    yield "html.xml", b"<quiz>" + kind + inner + b"</questiontext></question>"


def structured() -> Iterator[tuple[str, bytes]]:
    """JSON and TOML."""
    yield "deep.json", b"[" * 1_000_000
    yield "deep-objects.json", b'{"a":' * 500_000
    yield "deep-closed.json", b"[" * 50_000 + b"]" * 50_000
    yield "wide.json", b"[" + b"0," * 3_000_000 + b"0]"
    yield "empties.json", b"[" + b"{}," * 2_000_000 + b"{}]"
    yield "number.json", b'[{"question":' + b"9" * 1_000_000 + b"}]"
    yield "keys.json", json.dumps({f"k{n}": n for n in range(300_000)}).encode()
    yield "cut.json", b'[{"question":"x","answer":"A'
    yield "surrogates.json", b'[{"question":"\\ud800","answer":"\\udfff"}]'
    yield "infinity.json", b'[{"question":Infinity,"answer":NaN}]'
    yield "deep.toml", b"a = " + b"[" * 100_000
    yield "dots.toml", b"[" + b".".join([b"a"] * 100_000) + b"]\n"
    yield "keys.toml", b"".join(b"a%d = 1\n" % n for n in range(300_000))
    yield "broken.toml", b"[[question]]\nid = "
    yield "lines.jsonl", b'{"a":1}\n' * 500_000


def texts() -> Iterator[tuple[str, bytes]]:
    """Text, tables, GIFT and Markdown that make patterns work hard."""
    yield "long-line.txt", b"x" * 5_000_000
    yield "long-line.csv", b"question,answer\n" + b"x" * 5_000_000
    yield "quote.csv", b'question,answer\n"' + b"x,\n" * 1_500_000
    yield "commas.csv", b"," * 4_000_000
    yield "empty-lines.txt", b"\n" * 5_000_000
    yield "nul.txt", b"1. question\x00\nA. x\n"
    yield "nul.csv", "题干,答案\n甲\x00,A\n".encode()
    yield "brackets.txt", ("（" * 19_000 + "\n").encode() * 40
    yield "letters.txt", ("A、" * 9_000 + "\n").encode() * 40
    yield "numbers.txt", b"1.\n" * 900_000
    yield "spaces.txt", (b" " * 19_000 + b"x\n") * 200
    yield "options.txt", b"A. x\n" * 900_000
    yield "labels.txt", ("【答案】" * 4_000 + "\n").encode() * 60
    yield "braces.gift", b"{" * 19_000 + b"\n" + b"}" * 19_000
    yield "open.gift", b"::a::q {=a\n" * 200_000
    yield "backslashes.gift", (b"q {" + b"\\" * 15_001 + b"=x}\n\n") * 40
    yield "answers.gift", b"q {" + b"~a " * 6_000 + b"}\n\n"
    yield "category.gift", b"$CATEGORY: a/" * 1_000
    yield "stars.md", b"# x\n" + (b"*" * 19_000 + b"\n") * 100
    yield "bars.md", (b"|" * 19_000 + b"\n") * 100
    yield "ticks.md", b"# x\n" + (b"`a" * 9_000 + b"\n") * 60
    yield "aiken.txt", b"A. x\n" * 100_000 + b"ANSWER: A\n" * 10
    yield "html.txt", (b"1. <p" + b"<!" * 9_000 + b"\n") * 40
    yield "underscores.txt", (b"1. " + b"_ " * 9_000 + b"\n") * 40


def noise() -> Iterator[tuple[str, bytes]]:
    """Random bytes, other kinds of file, nothing, and too much."""
    dice = random.Random(42)
    for name in ("noise.xlsx", "noise.docx", "noise.txt", "noise.csv", "noise.json", "noise.xml"):
        yield name, dice.randbytes(200_000)
    yield "empty.txt", b""
    yield "blank.txt", b" \n\t\n"
    yield "mark.txt", b"\xef\xbb\xbf"
    yield "old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + dice.randbytes(5000)
    yield "paper.pdf", b"%PDF-1.7\n" + dice.randbytes(5000)
    yield "picture.png", b"\x89PNG\r\n\x1a\n" + dice.randbytes(5000)
    yield "packed.gz", b"\x1f\x8b\x08" + dice.randbytes(5000)
    yield "utf16.txt", b"\xff\xfe\x00"
    yield "odd.txt", b"\xff\xfe" + dice.randbytes(1001)
    yield "large.txt", b"x" * (13 * 1024 * 1024)
    yield "large.xlsx", b"PK\x03\x04" + b"x" * (13 * 1024 * 1024)


GROUPS = {
    zips: 15,
    workbooks: 19,
    documents: 8,
    xml: 11,
    structured: 15,
    texts: 24,
    noise: 17,
}  # and how many files each holds
