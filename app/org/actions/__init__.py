"""Every write about units and the people in them, in chapters; each is one transaction.

Each act is done within the reach of who does it, checked inside the transaction, and recorded
there. Nobody (None) is the operator at the terminal, who reaches everything.
"""

from app.org.actions.people import (
    Edited,
    disable_person,
    edit_person,
    enable_person,
    invite_person,
    name_identity,
    renew_invite,
    reset_factors,
)
from app.org.actions.posts import end_post, give_post
from app.org.actions.rosters import Imported, import_roster
from app.org.actions.units import (
    KINDS,
    add_unit,
    close_unit,
    merge_units,
    move_unit,
    rename_unit,
)

__all__ = [
    "KINDS",
    "Edited",
    "Imported",
    "add_unit",
    "close_unit",
    "disable_person",
    "edit_person",
    "enable_person",
    "end_post",
    "give_post",
    "import_roster",
    "invite_person",
    "merge_units",
    "move_unit",
    "name_identity",
    "rename_unit",
    "renew_invite",
    "reset_factors",
]
