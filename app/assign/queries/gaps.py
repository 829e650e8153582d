"""What nobody is answerable for: the check that no duty is without a named person."""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from app.assign.models.duties import DutyRow
from app.assign.progress import OPEN
from app.assign.queries.bearers import CLOSED, DISABLED, GONE, MOVED, VACANT
from app.assign.queries.duties import Duty, read_duties
from app.assign.queries.standing import load_standing
from app.org import queries as org

TROUBLE_NAMES = {
    VACANT: _l("职务现在无人担任"),
    GONE: _l("负责的人已不在册"),
    DISABLED: _l("负责的人账号已停用"),
    MOVED: _l("负责的人已不在本单位"),
    CLOSED: _l("单位已关闭，没有单位接手"),
}


@dataclass(frozen=True, slots=True)
class Gap:
    """An open duty or item that no named person of its unit is answerable for, and why."""

    duty: Duty
    trouble: str


def list_gaps(scope: org.Scope, day: date) -> tuple[Gap, ...]:
    """Return the gaps of a scope on `day`, by due day."""
    standing = load_standing()
    wanted = DutyRow.unit_id.in_(standing.seen_to_within(scope.unit_id)) & (DutyRow.state == OPEN)
    found = read_duties(wanted, day, standing)
    return tuple(Gap(duty, duty.bearer.trouble) for duty in found if not duty.owned)
