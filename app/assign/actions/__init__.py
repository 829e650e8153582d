"""Every write of assign, a chapter for each noun; each public function is one transaction."""

from app.assign.actions.assignments import (
    change_assignment,
    make_assignment,
    withdraw_assignment,
)
from app.assign.actions.delivering import deliver
from app.assign.actions.goals import refresh_everybody, refresh_goal, refresh_loads
from app.assign.actions.mailing import mail_host, send_confirmation, send_letters
from app.assign.actions.reminding import mark_read, remind
from app.assign.actions.robots import RobotAct, add_robot, remove_robot, try_robot
from app.assign.actions.wishes import (
    ask_for_mail,
    confirm_mail,
    renew_feed,
    save_wish,
    stop_feed,
    stop_mail,
)

__all__ = [
    "RobotAct",
    "add_robot",
    "ask_for_mail",
    "change_assignment",
    "confirm_mail",
    "deliver",
    "mail_host",
    "make_assignment",
    "mark_read",
    "refresh_everybody",
    "refresh_goal",
    "refresh_loads",
    "remind",
    "remove_robot",
    "renew_feed",
    "save_wish",
    "send_confirmation",
    "send_letters",
    "stop_feed",
    "stop_mail",
    "try_robot",
    "withdraw_assignment",
]
