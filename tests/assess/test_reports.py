"""A report is the same on screen, in Excel and PDF; the exempt are left out; nobody is ranked."""

import io
import re
from datetime import datetime, timedelta
from typing import Any

import html5lib
import openpyxl
import pytest
from flask import Flask

from app.assess.actions import fold_reports
from app.assess.explain.reports import as_report
from app.assess.legible import make_legible
from app.assess.pdf import lay_out, paginate, print_report
from app.assess.queries import get_responsibility, get_unit_figures
from app.assess.report import Report, table
from app.assess.workbook import write_report
from app.assign.actions.duties import make_duty
from app.assign.ownership import Charge
from app.assign.wording import Wording
from app.base.clock import study_day
from app.base.errors import NotFound
from app.org.actions import Edited, edit_person
from app.org.queries import get_profile
from app.quiz.font import find_font
from app.quiz.pdf import open_press
from app.quiz.press import wait_for_press
from app.study.actions import answer_card
from app.study.queries import get_marks
from tests.conftest import Cast, Clock
from tests.quiz.conftest import Room, viewer_of
from tests.study.test_actions import sent, single
from tests.test_every_page import faults

RARE = "𠮷田㙍䶮"


@pytest.fixture
def room(bank: Flask, cast: Cast, clock: Clock) -> Room:
    """Unit A with B below it, a trainer and a member of A, a member of B."""
    return Room(bank, cast, clock)


def study(room: Room, member_id: int, rights: str, clock: Clock) -> None:
    """Let a member answer one question a day, rightly where there is a 1."""
    for right in rights:
        version = get_marks(member_id, single()).version
        answer_card(member_id, sent(single(), right == "1", version), clock())
        clock.move(days=1)


def exempt(room: Room, name: str, clock: Clock) -> None:
    """Record that nothing rigid is asked of somebody."""
    member_id = room.cast.people[name]
    profile = get_profile(member_id, study_day(clock()))
    wanted = Edited(name, None, "member", profile.unit_id, "full", "exempt", profile.seen)
    edit_person(member_id, wanted, room.trainer, clock())


def figures(room: Room, clock: Clock, unit: str = "A", compared: bool = False) -> Any:
    """Return the figures of a unit."""
    return get_unit_figures(room.trainer, room.cast.units[unit], compared, clock())


def test_answers_after_a_day_are_added_up_over_the_unit_and_below(room: Room, clock: Clock) -> None:
    study(room, room.member.id, "1101", clock)
    study(room, room.other.id, "10", clock)
    found = figures(room, clock)
    [chapter] = found.chapters
    assert (chapter.right, chapter.asked) == (2, 4)
    assert figures(room, clock, "B").chapters[0].asked == 1
    [below] = found.below
    assert (below.name, below.people, below.delayed, below.recalled) == ("单位B", 1, 1, 0)
    assert sum(asked for _month, _right, asked in found.months) == 4


def test_the_exempt_are_in_no_denominator(room: Room, clock: Clock) -> None:
    room.cast.make_member("病", unit="A")
    paper_id = room.make()
    room.start(paper_id)
    room.answer(paper_id, 1)
    room.submit(paper_id)
    before = figures(room, clock).papers[0]
    exempt(room, "病", clock)
    clock.move(days=2)
    [paper] = figures(room, clock).papers
    assert before.meant == paper.meant + 1 == 4
    assert (paper.submitted, paper.overdue, paper.passed) == (1, 2, 0)
    told = [one.name for one in figures(room, clock).helped]
    assert set(told) == {"书记", "乙"}
    assert figures(room, clock).people == {"active": 3, "exempt": 1}


def test_who_recalls_little_is_named_with_the_reason_and_nobody_else(
    room: Room, clock: Clock
) -> None:
    study(room, room.member.id, "1" + "0" * 10, clock)
    study(room, room.other.id, "1" + "1" * 10, clock)
    assert figures(room, clock).helped == ()  # until the night has counted
    fold_reports(clock())
    [one] = figures(room, clock).helped
    assert (one.name, one.recalled, one.delayed) == ("甲", 0, 10)


def test_units_are_compared_only_when_asked_and_only_as_distributions(
    room: Room, clock: Clock
) -> None:
    assert figures(room, clock).comparison is None
    compared = figures(room, clock, compared=True).comparison
    assert compared is not None
    assert compared.units == {}
    shown = room.cast.sign_in("书记").get(f"/reports/{room.cast.units['A']}?compare=1").text
    assert "没有人数足够的下级单位" in shown
    assert "名次" not in shown.replace("不排名次", "").replace("不给人排名次", "")


