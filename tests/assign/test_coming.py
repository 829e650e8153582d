"""What is asked becomes reminders: of those who have not done it, on its days, not the exempt."""

from datetime import date, timedelta

from app.accounts.queries import Viewer
from app.assign import actions
from app.assign.actions import renew_feed, save_wish
from app.assign.actions.settling import settle_duty
from app.assign.coming import lines_of_people, lines_of_unit
from app.assign.queries import list_events
from app.assign.queries.coming import list_coming, list_people_ids
from app.bank.queries import list_question_ids
from app.base.clock import study_day
from app.study.actions import answer_card
from app.study.queries import get_today
from tests.assign.affairs import Affairs
from tests.assign.asking import DAY, Asking
from tests.conftest import Clock
from tests.study.test_actions import sent


def told(asking: Asking) -> dict[str, list[tuple[str, str, date]]]:
    """Return who is told what today: kind, title and day."""
    now = asking.clock()
    coming = list_coming(now)
    lines = lines_of_people(coming.asked, coming.cards, study_day(now))
    names = {member_id: name for name, member_id in asking.cast.people.items()}
    return {
        names[member_id]: [(one.kind, one.title, one.day) for one in found]
        for member_id, found in lines.items()
    }


def group(asking: Asking, code: str) -> list[tuple[str, int, int]]:
    """Return what the group of a unit is told today: title, of how many, how many missing."""
    now, unit = asking.clock(), asking.cast.units[code]
    lines = lines_of_unit(list_coming(now).asked, list_people_ids(unit), unit, study_day(now))
    return [(one.title, one.asked, one.missing) for one in lines]


def test_a_paper_is_told_on_its_days_to_those_who_have_not_handed_it_in(asking: Asking) -> None:
    paper = asking.paper()
    asking.ask(asking.terms(paper, remind_days=(3, 1)))
    due = study_day(asking.clock()) + timedelta(days=5)
    line = ("paper", "测验", due)
    assert told(asking) == {}
    asking.clock.move(days=2)  # three days before
    assert told(asking) == {"乙": [line], "书记B": [line]}  # 老王 is exempt
    assert group(asking, "B") == group(asking, "A") == [("测验", 2, 2)]
    assert group(asking, "D") == []
    asking.take("乙", paper)
    assert told(asking) == {"书记B": [line]}
    assert group(asking, "B") == [("测验", 2, 1)]
    asking.clock.move(days=1)
    assert told(asking) == {}
    asking.clock.move(days=1)
    assert told(asking) == {"书记B": [line]}
    asking.clock.move(days=2)  # over: nobody could hand it in any more
    assert told(asking) == {}


def test_what_was_withdrawn_is_told_no_more(asking: Asking) -> None:
    made = asking.ask(asking.terms(asking.paper(), remind_days=(5,)))
    assert set(told(asking)) == {"乙", "书记B"}
    actions.withdraw_assignment(asking.who("书记A"), made, asking.clock())
    assert told(asking) == {}


def test_a_paper_that_opens_later_is_told_when_it_opens(asking: Asking) -> None:
    terms = asking.terms(asking.paper(), opens_at=asking.now() + 2 * DAY, remind_days=(7, 5, 4, 3))
    asking.ask(terms)
    assert told(asking) == {}
    asking.clock.move(days=2)
    opens = ("paper", "测验", study_day(asking.clock()))
    assert told(asking) == {"乙": [opens], "书记B": [opens]}


def test_a_goal_is_told_until_it_is_reached(asking: Asking) -> None:
    asking.ask(asking.goal(days=7, remind_days=(7,)))
    due = study_day(asking.clock()) + timedelta(days=7)
    assert told(asking)["乙"] == [("goal", "学会", due)]


def test_due_questions_are_told_to_those_who_asked(asking: Asking) -> None:
    member_id = asking.cast.people["甲"]
    save_wish(member_id, cards=True, mail=False)
    assert told(asking) == {}
    answer_card(member_id, sent(list_question_ids()[0]), asking.clock())
    asking.clock.move(days=3)
    due = get_today(member_id, asking.clock()).due
    assert due
    coming = list_coming(asking.clock())
    assert coming.cards == {member_id: due}
    assert told(asking)["甲"][0][0] == "cards"


def test_duties_and_items_are_told_to_whoever_answers_until_they_are_done(
    affairs: Affairs, clock: Clock
) -> None:
    duty = affairs.duty("B", days=7)
    affairs.item(affairs.plan("B"), "读第三章", days=7)
    affairs.duty("D", title="没有人负责", days=7)
    today, who = study_day(clock()), affairs.cast.people["乙书记"]
    found = list_coming(clock()).asked
    lines = lines_of_people(found, {}, today)
    assert set(lines) == {who}
    assert sorted((one.kind, one.title) for one in lines[who]) == [
        ("duty", "讲一次党课"),
        ("item", "读第三章"),
    ]
    unit, other = affairs.cast.units["B"], affairs.cast.units["D"]
    assert len(lines_of_unit(found, list_people_ids(unit), unit, today)) == 2
    assert [one.title for one in lines_of_unit(found, list_people_ids(other), other, today)] == [
        "没有人负责"
    ]
    above = affairs.cast.units["A"]  # hears of its own affairs, not of every unit's below
    assert lines_of_unit(found, list_people_ids(above), above, today) == []
    clock.move(days=8)
    late = lines_of_people(list_coming(clock()).asked, {}, study_day(clock()))
    assert late[who][0].day < study_day(clock())
    settle_duty(affairs.cast.viewer("乙书记"), duty, study_day(clock()), "讲了", clock())
    left = lines_of_people(list_coming(clock()).asked, {}, study_day(clock()))
    assert [one.kind for one in left[who]] == ["item"]


def test_a_calendar_holds_what_is_open_and_nothing_but_titles_and_times(asking: Asking) -> None:
    paper = asking.paper()
    made = asking.ask(asking.terms(paper))
    asking.ask(asking.goal(days=9))
    who: Viewer = asking.who("乙")
    token = renew_feed(who.id, asking.clock())
    events = list_events(token, asking.clock())
    assert events is not None
    assert sorted(event.title for event in events) == ["学会", "测验"]
    [one] = [event for event in events if event.title == "测验"]
    assert one.uid.startswith(f"assignment-{made}@")
    asking.clock.move(hours=1)
    again = list_events(token, asking.clock())
    assert again == events  # the same ids, the same stamps: an equal tag
    asking.take("乙", paper)
    left = list_events(token, asking.clock())
    assert left is not None
    assert [event.title for event in left] == ["学会"]
    exempt = renew_feed(asking.cast.people["老王"], asking.clock())
    assert list_events(exempt, asking.clock()) == []


def test_a_calendar_holds_ones_own_duties(affairs: Affairs, clock: Clock) -> None:
    affairs.duty("B", days=30)
    affairs.duty("A", days=30, title="别人的")
    token = renew_feed(affairs.cast.people["乙书记"], clock())
    events = list_events(token, clock())
    assert events is not None
    assert [(event.title, event.at) for event in events] == [
        ("讲一次党课", date(2026, 12, 23)),
    ]
