"""Rows of cells to records: one row a question, or one row an option; pure."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from app.bank.formats.blanks import read_written_blanks, split_list
from app.bank.formats.columns import legend_of, plain_title, recognise_title
from app.bank.formats.guess_columns import guess_columns
from app.bank.formats.lettered import split_cell, take_off_letters
from app.bank.formats.settle import Record
from app.bank.formats.wording import read_kind, read_truth

HEADER_WITHIN = 20  # rows
NAMES = {
    "stem": "题干",
    "kind": "题型",
    "answer": "答案",
    "explanation": "解析",
    "difficulty": "难度",
    "source": "章节",
    "tags": "标签",
    "options": "选项",
    "letter": "选项字母",
    "flag": "是否正确",
    "id": "编号",
}
Row = Sequence[str]


@dataclass(slots=True)
class Columns:
    """Where things stand: `top` is the header's row from 0, -1 when the file has none."""

    top: int
    places: dict[str, list[int]]
    titles: list[str] = field(default_factory=list)
    legend: dict[str, str] = field(default_factory=dict)

    def cell(self, row: Row, role: str) -> str:
        """Return the cells of a role, joined where several columns hold it."""
        return " / ".join(dict.fromkeys(text for text in self.cells(row, role) if text))

    def cells(self, row: Row, role: str) -> list[str]:
        """Return each cell of a role."""
        return [row[n].strip() if n < len(row) else "" for n in self.places.get(role, [])]

    def options(self, row: Row) -> list[str]:
        """Return the cells of the numbered option columns in order, with gaps as ""."""
        roles = sorted((r for r in self.places if r.startswith("option ")), key=_number)
        texts = [self.cell(row, role) for role in roles]
        if not texts and len(self.places.get("options", [])) > 1:
            texts = self.cells(row, "options")
        return texts


def find_columns(rows: Sequence[Row], guess: bool = True) -> Columns | None:
    """Return the columns by the titles in the first rows, else by content, None if neither."""
    best: tuple[int, Columns] | None = None
    for top, row in enumerate(rows[:HEADER_WITHIN]):
        columns = _header(top, row)
        score = len(columns.places)
        if _enough(columns) and (best is None or score > best[0]):
            best = (score, columns)
    if best:
        return best[1]
    places = guess_columns(rows) if guess else None
    return Columns(-1, places) if places else None


def read_table(
    rows: Sequence[Row], columns: Columns, where: str = "", exact: bool = False
) -> list[Record]:
    """Return a record for each question below the header; rows count from 1 as people do."""
    hint = where if read_kind(where)[0] else ""
    body = [
        (number, row)
        for number, row in enumerate(rows, 1)
        if number > columns.top + 1 and any(cell.strip() for cell in row)
    ]
    if _is_one_option_a_row(columns, [row for _number, row in body]):
        return _read_option_rows(body, columns, where, hint)
    records = []
    for number, row in body:
        kind = _heading(row)
        if kind is not None and not exact:
            hint = kind or hint
        elif not _is_header_again(row, columns):
            records.append(_record(number, row, columns, where, hint, exact))
    return records


def describe(columns: Columns) -> str:
    """Return in words which column holds what."""
    parts = []
    for role, places in columns.places.items():
        if role in NAMES:
            parts.append(f"{NAMES[role]}={_name(columns, places)}")
    options = [
        n for role, held in columns.places.items() if role.startswith("option ") for n in held
    ]
    if options:
        parts.append(f"选项={_name(columns, sorted(options))}")
    start = f"第 {columns.top + 1} 行是表头" if columns.top >= 0 else "没有表头，按内容判断各列"
    used = {n for role, held in columns.places.items() if role != "unused" for n in held}
    rest = [title for n, title in enumerate(columns.titles) if title.strip() and n not in used]
    tail = f"；没有用到的列：{'、'.join(title.strip()[:12] for title in rest[:8])}" if rest else ""
    return f"{start}：{'，'.join(parts)}{tail}"


def column_name(place: int) -> str:
    """Return the letters a spreadsheet shows for a column, 0 → A, 26 → AA."""
    before, last = divmod(place, 26)
    return (column_name(before - 1) if before else "") + chr(65 + last)


def _header(top: int, row: Row) -> Columns:
    """Return what the titles of one row say."""
    places: dict[str, list[int]] = {}
    legend: dict[str, str] = {}
    for place, title in enumerate(row):
        role = recognise_title(title)
        if role and not (role in places and role in ("answer", "number", "id")):
            places.setdefault(role, []).append(place)
        if role == "kind":
            legend = legend_of(title)
    _prefer_stem(places, row)
    return Columns(top, places, list(row), legend)


def _prefer_stem(places: dict[str, list[int]], row: Row) -> None:
    """Keep one stem column, the one whose title says so most plainly."""
    order = ("题干", "题目", "试题", "问题", "question", "stem", "content", "内容", "title")
    stems = places.get("stem", [])
    if len(stems) > 1:
        best = min(stems, key=lambda n: next((i for i, w in enumerate(order) if w in row[n]), 99))
        places["stem"] = [best]


