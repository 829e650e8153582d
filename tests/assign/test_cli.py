"""Plans, duties, gaps and hours from the terminal."""

import json
from typing import Any

from app.assign.actions.hours import Told, record_gathering
from app.base.ids import new_id
from tests.assign.affairs import DAY, Affairs
from tests.conftest import Cast, Clock


def run(tree: Cast, *words: str) -> tuple[int, Any]:
    """Return exit code and the JSON object a command prints."""
    done = tree.app.test_cli_runner().invoke(args=["assign", *words, "--json"])
    return done.exit_code, json.loads(done.stdout) if done.stdout else done.stderr


def test_gaps_are_listed_and_told_by_the_exit_code(affairs: Affairs, tree: Cast) -> None:
    affairs.duty("B")
    assert run(tree, "gaps", "--unit", "A") == (0, {"gaps": [], "count": 0})
    affairs.duty("D")
    code, found = run(tree, "gaps")
    assert (code, found["count"]) == (1, 1)
    [gap] = found["gaps"]
    assert (gap["unit"], gap["post"], gap["trouble"]) == ("单位D", "secretary", "vacant")
    assert run(tree, "gaps", "--unit", "B")[0] == 0


def test_a_plan_is_copied_down_and_listed(affairs: Affairs, tree: Cast) -> None:
    plan = affairs.plan("A")
    affairs.item(plan, "学条例")
    assert run(tree, "copy-down", str(plan), "B", "D") == (0, {"plans": 2, "items": 2})
    assert run(tree, "copy-down", str(plan), "B", "D") == (0, {"plans": 0, "items": 0})
    assert run(tree, "copy-down", str(plan), "A")[0] == 1
    _code, found = run(tree, "plans", "--unit", "A")
    assert {(one["unit"], one["open"], one["unowned"]) for one in found["plans"]} == {
        ("单位A", 1, 0),
        ("单位B", 1, 0),
        ("单位D", 1, 1),
    }
    assert run(tree, "duties", "--unit", "B")[1]["duties"][0]["answerable"] == "乙书记"


def test_hours_are_listed_with_what_is_asked(affairs: Affairs, tree: Cast, clock: Clock) -> None:
    told = Told(DAY, "学条例", 2.0, "签到表", (tree.people["乙书记"],))
    record_gathering(tree.viewer("乙书记"), new_id(), tree.units["B"], told, clock())
    _code, found = run(tree, "hours", "--unit", "B")
    [mine] = [one for one in found["people"] if one["name"] == "乙书记"]
    assert (mine["hours"], mine["asked"]) == (2.0, 56)
    assert "规划" in mine["source"]
    assert run(tree, "hours", "--unit", "B", "--year", "2025")[1]["people"][0]["hours"] == 0
    assert run(tree, "hours", "--unit", "nowhere")[0] == 1


def test_people_get_lines(affairs: Affairs, tree: Cast) -> None:
    affairs.duty("D")
    done = tree.app.test_cli_runner().invoke(args=["assign", "duties"])
    assert "讲一次党课" in done.stdout
    assert tree.app.test_cli_runner().invoke(args=["assign", "plans"]).exit_code == 0
