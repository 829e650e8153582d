"""A roster on its way from a file to confirmation: read, placed in units, sealed and unsealed."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage

from app.accounts.invitation import Newcomer
from app.base.errors import Invalid
from app.org import roster, workbook
from app.org.queries import Unit, find_unit_named

VALID = 3600  # seconds between preview and confirmation


@dataclass(frozen=True)
class Placed:
    """People to invite, each in a unit, and the rows that were refused."""

    newcomers: tuple[Newcomer, ...]
    refused: tuple[roster.Refused, ...]


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
    newcomers: list[Newcomer] = []
    refused = list(read.refused)
    for line in read.lines:
        unit = find_unit_named(line.unit, units) if line.unit else None
        if line.unit and unit is None:
            reason = _("没有找到单位“%(name)s”。", name=line.unit)
            refused.append(roster.Refused(line.number, reason))
            continue
        newcomers.append(Newcomer(line.name, line.phone, unit.id if unit else default))
    return Placed(tuple(newcomers), tuple(sorted(refused, key=lambda row: row.number)))


def seal(placed: Placed, user_id: int, key: str) -> str:
    """Return the people signed for this trainer, to be carried by the preview's form."""
    rows = [(one.name, one.phone, one.unit_id) for one in placed.newcomers]
    sealed = _serializer(user_id, key).dumps(rows)
    return sealed if isinstance(sealed, str) else sealed.decode()


def unseal(sealed: str, user_id: int, key: str) -> Sequence[Newcomer]:
    """Return the people that `seal` signed; raise Invalid when altered, foreign or too old."""
    try:
        rows = _serializer(user_id, key).loads(sealed, max_age=VALID)
    except BadData:
        raise Invalid(_("请重新上传名册。")) from None
    return [Newcomer(name, phone, unit_id) for name, phone, unit_id in rows]


def _serializer(user_id: int, key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt=f"org.roster.{user_id}")
