"""An auditor opens papers to read: who has got how far, answers once everybody may see them."""

import pytest

from app.base.errors import NotFound
from app.quiz import actions, queries
from app.quiz.paper import Plan
from tests.quiz.conftest import Room, rule

SHOWN = '<article class="marked'  # an answer with its mark; the word alone is in the style sheet


@pytest.fixture
def auditing(room: Room) -> Room:
    """The room with an auditor of unit A."""
    room.cast.make_member("督导", role="auditor", unit="A")
    return room


def test_an_auditor_reads_and_changes_nothing(auditing: Room) -> None:
    room = auditing
    paper_id, draft = room.make(title="公开卷"), room.make(title="草稿卷", publish=False)
    room.start(paper_id)
    room.submit(paper_id)
    client, desk = room.cast.sign_in("督导"), f"/paper-desk/{paper_id}"
    listing = client.get("/paper-desk").text
    assert "公开卷" in listing
    assert "草稿卷" not in listing
    assert "/paper-desk/new" not in listing
    page = client.get(desk).text
    assert "0 / 24 分" in page
    for path in ("window", "print", "people", "questions"):
        assert f'href="{desk}/{path}' not in page.replace(f"{desk}/people/{room.member.id}/1", "")
    missing = client.get("/no-such-page").data
    for path in (
        f"{desk}/edit",
        f"{desk}/pick",
        f"{desk}/window",
        f"{desk}/print",
        f"{desk}/key.pdf",
        f"{desk}/people/{room.member.id}/time",
        f"/paper-desk/{draft}",
        "/paper-desk/new",
    ):
        reply = client.get(path)
        assert (reply.status_code, reply.data) == (404, missing), path
    auditor = room.cast.viewer("督导")
    times = actions.Times(None, None, "x", 0)
    for act in (
        lambda: actions.change_window(auditor, paper_id, times, room.clock()),
        lambda: actions.close_paper(auditor, paper_id, "x", room.clock()),
        lambda: actions.publish_paper(auditor, draft, room.clock()),
        lambda: actions.extend_time(auditor, paper_id, room.member.id, 60, "x", room.clock()),
    ):
        with pytest.raises(NotFound):
            act()


def test_an_auditor_sees_answers_only_once_everybody_may(auditing: Room) -> None:
    room = auditing
    paper_id = room.make(key_shown="submission")
    room.start(paper_id)
    room.answer(paper_id, 1)
    room.submit(paper_id)
    client, desk = room.cast.sign_in("督导"), f"/paper-desk/{paper_id}"
    one = f"{desk}/people/{room.member.id}/1"
    assert SHOWN not in client.get(one).text
    assert client.get(f"{desk}/questions").status_code == 404
    trainer = room.cast.sign_in("书记")
    assert SHOWN in trainer.get(one).text
    assert f"{desk}/questions/" in trainer.get(f"{desk}/questions").text
    room.clock.move(days=2)
    assert SHOWN in client.get(one).text
    page = client.get(f"{desk}/questions").text
    assert "答对 / 抽到" in page
    assert "remark" not in page


def test_an_auditor_of_a_unit_below_watches_only_their_own_people(auditing: Room) -> None:
    room = auditing
    room.cast.make_member("乙督导", role="auditor", unit="B")
    paper_id = room.make()
    found = queries.get_desk_paper(room.cast.viewer("乙督导"), paper_id)
    assert (found.may_change, found.is_above) == (False, True)
    assert found.audience_id == room.cast.units["B"]
    room.cast.make_unit("Z")
    other = room.make(Plan(rules=(rule(1),)), unit_id=room.cast.units["B"], title="乙的卷")
    room.cast.make_member("外督导", role="auditor", unit="Z")
    for whose in (paper_id, other):
        with pytest.raises(NotFound):
            queries.get_desk_paper(room.cast.viewer("外督导"), whose)
    assert queries.list_desk_papers(room.cast.viewer("外督导"), 10, 0) == ([], 0)
