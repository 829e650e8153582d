"""Collections are read for our reviews row by row; hostile ones come to nothing."""

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.anki.number import number_of
from app.anki.package import LAYOUTS, read_for_parent
from tests.anki import hostile
from tests.anki.make import ALL, NOW

pytestmark = pytest.mark.pure
NOW_MS = int(NOW.timestamp() * 1000)
LATER = NOW_MS + 10 * 24 * 3_600_000
KNOWN = "\n".join(question.id for question in ALL)
SINGLE = number_of("q-single")
COLUMNS = "id, cid, usn, ease, ivl, lastIvl, factor, time, type"
WHERE = f"WHERE cid = {SINGLE}"


def read(content: bytes, layout: str = "anki21", known: str = KNOWN) -> dict[str, Any]:
    """Read a package with this collection, ten days after the reviews began."""
    return read_for_parent(hostile.packed(content, layout), str(LATER), known)


def add(at_ms: object = NOW_MS + 5, ease: object = 3, factor: object = 0, kind: object = 1) -> str:
    """Return the statement that adds a review of the single choice."""
    values = f"{at_ms}, {SINGLE}, -1, {ease}, 1, 1, {factor}, 4000, {kind}"
    return f"INSERT INTO revlog ({COLUMNS}) VALUES ({values})"


@pytest.mark.parametrize("layout", LAYOUTS.values())
def test_every_layout_tells_the_same(layout: str) -> None:
    found = read(hostile.collection(), layout)
    assert found["layout"] == layout
    assert (found["cards"], len(found["reviews"]), found["refused"]) == (5, 15, [])
    assert found["decks"] == ["学记"]
    assert found["questions"] == sorted(question.id for question in ALL)
    assert {review[2] for review in found["reviews"]} == {1, 3}


def test_other_peoples_questions_are_passed_over() -> None:
    found = read(hostile.collection(), known="q-single\nunknown")
    assert (found["cards"], found["questions"], len(found["reviews"])) == (1, ["q-single"], 3)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (add(at_ms=LATER + 121_000), "future"),
        (add(at_ms=1_577_822_399_999), "past"),
        (add(at_ms=-5), "past"),
        (add(ease=5), "rating"),
        (add(ease=-1), "rating"),
        (add(ease="'good'"), "shape"),
        (add(kind="x'01'"), "shape"),
        (add(kind=6), "kind"),
        (add(ease="9223372036854775807"), "rating"),
    ],
)
def test_rows_that_cannot_be_are_refused_one_by_one(row: str, reason: str) -> None:
    found = read(hostile.changed(row))
    assert len(found["reviews"]) == 15
    ((number, why),) = found["refused"]
    assert why == reason
    assert 1 <= number <= 16


@pytest.mark.parametrize(
    "row",
    [
        add(kind=3, factor=0),  # crammed
        add(kind=4, ease=0),  # forgotten, or due set by hand
        add(kind=5, ease=0),  # rescheduled
        add(kind=4, ease=3),
        add(kind=0, ease=0),
    ],
)
def test_what_is_no_review_is_passed_over(row: str) -> None:
    found = read(hostile.changed(row))
    assert (len(found["reviews"]), found["refused"]) == (15, [])


@pytest.mark.parametrize("row", [add(kind=3, factor=500), add(at_ms=LATER + 119_000), add(kind=2)])
def test_what_is_a_review_counts(row: str) -> None:
    assert len(read(hostile.changed(row))["reviews"]) == 16


def test_reviews_of_a_deleted_card_still_count() -> None:
    """They lie under the number we gave the card, unless somebody else has that number now."""
    gone = f"DELETE FROM cards WHERE id = {SINGLE}", f"DELETE FROM notes WHERE id = {SINGLE}"
    found = read(hostile.changed(*gone))
    assert (found["cards"], len(found["reviews"])) == (4, 15)
    taken = f"UPDATE notes SET guid = 'other' WHERE id = {SINGLE}"
    found = read(hostile.changed(taken))
    assert (found["cards"], len(found["reviews"])) == (4, 12)


def test_a_second_card_of_a_note_is_not_ours() -> None:
    found = read(hostile.changed(f"UPDATE cards SET ord = 1 WHERE id = {SINGLE}"))
    assert (found["cards"], len(found["reviews"])) == (4, 12)


def test_ratings_of_the_first_scheduler_are_put_right() -> None:
    """It had three in learning: good and easy were 2 and 3 there, and 3 and 4 in review."""
    rows = f"UPDATE revlog SET type = 0, ease = 2 {WHERE}"
    assert read(hostile.changed(rows))["refused"] == []
    old = "UPDATE col SET conf = '{\"schedVer\": 1}'"
    by_scheduler = [read(hostile.changed(rows, *more)) for more in ((), (old,))]
    ratings = [
        {r[2] for r in f["reviews"] if f["questions"][r[0]] == "q-single"} for f in by_scheduler
    ]
    assert ratings == [{2}, {3}]
    learned = read(hostile.changed(f"UPDATE revlog SET type = 1, ease = 2 {WHERE}", old))
    assert {r[2] for r in learned["reviews"]} >= {2}


def test_a_review_twice_and_far_too_many_of_a_card_are_refused() -> None:
    plain = f"CREATE TABLE revlog ({COLUMNS})"
    twice = hostile.changed("DROP TABLE revlog", plain, add(), add())
    found = read(twice)
    assert (len(found["reviews"]), found["refused"]) == (1, [(2, "twice")])
    many = [add(at_ms=NOW_MS + n) for n in range(1, 1005)]
    found = read(hostile.changed("DELETE FROM revlog", *many))
    assert len(found["reviews"]) == 1000
    assert [why for _row, why in found["refused"]] == ["many"] * 4


def test_odd_values_elsewhere_do_no_harm() -> None:
    found = read(
        hostile.changed(
            "UPDATE col SET conf = '{', decks = '[1]'",
            f"UPDATE revlog SET time = 'long', factor = -5 {WHERE}",
        )
    )
    assert (len(found["reviews"]), found["decks"]) == (15, [])


@pytest.mark.parametrize(
    "group", [g for g in hostile.GROUPS if g is not hostile.bombs], ids=lambda group: group.__name__
)
def test_hostile_files_come_to_nothing(group: Callable[[], Iterator[hostile.Named]]) -> None:
    files = list(group())
    assert len(files) == hostile.GROUPS[group]
    for name, data in files:
        assert set(read_for_parent(data, str(LATER), KNOWN)) == {"fault"}, name


def test_there_are_two_hundred_of_them() -> None:
    assert sum(hostile.GROUPS.values()) == 200


def test_nothing_can_be_run_or_written_while_reading() -> None:
    from app.anki.collection import _opened

    opened = _opened(bytearray(hostile.collection()))
    for statement in (
        "DELETE FROM revlog",
        "SELECT abs(1)",
        "SELECT name FROM pragma_table_list",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
        "SELECT * FROM graves",
        "ATTACH ':memory:' AS other",
    ):
        with pytest.raises(sqlite3.DatabaseError):
            opened.execute(statement).fetchall()
    opened.close()
