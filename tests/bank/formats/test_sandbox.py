"""Hostile files end in a sentence within seconds and little memory; large honest ones are read."""

import resource
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from app.bank.formats.draft import Draft, Parsed
from app.bank.formats.sandbox import LARGEST, parse_safely
from app.bank.formats.write_gift import write_gift
from app.bank.formats.write_moodle import write_moodle
from app.bank.formats.write_xlsx import write_xlsx
from app.base import child
from app.base.errors import Invalid
from tests.bank.formats import hostile
from tests.bank.formats.drafts import make_single, without_place

pytestmark = pytest.mark.pure
Group = Callable[[], Iterator[tuple[str, bytes]]]
MEMORY = 400 * 1024 * 1024
MANY = 10_000


def spent() -> float:
    """Return the processor seconds of all children so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def attempt(name: str, data: bytes) -> tuple[Sequence[Draft], str]:
    """Return the drafts in a file, and what is said about it."""
    try:
        found = parse_safely(name, data)
    except Invalid as error:
        return (), error.message
    return found.drafts, found.recognised


def test_there_are_a_hundred_of_them_and_memory_is_bounded() -> None:
    assert sum(hostile.GROUPS.values()) >= 100
    assert child.MEMORY <= MEMORY  # of address space, so the resident part is below


@pytest.mark.parametrize("group", hostile.GROUPS, ids=lambda group: group.__name__)
def test_hostile_files_are_refused(group: Group) -> None:
    files = list(group())
    assert len(files) == hostile.GROUPS[group]
    for name, data in files:
        before = spent()
        drafts, sentence = attempt(name, data)
        assert drafts == (), name
        assert sentence.endswith("。"), name
        assert "root" not in sentence, name  # of /etc/passwd
        assert spent() - before < 5, name


def test_too_large_and_empty_files_start_no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "run", None)
    with pytest.raises(Invalid, match="12 MB"):
        parse_safely("a.txt", b"x" * (LARGEST + 1))
    with pytest.raises(Invalid, match="空"):
        parse_safely("a.txt", b"")


def test_an_answer_of_the_wrong_shape_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "run", lambda *words, **more: {"recognised": 3})
    with pytest.raises(Invalid, match=child.REFUSED):
        parse_safely("a.txt", b"x")


@pytest.mark.parametrize("name", ["q.xlsx", "q.gift", "q.xml"])
def test_ten_thousand_questions_are_read(name: str) -> None:
    write = {"q.xlsx": write_xlsx, "q.gift": _gift, "q.xml": _moodle}[name]
    held = [
        make_single(
            stem=f"第 {n} 题：下列关于党员权利和义务的说法，正确的是（　　）。",
            options=(f"选项甲 {n}", "应当按期交纳党费", "可以不参加组织生活", "没有表决权"),
            answer="B",
            explanation="见条文原文，各项义务应当同时履行。" * 2,
        )
        for n in range(MANY)
    ]
    data = write(held)
    begun = time.monotonic()
    found: Parsed = parse_safely(name, data)
    assert time.monotonic() - begun < 30
    assert [*map(without_place, found.drafts)] == [*map(without_place, held)]


def _gift(held: Sequence[Draft]) -> bytes:
    return write_gift(held).encode()


def _moodle(held: Sequence[Draft]) -> bytes:
    return write_moodle(held).encode()
