"""Reads of what is published, in bank order, from memory."""

import pytest
from flask import Flask

from app.bank import queries
from app.base.db import db
from app.base.errors import NotFound
from tests.statements import watch_statements


def test_an_unpublished_bank_is_empty(app: Flask) -> None:
    assert queries.list_question_ids() == ()
    assert queries.list_subjects() == []
    assert queries.search("党", 10, 0) == ([], 0)


def test_questions_come_in_bank_order(bank: Flask) -> None:
    ids = queries.list_question_ids()
    assert (len(ids), ids[0], ids[-1]) == (12, "fx-p11-01", "fx-a09-01")
    assert queries.list_question_ids("dangzhang", "gp") == ids[:4]
    assert queries.list_question_ids("nothing") == ()


def test_subjects_and_chapters(bank: Flask) -> None:
    (subject,) = queries.list_subjects()
    assert (subject.id, subject.title, subject.questions) == ("dangzhang", "党章", 12)
    chapters = queries.list_chapters("dangzhang")
    assert [(c.id, c.title, len(c.question_ids)) for c in chapters] == [
        ("gp", "总纲", 4),
        ("ch1", "第一章　党员", 8),
    ]
    assert queries.list_chapters("nothing") == []


def test_a_question_names_its_source(bank: Flask) -> None:
    question = queries.get_question("fx-a05-01")
    assert question.document_title == "中国共产党章程"
    assert (question.edition_short, question.provision_label) == ("2022年修改", "第五条")
    assert queries.get_question("fx-p11-01").provision_label == "总纲第11自然段"


def test_what_is_missing_is_not_found(bank: Flask) -> None:
    for args in (("no-such",), ("fx-a05-01", 2), ("fx-a05-01", 0)):
        with pytest.raises(NotFound):
            queries.get_question(*args)  # type: ignore[arg-type]
    assert list(queries.get_questions(["no-such", "fx-a05-01"])) == ["fx-a05-01"]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("介绍人 两名", ["fx-a05-01"]),
        ("第9条", ["fx-a09-01"]),
        ("第九条", ["fx-a09-01"]),
        ("FX-A08-01", ["fx-a08-01"]),
        ("没有这样的词", []),
        ("，。", []),
        ("", []),
    ],
)
def test_search(bank: Flask, text: str, ids: list[str]) -> None:
    assert queries.search(text, 10, 0) == (ids, len(ids))


def test_search_is_paged(bank: Flask) -> None:
    everything, total = queries.search("党章", 5, 0)
    assert (len(everything), total) == (5, 12)
    assert queries.search("党章", 5, 10) == (list(queries.list_question_ids()[10:]), 12)


def test_a_request_costs_one_tiny_read(bank: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    queries.list_question_ids()
    db.session.rollback()
    seen: list[str] = []
    watch_statements(monkeypatch, seen.append)
    for _n in range(3):
        queries.get_questions(queries.list_question_ids())
        queries.search("党", 5, 0)
    reads = [statement for statement in seen if statement.startswith("SELECT")]
    assert len(reads) == 1
    assert "bank_publication" in reads[0]
