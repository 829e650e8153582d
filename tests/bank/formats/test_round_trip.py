"""What is exported and imported again is the same questions, in every format we write."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.bank.formats.conversion import from_content, to_content
from app.bank.formats.draft import Draft
from app.bank.formats.recognise import parse
from app.bank.formats.write_gift import write_gift
from app.bank.formats.write_moodle import write_moodle
from app.bank.formats.write_toml import write_toml
from app.bank.formats.write_xlsx import write_xlsx
from tests.bank.formats.drafts import drafts, without_place

pytestmark = pytest.mark.pure
thorough = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


def as_toml(held: Sequence[Draft]) -> bytes:
    """Return the bank's own file of drafts that have ids."""
    items = [to_content(d, d.id, d.source or "a1") for d in held]
    return write_toml("dangzhang-2022", items).encode()


WRITERS: dict[str, Callable[[Sequence[Draft]], bytes]] = {
    "q.xlsx": write_xlsx,
    "q.gift": lambda held: write_gift(held).encode(),
    "q.xml": lambda held: write_moodle(held).encode(),
}


@pytest.mark.parametrize("name", WRITERS)
@thorough
@given(held=st.lists(drafts(), min_size=1, max_size=4))
def test_import_gives_what_was_exported(name: str, held: list[Draft]) -> None:
    found = parse(name, WRITERS[name](held))
    assert found.refused == ()
    assert [*map(without_place, found.drafts)] == [*map(without_place, held)]


@thorough
@given(held=st.lists(drafts().filter(lambda d: d.id), min_size=1, max_size=4))
def test_the_banks_own_files_give_the_same_content(held: list[Draft]) -> None:
    items = [to_content(d, d.id, d.source or "a1") for d in held]
    found = parse("q.toml", as_toml(held))
    assert [to_content(d, d.id, d.source) for d in found.drafts] == items
    assert [*found.drafts] == [from_content(item, row) for row, item in enumerate(items, 1)]
