"""Tables of assign, a chapter for each noun; those that grow with members begin with the member."""

from app.assign.models.assignments import AssignmentRow, LoadRow, NamedRow

__all__ = ["AssignmentRow", "LoadRow", "NamedRow"]
