"""Who is meant: units with or without those below, posts, statuses, single persons; pure.

Units, posts and statuses narrow each other down, one that is empty asking for none in particular;
persons named are added whoever they are. With nothing but persons, only they are meant.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from flask_babel import gettext as _

from app.base.errors import Invalid
from app.org.party import POSTS, STATUSES

MOST_UNITS = 300
MOST_PERSONS = 300
EXEMPT, AWAY = "exempt", "away"


class Audience(msgspec.Struct, frozen=True, omit_defaults=True):
    """Ids of units and persons, codes of posts and statuses; `below` takes the units' branches in.

    Without units everybody is meant whom the unit that asks reaches; with nothing at all nobody
    is, so that an audience whose last person was erased does not become everybody.
    """

    units: tuple[int, ...] = ()
    below: bool = True
    posts: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    persons: tuple[int, ...] = ()

    @property
    def has_sort(self) -> bool:
        """Whether units, posts or statuses are asked for, not persons alone."""
        return bool(self.units or self.posts or self.statuses)


@dataclass(frozen=True, slots=True)
class Who:
    """A person as an audience sees them: `chain` holds their unit, those above, and all merged
    into these; `own` their unit and what was merged into it.
    """

    id: int
    own: frozenset[int]
    chain: frozenset[int]
    posts: frozenset[str]
    status: str
    standing: str


def make_audience(
    units: Iterable[int] = (),
    below: bool = True,
    posts: Iterable[str] = (),
    statuses: Iterable[str] = (),
    persons: Iterable[int] = (),
) -> Audience:
    """Return an audience in its one spelling; raise Invalid when it names nobody or too many."""
    found = Audience(
        tuple(sorted(set(units))),
        below,
        tuple(post for post in POSTS if post in set(posts)),
        tuple(status for status in STATUSES if status in set(statuses)),
        tuple(sorted(set(persons))),
    )
    if not (found.has_sort or found.persons):
        message = _("请选择给谁：至少选一个单位、一种职务、一类人员，或写一个人。")
        raise Invalid(message, units=message)
    if len(found.units) > MOST_UNITS:
        message = _("一次最多选 %(n)s 个单位，可以改选上级单位。", n=MOST_UNITS)
        raise Invalid(message, units=message)
    if len(found.persons) > MOST_PERSONS:
        message = _("一次最多写 %(n)s 个人，人多时请选单位。", n=MOST_PERSONS)
        raise Invalid(message, persons=message)
    return found


def is_meant(audience: Audience, who: Who) -> bool:
    """Say whether a person is meant, whatever their standing; that they are reached is known."""
    if who.id in audience.persons or not audience.has_sort:
        return who.id in audience.persons
    places = who.chain if audience.below else who.own
    return (
        (not audience.units or not places.isdisjoint(audience.units))
        and (not audience.posts or not who.posts.isdisjoint(audience.posts))
        and (not audience.statuses or who.status in audience.statuses)
    )


def is_obliged(standing: str) -> bool:
    """Say whether something asked of everybody is asked of a person of this standing.

    The frail and seriously ill are exempt (党员教育管理工作条例, art. 23); members away from home
    study like the others.
    """
    return standing != EXEMPT


def encode(audience: Audience) -> str:
    """Return the JSON that a column holds."""
    return msgspec.json.encode(audience, order="deterministic").decode()


def decode(text: str) -> Audience:
    """Return the audience of a column."""
    return msgspec.json.decode(text, type=Audience)
