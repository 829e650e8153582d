"""While hostile files from Anki are refused, the production server goes on answering others."""

import threading
import time
from pathlib import Path

import pytest

from tests.anki import hostile
from tests.authoring.test_server import Browser
from tests.browser.conftest import PASSWORD, command, serve

pytestmark = pytest.mark.once


def test_the_site_answers_while_files_are_refused(tmp_path: Path) -> None:
    command(tmp_path, "setup")
    for name in ("甲", "乙"):
        command(tmp_path, "accounts", "add", name, "--role", "member", stdin=PASSWORD + "\n")
    files = [*hostile.bombs(), ("other questions", hostile.packed(hostile.collection()))]
    statuses: list[int] = []
    with serve(tmp_path) as site:
        members = [Browser(site), Browser(site)]
        for member, name in zip(members, ("甲", "乙"), strict=True):
            member.sign_in(name)

        def send(member: Browser) -> None:
            for name, data in files:
                statuses.append(member.upload(f"{name}.apkg", data, "", "/anki/home"))

        threads = [threading.Thread(target=send, args=(one,)) for one in members]
        for thread in threads:
            thread.start()
        waits, visitor = [], Browser(site)
        while any(thread.is_alive() for thread in threads):
            began = time.monotonic()
            assert "学记" in visitor.get("/")
            waits.append(time.monotonic() - began)
        for thread in threads:
            thread.join()
    assert statuses == [422] * 2 * len(files)
    assert len(waits) > 3
    assert sorted(waits)[len(waits) // 2] < 1, waits
