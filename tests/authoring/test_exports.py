"""Every question of the real bank survives every layout that is written."""

import pytest
from flask import Flask

from app.authoring import exports
from app.bank.actions import publish_bank
from app.bank.formats.conversion import digest, from_content
from app.bank.formats.recognise import parse
from app.bank.queries import get_questions, list_question_ids
from app.base.config import ROOT
from app.base.errors import Invalid
from tests.conftest import Clock


@pytest.mark.parametrize("layout", exports.LAYOUTS)
def test_the_whole_bank_comes_back(app: Flask, clock: Clock, layout: str) -> None:
    publish_bank(ROOT / "question_bank", clock())
    questions = list(get_questions(list_question_ids()).values())
    assert len(questions) > 1000
    ending, _mimetype = exports.LAYOUTS[layout]
    sent = {digest(from_content(question.content)) for question in questions}
    parts = [questions]
    if layout == "toml":
        with pytest.raises(Invalid, match="选定科目"):
            exports.write(layout, questions)
        editions = dict.fromkeys(q.edition_id for q in questions)
        parts = [[q for q in questions if q.edition_id == edition] for edition in editions]
    read = [parse(f"x.{ending}", exports.write(layout, part)) for part in parts]
    assert all(found.refused == () for found in read)
    assert {digest(draft) for found in read for draft in found.drafts} == sent


def test_an_unknown_layout_is_an_error() -> None:
    with pytest.raises(KeyError):
        exports.write("pdf", [])
