"""Audiences resolved: which people are meant on a day, as far as the reader may see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select

from app.accounts.names import find_phone, fold
from app.accounts.queries import Viewer
from app.assign.audience import AWAY, MOST_PERSONS, Audience, Who, is_meant, is_obliged
from app.base.errors import Invalid
from app.org import queries as org


@dataclass(frozen=True, slots=True)
class Meant:
    """Who is meant, by unit and name: those of whom it is asked, and the exempt apart."""

    obliged: tuple[org.Person, ...]
    exempt: tuple[org.Person, ...]

    @property
    def ids(self) -> frozenset[int]:
        """The ids of those of whom it is asked."""
        return frozenset(person.id for person in self.obliged)

    @property
    def away(self) -> int:
        """How many of those of whom it is asked live and work elsewhere."""
        return sum(person.standing == AWAY for person in self.obliged)


def preview_audience(by: Viewer, audience: Audience, day: date) -> Meant:
    """Return whom an audience of `by`'s meets on `day`; raise NotFound when it reaches too far."""
    scope = org.scope_to_change(by)
    org.check_reach(scope, audience.units, audience.persons)
    return _meant(_list(audience, scope, day))


def resolve_audience(
    audience: Audience, home_id: int | None, day: date, reader: org.Scope | None = None
) -> Meant:
    """Return whom a stored audience meets on `day`: of unit `home_id`, which asks (None: of all).

    With a reader only those they may see; what has left the home unit since is left out.
    """
    within = _within(home_id, reader)
    return Meant((), ()) if within is None else _meant(_list(audience, within, day))


def select_obliged(
    audience: Audience,
    home_id: int | None,
    day: date,
    reader: org.Scope,
    offered: int | None = None,
) -> Select[Any] | None:
    """Return a selection of the ids of those `resolve_audience` obliges, None when it is nobody.

    With `offered` only those of that unit and below.
    """
    within = _within(home_id, reader)
    if within is None or not (audience.has_sort or audience.persons):
        return None
    return org.select_audience_ids(
        audience.units,
        audience.posts,
        audience.statuses,
        audience.persons,
        scope=within,
        day=day,
        with_below=audience.below,
        offered=offered,
    )


def _within(home_id: int | None, reader: org.Scope | None) -> org.Scope | None:
    """Return where an audience of unit `home_id` lies as far as the reader sees, None: nowhere."""
    home = org.Scope(None if home_id is None else org.find_successor(home_id))
    if reader is None or reader.unit_id is None:
        return home
    if org.reaches(home, reader.unit_id):  # the reader's unit is the home, or lies below it
        return reader
    return home if home.unit_id is not None and org.reaches(reader, home.unit_id) else None


def describe_person(member_id: int, day: date) -> Who:
    """Return a person as audiences see them on `day`."""
    stands = org.find_footing(member_id, day)
    return Who(member_id, stands.own, stands.chain, stands.posts, stands.status, stands.standing)


def meets(audience: Audience, home_id: int | None, who: Who) -> bool:
    """Say whether a stored audience of unit `home_id` meets a person, exempt or not."""
    return (home_id is None or home_id in who.chain) and is_meant(audience, who)


def find_named(by: Viewer, lines: Iterable[str]) -> tuple[int, ...]:
    """Return the people within `by`'s reach whose names or phones stand on these lines.

    Raises Invalid naming what nobody is called, or what several people are.
    """
    scope = org.scope_to_change(by)
    wanted = list(dict.fromkeys(word for line in lines if (word := find_phone(line) or fold(line))))
    if len(wanted) > MOST_PERSONS:
        message = _("一次最多写 %(n)s 个人，人多时请选单位。", n=MOST_PERSONS)
        raise Invalid(message, persons=message)
    found = []
    for word in wanted:
        people = [p for p in org.list_people(scope.unit_id, word) if word in (p.name, p.phone)]
        people = [p for p in people if p.state != "disabled"]
        if len(people) != 1:
            none = _("没有找到“%(word)s”。", word=word[:20])
            several = _("有几个人叫“%(word)s”，请写手机号。", word=word[:20])
            message = several if people else none
            raise Invalid(message, persons=message)
        found.append(people[0].id)
    return tuple(found)


def _list(audience: Audience, scope: org.Scope, day: date) -> tuple[org.Person, ...]:
    """Return the people meant within a scope."""
    if not (audience.has_sort or audience.persons):
        return ()
    return org.list_audience(
        audience.units,
        audience.posts,
        audience.statuses,
        audience.persons,
        scope=scope,
        day=day,
        with_below=audience.below,
    )


def _meant(people: tuple[org.Person, ...]) -> Meant:
    """Set the exempt apart."""
    return Meant(
        tuple(person for person in people if is_obliged(person.standing)),
        tuple(person for person in people if not is_obliged(person.standing)),
    )
