"""A roster on its way from a file to confirmation: read, placed in units, sealed and unsealed."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage

from app.base.errors import Invalid
from app.org import roster, workbook
from app.org.plan import Entry
from app.org.queries import Unit, find_unit_named

VALID = 3600  # seconds between preview and confirmation


@dataclass(frozen=True)
class Placed:
    """Rows put into units, the rows that were refused, and words that were passed over."""

    entries: tuple[Entry, ...]
    refused: tuple[roster.Refused, ...]
    notes: tuple[roster.Refused, ...] = ()


def read_file(file: FileStorage) -> roster.Roster:
    """Return what is in an uploaded .xlsx or .csv; raise Invalid when it cannot be read."""
    data = file.stream.read(roster.LARGEST + 1)
    if len(data) > roster.LARGEST:
        raise Invalid(_("文件太大（最多 2 MB）。"), file=_("文件太大（最多 2 MB）。"))
    if not data.startswith(b"PK"):
        return roster.read_roster(roster.read_csv(data))
    rows = workbook.read_rows(data, roster.MOST_ROWS + roster.HEADER_WITHIN + 1)
    if rows is None:
        raise Invalid(_("这不是可以读取的表格，请另存为 .xlsx 或 .csv。"))
    return roster.read_roster(rows)


def place(read: roster.Roster, units: tuple[Unit, ...], default: int | None) -> Placed:
    """Put each line into the unit it names among `units`, or into `default` when it names none."""
    entries: list[Entry] = []
    refused, notes = list(read.refused), []
    for line in read.lines:
        unit = find_unit_named(line.unit, units) if line.unit else None
        if line.unit and unit is None:
            reason = _("没有找到单位“%(name)s”。", name=line.unit)
            refused.append(roster.Refused(line.number, reason))
            continue
        unit_id, named = (unit.id, True) if unit else (default, False)
        entries.append(
            Entry(line.number, line.name, line.phone, unit_id, named, line.status, line.posts)
        )
        if line.ignored:
            words = "、".join(line.ignored)
            text = _("“%(words)s”不是这里登记的党内职务，没有登记。", words=words)
            notes.append(roster.Refused(line.number, text))
    return Placed(tuple(entries), tuple(sorted(refused, key=lambda row: row.number)), tuple(notes))


def seal(entries: Sequence[Entry], shown: str, user_id: int, key: str) -> str:
    """Return rows and the sum of what was shown, signed for this person, for the form to carry."""
    rows = [
        (e.number, e.name, e.phone, e.unit_id, e.named, e.status, " ".join(e.posts))
        for e in entries
    ]
    sealed = _serializer(user_id, key).dumps((shown, rows))
    return sealed if isinstance(sealed, str) else sealed.decode()


def unseal(sealed: str, user_id: int, key: str) -> tuple[tuple[Entry, ...], str]:
    """Return what `seal` signed; raise Invalid when altered, foreign or too old."""
    try:
        shown, rows = _serializer(user_id, key).loads(sealed, max_age=VALID)
    except BadData:
        raise Invalid(_("请重新上传名册。")) from None
    entries = tuple(
        Entry(number, name, phone, unit_id, named, status, tuple(posts.split()))
        for number, name, phone, unit_id, named, status, posts in rows
    )
    return entries, shown


def _serializer(user_id: int, key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt=f"org.roster.{user_id}")
