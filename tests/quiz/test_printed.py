"""Every printed version leads back to the bank: letters, numbers and keys agree."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.bank.kinds import KINDS, Multiple, Order, Single
from app.bank.kinds.kind import LETTERS
from app.bank.queries import list_question_ids
from app.base.db import transaction
from app.base.errors import Invalid
from app.quiz import pdf, printed, queries
from app.quiz.font import find_font
from app.quiz.layout import FOOT, HEIGHT, MARGIN, TEXT, Line, paginate
from app.quiz.models import PaperRow
from app.quiz.paper import Plan
from app.quiz.pdf import Lacking
from app.quiz.press import wait_for_press
from app.quiz.printed import Printed, Version
from app.quiz.queries.papers import find_paper
from tests.quiz.conftest import Room, rule
from tests.test_every_page import faults

NOTO = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
needs_font = pytest.mark.skipif(not NOTO.exists(), reason="fonts-noto-cjk is not installed")


def questions(version: Version) -> list[Printed]:
    """Return the questions of a version in order."""
    return [one for section in version.sections for one in section.questions]


@pytest.fixture
def paper_id(room: Room) -> int:
    """A published paper of every question of the test bank."""
    return room.make(Plan(picked=list_question_ids(), points={"single": 2, "multiple": 3}))


def test_versions_hold_the_same_questions_in_another_order(paper_id: int) -> None:
    with transaction() as session:  # by chance, one paper in sixty has two versions alike
        session.get_one(PaperRow, paper_id).seed = "a"
    versions = queries.list_versions(paper_id, 4, NOW)
    assert [v.name for v in versions] == ["A", "B", "C", "D"]
    orders = [tuple(one.question.id for one in questions(v)) for v in versions]
    assert {frozenset(order) for order in orders} == {frozenset(list_question_ids())}
    assert len(set(orders)) == 4
    for version in versions:
        assert [one.number for one in questions(version)] == list(range(1, 13))
        assert [s.kind for s in version.sections] == [
            "single",
            "multiple",
            "truefalse",
            "blank",
            "order",
        ]
        assert version.points == 4 * 2 + 2 * 3 + 6
    again = queries.list_versions(paper_id, 4, NOW)
    assert again == versions


def test_a_single_version_keeps_the_order_of_the_paper(paper_id: int) -> None:
    [version] = queries.list_versions(paper_id, 1, NOW)
    assert [one.original for one in questions(version)] == list(range(1, 13))


def test_numbers_and_letters_lead_back_to_the_bank(paper_id: int) -> None:
    [original] = queries.list_versions(paper_id, 1, NOW)
    first = {one.original: one.question.id for one in questions(original)}
    for version in queries.list_versions(paper_id, 6, NOW):
        for one in questions(version):
            assert first[one.original] == one.question.id
            content = one.question.content
            back = dict(one.letters)
            if isinstance(content, Single | Multiple):
                assert "".join(sorted(back[c] for c in one.key)) == content.answer
                for option in one.options:
                    assert option.text == content.options[LETTERS.index(back[option.letter])]
            elif isinstance(content, Order):
                assert [back[c] for c in one.key.split(" → ")] == list(
                    LETTERS[: len(content.items)]
                )
            elif one.question.kind == "truefalse":
                assert one.key in "√×"
            else:
                assert one.key == KINDS["blank"].describe_key(content)


def test_each_version_of_a_paper_drawn_per_person_is_a_draw(room: Room) -> None:
    paper_id = room.make(Plan(rules=(rule(4),)), per_person=True, mode="practice")
    drawn = {
        frozenset(one.question.id for one in questions(v))
        for v in queries.list_versions(paper_id, 6, NOW)
    }
    assert len(drawn) > 1
    assert all(len(one) == 4 for one in drawn)


def test_a_draft_is_printed_as_it_would_be_published(room: Room) -> None:
    from app.quiz import actions

    plan = Plan(rules=(rule(3, kind="single"),))
    paper_id = room.make(plan, publish=False)
    before = queries.list_versions(paper_id, 2, NOW)
    actions.publish_paper(room.trainer, paper_id, room.clock())
    assert queries.list_versions(paper_id, 2, NOW) == before
    empty = room.make(Plan(), publish=False)
    with pytest.raises(Invalid):
        queries.list_versions(empty, 1, NOW)


@needs_font
@pytest.mark.once
@pytest.mark.parametrize("part", printed.PARTS)
def test_nothing_is_wider_than_the_page(paper_id: int, part: str) -> None:
    versions = queries.list_versions(paper_id, 3, NOW)
    with pdf.open_press(find_font(None), NOW) as press:
        for version in versions:
            blocks = [press.head("很长的题目" * 15, 90, version, part)]
            blocks += [b for section in version.sections for b in press.section(section, part)]
            for line in (line for block in blocks for line in block):
                for n, (x, text) in enumerate(line.parts):
                    ends = [*[place for place, _text in line.parts[n + 1 :]], TEXT + 0.5]
                    assert x + press.width(text, line.size, line.bold) <= ends[0], text


def test_blocks_stay_together_and_pages_are_not_overfull() -> None:
    one, long = [Line(((0, "x"),))] * 4, [Line(((0, "y"),))] * 90
    room = HEIGHT - 2 * MARGIN - FOOT
    blocks = [one] * 30 + [long] + [one] * 3
    pages = paginate(blocks, room)
    assert sum(map(len, pages)) == 4 * 33 + 90
    assert all(sum(line.height for line in page) <= room for page in pages)
    assert all(pages)
    assert len(pages[0]) % 4 == 0


@needs_font
@pytest.mark.once
@pytest.mark.parametrize("part", printed.PARTS)
def test_a_pdf_has_its_font_inside_and_its_pages(paper_id: int, part: str) -> None:
    made = pdf.make_pdf(
        "测验", 60, queries.list_versions(paper_id, 2, NOW), part, find_font(None), NOW
    )
    assert made.startswith(b"%PDF-")
    assert b"/FontFile3" in made or b"/FontFile2" in made
    assert len(re.findall(rb"/Type /Page\b", made)) >= 2
    again = queries.list_versions(paper_id, 2, NOW)
    assert pdf.make_pdf("测验", 60, again, part, find_font(None), NOW) == made


@needs_font
@pytest.mark.once
def test_rare_characters_are_printed_and_missing_ones_refused(room: Room) -> None:
    paper_id = room.make(title="龘䶮喆𠮷㐂的试卷", publish=False)
    versions = queries.list_versions(paper_id, 1, NOW)
    assert pdf.make_pdf("龘䶮喆𠮷㐂的试卷", None, versions, "paper", find_font(None), NOW)
    with pytest.raises(Lacking, match="\U00013000"):
        pdf.make_pdf("刻\U00013000", None, versions, "paper", find_font(None), NOW)


@needs_font
def test_rare_characters_of_a_real_paper_have_shapes() -> None:
    """Personal and place names hold what old fonts do not: none of these is a box."""
    with pdf.open_press(find_font(None), NOW) as press:
        press.check([Line(((0, "𠮷㙍䶮龘喆㐂𨨏堃镕濬"),))])


@needs_font
@pytest.mark.once
def test_a_trainer_gets_the_files_without_waiting_for_the_press(room: Room, paper_id: int) -> None:
    client, desk = room.cast.sign_in("书记"), f"/paper-desk/{paper_id}"
    page = client.get(f"{desk}/print").text
    links = re.findall(r'href="([^"]*\.pdf[^"]*)"', page)
    assert len(links) == 18
    for link in links[:3]:
        waiting = client.get(link.replace("&amp;", "&"))
        assert (waiting.status_code, waiting.headers["Refresh"]) == (202, "2"), link
        assert faults(waiting.text) == []
    wait_for_press()
    for link in links[:3]:
        reply = client.get(link.replace("&amp;", "&"))
        assert (reply.status_code, reply.mimetype) == (200, "application/pdf"), link
        assert reply.data.startswith(b"%PDF-")
    held = list((room.app.config["DATA"] / "printed").iterdir())
    assert {path.stat().st_mode & 0o777 for path in held} == {0o600}
    assert client.get(f"{desk}/essay.pdf").status_code == 404
    assert client.get(f"{desk}/key.pdf?versions=99").status_code == 202
    wait_for_press()


@needs_font
@pytest.mark.once
def test_what_cannot_be_printed_ends_in_a_sentence_and_can_be_tried_again(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = room.cast.sign_in("书记")
    carved = room.make(title="刻\U00013000", mode="practice")
    picture = f"/paper-desk/{carved}/paper.pdf"
    assert client.get(picture).status_code == 202
    wait_for_press()
    refused = client.get(picture)
    assert refused.status_code == 422
    assert "字体里没有这些字：\U00013000" in refused.text
    monkeypatch.setattr("app.quiz.press.SECONDS", 0)  # no time at all
    path = f"/paper-desk/{room.make(mode='practice')}/paper.pdf"
    assert client.get(path).status_code == 202
    wait_for_press()
    refused = client.get(path)
    assert refused.status_code == 422
    assert "没有排成" in refused.text
    monkeypatch.undo()
    assert client.get(path).status_code == 202
    wait_for_press()
    assert client.get(path).status_code == 200


def test_finished_files_are_kept_for_an_hour(tmp_path: Path) -> None:
    from app.quiz import press

    old, fresh = tmp_path / "old.pdf", tmp_path / "fresh.pdf"
    for path, age in ((old, press.KEPT_S + 1), (fresh, press.KEPT_S - 1)):
        path.write_bytes(b"x")
        os.utime(path, (10**9 - age, 10**9 - age))
    press.sweep(tmp_path, 10**9)
    assert [path.name for path in tmp_path.iterdir()] == ["fresh.pdf"]


def test_a_draft_is_not_printed_with_what_another_paper_keeps(room: Room) -> None:
    kept = list_question_ids()[:2]
    room.make(Plan(picked=kept, points={}), reserved=True, title="甲卷")
    by_rule = room.make(Plan(rules=(rule(10),)), publish=False)
    [version] = queries.list_versions(by_rule, 1, room.clock())
    assert {one.question.id for one in questions(version)}.isdisjoint(kept)
    found = find_paper(by_rule)
    assert found is not None
    assert queries.list_kept_elsewhere(found, [version], room.clock()) == set()
    by_hand = room.make(Plan(picked=kept, points={}), publish=False)
    page = room.cast.sign_in("书记").get(f"/paper-desk/{by_hand}/print").text
    assert "《甲卷》时间重叠" in page
    assert ".pdf" not in page
    assert room.cast.sign_in("书记").get(f"/paper-desk/{by_hand}/key.pdf").status_code == 422


def test_a_published_paper_is_printed_the_same_for_ever_with_a_warning(room: Room) -> None:
    paper_id = room.make(Plan(rules=(rule(12),)), mode="practice", per_person=True)
    before = queries.list_versions(paper_id, 2, room.clock())
    room.make(Plan(picked=list_question_ids()[:2], points={}), reserved=True)
    assert queries.list_versions(paper_id, 2, room.clock()) == before
    page = room.cast.sign_in("书记").get(f"/paper-desk/{paper_id}/print").text
    assert "有 2 题，正为别的试卷保留" in page
    assert "key.pdf" in page


def test_without_a_font_there_is_a_sentence(room: Room, paper_id: int, tmp_path: Path) -> None:
    room.app.config["FONT"] = str(tmp_path / "none.ttf")
    reply = room.cast.sign_in("书记").get(f"/paper-desk/{paper_id}/paper.pdf")
    assert reply.status_code == 422
    assert "XUEJI_FONT" in reply.text
