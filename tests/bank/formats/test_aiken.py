"""Aiken: stem, lettered options, ANSWER; a question without answer is refused with its line."""

import pytest

from tests.bank.formats.reading import read, reasons, short

pytestmark = pytest.mark.pure


def test_questions_are_read_and_refused() -> None:
    found = read(
        "甲？\nA. 子\nB. 丑\nANSWER: B\n\n乙？\nA) 子\nB) 丑\n\n丙\n丁？\nA) 子\nB) 丑\nANSWER: A\n"
    )
    assert found.recognised.startswith("Aiken")
    assert [*map(short, found.drafts)] == [
        (1, "single", "甲？", ("子", "丑"), "B"),
        (10, "single", "丙\n丁？", ("子", "丑"), "A"),
    ]
    assert reasons(found) == {6: "没有 ANSWER 行。"}
