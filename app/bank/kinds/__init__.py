"""The five kinds of questions, by the name used in the bank's files."""

from app.bank.kinds.base import Choice, Form, Kind, Mark, Presented
from app.bank.kinds.blank import BlankKind
from app.bank.kinds.choice import ChoiceKind
from app.bank.kinds.order import OrderKind
from app.bank.kinds.truefalse import TrueFalseKind

KINDS: dict[str, Kind] = {
    "single": ChoiceKind(several=False),
    "multiple": ChoiceKind(several=True),
    "truefalse": TrueFalseKind(),
    "blank": BlankKind(),
    "order": OrderKind(),
}

__all__ = ["KINDS", "Choice", "Form", "Kind", "Mark", "Presented"]