def test_nobody_reads_the_report_of_a_unit_beside_or_above(room: Room, clock: Clock) -> None:
    below = viewer_of(room.cast.make_member("乙书记", role="trainer", unit="B"))
    assert get_unit_figures(below, room.cast.units["B"], False, clock()).unit_name == "单位B"
    with pytest.raises(NotFound):
        get_unit_figures(below, room.cast.units["A"], False, clock())


@pytest.mark.once
def test_screen_excel_and_pdf_agree_on_every_figure(room: Room, clock: Clock) -> None:
    room.cast.make_member(RARE, unit="A")
    room.cast.make_member("=甲1+1", unit="B")
    paper_id = room.make(title="=HYPERLINK(1)测验")
    for name in ("甲", RARE):
        who = viewer_of(room.cast.people[name])
        number = room.start(paper_id, who)
        room.answer(paper_id, 1, True, number, who)
        room.submit(paper_id, number, who)
    study(room, room.member.id, "1" + "0" * 10, clock)
    fold_reports(clock())
    client, path = room.cast.sign_in("书记"), f"/reports/{room.cast.units['A']}"
    page = client.get(path)
    cells = cells_of_page(page.text)
    assert len(cells) > 30
    assert RARE not in cells  # has handed in: not among those who need help
    assert cells_of_workbook(client.get(f"{path}/report.xlsx").data) == cells
    wanted = as_report(figures(room, clock), lambda unit: "")
    assert cells_of_print(wanted, clock()) == [re.sub(r"\s", "", cell) for cell in cells]
    assert [cell for one in wanted.tables for row in one.rows for cell in row] == cells
    assert fetch(client, f"{path}/report.pdf")[:5] == b"%PDF-"
    assert client.get(f"{path}/report.doc").status_code == 404


def cells_of_page(page: str) -> list[str]:
    """Return the text of every cell of the body of every table of a page."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    rows = [row for body in tree.iter("tbody") for row in body.iter("tr")]
    return ["".join(cell.itertext()).strip() for row in rows for cell in row]


def cells_of_workbook(data: bytes) -> list[str]:
    """Return the text of every cell of every row below the heads; no cell may be a formula."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    found = []
    for sheet in book.worksheets[1:]:
        width = sheet.max_column
        for row in sheet.iter_rows(min_row=3, max_col=width):
            assert all(cell.data_type in ("s", "n", "d") for cell in row)
            if row[0].value is None or (width > 1 and row[1].value is None):
                break
            found += [shown(cell) for cell in row]
    return found


def shown(cell: Any) -> str:
    """Return what Excel shows of a cell with its format; numbers by the patterns that are used."""
    value, pattern = cell.value, cell.number_format
    if isinstance(value, datetime):
        assert pattern == "yyyy-mm-dd"
        return value.date().isoformat()
    if isinstance(value, int | float) and pattern.endswith("%"):
        return f"{100 * value:.{len(pattern) - 3 if '.' in pattern else 0}f}%"
    if isinstance(value, float):
        return f"{value:.{len(pattern) - 2}f}"
    return "" if value is None else str(value)


def fetch(client: Any, path: str) -> bytes:
    """Return a file that is made aside: ordered, waited for, and there at the same address."""
    ordered = client.get(path)
    assert ordered.status_code == 302, ordered.text
    waiting = client.get(ordered.location)
    assert (waiting.status_code, waiting.headers["Refresh"]) == (202, "2")
    assert faults(waiting.text) == []
    wait_for_press()
    reply = client.get(ordered.location)
    assert reply.status_code == 200
    data: bytes = reply.data
    return data


def cells_of_print(report: Report, now: datetime) -> list[str]:
    """Return the text of every cell as it is set for the PDF, without spaces."""
    found = []
    with open_press(find_font(None), now) as press:
        for one in report.tables:
            [section] = lay_out(press, Report("", "", (), (one,)))[1:]
            for block in section.rows:
                columns: dict[float, str] = {}
                for line in block:
                    for place, text in line.parts:
                        columns[place] = columns.get(place, "") + text
                found += [re.sub(r"\s", "", columns[place]) for place in sorted(columns)]
    return found


