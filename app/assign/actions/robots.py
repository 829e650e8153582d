"""Robots of groups added, tried and removed by those who act for the unit."""

from collections.abc import Callable
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.accounts.queries import Viewer
from app.assign.models.reminders import DeliveryRow, RobotRow
from app.assign.queries.robots import get_robot, list_robots
from app.assign.robots import Address
from app.base import audit, jobs
from app.base.clock import epoch
from app.base.db import transaction
from app.base.errors import Invalid
from app.base.ids import digest, new_id
from app.base.sealing import seal

RobotAct = Callable[[Viewer, int, int, datetime], None]
PURPOSE = "group robot"
DELIVER = "assign.deliver"
MOST_ROBOTS = 10  # of a unit
MOST_TRIALS = 5  # under way at a time


def add_robot(by: Viewer, unit_id: int, name: str, address: Address, now: datetime) -> int:
    """Register a robot for a unit; raise Invalid when it is registered already, here or elsewhere.

    Key and secret are sealed with the site's secret and never shown again.
    """
    list_robots(by, unit_id)  # NotFound for a unit out of reach
    secret: str = current_app.config["SECRET_KEY"]
    key_hash = digest(f"{address.kind}:{address.key}")
    with transaction() as session:
        if session.scalar(select(RobotRow.id).where(RobotRow.key_hash == key_hash)):
            message = _("这个机器人已经登记过。一个群每天只收一条提醒，不用再登记。")
            raise Invalid(message, address=message)
        count = select(func.count()).select_from(RobotRow).where(RobotRow.unit_id == unit_id)
        if (session.scalar(count) or 0) >= MOST_ROBOTS:
            raise Invalid(_("一个单位最多登记 %(n)s 个群机器人。", n=MOST_ROBOTS))
        row = RobotRow(
            unit_id=unit_id,
            kind=address.kind,
            name=name,
            key_hash=key_hash,
            key_sealed=seal(address.key, PURPOSE, key_hash, secret),
            secret_sealed=seal(address.secret, PURPOSE, key_hash, secret),
            made_at=epoch(now),
        )
        session.add(row)
        session.flush()
        told = {"unit_id": unit_id}
        audit.record(session, now, by.id, "assign.add_robot", f"robot:{row.id}", details=told)
        return row.id


def remove_robot(by: Viewer, unit_id: int, robot_id: int, now: datetime) -> None:
    """Forget a robot and what was sent to its group."""
    get_robot(by, unit_id, robot_id)
    with transaction() as session:
        session.execute(delete(DeliveryRow).where(DeliveryRow.robot_id == robot_id))
        session.execute(delete(RobotRow).where(RobotRow.id == robot_id))
        told = {"unit_id": unit_id}
        subject = f"robot:{robot_id}"
        audit.record(session, now, by.id, "assign.remove_robot", subject, details=told)


def try_robot(by: Viewer, unit_id: int, robot_id: int, now: datetime) -> None:
    """Have a message sent to the group that says that reminders will come."""
    robot = get_robot(by, unit_id, robot_id)
    if sum(one.is_trial and one.is_under_way for one in robot.deliveries) >= MOST_TRIALS:
        raise Invalid(_("前面几条还没有发完，请等一会儿再试。"))
    key, told = f"trial-{new_id()}", _("学记：这是一条测试消息，以后的学习提醒会发到这个群。")
    with transaction() as session:
        add_delivery(session, robot_id, key, str(told), now)
        subject, where = f"robot:{robot_id}", {"unit_id": unit_id}
        audit.record(session, now, by.id, "assign.try_robot", subject, details=where)


def add_delivery(session: Session, robot_id: int, key: str, text: str, now: datetime) -> None:
    """Have a message sent to a group inside somebody's transaction; a known key is none more."""
    if session.get(DeliveryRow, (robot_id, key)) is not None:
        return
    row = DeliveryRow(robot_id=robot_id, key=key, text=text, state="waiting", made_at=epoch(now))
    session.add(row)
    told = {"robot_id": robot_id, "key": key}
    jobs.add_in(session, DELIVER, now, told, key=f"{DELIVER}:{robot_id}:{key}")
