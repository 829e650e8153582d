"""Packages repeat byte for byte, numbers never change, and text stays text."""

import hashlib
import html
import io
import json
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.anki.deck import Deck, Selection, build, deck_name
from app.anki.note import as_html, note_of
from app.anki.note_type import BLANK, CARD, CHOICE, TEMPLATES_AT
from app.anki.number import number_of
from app.anki.progress import history, scheduled
from app.anki.writer import Package
from app.bank.kinds import Blank, Order, Single
from tests.anki.make import ALL, COMMON, NOW, make_progress, make_question, make_reviews

pytestmark = pytest.mark.pure

HOSTILE = "<script>alert(1)</script> & \"q\" 'q'\n{{c1::x::y}} [sound:a.mp3] \\(x\\) \x1f</li>"


@contextmanager
def opened(deck: Deck) -> Iterator[sqlite3.Connection]:
    """Open the collection inside a package."""
    with zipfile.ZipFile(io.BytesIO(deck.content)) as archive:
        content = archive.read("collection.anki2")
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(content)
        yield connection


def test_numbers_never_change() -> None:
    assert number_of("q-single") == 1609687759865
    assert number_of("学记::中国共产党章程::第一章　党员") == 1637625085033
    assert (CHOICE.model_id, BLANK.model_id) == (1763856000001, 1763856000002)


@given(st.text())
def test_numbers_lie_in_the_past_of_anki(text: str) -> None:
    assert 2**39 <= number_of(text) < 1_660_000_000_000


def test_field_lists_of_version_one_are_frozen() -> None:
    assert " ".join(names("single")) == "编号 题型 题干 选项 答案 答案序号 解析 出处 备用一 备用二"
    assert " ".join(names("blank")) == "编号 题型 题干 答案 解析 出处 备用一 备用二"


def test_changed_templates_come_with_a_later_time() -> None:
    """Whoever changes card/ moves TEMPLATES_AT on, or no Anki takes the change over."""
    total = hashlib.sha256()
    for path in sorted(CARD.iterdir()):
        total.update(path.read_bytes())
    assert (TEMPLATES_AT, total.hexdigest()[:16]) == (1795564800, "cf2fbd15573b6d22")


def test_the_templates_need_no_newer_language_than_es2017() -> None:
    script = (CARD / "front.html").read_text()
    assert not re.search(r"\?\.|\?\?|catch \{|\.flat\(|\.at\(|#\w+ =|import |innerHTML", script)


def test_the_same_input_gives_the_same_bytes() -> None:
    progress = {"q-single": make_progress((0, 3), (30, 1)), "q-order": make_progress((1, 4))}
    turned = dict(reversed(progress.items()))
    first = build(Selection(ALL, progress), NOW)
    assert first == build(Selection(ALL, turned), NOW)
    assert first.content != build(Selection(ALL, progress), NOW + timedelta(days=1)).content


def test_the_package_is_compressed_and_knows_no_clock() -> None:
    with zipfile.ZipFile(io.BytesIO(build(Selection(ALL), NOW).content)) as archive:
        entries = {(entry.compress_type, entry.date_time) for entry in archive.infolist()}
        assert entries == {(zipfile.ZIP_DEFLATED, (2020, 1, 1, 0, 0, 0))}
        assert json.loads(archive.read("media")) == {}


def test_a_package_needs_the_time_of_the_export() -> None:
    with pytest.raises(ValueError, match="time"):
        Package([], None).write_to_file(io.BytesIO())


def test_one_question_is_one_note_and_one_card_with_its_own_time_of_change() -> None:
    deck = build(Selection(ALL), NOW)
    with opened(deck) as collection:
        notes = collection.execute("SELECT id, guid, mod FROM notes ORDER BY guid").fetchall()
        cards = collection.execute("SELECT id, nid, mod, queue, due FROM cards").fetchall()
        (models,) = collection.execute("SELECT models FROM col").fetchone()
    ids = sorted(question.id for question in ALL)
    assert notes == [(number_of(i), i, 1_790_000_000) for i in ids]
    assert sorted(cards) == sorted((number_of(i), number_of(i), 1_790_000_000, 0, 7) for i in ids)
    assert {model["mod"] for model in json.loads(models).values()} == {TEMPLATES_AT}
    assert (deck.notes, deck.cards, deck.reviews) == (5, 5, 0)


