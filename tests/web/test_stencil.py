"""What is drawn once and filled is what would have been drawn anew, and never somebody else's."""

from collections.abc import Callable, Iterator, Mapping
from itertools import cycle
from typing import Any

import pytest
from flask import Flask, flash, render_template
from flask.testing import FlaskClient
from flask_login import login_user
from jinja2 import DictLoader
from markupsafe import Markup, escape

from app.bank.kinds import KINDS
from app.bank.queries import get_question, list_question_ids
from app.study import actions
from app.web import stencil
from app.web.pens import Pen
from app.web.stencil import KEY, nested
from tests.conftest import Cast
from tests.web.visits import full_way

ROLES = ("member", "trainer", "editor", "auditor", "admin")
Told = Mapping[str, Any]


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that were shown, each compared with drawing it anew on the spot."""
    seen, show, show_about = list[str](), Pen.show, Pen.show_about

    def both(self: Pen, template: str, shape: Told, values: Told) -> bytes:
        filled = show(self, template, shape, values)
        assert filled.decode() == render_template(template, **nested({**shape, **values}))
        seen.append(template)
        return filled

    def both_about(
        self: Pen, template: str, about: Any, shape: Told, say: Callable[[], Told], values: Told
    ) -> bytes:
        filled = show_about(self, template, about, shape, say, values)
        assert filled.decode() == render_template(template, **nested({**shape, **say(), **values}))
        seen.append(template)
        return filled

    monkeypatch.setattr(Pen, "show", both)
    monkeypatch.setattr(Pen, "show_about", both_about)
    return seen


@pytest.fixture(autouse=True)
def full(app: Flask) -> Iterator[None]:
    """All requests go the full way here; what goes the short one is held equal in test_short."""
    with full_way(app):
        yield


def answer(client: FlaskClient, question_id: str, answer_id: str, right: bool) -> str:
    """Answer a question rightly or, by the first wrong choice, wrongly; return the feedback."""
    asked = get_question(question_id)
    shown = KINDS[asked.kind].present(asked.content, answer_id)
    chosen = [c for c in shown.options if (c.index in shown.key) == right]
    told: dict[str, Any] = {"answer_id": answer_id, "question_id": question_id, "version": 0}
    told |= {"revision": asked.revision, "choice": [c.value for c in chosen]}
    told |= {f"blank-{n}": "甲<b>" for n in range(4)}
    told |= {f"place-{c.value}": str(n) for n, c in enumerate(shown.options, 1)}
    return client.post("/study/answer", data=told).text


@pytest.mark.once
@pytest.mark.parametrize(("role", "language"), list(zip(ROLES, cycle(("zh", "en")), strict=False)))
def test_pages_are_those_that_would_be_drawn(
    bank: Flask, cast: Cast, compared: list[str], role: str, language: str
) -> None:
    cast.make_unit("A")
    member = cast.make_member("甲", role=role, unit="A")
    client = cast.sign_in("甲")
    settings = {"language": language, "theme": "dark", "text_size": 22}
    assert client.post("/settings", data=settings).status_code == 302
    client.get("/")  # takes what is said once
    for n, question_id in enumerate(list_question_ids()):
        if n % 3 == 0:
            actions.write_note(member, question_id, "<i>我的笔记</i> & 更多")
            actions.star_card(member, question_id, True)
        way = ("due", "chapter")[n % 2]
        assert client.get(f"/study?way={way}&since=5").status_code == 200
        client.get(f"/study?way=one&question={question_id}&undone=1")
        if n % 3:
            answer(client, question_id, f"{n:022d}", n % 2 == 0)
            client.get(f"/study/answers/{n:022d}?way=chapter&subject=dangzhang&chapter=c")
        client.get("/")
    assert {"study/question.html", "study/feedback.html", "study/today.html"} == set(compared)


def test_each_role_has_its_own_menu(bank: Flask, cast: Cast, compared: list[str]) -> None:
    cast.make_unit("A")
    for role in (*ROLES, *ROLES):
        if role not in cast.people:
            cast.make_member(role, role=role, unit="A")
        client = cast.sign_in(role)
        for _visit in range(2):  # the first brings the style sheets along
            client.get("/")
    assert len(compared) == 4 * len(ROLES)


def test_nobody_sees_anything_of_who_came_before(bank: Flask, cast: Cast) -> None:
    """The same pages, one after the other, of people who differ in everything."""
    first, second = cast.make_member("甲"), cast.make_member("乙")
    one, other = cast.sign_in("甲"), cast.sign_in("乙")
    one.post("/settings", data={"language": "zh", "theme": "dark", "text_size": 26})
    asked = list_question_ids()[0]
    for member, canary in ((first, "金丝雀甲"), (second, "金丝雀乙")):
        actions.write_note(member, asked, canary)
    for path in ("/", f"/study?way=one&question={asked}", "/"):
        for client in (one, other):
            client.get(path)
    pages = [c.get(f"/study?way=one&question={asked}").text for c in (one, other)]
    mine, theirs = pages
    assert "金丝雀甲" in mine
    assert "金丝雀乙" in theirs
    assert f'data-account="{second}"' in theirs
    assert 'data-theme="auto"' in theirs
    for foreign in ("金丝雀甲", f'data-account="{first}"', "dark", 'data-text="26"'):
        assert foreign in mine
        assert foreign not in theirs
    ids = [page.split('name="answer_id" value="')[1][:22] for page in pages]
    assert len(set(ids)) == 2
    assert ids[0] not in theirs


@pytest.fixture
def pen(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Something to draw with for a member who is signed in, and templates to draw."""
    cast.make_member("甲<")
    drawn = DictLoader(
        {
            "name": "{{ current_user.name }}",
            "asks": "{{ request.args }}{{ session }}{{ current_user.id }}",
            "puts": "<a href='/x/{{ id }}'>{{ word }}</a>{{ words[1] }}",
            "says": "{{ word }}{% for m in get_flashed_messages() %}[{{ m }}]{% endfor %}",
        }
    )
    monkeypatch.setattr(app.jinja_env, "loader", drawn)
    sheets = {"Cookie": app.extensions[KEY].sheets}  # as after a first visit
    with app.test_request_context("/?mine=1", headers=sheets):
        login_user(cast.viewer("甲<"))
        yield Pen


