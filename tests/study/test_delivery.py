"""What a phone sends is read item by item; what cannot be read is named and leaves the rest."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base.ids import new_id
from app.study.delivery import MOST, Item, read_delivery

pytestmark = pytest.mark.pure
ID = new_id()
ANSWER = {"id": ID, "sequence": 1, "at": 5, "question": "q", "response": [0]}


def body(sent: list[Any], **changes: Any) -> bytes:
    """Return a delivery as a phone would send it."""
    plain = {"account": 1, "device": new_id(), "now": 10, "items": sent}
    return json.dumps({**plain, **changes}).encode()


def test_answers_and_takings_back_are_read() -> None:
    back = {"id": new_id(), "sequence": 2, "at": 6, "voids": ID, "of the future": 1}
    read = read_delivery(body([ANSWER, back]))
    assert read is not None
    first, second = read.items
    assert isinstance(first, Item)
    assert isinstance(second, Item)
    assert (first.question, first.response, first.rating, first.way) == ("q", [0], 0, "due")
    assert (second.question, second.voids) == (None, ID)


@pytest.mark.parametrize(
    "change",
    [
        {"sequence": -1},
        {"at": "now"},
        {"at": -1},
        {"question": 5},
        {"question": None},
        {"voids": "x"},
        {"voids": ID},
        {"rating": 5},
        {"elapsed": 1.5},
        {"way": "x" * 21},
        {"stamp": "1" * 61},
    ],
)
def test_an_unreadable_item_is_named_and_leaves_the_others(change: dict[str, Any]) -> None:
    other = {**ANSWER, "id": new_id()}
    read = read_delivery(body([{**ANSWER, **change}, other]))
    assert read is not None
    assert read.items[0] == ID
    assert isinstance(read.items[1], Item)


@pytest.mark.parametrize(
    "item", [None, 1, "x", [], {}, {"id": "short"}, {"id": ID + "x"}, {"id": ID + "\n"}]
)
def test_an_item_without_a_name_stays_nameless(item: Any) -> None:
    read = read_delivery(body([item]))
    assert read is not None
    assert read.items == ("",)


@pytest.mark.parametrize(
    "change",
    [{"account": "1"}, {"device": ""}, {"now": None}, {"now": -1}, {"items": None}],
)
def test_an_envelope_that_does_not_fit_is_no_delivery(change: dict[str, Any]) -> None:
    assert read_delivery(body([], **change)) is None


def test_fifty_items_are_borne_and_no_more() -> None:
    many = [{**ANSWER, "id": new_id()} for _n in range(MOST + 1)]
    assert read_delivery(body(many)) is None
    read = read_delivery(body(many[:MOST]))
    assert read is not None
    assert len(read.items) == MOST


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(text: bytes) -> None:
    assert read_delivery(text) is None
