"""What was asked of a unit is counted as its trainers see it person by person."""

from datetime import timedelta

from app.assign import actions
from app.assign.actions.duties import make_duty
from app.assign.actions.settling import settle_duty
from app.assign.ownership import Charge
from app.assign.progress import Tally
from app.assign.queries import get_watch
from app.assign.queries.demands import list_demands, tally_due
from app.assign.wording import Wording
from app.base.clock import study_day
from tests.assign.asking import DAY, Asking


def check(asking: Asking, ids: list[int], unit: str, by: str) -> dict[str, tuple[int, int, int]]:
    """Return title → (asked, done, overdue) of a unit, after comparing it with who is how far."""
    found = list_demands(asking.cast.units[unit], asking.now() - 90 * DAY, asking.clock())
    counted = {one.title: (one.asked, one.done, one.overdue) for one in found}
    for assignment_id in ids:
        watch = get_watch(asking.who(by), assignment_id, asking.clock())
        title = watch.desk.assignment.terms.title
        if not watch.rows:
            assert title not in counted
            continue
        done = watch.counts["handed_in"] + watch.counts["reached"]
        asked, finished, overdue = counted[title]
        assert (asked, finished) == (len(watch.rows), done), title
        assert overdue in (0, asked - done)
    return counted


def test_counts_are_those_of_the_people_one_by_one(asking: Asking) -> None:
    first, third = asking.paper(), asking.paper(attempts_allowed=3, title="丙卷")
    second = asking.paper("B", by="书记B", title="乙卷")
    asking.take("乙", first)
    asking.take("乙", third)
    asking.clock.move(minutes=5)
    named = asking.audience("D", persons=[asking.cast.people["乙"]])
    ids = [
        asking.ask(asking.terms(first, title="全体"), asking.audience("A")),
        asking.ask(asking.terms(second, title="只给B", closes_at=asking.now() + DAY)),
        asking.ask(asking.terms(third, title="以后才算", opens_at=asking.now() + 60), named),
        asking.ask(asking.goal(title="目标"), asking.audience("B", "D")),
    ]
    asking.clock.move(minutes=5)
    actions.refresh_everybody(asking.clock())
    asking.take("书记B", second)
    asking.take("丁", first)
    asking.take("丁", third)
    above = check(asking, ids, "A", "书记A")
    assert above["全体"] == (6, 2, 0)  # 老王 is exempt
    assert above["以后才算"] == (3, 1, 0)
    below = check(asking, ids, "B", "书记B")
    assert below["只给B"] == (2, 1, 0)
    assert below["以后才算"] == (1, 0, 0)
    assert set(check(asking, ids, "D", "书记D")) == {"全体", "以后才算", "目标"}
    assert list_demands(asking.cast.units["E"], 0, asking.clock()) == []
    asking.clock.move(days=40)
    over = check(asking, ids, "A", "书记A")
    assert (over["全体"], over["只给B"]) == ((6, 2, 4), (2, 1, 1))
    assert over["目标"][2] == over["目标"][0] - over["目标"][1]
    actions.withdraw_assignment(asking.who("书记A"), ids[0], asking.clock())
    assert "全体" not in {
        one.title for one in list_demands(asking.cast.units["A"], 0, asking.clock())
    }


def test_duties_are_open_late_or_done(asking: Asking) -> None:
    today, by = study_day(asking.clock()), asking.who("书记A")
    charge = Charge(member_id=asking.cast.people["甲"])
    made = [
        make_duty(
            by,
            asking.cast.units["A"],
            Wording(f"事{days}", "做了", today, today + timedelta(days=days)),
            charge,
            asking.clock(),
        )
        for days in (1, 2, 30)
    ]
    assert tally_due(asking.cast.units["A"], today, today) == {False: Tally(open=3)}
    assert tally_due(asking.cast.units["B"], today, today) == {}
    asking.clock.move(days=5)
    now = study_day(asking.clock())
    assert tally_due(asking.cast.units["A"], today, now) == {False: Tally(open=1, late=2)}
    settle_duty(by, made[0], now, "做完了", asking.clock())
    assert tally_due(asking.cast.units["A"], today, now)[False] == Tally(1, 1, 1)
    assert tally_due(asking.cast.units["A"], now, now) == {False: Tally(open=1)}
