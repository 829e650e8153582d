"""What is measured of first paints adds up, and the command looks at real pages."""

import json
import subprocess
import sys

import pytest

from tests.bench.paint import LINES, summed

SEEN = [
    {"lcp_ms": 900.4, "cls": 0.02, "bytes": 5000},
    {"lcp_ms": 700.0, "cls": 0.0, "bytes": 5100},
    {"lcp_ms": 1400.0, "cls": 0.0, "bytes": 5000},
]


@pytest.mark.pure
def test_figures_are_medians_with_their_spread() -> None:
    told = summed(SEEN)
    assert told == {"lcp_ms": 900, "lcp_from_to_ms": [700, 1400], "cls": 0.0, "bytes": 5000}


@pytest.mark.browser
def test_a_page_is_looked_at_over_a_line() -> None:
    # A process of its own: the browser of the run is in this one, and a thread cannot hold two.
    words = ["-m", "tests.bench.paint", "--quick", "--json", "--only", "sign-in"]
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["pages"].keys() == {"sign-in"}
    for page in found["pages"].values():
        assert page.keys() == {LINES[0].name}
        for visits in page.values():
            first, later = visits["first visit"], visits["later visits"]
            assert first["bytes"] > later["bytes"] > 500
            assert min(first["lcp_ms"], later["lcp_ms"]) > 100
            assert max(first["cls"], later["cls"]) <= 0.01
