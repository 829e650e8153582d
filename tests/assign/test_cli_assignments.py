"""What is asked, and what goals take, from the terminal."""

import json

from tests.assign.asking import Asking


def run(asking: Asking, *words: str) -> object:
    """Run a command and return what it prints as JSON."""
    done = asking.app.test_cli_runner().invoke(args=["assign", *words, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def test_what_is_asked_is_listed(asking: Asking) -> None:
    assert run(asking, "list") == {"assignments": []}
    paper_id = asking.paper()
    asking.ask(asking.terms(paper_id))
    asking.take("乙", paper_id)
    found = run(asking, "list")
    assert isinstance(found, dict)
    (one,) = found["assignments"]
    assert (one["kind"], one["people"], one["exempt"], one["passed"]) == ("paper", 2, 1, 1)
    assert one["states"] == {"handed_in": 1, "todo": 1}
    asking.clock.move(days=6)
    assert run(asking, "list") == {"assignments": []}
    past = run(asking, "list", "--past")
    assert isinstance(past, dict)
    assert len(past["assignments"]) == 1
    shown = asking.app.test_cli_runner().invoke(args=["assign", "list", "--past"]).output
    assert "exempt" in shown


def test_loads_are_worked_out(asking: Asking) -> None:
    asking.ask(asking.goal())
    assert run(asking, "loads") == {"written": 2}
    assert run(asking, "loads") == {"written": 0}


def test_the_worker_knows_the_nightly_work(asking: Asking) -> None:
    from app.base.jobs import kinds
    from app.base.jobs.kinds import Task

    asking.ask(asking.goal())
    task = Task("x", 0, {}, "")
    assert "2 份" in kinds()["assign.loads"].function(task, asking.clock())
    assert (task.done, task.total) == (2, 2)
