"""Quick views take turns; slow lines, large bodies and other views do not hold anybody up."""

import threading
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.bank.queries import get_question, list_question_ids
from app.base.db import db
from app.base.turn import let_go, taking_turns
from app.web.quick import LONGEST, _in_turn, quick
from tests.conftest import Cast

QUICK = {"study.today", "study.question", "study.answer", "study.rate"}


class Body(BytesIO):
    """A body that says whether the turn was held while it was read."""

    held: bool | None = None

    def read(self, *size: Any) -> bytes:
        """Return the body."""
        self.held = let_go()
        return super().read(*size)


def call(environ: dict[str, Any], quick_path: str = "/quick") -> tuple[bool, bytes]:
    """Return whether the application was called in turn, and the body it could read."""
    told = list[tuple[bool, bytes]]()

    def inner(environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        told.append((let_go(), environ["wsgi.input"].read()))
        return []

    _in_turn(inner, frozenset({quick_path}))(environ, None)  # type: ignore[arg-type]
    return told[0]


@pytest.mark.parametrize(
    ("path", "length", "in_turn"),
    [
        ("/quick", None, True),
        ("/quick", "4", True),
        ("/quick", str(LONGEST + 1), False),
        ("/quick", "nonsense", False),
        ("/other", "4", False),
    ],
)
def test_what_takes_a_turn(path: str, length: str | None, in_turn: bool) -> None:
    body = Body(b"body" if length else b"")
    environ: dict[str, Any] = {"PATH_INFO": path, "wsgi.input": body}
    if length:
        environ["CONTENT_LENGTH"] = length
    assert call(environ) == (in_turn, b"body" if length else b"")
    assert body.held is not True


def test_a_body_of_unknown_length_takes_none() -> None:
    environ = {"PATH_INFO": "/quick", "wsgi.input": Body(), "HTTP_TRANSFER_ENCODING": "chunked"}
    assert call(environ)[0] is False


def test_the_quick_views_are_those_of_study(app: Flask) -> None:
    found = {name for name, view in app.view_functions.items() if getattr(view, "quick", False)}
    assert found == QUICK
    assert quick(test_a_body_of_unknown_length_takes_none).quick  # type: ignore[attr-defined]


@pytest.mark.once
def test_everybody_answers_at_once_and_nobody_waits_for_ever(bank: Flask, cast: Cast) -> None:
    names = ("甲", "乙", "丙", "丁")
    clients = []
    for name in names:
        cast.make_member(name)
        clients.append(cast.sign_in(name))
    asked = [get_question(i) for i in list_question_ids() if get_question(i).kind == "single"]
    db.session.remove()
    statuses = list[int]()

    def study(place: int) -> None:
        for n, question in enumerate(asked):
            told = {"answer_id": f"{place:011d}{n:011d}", "question_id": question.id, "choice": 0}
            told |= {"revision": question.revision, "version": 0}
            statuses.append(clients[place].post("/study/answer", data=told).status_code)
            statuses.append(clients[place].get("/").status_code)

    threads = [threading.Thread(target=study, args=(n,)) for n in range(len(names))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert statuses == [200] * (2 * len(names) * len(asked))
    with taking_turns():
        stored = db.session.scalar(text("SELECT count(*) FROM study_review"))
    assert stored == len(names) * len(asked)
