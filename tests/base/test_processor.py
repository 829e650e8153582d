"""What serves shares a processor with itself alone, and what needs none of Python goes anywhere."""

import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from app.accounts import passwords
from app.base import child, processor
from app.base.config import ROOT
from app.base.processor import anywhere, share_one

pytestmark = [
    pytest.mark.pure,
    pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="a machine of one processor"),
]
BIND = "import app.base.processor as p, os; p.share_one(); print(*os.sched_getaffinity(0)); input()"


@pytest.fixture
def everywhere() -> Iterator[set[int]]:
    """The processors of the machine; this thread may use all of them again afterwards."""
    might = os.sched_getaffinity(0)
    yield might
    os.sched_setaffinity(0, might)
    processor._free.clear()


def where() -> list[int]:
    """Return where this thread may run."""
    return sorted(os.sched_getaffinity(0))


def seen_by(run: Callable[[Callable[[], None]], object]) -> list[int]:
    """Return where whatever `run` calls may run."""
    seen = list[int]()
    run(lambda: seen.extend(where()))
    return seen


def in_thread(work: Callable[[], None]) -> None:
    """Call in a thread of its own."""
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def tell(_data: bytes) -> list[int]:
    """Tell, in a child, where it may run."""
    return where()


def test_threads_that_come_later_share_the_processor(everywhere: set[int]) -> None:
    share_one()
    assert len(where()) == 1
    assert seen_by(in_thread) == where()


def test_hashes_and_children_go_anywhere(
    everywhere: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    share_one()
    own, seen = where(), list[list[int]]()

    class Hasher:
        """Notes where it works."""

        def hash(self, password: str) -> str:
            seen.append(where())
            return password

        def verify(self, kept: str, password: str) -> None:
            seen.append(where())

    monkeypatch.setattr(passwords, "_hasher", lambda cost: Hasher())
    passwords.hash_password("correct horse", passwords.CHEAP)
    assert passwords.is_right("kept", "correct horse", passwords.CHEAP)
    assert seen == [sorted(everywhere)] * 2
    assert child.run("tests.base.test_processor:tell", b"") == sorted(everywhere)
    assert where() == own


def test_the_processor_is_shared_again_after_an_error(everywhere: set[int]) -> None:
    share_one()
    own = where()
    with pytest.raises(ZeroDivisionError), anywhere():
        print(1 / 0)
    assert where() == own


def test_nothing_is_bound_where_nothing_serves(everywhere: set[int]) -> None:
    with anywhere():
        assert where() == sorted(everywhere)
    assert where() == sorted(everywhere)


def test_a_server_takes_the_processor_that_fewest_are_bound_to(
    everywhere: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, *_others = sorted(everywhere)
    for bound, expected in (((1, 0), second), ((1, 1), first), ((2, 1), second)):
        told = Counter(dict(zip((first, second), bound, strict=True)))
        told.update(dict.fromkeys(_others, 9))
        monkeypatch.setattr(processor, "_count_bound", lambda told=told: told)
        share_one()
        assert where() == [expected]
        os.sched_setaffinity(0, everywhere)


def test_who_is_bound_is_counted() -> None:
    bound = subprocess.Popen(
        [sys.executable, "-c", BIND], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert bound.stdout
    taken = int(bound.stdout.readline())
    assert processor._count_bound()[taken] >= 1
    bound.communicate(b"\n")


def test_without_such_a_system_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    before = where()
    monkeypatch.delattr(os, "sched_setaffinity")
    share_one()
    assert where() == before


def test_a_system_that_refuses_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    before = where()

    def refuse(*_words: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setaffinity", refuse)
    share_one()
    with anywhere():
        assert where() == before
    assert not processor._free
