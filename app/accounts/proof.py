"""How well a person must have proved who they are, and for how long that counts; pure."""

FRESH = 15 * 60  # seconds in which dangerous acts need no further proof
WAITING = 10 * 60  # seconds in which the second factor must be shown
HANDSHAKE = 5 * 60  # seconds in which a browser must come back with a proof
LONGEST_HANDSHAKE = 10 * 60  # seconds that somebody may spend at the organisation's own sign-in


def is_fresh(proved_at: int | None, at: int) -> bool:
    """Say whether the last proof still counts for dangerous acts."""
    return proved_at is not None and 0 <= at - proved_at < FRESH


def is_asked(setting: str, role: str) -> bool:
    """Say whether somebody of this role is asked for a second factor; members never are.

    They come with whatever phone they have, often inside WeChat, and can change only their own.
    """
    return setting != "off" and role != "member"


def is_confined(setting: str, role: str, second: bool) -> bool:
    """Say whether a session may do nothing yet but set up or show a second factor."""
    return setting == "required" and role != "member" and not second
