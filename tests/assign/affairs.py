"""A tree of units with trainers, holders of posts and members, and duties laid on them."""

from datetime import date, timedelta

from app.accounts.actions import add_user
from app.assign.actions.duties import make_duty, make_item
from app.assign.actions.plans import make_plan
from app.assign.ownership import Charge
from app.assign.period import Period
from app.assign.queries.duties import Duty, get_duty
from app.assign.wording import Wording
from app.org.actions import end_post, give_post
from tests.conftest import Cast, Clock

DAY = date(2026, 11, 23)
PEOPLE = (
    ("总管", "admin", None),
    ("甲书记", "trainer", "A"),
    ("乙书记", "trainer", "B"),
    ("甲某", "member", "A"),
    ("乙某", "member", "B"),
    ("乙另", "member", "B"),
    ("丙某", "member", "C"),
    ("丁某", "member", "D"),
)


class Affairs:
    """Builders of plans and duties for the units of a cast."""

    def __init__(self, cast: Cast, clock: Clock) -> None:
        self.cast, self.clock = cast, clock

    def post(self, name: str, unit: str, post: str = "secretary", since: date = DAY) -> None:
        """Let somebody hold a post from a day on."""
        whom, by = self.cast.people[name], self.cast.viewer("总管")
        give_post(whom, self.cast.units[unit], post, since, None, by, self.clock())

    def leave(self, name: str, unit: str, until: date, since: date = DAY) -> None:
        """Let somebody give up being secretary."""
        whom, by = self.cast.people[name], self.cast.viewer("总管")
        end_post(whom, self.cast.units[unit], "secretary", since, until, by, self.clock())

    def duty(
        self, unit: str, to: str = "secretary", title: str = "讲一次党课", days: int = 30
    ) -> int:
        """Lay a duty on a post, or on a person by name."""
        wording = Wording(title, "有教案和签到表", DAY, DAY + timedelta(days=days))
        return make_duty(None, self.cast.units[unit], wording, self.charge(to), self.clock())

    def plan(self, unit: str, title: str = "年度学习计划", year: int = 2026) -> int:
        """Make an empty plan."""
        return make_plan(None, self.cast.units[unit], title, Period(year), self.clock())

    def item(self, plan_id: int, title: str, to: str = "secretary", days: int = 30) -> int:
        """Add an item to a plan."""
        wording = Wording(title, "", DAY, DAY + timedelta(days=days))
        return make_item(None, plan_id, wording, self.charge(to), self.clock())

    def charge(self, to: str) -> Charge:
        """Return a person by name, else the post."""
        if to in self.cast.people:
            return Charge(member_id=self.cast.people[to])
        return Charge(post=to)

    def get(self, duty_id: int) -> Duty:
        """Return a duty as it is today."""
        return get_duty(duty_id, (self.clock() + timedelta(hours=8)).date())


def plant(cast: Cast, clock: Clock) -> Cast:
    """Make the units and people, without passwords, which are slow by design."""
    for code, parent in (("A", None), ("B", "A"), ("C", "B"), ("D", "A")):
        cast.make_unit(code, parent)
    for name, role, unit in PEOPLE:
        unit_id = cast.units[unit] if unit else None
        cast.people[name] = add_user(name, role, clock(), unit_id=unit_id)
    return cast
