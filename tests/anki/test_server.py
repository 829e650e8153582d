"""While hostile files from Anki are refused, the production server goes on answering others."""

from pathlib import Path

import pytest

from tests.anki import hostile
from tests.browser.conftest import PASSWORD, command, serve
from tests.uploads import Browser, assert_answered, waits_meanwhile

pytestmark = pytest.mark.once


def test_the_site_answers_while_files_are_refused(tmp_path: Path) -> None:
    command(tmp_path, "setup")
    for name in ("甲", "乙"):
        command(tmp_path, "accounts", "add", name, "--role", "member", stdin=PASSWORD + "\n")
    files = [*hostile.bombs(), ("other questions", hostile.packed(hostile.collection()))]
    statuses: list[int] = []

    def send(member: Browser) -> None:
        for name, data in files:
            statuses.append(member.upload("/anki/home", f"{name}.apkg", data))

    with serve(tmp_path) as site:
        members = [Browser(site.url), Browser(site.url)]
        for member, name in zip(members, ("甲", "乙"), strict=True):
            member.sign_in(name)
        waits = waits_meanwhile(site.url, [lambda m=m: send(m) for m in members])  # type: ignore[misc]
    assert statuses == [422] * 2 * len(files)
    assert_answered(waits)
