"""Moodle XML: kinds we have are read, others refused with their number."""

import pytest

from app.bank.formats.recognise import parse
from tests.bank.formats.reading import read, reasons, short

pytestmark = pytest.mark.pure


def quiz(*questions: str) -> str:
    """Return a quiz of questions."""
    return f'<?xml version="1.0"?><quiz>{"".join(questions)}</quiz>'


def question(kind: str, inner: str, stem: str = "甲？") -> str:
    """Return a question of a kind."""
    text = f'<questiontext format="html"><text><![CDATA[<p>{stem}</p>]]></text></questiontext>'
    return f'<question type="{kind}">{text}{inner}</question>'


def answer(text: str, share: str, more: str = "") -> str:
    """Return an answer with its share of credit."""
    return f'<answer fraction="{share}" format="html"><text>{text}</text>{more}</answer>'


def test_kinds_we_have() -> None:
    path = "<category><text>$course$/top/甲/乙//丙</text></category>"
    category = f"<question type='category'>{path}</question>"
    note = "<feedback><text>因为</text></feedback>"
    gap = "甲{1:SHORTANSWER:=子~%100%丑~%50%寅}乙{2:SA:=卯#对}"
    places = [
        f"<subquestion><text>{n}</text><answer><text>{t}</text></answer></subquestion>"
        for n, t in enumerate("子丑寅", 1)
    ]
    found = read(
        quiz(
            category,
            question("multichoice", answer("子", "0") + answer("丑", "100", note)),
            question("multichoice", answer("子", "50") + answer("丑", "50") + answer("寅", "-100")),
            question("truefalse", answer("true", "0") + answer("false", "100")),
            question("shortanswer", answer("子", "100") + answer("丑", "80")),
            question("numerical", answer("8", "100", "<tolerance>0</tolerance>")),
            question("cloze", "", gap),
            question("matching", "".join(places)),
            question("ordering", answer("子", "1") + answer("丑", "2") + answer("寅", "3")),
        ),
        "a.xml",
    )
    assert found.refused == ()
    assert [short(d) for d in found.drafts] == [
        (1, "single", "甲？", ("子", "丑"), "B"),
        (2, "multiple", "甲？", ("子", "丑", "寅"), "AB"),
        (3, "truefalse", "甲？", (), False),
        (4, "blank", "甲？ ___", (), (("子",),)),
        (5, "blank", "甲？ ___", (), (("8",),)),
        (6, "blank", "甲___乙___", (), (("子", "丑"), ("卯",))),
        (7, "order", "甲？", ("子", "丑", "寅"), ()),
        (8, "order", "甲？", ("子", "丑", "寅"), ()),
    ]
    assert found.drafts[0].explanation == "因为"
    assert {d.source for d in found.drafts} == {"甲/乙/丙"}


def test_others_are_refused_with_their_number() -> None:
    found = read(
        quiz(
            question("essay", ""),
            question("description", ""),
            question("matching", "<subquestion><text>甲</text></subquestion>"),
            question("numerical", answer("8", "100", "<tolerance>0.5</tolerance>")),
            question("cloze", "", "甲{1:MULTICHOICE:=子~丑}"),
            question("multichoice", answer("子", "0") + answer("丑", "0")),
            question("multichoice", answer("子", "100"), "<img src='a'/>"),
            question("calculated", ""),
        ),
        "a.xml",
    )
    assert found.drafts == ()
    assert list(reasons(found)) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert "calculated" in reasons(found)[8]


def test_other_codings_are_read() -> None:
    text = quiz(question("truefalse", answer("true", "100"))).replace("?>", ' encoding="gb2312"?>')
    assert parse("a.xml", text.encode("gb18030")).drafts[0].stem == "甲？"
