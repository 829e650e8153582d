"""What others may change about a person."""

from dataclasses import dataclass
from typing import Any

FIELDS = ("name", "phone", "role", "unit_id")


@dataclass(frozen=True)
class Details:
    """Name and phone (already read by `names`), role and unit of a person."""

    name: str
    phone: str | None
    role: str
    unit_id: int | None


def differences(old: Details, new: Details) -> dict[str, list[Any]]:
    """Return field → [old, new] for the fields that differ."""
    pairs = {field: [getattr(old, field), getattr(new, field)] for field in FIELDS}
    return {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}