def test_sub_decks_by_document_and_chapter() -> None:
    assert deck_name(ALL[0]) == "学记::中国共产党章程::第一章　党员"
    assert deck_name(make_question(document_title="甲::乙")) == "学记::甲：乙::第一章　党员"


def test_tags_say_subject_chapter_kind_and_difficulty_without_spaces() -> None:
    assert note_of(ALL[0]).tags == ("dangzhang", "ch1", "single", "know")
    assert note_of(make_question(subject="a b\u3000c")).tags[0] == "a-b-c"
    assert note_of(make_question(status="retired")).tags[-1] == "已停用"


def test_answers_are_words_not_letters() -> None:
    answers = {q.id: dict(zip(names(q.kind), note_of(q).fields, strict=True)) for q in ALL}
    assert answers["q-single"]["答案"] == '<p class="key">乙</p>'
    assert "甲</li><li>丙</li><li>丁" in answers["q-multiple"]["答案"]
    assert answers["q-multiple"]["答案序号"] == "0 2 3"
    assert "这句话是错误的。" in answers["q-truefalse"]["答案"]
    assert answers["q-blank"]["题干"] == "先{{c1::一年}}后{{c1::实际}}。"
    assert "一年（也可以写作：1年）" in answers["q-blank"]["答案"]
    assert "第一步</li><li>第二步</li><li>第三步" in answers["q-order"]["答案"]


def names(kind: str) -> list[str]:
    """Return the field names of a kind's note type."""
    return [field["name"] for field in (BLANK if kind == "blank" else CHOICE).fields]


@given(st.text(min_size=1), st.integers(3, 6))
def test_without_javascript_an_order_is_never_shown_solved(name: str, count: int) -> None:
    items = tuple(f"第{n}项" for n in range(count))
    question = make_question(Order(id="q", stem="?", items=items, **COMMON), id=name)
    shown = re.findall(r'data-index="(\d)"', note_of(question).fields[3])
    assert sorted(shown) != shown
    assert sorted(shown) == [str(n) for n in range(count)]


def test_text_is_escaped() -> None:
    shown = as_html(HOSTILE)
    assert not re.search(r"[{}\[\]\\\x1f'\"]", shown)
    assert shown.startswith("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;q&quot;")
    assert re.findall(r"<[^>]*>", shown) == ["<br>"]


def test_a_colon_in_an_answer_begins_no_hint() -> None:
    content = Blank(id="b", stem="x___y", answers=(("甲::乙",),), **COMMON)
    assert note_of(make_question(content)).fields[2] == "x{{c1::甲&#58;&#58;乙}}y"


@given(st.text())
def test_escaped_text_shows_exactly_what_was_written(text: str) -> None:
    plain = re.sub(r"[\x00-\x09\x0b-\x1f\x7f]", "", text.replace("\r\n", "\n"))
    shown = as_html(text)
    assert html.unescape(shown.replace("<br>", "\n")) == plain
    assert set(re.findall(r"<[^>]*>?", shown)) <= {"<br>"}


@given(st.text(min_size=1), st.text(min_size=1))
def test_hostile_text_never_changes_the_shape_of_a_package(text: str, other: str) -> None:
    blank = Blank(id="b", stem="x___y", answers=((text, other),), **COMMON)
    single = Single(id="s", stem=text, options=(text, other), answer="A", **COMMON)
    questions = tuple(
        make_question(c, document_title=other, explanation=text) for c in (blank, single)
    )
    with opened(build(Selection(questions), NOW)) as collection:
        rows = collection.execute("SELECT guid, flds FROM notes ORDER BY guid").fetchall()
        (cards,) = collection.execute("SELECT count(*) FROM cards").fetchone()
    assert [(guid, fields.count("\x1f")) for guid, fields in rows] == [("b", 7), ("s", 9)]
    assert cards == 2
    assert rows[0][1].count("{{") == rows[0][1].count("}}") == 1