def _enough(columns: Columns) -> bool:
    """Say whether titles were found that a table of questions cannot do without."""
    held = columns.places
    keyed = "answer" in held or any(role.startswith("flag") for role in held)
    return "stem" in held and (keyed or sum(role.startswith("option") for role in held) > 1)


def _record(number: int, row: Row, columns: Columns, where: str, hint: str, exact: bool) -> Record:
    """Return the question of one row."""
    kind = columns.cell(row, "kind")
    record = Record(
        row=number,
        where=where,
        kind=columns.legend.get(kind, kind),
        hint=hint,
        stem=columns.cell(row, "stem"),
        answers=[columns.cell(row, "answer")],
        explanation=columns.cell(row, "explanation"),
        difficulty=columns.cell(row, "difficulty"),
        source=columns.cell(row, "source"),
        id=columns.cell(row, "id"),
        exact=exact,
    )
    tags = columns.cell(row, "tags")
    texts = columns.options(row)
    if exact:
        return _exact(record, texts, tags)
    record.tags = [tag for tag in re.split(r"[,，;；、\n]", tags) if tag.strip()]
    flags = [columns.cell(row, f"flag {n}") for n in range(1, len(texts) + 1)]
    if any(flags) and not record.answers[0]:
        record.answers = [chr(65 + n) for n, flag in enumerate(flags) if read_truth(flag)]
    last = max((n for n, text in enumerate(texts) if text), default=-1)
    record.options = take_off_letters(texts[: last + 1])
    if not texts:
        record.options = split_cell(columns.cell(row, "options"))
    return record


def _exact(record: Record, texts: list[str], tags: str) -> Record:
    """Return the question of a row that this program wrote."""
    record.options = [("", text) for text in texts if text]
    record.tags = split_list(tags)
    if read_kind(record.kind)[0] == "blank":
        record.variants = read_written_blanks(record.answers[0])
    return record


def _is_one_option_a_row(columns: Columns, body: Sequence[Row]) -> bool:
    """Say whether questions go on over several rows, with one option in each."""
    if len(columns.places.get("options", [])) != 1 or not body:
        return False
    if "flag" in columns.places or "letter" in columns.places:
        return True
    stems = [columns.cell(row, "stem") for row in body]
    go_on = sum(not now or now == before for before, now in pairwise(stems))
    return go_on * 2 > len(body)


def _read_option_rows(
    body: Iterable[tuple[int, Row]], columns: Columns, where: str, hint: str
) -> list[Record]:
    """Return questions whose options stand one below the other."""
    records: list[Record] = []
    number_before = ""
    for number, row in body:
        stem = columns.cell(row, "stem")
        mark = columns.cell(row, "number") or columns.cell(row, "id")
        fresh = stem and (
            not records or stem != records[-1].stem or (mark and mark != number_before)
        )
        if fresh or not records:
            records.append(_record(number, row, columns, where, hint, False))
            records[-1].options, records[-1].stem = [], stem
            number_before = mark
        _add_option(records[-1], row, columns, fresh=bool(fresh))
    for record in records:
        if all(not letter for letter, _text in record.options):
            record.options = take_off_letters([text for _letter, text in record.options])
        record.answers = list(dict.fromkeys(text for text in record.answers if text))
    return records


def _add_option(record: Record, row: Row, columns: Columns, fresh: bool) -> None:
    """Add the option of one row, and what the row says about the key."""
    text = columns.cell(row, "options")
    letter = columns.cell(row, "letter").strip(" .、．)）").upper()[:1]
    if text:
        record.options.append((letter, text))
    if text and read_truth(columns.cell(row, "flag")):
        record.answers.append(letter or chr(64 + len(record.options)))
    answer = columns.cell(row, "answer")
    if answer and not fresh:
        record.answers.append(answer)


def _heading(row: Row) -> str | None:
    """Return the kind that a row such as 一、单选题 names, "" for another, None for no heading."""
    texts = {cell.strip() for cell in row if cell.strip()}
    if len(texts) != 1:
        return None
    text = texts.pop()
    if len(text) > 40 or (sum(bool(cell.strip()) for cell in row) == 1 and not read_kind(text)[0]):
        return None
    return text if read_kind(text)[0] or read_kind(text)[1] else ""


def _is_header_again(row: Row, columns: Columns) -> bool:
    """Say whether a row repeats the header, as printed tables do on every page."""
    stem = columns.places["stem"][0]
    if columns.top < 0 or row[stem : stem + 1] != columns.titles[stem : stem + 1]:
        return False
    titles = Counter(plain_title(title) for title in columns.titles if title.strip())
    return Counter(plain_title(cell) for cell in row if cell.strip()) == titles


def _name(columns: Columns, places: list[int]) -> str:
    """Return "B 列“题干”" or "C–F 列"."""
    if len(places) > 1:
        return f"{column_name(places[0])}–{column_name(places[-1])} 列"
    title = columns.titles[places[0]].strip()[:12] if columns.titles else ""
    return f"{column_name(places[0])} 列" + (f"“{title}”" if title else "")


def _number(role: str) -> int:
    return int(role.split()[1])
