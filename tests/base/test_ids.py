"""Ids and tokens: random, of one form, and secrets kept only as hashes."""

import os
import threading

import pytest

from app.base import ids
from app.base.ids import AT_A_TIME, digest, is_id, new_id, new_timed_id, new_token

pytestmark = pytest.mark.pure


def test_ids_are_recognised() -> None:
    assert all(is_id(new_id()) for _n in range(100))
    assert len({new_id() for _n in range(1000)}) == 1000


def test_timed_ids_are_ids_in_the_order_they_were_made_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moments = [1_795_000_000.0 + (n // 2) ** 2 / 1000 for n in range(200)]
    monkeypatch.setattr(ids, "machine_time", iter(moments).__next__)
    made = [new_timed_id() for _moment in moments]
    assert all(map(is_id, made))
    assert len(set(made)) == 200
    times = [one[:11] for one in made]
    assert times == sorted(times)
    assert len(set(times)) == 100
    assert set("".join(times)) <= set("0123456789abcdef")  # which every collation sorts alike


@pytest.mark.parametrize("text", ["", "x" * 21, "x" * 23, "长" * 22, "!" * 22, "x" * 21 + "\n"])
def test_anything_else_is_no_id(text: str) -> None:
    assert not is_id(text)


def test_secrets_are_long_and_hashed() -> None:
    token = new_token()
    assert len(token) == 43
    assert token not in digest(token)
    assert len(digest(token)) == 64


def test_threads_never_get_the_same() -> None:
    found: list[list[str]] = [[] for _thread in range(8)]

    def draw(own: list[str]) -> None:
        own.extend(new_id() for _time in range(2000))

    threads = [threading.Thread(target=draw, args=(own,)) for own in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one for own in found for one in own}) == 16_000


def test_a_forked_process_draws_its_own() -> None:
    new_id()  # some are drawn beforehand now
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writes, " ".join(new_id() for _time in range(AT_A_TIME)).encode())
        os._exit(0)
    os.waitpid(child, 0)
    theirs = os.read(reads, 1 << 16).decode().split()
    os.close(reads)
    os.close(writes)
    assert len(theirs) == AT_A_TIME
    assert set(theirs).isdisjoint(new_id() for _time in range(2 * AT_A_TIME))