def test_progress_is_written_in_ankis_terms() -> None:
    progress = {
        "q-single": make_progress((0, 3), (0.5, 3), (24 * 3, 3)),
        "q-multiple": make_progress((0, 4), (24 * 9, 1)),
        "q-order": make_progress((0, 4), suspended=True),
    }
    deck = build(Selection(ALL, progress), NOW)
    with opened(deck) as collection:
        crt, conf, dconf = collection.execute("SELECT crt, conf, dconf FROM col").fetchone()
        cards = collection.execute(
            "SELECT type, queue, due, ivl, reps, lapses, left FROM cards WHERE reps > 0 ORDER BY id"
        ).fetchall()
        log = collection.execute(
            "SELECT ease, ivl, lastIvl, time, type FROM revlog WHERE cid = ? ORDER BY id",
            (number_of("q-multiple"),),
        ).fetchall()
    assert crt == 1_577_822_400  # 2020-01-01 04:00 in Shanghai
    assert {k: json.loads(conf)[k] for k in ("schedVer", "rollover", "creationOffset")} == {
        "schedVer": 2,
        "rollover": 4,
        "creationOffset": -480,
    }
    assert json.loads(dconf)["1763856000003"]["desiredRetention"] == 0.9
    assert len(json.loads(dconf)["1763856000003"]["fsrsParams6"]) == 21
    assert sorted(cards)[0][:2] == (2, -1)
    assert sorted(row[:2] for row in cards) == [(2, -1), (2, 2), (3, 1)]
    assert log == [(4, 8, 0, 0, 0), (1, -600, 8, 0, 1)]
    assert deck.reviews == 6


@pytest.mark.parametrize(
    ("steps", "state", "left"),
    [
        (((0, 1),), 1, 2),  # forgotten: both learning steps are still to come
        (((0, 3),), 1, 1),
        (((0, 4),), 2, 0),
        (((0, 4), (24 * 9, 1)), 3, 1),
    ],
)
def test_learning_goes_on_at_the_step_reached(
    steps: tuple[tuple[float, int], ...], state: int, left: int
) -> None:
    card = make_progress(*steps).card
    assert card is not None
    found = scheduled(card, suspended=False)
    assert (found.type, found.left, found.queue) == (state, left, 2 if state == 2 else 1)
    assert (found.ivl > 0) == (state != 1)


def test_the_history_holds_the_difficulty_after_each_review() -> None:
    hard, easy = (history(1, make_reviews((0, rating)))[0].factor for rating in (1, 4))
    assert (hard, easy) == (701, 100)


def test_two_reviews_in_one_millisecond_are_both_kept() -> None:
    progress = {q.id: make_progress((0, 3)) for q in ALL}
    with opened(build(Selection(ALL, progress), NOW)) as collection:
        ids = [i for (i,) in collection.execute("SELECT id FROM revlog ORDER BY id")]
    first = make_reviews((0, 3))[0].at_ms
    assert ids == [first + n for n in range(5)]


def test_questions_alone_carry_nothing_of_a_member() -> None:
    with opened(build(Selection(ALL), NOW)) as collection:
        (dconf,) = collection.execute("SELECT dconf FROM col").fetchone()
        reviews = collection.execute("SELECT count(*) FROM revlog").fetchone()
        states = collection.execute("SELECT DISTINCT type, queue, reps FROM cards").fetchall()
    assert list(json.loads(dconf)) == ["1"]
    assert (reviews, states) == ((0,), [(0, 0, 0)])


def test_a_deck_with_progress_is_never_on_a_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """genanki's own way is a file in a folder that others may read."""

    def refuse(*_words: object, **_more: object) -> None:
        raise AssertionError("a file was made")

    for name in ("mkstemp", "mkdtemp", "NamedTemporaryFile", "TemporaryFile"):
        monkeypatch.setattr(tempfile, name, refuse)
    progress = {"q-single": make_progress((0, 3), (30, 1))}
    assert build(Selection(ALL, progress), NOW).content.startswith(b"PK")


def test_the_application_never_imports_anki() -> None:
    for path in (Path(__file__).parents[2] / "app").rglob("*.py"):
        assert not re.search(r"^\s*(from|import) anki\b", path.read_text(), re.MULTILINE), path
