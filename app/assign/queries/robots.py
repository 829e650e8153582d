"""What is known of robots and of what was sent to their groups; addresses never come out again."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.queries import Viewer
from app.assign.models.reminders import DeliveryRow, RobotRow
from app.base.db import db
from app.base.errors import Invalid
from app.org import queries as org

SHOWN = 10  # deliveries of a robot


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message to a group and what came of it; times are epoch seconds."""

    key: str
    text: str
    state: str
    made_at: int
    began_at: int | None
    words: str

    @property
    def is_trial(self) -> bool:
        """Whether somebody only tried the robot."""
        return self.key.startswith("trial-")

    @property
    def is_under_way(self) -> bool:
        """Whether it will still change."""
        return self.state in ("waiting", "sending")


@dataclass(frozen=True, slots=True)
class Robot:
    """A robot of a group with its last deliveries, the newest first."""

    id: int
    unit_id: int
    kind: str
    name: str
    made_at: int
    deliveries: tuple[Delivery, ...]


def list_robots(viewer: Viewer, unit_id: int) -> tuple[org.Unit, tuple[Robot, ...]]:
    """Return a unit the viewer may act for and its robots; raise NotFound for any other."""
    unit = org.get_reached_unit(org.scope_to_change(viewer), unit_id)
    query = select(RobotRow).where(RobotRow.unit_id == unit_id).order_by(RobotRow.id)
    return unit, tuple(_robot(row) for row in db.session.scalars(query).all())


def get_robot(viewer: Viewer, unit_id: int, robot_id: int) -> Robot:
    """Return one robot of a unit the viewer may act for; raise Invalid when it has gone."""
    _unit, robots = list_robots(viewer, unit_id)
    found = next((robot for robot in robots if robot.id == robot_id), None)
    if found is None:
        raise Invalid(_("没有这个群机器人，可能已经删去。"))
    return found


def list_homes() -> list[tuple[int, int]]:
    """Return every robot with the unit it hears about today; a merged unit's is its successor."""
    rows = db.session.execute(select(RobotRow.id, RobotRow.unit_id).order_by(RobotRow.id))
    return [(row.id, org.find_successor(row.unit_id)) for row in rows]


def _robot(row: RobotRow) -> Robot:
    query = select(DeliveryRow).where(DeliveryRow.robot_id == row.id)
    newest = query.order_by(DeliveryRow.made_at.desc(), DeliveryRow.key.desc()).limit(SHOWN)
    sent = tuple(
        Delivery(one.key, one.text, one.state, one.made_at, one.began_at, one.words)
        for one in db.session.scalars(newest)
    )
    return Robot(row.id, row.unit_id, row.kind, row.name, row.made_at, sent)
