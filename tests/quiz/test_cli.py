"""Papers from the terminal."""

import json

from app.quiz.paper import Plan
from tests.quiz.conftest import Room, rule


def test_papers_are_listed_with_how_many_handed_in(room: Room) -> None:
    paper_id = room.make(title="二季度测验")
    room.make(Plan(rules=(rule(1),)), publish=False)
    room.start(paper_id)
    room.submit(paper_id)
    room.start(paper_id, room.other)
    runner = room.app.test_cli_runner()
    found = json.loads(runner.invoke(args=["quiz", "papers", "--json"]).stdout)["papers"]
    assert [(p["state"], p["started"], p["submitted"]) for p in found] == [
        ("published", 2, 1),
        ("draft", 0, 0),
    ]
    assert "2 started, 1 handed in" in runner.invoke(args=["quiz", "papers"]).stdout