@pytest.mark.once
def test_rows_go_on_below_their_heads_and_keep_every_word(clock: Clock) -> None:
    """Two hundred rows with a long column: nothing is lost, no page is overfull or headless."""
    rows = [[f"员{n}", f"{n}%", "很长的说明，" * (n % 7 * 9) + f"第{n}条"] for n in range(200)]
    wanted = table("得分", ["姓名", "份额", "怎么算的"], rows, "注", long=[2])
    report = Report("考评", "单位", (("时间", "今天"),), (wanted,))
    with open_press(find_font(None), clock()) as press:
        pages = paginate(lay_out(press, report), 200)
    assert len(pages) > 9
    for page in pages:
        assert sum(line.height for line in page) <= 200
    assert all(page[0].parts[0] == (0.0, "姓名") for page in pages[1:])
    told = "".join(text for page in pages for line in page for _place, text in line.parts)
    for name, share, long in rows:
        assert f"{name}{share}怎么算的：{long}" in told.replace("姓名份额", "")


@pytest.mark.once
def test_a_character_that_no_font_has_is_written_as_its_number(clock: Clock) -> None:
    rows = [["刻\U00013000", "a\x07b"]]
    report = Report("考评", "\U00013000", (), (table("表", ["姓名", "字"], rows),))
    font = find_font(None)
    made = words_of_pdf(print_report(report, font, clock()))
    assert "\U00013000" not in made
    legible = make_legible(report, "\U00013000\x07")
    assert legible.tables[0].rows == (("刻〔U+13000〕", "a b"),)
    assert legible.facts == (("字体里没有的字", "〔U+13000〕"),)
    assert make_legible(report, "") == report


def words_of_pdf(data: bytes) -> set[str]:
    """Return the characters that a PDF can show, read back from its embedded font."""
    found = set()
    for hexa in re.findall(rb"<([0-9A-Fa-f]{4,8})>", unpacked(data)):
        if len(hexa) == 8:
            found.add(bytes.fromhex(hexa.decode()).decode("utf-16-be"))
        else:
            found.add(bytes.fromhex(hexa.decode()).decode("utf-16-be", "ignore"))
    return found


def unpacked(data: bytes) -> bytes:
    """Return the streams of a PDF, unpacked."""
    import zlib

    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            found.append(stream)
    return b"\n".join(found)


HOSTILE = ("=1+1", "+1", "-cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "𠮷", "㙍", "䶮", "a'[]:*?/\\b")


@pytest.mark.once
def test_nothing_in_a_workbook_is_a_formula_and_rare_characters_stay(clock: Clock) -> None:
    rows = [[text, "7"] for text in HOSTILE]
    report = Report(HOSTILE[8], "=A1", (("=1", "=2"),), (table(HOSTILE[8], ["=h", "n"], rows),))
    data = write_report(report)
    book = openpyxl.load_workbook(io.BytesIO(data))
    rows_of = book.worksheets[1].iter_rows(min_row=3, max_row=2 + len(HOSTILE))
    values = [cell.value for row in rows_of for cell in row]
    assert values == [value for text in HOSTILE for value in (text, 7)]
    assert book.worksheets[0]["B2"].value == "=2"
    for sheet in book.worksheets:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    made = print_report(report, find_font(None), clock())
    assert {"𠮷", "㙍", "䶮"} <= words_of_pdf(made)


def test_a_row_has_a_cell_for_each_head() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        table("t", ["a", "b"], [["1"]])


def test_responsibility_names_who_it_was_and_what_became_of_it(room: Room, clock: Clock) -> None:
    today = study_day(clock())
    charge = Charge(member_id=room.member.id)
    wanted = Wording("讲一次党课", "有讲稿", today, today + timedelta(days=5))
    make_duty(room.trainer, room.cast.units["A"], wanted, charge, clock())
    page = room.cast.sign_in("书记").get(f"/reports/{room.cast.units['A']}/responsibility").text
    assert "讲一次党课" in page
    assert "甲" in page
    clock.move(days=9)
    late = get_responsibility(
        room.trainer, room.cast.units["A"], today, study_day(clock()), study_day(clock())
    )
    assert dict(late.outcomes) == {"late": 1}
    assert late.rows[0].late_days == 4
    assert "讲一次党课" in room.cast.sign_in("甲").get("/my-record").text
