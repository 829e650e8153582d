"""What the rules say about the size of a branch: hints for people, never a bar.

Source: 中国共产党支部工作条例（试行）, 2018: three full members and more form a branch, which
generally has no more than fifty members; seven full members and more have a committee.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.org.party import COMMITTEE, FULL, PROBATIONARY, UNKNOWN
from app.org.plan import Known, Plan
from app.org.queries import Unit

FEWEST_FULL = 3  # full members that form a branch
MOST_MEMBERS = 50  # members of a branch, probationary ones included, "generally"
FULL_FOR_COMMITTEE = 7  # full members from which on a branch has a committee
BRANCH = "党支部"


@dataclass(frozen=True)
class Size:
    """A unit's kind, its people by status, and the posts held in it, one entry a holder."""

    kind: str
    statuses: Mapping[str, int]
    posts: Sequence[str] = ()


def sizes(units: Iterable[Unit], plan: Plan, people: Sequence[Known]) -> list[tuple[Unit, Size]]:
    """Return the units a roster touches, each with its size once the roster is imported."""
    touched = {one.unit_id for one in plan.new} | {one.person.unit_id for one in plan.changes}
    touched |= {one.unit_id for one in plan.same}
    touched |= {f.new for one in plan.changes for f in one.fields if f.name == "unit_id"}
    return [(unit, _size(unit, people)) for unit in units if unit.id in touched]


def _size(unit: Unit, people: Sequence[Known]) -> Size:
    able = [one for one in people if not one.disabled]
    statuses = Counter(one.status for one in able if one.unit_id == unit.id)
    posts = [post for one in able for unit_id, post in one.posts if unit_id == unit.id]
    return Size(unit.kind, statuses, posts)


def hints(size: Size) -> tuple[str, ...]:
    """Return what somebody who knows the rules would mention about a branch; often nothing."""
    if size.kind != BRANCH:
        return _many_secretaries(size)
    unknown, full = size.statuses.get(UNKNOWN, 0), size.statuses.get(FULL, 0)
    members = full + size.statuses.get(PROBATIONARY, 0)
    found = []
    if unknown:
        found.append(_("有 %(n)s 人没有登记人员类别，按人数的提示可能不准。", n=unknown))
    if full < FEWEST_FULL and not unknown:
        found.append(
            _("正式党员 %(n)s 人。一般有 3 人以上成立党支部，不足的与邻近单位联合。", n=full)
        )
    if members > MOST_MEMBERS:
        found.append(_("党员 %(n)s 人。党支部党员一般不超过 50 人。", n=members))
    if full >= FULL_FOR_COMMITTEE and len(set(size.posts) & set(COMMITTEE)) < 3:
        found.append(_("正式党员 %(n)s 人。7 人以上设支部委员会，请登记书记和委员。", n=full))
    if 0 < full < FULL_FOR_COMMITTEE and "secretary" not in size.posts:
        found.append(_("还没有登记书记。"))
    return (*found, *_many_secretaries(size))


def _many_secretaries(size: Size) -> tuple[str, ...]:
    count = list(size.posts).count("secretary")
    return (_("登记了 %(n)s 位书记，请核对任职和离任日期。", n=count),) if count > 1 else ()
