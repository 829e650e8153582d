"""The kinds of question, by the name used in the files."""

from typing import Any

from app.bank.kinds.blank import Blank, BlankKind
from app.bank.kinds.kind import Choice, Kind, Mark, Presented, Response
from app.bank.kinds.multiple import Multiple, MultipleKind
from app.bank.kinds.order import Order, OrderKind
from app.bank.kinds.single import Single, SingleKind
from app.bank.kinds.truefalse import TrueFalse, TrueFalseKind

Content = Single | Multiple | TrueFalse | Blank | Order

KINDS: dict[str, Kind[Any]] = {
    "single": SingleKind(),
    "multiple": MultipleKind(),
    "truefalse": TrueFalseKind(),
    "blank": BlankKind(),
    "order": OrderKind(),
}

__all__ = [
    "KINDS",
    "Blank",
    "Choice",
    "Content",
    "Kind",
    "Mark",
    "Multiple",
    "Order",
    "Presented",
    "Response",
    "Single",
    "TrueFalse",
]
