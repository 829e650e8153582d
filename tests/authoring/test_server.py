"""While hostile files are refused, the production server goes on answering others."""

from pathlib import Path

import pytest

from tests.bank.formats import hostile
from tests.browser.conftest import PASSWORD, command, serve
from tests.uploads import Browser, assert_answered, waits_meanwhile

pytestmark = pytest.mark.once
SLOW = ("bomb-sheet.xlsx", "bomb.docx", "bomb.xml")


def test_the_site_answers_while_files_are_refused(tmp_path: Path) -> None:
    """One trainer brings questions, the other a roster: both are read in a limited child."""
    command(tmp_path, "setup")
    command(tmp_path, "org", "add-unit", "A", "甲支部")
    for name in ("书记", "书记二"):
        words = ("accounts", "add", name, "--role", "trainer", "--unit", "A")
        command(tmp_path, *words, stdin=PASSWORD + "\n")
    files = dict(hostile.workbooks()) | dict(hostile.documents()) | dict(hostile.xml())
    statuses: list[int] = []

    def send(trainer: Browser, path: str) -> None:
        statuses.extend(trainer.upload(path, name, files[name], "1") for name in SLOW)

    with serve(tmp_path) as site:
        first, second = Browser(site.url), Browser(site.url)
        first.sign_in("书记")
        second.sign_in("书记二")
        works = [lambda: send(first, "/bank/import"), lambda: send(second, "/people/roster")]
        waits = waits_meanwhile(site.url, works)
        # Read to its end, or a browser would show an error of its own instead of the sentence.
        assert first.upload("/bank/import", "large.txt", b"x" * (20 << 20), "1") == 413
    assert statuses == [422] * 2 * len(SLOW)
    assert_answered(waits)
