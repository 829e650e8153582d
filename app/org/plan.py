"""What a roster would change, compared with the people on record; nothing is ever removed.

A row is the person with its phone; without such a phone, the person of that name in the unit the
row names (or, when it names none, the only one of that name). Whatever is in doubt is refused with
a sentence: mistaking one person for another would hand over a sign-in.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _

from app.org.party import UNKNOWN
from app.org.roster import Refused


@dataclass(frozen=True)
class Entry:
    """A row put into a unit; `named` says whether the row itself named it."""

    number: int
    name: str
    phone: str | None
    unit_id: int | None
    named: bool = True
    status: str = ""
    posts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """A person on record; `governed` says whether who imports may change phone and unit.

    `reached` is false for people outside the reach of who imports: they are looked at only so
    that nobody gets a phone or a name that would mix them up at sign-in.
    """

    id: int
    name: str
    phone: str | None
    unit_id: int | None
    role: str = "member"
    disabled: bool = False
    reached: bool = True
    governed: bool = True
    status: str = UNKNOWN
    posts: frozenset[tuple[int, str]] = frozenset()


@dataclass(frozen=True)
class Field:
    """One change of one field; codes and ids as they are stored."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Change:
    """What changes for a person on record."""

    number: int
    person: Known
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Plan:
    """What an import would do, and what it leaves alone."""

    new: tuple[Entry, ...] = ()
    changes: tuple[Change, ...] = ()
    same: tuple[Known, ...] = ()
    missing: tuple[Known, ...] = ()
    refused: tuple[Refused, ...] = ()
    notes: tuple[Refused, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Say whether nothing would be written."""
        return not self.new and not self.changes

    @property
    def digest(self) -> str:
        """A sum over what would be written, by which an import is held to what was shown."""
        changes = [(one.number, one.person.id, one.fields) for one in self.changes]
        return hashlib.sha256(repr((self.new, changes)).encode()).hexdigest()[:32]


class _Doubt(Exception):
    """A row that is refused, with the sentence why."""


@dataclass
class _Sorting:
    """The people on record, and what the rows looked at so far have made of them."""

    known: Sequence[Known]
    names: Mapping[str, int]  # how many rows bear a name
    by_phone: dict[str, Known] = field(default_factory=dict)
    by_name: dict[str, list[Known]] = field(default_factory=dict)
    units: dict[int, int | None] = field(default_factory=dict)  # as they will be
    found: dict[int, int] = field(default_factory=dict)  # person → row
    claimed: dict[str, int] = field(default_factory=dict)  # phone, or name of somebody new → row
    new: list[Entry] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    same: list[Known] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    notes: list[Refused] = field(default_factory=list)

    def __post_init__(self) -> None:
        for person in self.known:
            self.units[person.id] = person.unit_id
            if person.phone:
                self.by_phone[person.phone] = person
            if not person.disabled:
                self.by_name.setdefault(person.name, []).append(person)


def plan_roster(entries: Sequence[Entry], known: Sequence[Known]) -> Plan:
    """Return what the entries would change; planning again after doing it changes nothing.

    Rows whose phone is known come first: those are certain, and where they put people decides
    who bears a name in a unit.
    """
    at = _Sorting(known, Counter(entry.name for entry in entries))
    for entry in sorted(entries, key=lambda e: e.phone not in at.by_phone):
        try:
            _sort(entry, at)
        except _Doubt as doubt:
            at.refused.append(Refused(entry.number, str(doubt)))
    return Plan(
        new=tuple(at.new),
        changes=tuple(sorted(at.changes, key=lambda one: one.number)),
        same=tuple(at.same),
        missing=_missing(at),
        refused=tuple(sorted(at.refused, key=lambda one: one.number)),
        notes=tuple(sorted(at.notes, key=lambda one: one.number)),
    )


def _sort(entry: Entry, at: _Sorting) -> None:
    """Put a row with the new, the changed or the same; raise _Doubt."""
    if entry.phone and at.claimed.setdefault(entry.phone, entry.number) != entry.number:
        raise _Doubt(_("与第 %(n)s 行重复。", n=at.claimed[entry.phone]))
    person = _match(entry, at)
    if person is None:
        _check_new(entry, at)
        at.claimed.setdefault(entry.name, entry.number)
        at.new.append(entry)
        return
    at.found[person.id] = entry.number
    fields = tuple(_fields(entry, person))
    at.units[person.id] = next((f.new for f in fields if f.name == "unit_id"), person.unit_id)
    if fields:
        at.changes.append(Change(entry.number, person, fields))
    else:
        at.same.append(person)
    at.notes += [Refused(entry.number, text) for text in _notes(entry, person)]


def _match(entry: Entry, at: _Sorting) -> Known | None:
    """Return the person on record that a row means, None for somebody new; raise _Doubt."""
    person = at.by_phone.get(entry.phone) if entry.phone else None
    if person is not None:
        _check_phone_holder(entry, person)
    else:
        person = _match_name(entry, at)
    if person is not None and person.id in at.found:
        raise _Doubt(_("与第 %(n)s 行是同一个人。", n=at.found[person.id]))
    return person


def _check_phone_holder(entry: Entry, person: Known) -> None:
    """Raise _Doubt unless the holder of the row's phone can be the person of the row."""
    if not person.reached:
        raise _Doubt(_("这个手机号已有人使用。"))
    if person.disabled:
        raise _Doubt(_("这个人已停用，请先在人员页恢复。"))
    if person.name != entry.name:
        raise _Doubt(_("这个手机号登记在“%(name)s”名下，请核对姓名。", name=person.name))


def _match_name(entry: Entry, at: _Sorting) -> Known | None:
    """Return the person of the row's name, phones not contradicting; raise _Doubt."""
    if not entry.named and not entry.phone and at.names[entry.name] > 1:
        raise _Doubt(_("名册里有几行同名，请写明单位或手机号。"))
    namesakes = [one for one in at.by_name.get(entry.name, ()) if one.reached]
    here = namesakes
    if entry.named or entry.phone:
        here = [one for one in namesakes if at.units[one.id] == entry.unit_id]
    if len(here) == 1 and not (entry.phone and here[0].phone):
        return here[0]
    if here and entry.phone:
        raise _Doubt(
            _("同一单位有同名的人，手机号对不上。如是同一人，请先在人员页更改；否则请单独邀请。")
        )
    if here:
        raise _Doubt(_("有几个同名的人，请填写手机号。"))
    if namesakes and not entry.phone:
        raise _Doubt(_("别的单位有同名的人。无论是不是同一人，都请填写手机号以便区分。"))
    return None


def _check_new(entry: Entry, at: _Sorting) -> None:
    """Raise _Doubt when somebody new without a phone would be mixed up at sign-in."""
    if entry.phone:
        return
    if any(one.phone is None for one in at.by_name.get(entry.name, ())):
        raise _Doubt(_("已有同名的人，请填写手机号以便区分。"))
    if entry.name in at.claimed:
        number = at.claimed[entry.name]
        raise _Doubt(_("与第 %(n)s 行同名，请填写手机号以便区分。", n=number))


def _fields(entry: Entry, person: Known) -> Iterable[Field]:
    """Yield what the row changes; an empty cell changes nothing."""
    unit_id = person.unit_id
    if _moves(entry, person) and person.role == "member" and person.governed:
        unit_id = entry.unit_id
        yield Field("unit_id", person.unit_id, unit_id)
    if entry.phone and entry.phone != person.phone and person.governed:
        yield Field("phone", person.phone, entry.phone)
    if entry.status and entry.status != person.status:
        yield Field("status", person.status, entry.status)
    for post in entry.posts if unit_id is not None else ():
        if (unit_id, post) not in person.posts:
            yield Field("post", None, post)


def _moves(entry: Entry, person: Known) -> bool:
    return entry.named and entry.unit_id is not None and entry.unit_id != person.unit_id


def _notes(entry: Entry, person: Known) -> Iterable[str]:
    """Yield what the row says and the import does not do."""
    if _moves(entry, person) and person.role != "member":
        yield _("“%(name)s”有管理权限，换单位会改变其管理范围，请在人员页更改。", name=person.name)
    if entry.phone and entry.phone != person.phone and not person.governed:
        yield _("“%(name)s”的手机号须由管理员更改。", name=person.name)
    kept = {post for unit_id, post in person.posts if unit_id == person.unit_id}
    if entry.posts and kept - set(entry.posts):
        yield _("“%(name)s”原有的职务保留，离任请在人员页登记。", name=person.name)


def _missing(at: _Sorting) -> tuple[Known, ...]:
    """Return who belongs to a unit of the people in the rows and is in none of the rows."""
    units = {entry.unit_id for entry in at.new}
    units |= {at.units[member_id] for member_id in at.found}
    units |= {one.unit_id for one in at.known if one.id in at.found}
    units.discard(None)
    return tuple(
        one
        for one in at.known
        if one.reached and not one.disabled and one.unit_id in units and one.id not in at.found
    )


def after(plan: Plan, known: Sequence[Known]) -> tuple[Known, ...]:
    """Return the people on record as they will be once the plan is carried out."""
    changed = {change.person.id: _changed(change) for change in plan.changes}
    least = min([0, *(one.id for one in known)])
    added = [_added(least - place, entry) for place, entry in enumerate(plan.new, start=1)]
    return (*(changed.get(one.id, one) for one in known), *added)


def _changed(change: Change) -> Known:
    told = {one.name: one.new for one in change.fields if one.name != "post"}
    person = replace(change.person, **told)
    given = {one.new for one in change.fields if one.name == "post"}
    held = {(person.unit_id, post) for post in given if person.unit_id is not None}
    return replace(person, posts=person.posts | held)


def _added(number: int, entry: Entry) -> Known:
    unit_id = entry.unit_id
    posts = frozenset((unit_id, post) for post in entry.posts if unit_id is not None)
    status = entry.status or UNKNOWN
    return Known(number, entry.name, entry.phone, unit_id, status=status, posts=posts)
