"""Plan, duties and hours of the demonstration branch, with something done, late and unowned."""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from app.accounts.queries import Viewer, get_user
from app.assign.actions.duties import make_duty, make_item
from app.assign.actions.handing import hand_duty
from app.assign.actions.hours import Told, record_gathering
from app.assign.actions.plans import make_plan
from app.assign.actions.settling import settle_duty
from app.assign.ownership import Charge
from app.assign.period import Period
from app.assign.wording import Wording
from app.base.clock import study_day
from app.org.actions import give_post

SUBJECTS = (
    "学习党章总纲",
    "学习党员教育管理工作条例",
    "主题党日：重温入党誓词",
    "学习支部工作条例",
)
# What, how one sees that it is done, days from today to when it is due, and on which post.
ITEMS = (
    ("集中学习党章", "全员参加，有签到表", -20, "secretary"),
    ("书记讲党课", "有教案和签到表", -3, "secretary"),
    ("组织一次主题党日", "有方案和总结", 5, "organisation"),
    ("年终学习总结", "交书面总结", 30, "publicity"),
)
DUTIES = (("每月检查学习记录", "有检查记录", 6), ("联系生活困难党员", "每季度走访一次", 40))
MADE_DAYS_AGO = 45


def load_affairs(
    trainer_id: int, members: Sequence[int], unit_id: int, seed: int, now: datetime
) -> None:
    """Give a demonstration unit posts, a plan, duties and occasions of collective study."""
    trainer, today = _viewer(trainer_id), study_day(now)
    then = now - timedelta(days=MADE_DAYS_AGO)
    posts = zip(("secretary", "organisation"), (trainer_id, *members), strict=False)
    for post, whom in posts:  # nobody has the third, so that the check has something to show
        give_post(whom, unit_id, post, study_day(then), None, trainer, then)
    _load_plan(trainer, unit_id, today, then, now)
    for what, measure, days in DUTIES if members else ():
        wording = Wording(what, measure, study_day(then), today + timedelta(days=days))
        made = make_duty(trainer, unit_id, wording, Charge(member_id=members[0]), then)
    if len(members) > 1:
        hand_duty(trainer, made, Charge(member_id=members[1]), today, "演示：轮换", now)
    rng = random.Random(f"{seed}/affairs")
    for number, subject in enumerate(SUBJECTS if members else ()):
        there = sorted(rng.sample(list(members), k=max(1, len(members) * 4 // 5)))
        day = today - timedelta(days=7 * number + 2)
        told = Told(day, subject, rng.choice((1.5, 2.0, 3.0)), "演示：签到表", tuple(there))
        gathering_id = f"{rng.getrandbits(128):032x}"[:22]
        record_gathering(trainer, gathering_id, unit_id, told, now)


def _load_plan(trainer: Viewer, unit_id: int, today: date, then: datetime, now: datetime) -> None:
    """Make the year's plan; its first item is done."""
    period = Period(today.year)
    plan_id = make_plan(trainer, unit_id, "演示：年度学习计划", period, then)
    for number, (what, measure, days, post) in enumerate(ITEMS):
        due = min(max(period.first, today + timedelta(days=days)), period.last)
        starts = max(period.first, min(due, study_day(then)))
        wording = Wording(what, measure, starts, due)
        made = make_item(trainer, plan_id, wording, Charge(post=post), then)
        if number == 0:
            settle_duty(trainer, made, min(due, today), "演示：已集中学习", now)


def _viewer(user_id: int) -> Viewer:
    """Return somebody as the person who acts."""
    one = get_user(user_id)
    return Viewer(one.id, one.name, one.role, one.unit_id, "zh", "auto", 18, True)
