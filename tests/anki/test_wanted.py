"""What an address asks for is one deck, and comes back from where it was stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.anki.wanted import LONGEST, Wanted, find_wanted, read_wanted

pytestmark = pytest.mark.pure
words = st.text(min_size=1, max_size=LONGEST)


@given(st.sampled_from(["subject", "chapter", "paper", "marked"]), words, words, st.booleans())
def test_what_is_stored_means_the_same(kind: str, name: str, part: str, progress: bool) -> None:
    wanted = {
        "subject": Wanted(subject=name, progress=progress),
        "chapter": Wanted(subject=name, chapter=part, progress=progress),
        "paper": Wanted(paper=len(name), progress=progress),
        "marked": Wanted(marked=True, progress=progress),
    }[kind]
    assert read_wanted(wanted.text) == wanted
    assert find_wanted({key: str(value) for key, value in wanted.words.items()}) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "progress=1",
        "chapter=ch1",
        "subject=a&paper=1",
        "subject=a&marked=1",
        "paper=-1",
        "paper=x",
        "paper=9999999999",
        "marked=0",
        "shared=1&progress=1",
    ],
)
def test_nothing_and_two_things_at_once_are_no_deck(text: str) -> None:
    assert read_wanted(text) is None


def test_files_are_named_in_plain_letters() -> None:
    names = [Wanted(subject="a"), Wanted(subject="a", chapter="ch1"), Wanted(paper=7)]
    names += [Wanted(marked=True), Wanted(shared=True)]
    assert [one.name for one in names] == ["a", "a-ch1", "paper-7", "marked", "unit"]
