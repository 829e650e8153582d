"""Files from outside are read in a limited child, and refused with a sentence."""

import resource

import pytest
from flask import Flask

from app.anki import reading
from app.anki.package import LARGEST
from app.anki.reading import Reviewed, read_safely
from app.base import child
from app.base.errors import Invalid
from tests.anki import hostile
from tests.anki.make import ALL, NOW

KNOWN = [question.id for question in ALL]
SAMPLES = ("zip of mimetype", "meta 2", "no cards", "torn 3", "cut anki21b 9", "zeros")


def spent() -> float:
    """Return the processor seconds of all children so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_good_file_is_read(app: Flask) -> None:
    found = read_safely(hostile.packed(hostile.collection(), "anki21b"), KNOWN, NOW)
    assert (found.layout, found.cards) == ("anki21b", 5)
    assert found.reviews[0].question_id in KNOWN
    assert isinstance(found.reviews[0], Reviewed)
    assert {row.sentence for row in found.refused} == {"时间在将来，请检查那台设备的时钟"}


@pytest.mark.once
def test_hostile_files_cost_little_and_end_in_a_sentence(app: Flask) -> None:
    """The whole two hundred go through the child in `python -m tests.bench.anki hostile`."""
    assert reading.MEMORY <= 256 * 1024 * 1024  # of address space, so the resident part is below
    assert reading.SECONDS < 5
    files = dict(hostile.bombs())
    files |= {
        n: d for g in hostile.GROUPS if g is not hostile.bombs for n, d in g() if n in SAMPLES
    }
    assert len(files) == hostile.GROUPS[hostile.bombs] + len(SAMPLES)
    for name, data in files.items():
        before = spent()
        with pytest.raises(Invalid) as refusal:
            read_safely(data, KNOWN, NOW)
        assert refusal.value.message in map(str, reading.FAULTS.values()), name
        assert spent() - before < 5, name


def test_a_file_too_large_starts_no_child(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "run", None)
    with pytest.raises(Invalid, match="太大"):
        read_safely(bytes(LARGEST + 1), KNOWN, NOW)


@pytest.mark.parametrize(
    "answer",
    [
        {"layout": 3},
        [],
        {"fault": "made up"},
        {
            "layout": "anki2",
            "cards": 1,
            "decks": [],
            "questions": [],
            "reviews": [[0, 1, 1, 1]],
            "refused": [],
        },
    ],
)
def test_an_answer_of_the_wrong_shape_is_refused(
    app: Flask, monkeypatch: pytest.MonkeyPatch, answer: object
) -> None:
    monkeypatch.setattr(child, "run", lambda *words, **more: answer)
    with pytest.raises(Invalid, match="损坏"):
        read_safely(b"x", KNOWN, NOW)


def test_a_full_house_is_said_so(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_words: object, **_more: object) -> None:
        raise Invalid(child.BUSY)

    monkeypatch.setattr(child, "run", busy)
    with pytest.raises(Invalid, match="过一会儿"):
        read_safely(b"x", KNOWN, NOW)
