"""Files of records, analyses and results: made aside, within limits, with the page's figures."""

import base64
import re
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.assess import actions
from app.assess.scheme import Plan
from app.assess.views import files
from app.base import child
from app.base.clock import study_day
from app.quiz import press
from tests.assess.test_reports import RARE, cells_of_workbook, fetch, words_of_pdf
from tests.assess.test_schemes import live, write
from tests.conftest import Cast, Clock
from tests.quiz.conftest import Room, viewer_of

PLAN = Plan(weights={"recall": 60, "papers": 40}, person_bar=5, unit_share=60)


@pytest.fixture
def room(bank: Flask, cast: Cast, clock: Clock) -> Room:
    """Unit A with B below it, a trainer and a member of A, a member of B."""
    return Room(bank, cast, clock)


@pytest.fixture
def instant(monkeypatch: pytest.MonkeyPatch) -> None:
    """A press that needs no child: who may fetch what is the same whatever is in the file."""
    made = {"file": base64.b64encode(b"%PDF-").decode()}
    monkeypatch.setattr(child, "run", lambda *_told, **_more: made)


def text_of(page: str) -> str:
    """Return the words of a page without tags and spaces."""
    import html5lib

    tree = html5lib.parse(page, namespaceHTMLElements=False)
    return "".join("".join(tree.itertext()).split())


def absent(cells: list[str], page: str) -> set[str]:
    """Return the cells that do not stand on a page."""
    told = text_of(page)
    wanted = {cell for cell in cells if cell != "—" and not re.fullmatch(r"[-0-9]{10}", cell)}
    return {cell for cell in wanted if "".join(cell.split()) not in told}  # days are in words there


@pytest.mark.once
def test_a_record_is_the_same_on_the_page_and_in_excel(room: Room, clock: Clock) -> None:
    live(room, clock)
    write(room, clock)
    client = room.cast.sign_in("甲")
    then = (study_day(clock()) + timedelta(days=30)).isoformat()
    page = client.get(f"/my-record?on={then}").text
    cells = cells_of_workbook(client.get(f"/my-record/record.xlsx?on={then}").data)
    assert len(cells) > 20
    assert absent(cells, page) == set()
    watched = room.cast.sign_in("书记").get(f"/people/{room.member.id}/record.xlsx?on={then}")
    assert cells_of_workbook(watched.data) == cells
    assert room.cast.sign_in("乙").get(f"/people/{room.member.id}/record.xlsx").status_code == 404


@pytest.mark.once
def test_results_of_a_scheme_are_the_same_on_the_page_and_in_excel(
    room: Room, clock: Clock
) -> None:
    room.cast.make_member(RARE, unit="A")
    room.cast.make_member("=甲1+1", unit="B")
    scheme_id = write(room, clock, PLAN)
    live(room, clock)
    client = room.cast.sign_in("书记")
    assert client.get(f"/schemes/{scheme_id}/scores.xlsx").status_code == 404
    actions.publish_scheme(room.trainer, scheme_id, clock())
    page = client.get(f"/schemes/{scheme_id}").text
    cells = cells_of_workbook(client.get(f"/schemes/{scheme_id}/scores.xlsx").data)
    assert {RARE, "=甲1+1"} <= set(cells)
    assert absent(cells, page) <= {"单位A", "单位B", "达标"}
    made = fetch(client, f"/schemes/{scheme_id}/scores.pdf")
    assert {"𠮷", "㙍", "䶮", "="} <= words_of_pdf(made)


@pytest.mark.once
def test_an_analysis_is_the_same_on_the_page_and_in_excel(room: Room, clock: Clock) -> None:
    paper_id = room.make(title="=1+1测验")
    for n in range(6):
        who = viewer_of(room.cast.make_member(f"员{n}", unit="A"))
        number = room.start(paper_id, who)
        for slot in (1, 2, 3):
            room.answer(paper_id, slot, (n + slot) % 3 != 0, number, who)
        room.submit(paper_id, number, who)
    client, path = room.cast.sign_in("书记"), f"/paper-desk/{paper_id}/analysis"
    page = client.get(path).text
    cells = cells_of_workbook(client.get(f"{path}/analysis.xlsx").data)
    assert len(cells) > 60
    told = text_of(page).replace("（答案）", "答案")
    apart = {"—", "对", "错", *map(str, range(1, 13))}  # which question it is
    for cell in cells:
        if "___" not in cell:  # a blank is drawn on the page
            assert "".join(cell.split()) in told or cell in apart, cell
    assert client.get(f"{path}/analysis.xlsx?attempts=all").status_code == 200