def test_a_template_may_not_ask_who_reads(pen: type[Pen]) -> None:
    with pytest.raises(LookupError, match="name"):
        pen().show("name", {}, {})


def test_a_stencil_is_drawn_outside_of_anybodys_request(pen: type[Pen], cast: Cast) -> None:
    page = pen().show("asks", {}, {}).decode()
    assert "mine" not in page
    assert "_user_id" not in page
    assert page.endswith(str(cast.people["甲<"]))


def test_values_are_escaped_and_markup_is_not(pen: type[Pen]) -> None:
    told = {"id": "a-1", "word": "<b>&", "words.1": Markup("<i>"), "words.0": 1}
    assert pen().show("puts", {}, told).decode() == "<a href='/x/a-1'>&lt;b&gt;&amp;</a><i>"


def test_what_an_address_would_quote_is_not_put_into_one(app: Flask, pen: type[Pen]) -> None:
    told = {"id": "a", "word": "x", "words.1": ""}
    pen().show("puts", {"words.0": 1}, told)
    stencil = list(app.extensions[KEY].kept.values())[-1]
    assert stencil.quoted == {"id"}
    assert not stencil.fits({"id": "a/b"})
    assert "/x/a/b" in pen().show("puts", {"words.0": 1}, {**told, "id": "a/b"}).decode()


def test_what_is_said_once_is_said_once(pen: type[Pen]) -> None:
    assert pen().show("says", {}, {"word": "a"}) == b"a"
    flash("hear")
    assert pen().show("says", {}, {"word": "a"}) == b"a[hear]"


def test_only_so_many_are_kept(app: Flask, pen: type[Pen], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.stencil.MOST", 3)
    for n in range(9):
        pen().show("says", {"n": n}, {"word": "a"})
    assert len(app.extensions[KEY].kept) == 3


def test_what_is_always_the_same_is_asked_once(app: Flask, pen: type[Pen]) -> None:
    asked: list[str] = []

    def say() -> Told:
        asked.append("once")
        return {"id": "a-1", "words.1": "<i>"}

    pages = {
        pen().show_about("puts", ("a",), {"words.0": 1}, say, {"word": word}).decode()
        for word in ("<b>", "<b>", "c")
    }
    assert pages == {f"<a href='/x/a-1'>{word}</a>&lt;i&gt;" for word in ("&lt;b&gt;", "c")}
    assert asked == ["once"]
    pen().show_about("puts", ("b",), {"words.0": 1}, say, {"word": ""})
    pen().show_about("puts", ("a",), {"words.0": 2}, say, {"word": ""})
    assert len(asked) == 3  # about another thing, and in another shape


def test_what_an_address_would_quote_is_not_settled_there(app: Flask, pen: type[Pen]) -> None:
    told = {"id": "a b", "words.1": ""}
    for _time in range(2):
        page = pen().show_about("puts", ("a",), {"words.0": 1}, lambda: told, {"word": "x"})
        assert page.decode() == "<a href='/x/a b'>x</a>"  # drawn as the template says
    assert app.extensions[KEY].about == {}


def test_only_so_much_is_kept_about_things(
    app: Flask, pen: type[Pen], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stencil, "MOST_SETTLED", 2)
    for number in range(4):
        told = {"id": str(number), "words.0": "", "words.1": ""}
        page = pen().show_about("puts", (number,), {}, lambda told=told: told, {"word": "x"})
        assert f"/x/{number}" in page.decode()
    assert [key[0] for key in app.extensions[KEY].about] == [2, 3]


@pytest.mark.parametrize(
    "values",
    [
        ["a", 1, None, Markup("<b>"), "<i>", "", 0.5, True],
        ["\0", "a<b\0c", "d"],
        ["a\0", Markup("<b>\0"), "&"],
        [],
        [Markup("")],
    ],
)
def test_values_escaped_together_are_those_escaped_each(values: list[Any]) -> None:
    assert stencil.escape_all(values) == [str(escape(value)).encode() for value in values]
