"""Every write of assign, a chapter for each noun; each public function is one transaction."""

from app.assign.actions.assignments import (
    change_assignment,
    make_assignment,
    withdraw_assignment,
)
from app.assign.actions.goals import refresh_everybody, refresh_goal, refresh_loads

__all__ = [
    "change_assignment",
    "make_assignment",
    "refresh_everybody",
    "refresh_goal",
    "refresh_loads",
    "withdraw_assignment",
]
