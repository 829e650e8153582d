"""The long proofs of the way to Anki and back hold in short, too."""

import pytest
from flask import Flask

from tests.bench.anki import speed

pytestmark = pytest.mark.once


def test_writing_and_reading_keep_their_figures_in_small(bank: Flask) -> None:
    """The times are promises of the long run on a quiet machine; memory and counts hold here."""
    found = speed(notes=2000, rows=20_000, rounds=2)  # the first imports what is needed
    assert found["rows"] == 20_000
    assert found["ratio"] < 2.5
    assert found["bytes"] < 200_000
    assert found["read_cpu_s"] < 2