@pytest.mark.once
def test_the_site_answers_while_a_file_is_made(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child is kept from working: every request comes back all the same."""
    go, run = threading.Event(), child.run

    def slow(*told: Any, **more: Any) -> Any:
        go.wait(30)
        return run(*told, **more)

    monkeypatch.setattr(child, "run", slow)
    client, path = room.cast.sign_in("书记"), f"/reports/{room.cast.units['A']}"
    ordered = client.get(f"{path}/report.pdf")
    assert client.get(ordered.location).status_code == 202
    assert client.get(path).status_code == 200
    assert client.get(ordered.location).status_code == 202
    assert len(press._making) == 1
    go.set()
    press.wait_for_press()
    assert client.get(ordered.location).data[:5] == b"%PDF-"
    held = list((Path(room.app.config["DATA"]) / "printed").iterdir())
    assert {path.stat().st_mode & 0o777 for path in held} == {0o600}
    assert [path.suffix for path in held] == [".made"]


@pytest.mark.once
def test_nobody_fetches_a_file_through_another_page(room: Room, instant: None) -> None:
    trainer = room.cast.sign_in("书记")
    above, below = (f"/reports/{room.cast.units[unit]}/report.pdf" for unit in "AB")
    name = trainer.get(above).location.split("made=")[1]
    press.wait_for_press()
    assert trainer.get(f"{above}?made={name}").status_code == 200
    room.cast.make_member("乙书记", role="trainer", unit="B")
    other = room.cast.sign_in("乙书记")
    assert other.get(f"{above}?made={name}").status_code == 404
    assert name not in other.get(f"{below}?made={name}").location
    for bad in ("x", f"{name}/../../secret-key", f"{name[:13]}{'0' * 32}"):
        assert trainer.get(above, query_string={"made": bad}).status_code == 302
    press.wait_for_press()


@pytest.mark.once
def test_too_many_orders_and_failures_end_in_a_sentence(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, path = room.cast.sign_in("书记"), f"/reports/{room.cast.units['A']}/report.pdf"
    monkeypatch.setattr(press, "MOST_WAITING", 0)
    busy = client.get(path)
    assert busy.status_code == 429
    assert "过几分钟再来" in busy.text
    monkeypatch.undo()
    monkeypatch.setattr(press, "SECONDS", 0)
    ordered = client.get(path)
    press.wait_for_press()
    failed = client.get(ordered.location)
    assert failed.status_code == 422
    assert "没有排成" in failed.text
    monkeypatch.undo()
    again = client.get(ordered.location)  # asked once more, it is ordered once more
    assert again.status_code == 302
    press.wait_for_press()
    assert client.get(again.location).status_code == 200


@pytest.mark.once
def test_a_long_workbook_is_made_aside(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "AT_ONCE", 0)
    client, path = room.cast.sign_in("书记"), f"/reports/{room.cast.units['A']}"
    at_once = fetch(client, f"{path}/report.xlsx")
    assert cells_of_workbook(at_once)


@pytest.mark.once
def test_what_was_made_is_gone_after_an_hour(room: Room, instant: None) -> None:
    from app.base import clock
    from app.base.jobs import kinds

    client = room.cast.sign_in("书记")
    assert client.get(f"/reports/{room.cast.units['A']}/report.pdf").status_code == 302
    press.wait_for_press()
    folder = Path(room.app.config["DATA"]) / "printed"
    [made] = folder.iterdir()
    written = clock.from_epoch(int(made.stat().st_mtime))
    actions.sweep_files(written + timedelta(minutes=59))
    assert made.exists()
    actions.sweep_files(written + timedelta(minutes=62))
    assert not list(folder.iterdir())
    assert "assess.sweep" in kinds()
