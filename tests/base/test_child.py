"""A child process gives back values and refusals, and dies of any greed without harm."""

import importlib
import os
import resource
import sys
import time

import pytest

from app.base import child
from app.base.errors import Invalid

pytestmark = pytest.mark.pure
HERE = "tests.base.test_child:"
MB = 1024 * 1024


def answer(data: bytes, *words: str) -> object:
    """Give back what was sent, and the limits in force."""
    kinds = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE)
    return [len(data), list(words), [resource.getrlimit(kind)[1] for kind in kinds]]


def refuse(data: bytes) -> None:
    """Refuse with a sentence."""
    raise Invalid(f"不要 {data.decode()}。")


def fail(data: bytes) -> None:
    """Fail with a secret in the message."""
    raise RuntimeError("secret")


def swell(data: bytes) -> int:
    """Take more memory than is allowed."""
    return len(bytearray(900 * MB))


def spin(data: bytes) -> None:
    """Use the processor without end."""
    while True:
        pass


def sleep(data: bytes) -> None:
    """Do nothing for long."""
    time.sleep(60)


def flood(data: bytes) -> None:
    """Say more than anyone wants to hear."""
    while True:
        os.write(1, b"x" * MB)


def write(data: bytes) -> None:
    """Try to leave a file behind."""
    with open("/tmp/xueji-child-was-here", "w") as file:
        file.write("x" * 100)


def babble(data: bytes) -> None:
    """Write something that is no reply."""
    os.write(1, b"not json")
    os._exit(0)


def framework(data: bytes, module: str) -> list[str]:
    """Name what is imported with a module though no file is read with it."""
    before = set(sys.modules)
    importlib.import_module(module)
    heavy = {"flask", "flask_babel", "sqlalchemy", "werkzeug", "jinja2"}
    return sorted(heavy & (set(sys.modules) - before))


def die(data: bytes) -> None:
    """Go without reading or replying."""
    os._exit(0)


def test_it_returns_the_value_and_passes_data_and_words() -> None:
    found = child.run(HERE + "answer", b"x" * 300_000, "名 字", "\0", memory=300 * MB, seconds=3)
    assert found == [300_000, ["名 字", "\0"], [300 * MB, 3, 0]]


def test_its_own_refusal_comes_through() -> None:
    with pytest.raises(Invalid, match="不要 甲。"):
        child.run(HERE + "refuse", "甲".encode())


@pytest.mark.parametrize("name", ["fail", "swell", "spin", "flood", "babble", "die", "missing"])
def test_any_other_end_is_one_sentence(name: str) -> None:
    with pytest.raises(Invalid) as caught:
        child.run(HERE + name, b"x" * 200_000, seconds=1)
    assert caught.value.message == child.REFUSED


def test_nothing_can_be_written() -> None:
    with pytest.raises(Invalid, match=child.REFUSED):
        child.run(HERE + "write", b"")


def test_a_sleeper_is_woken() -> None:
    begun = time.monotonic()
    with pytest.raises(Invalid, match=child.REFUSED):
        child.run(HERE + "sleep", b"", wall=1)
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize(
    "module", ["app.bank.formats.recognise", "app.anki.package", "app.quiz.job"]
)
def test_a_child_does_not_wait_for_the_web_framework(module: str) -> None:
    assert child.run(HERE + "framework", b"", module) == []


def test_a_long_queue_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "WALL", 0.01)
    monkeypatch.setattr(child, "_slots", child.threading.BoundedSemaphore(1))
    with child._slots, pytest.raises(Invalid, match=child.BUSY):
        child.run(HERE + "answer", b"")


def test_slots_are_given_back_after_failures() -> None:
    for _ in range(child.AT_ONCE + 1):
        with pytest.raises(Invalid, match=child.REFUSED):
            child.run(HERE + "die", b"")
